/* SPDX-License-Identifier: MIT */
/*
 * Mailboxes alone: order, bounds, closing; and many senders at once.
 */

#include "proc/mailbox.h"

#include "harness.h"

#include <pthread.h>
#include <sched.h>
#include <string.h>

/* Of the race. */
#define SENDERS 3
#define LETTERS 20000

struct sender {
    pthread_t thread;
    struct kd__mailbox *box;
    int index;
    int next; /* What must come next of it. */
    int refused;
    atomic_int released; /* So many of its own. */
};

static struct kd__mail *
mail_make(int number)
{
    kd_payload payload =
        kd_payload_make(KD_FORMAT_BYTES, &number, sizeof(number));
    const struct kd__letter letter = {
        KD_PID_NONE_INIT, 0, "topic", 5, 0, 0, &payload};

    return kd__mail_new(&letter);
}

static int
mail_number(const struct kd__mail *mail)
{
    int number;

    memcpy(&number, mail->pub.payload.data, sizeof(number));
    return number;
}

/* (semantics M1) */
static void
test_pop_when_several_were_pushed_then_in_order(void)
{
    struct kd__mailbox box;
    struct kd__mail *mail;

    kd__mailbox_init(&box);
    for (int i = 0; i < 10; i++) {
        CU_ASSERT_EQUAL(
            kd__mailbox_push(&box, mail_make(i), 100, 100000, 0), KD_OK);
        if (i == 4) {
            mail = kd__mailbox_pop(&box);
            CU_ASSERT_EQUAL(mail_number(mail), 0);
            kd__mailbox_release(&box, mail);
        }
    }
    for (int i = 1; i < 10; i++) {
        mail = kd__mailbox_pop(&box);
        CU_ASSERT_PTR_NOT_NULL_FATAL(mail);
        CU_ASSERT_EQUAL(mail_number(mail), i);
        kd__mailbox_release(&box, mail);
    }
    CU_ASSERT_PTR_NULL(kd__mailbox_pop(&box));
}

static void *
send_all(void *arg)
{
    struct sender *sender = arg;

    for (int i = 0; i < LETTERS; i++)
        kd__mailbox_push(
            sender->box, mail_make(sender->index * LETTERS + i), 1, 1, 1);
    return NULL;
}

/* What each has sent comes in its order. (semantics M1) */
static void
test_pop_when_many_send_then_the_order_of_each(void)
{
    struct sender senders[SENDERS];
    struct kd__mailbox box;
    struct kd__mail *mail;
    int wrong = 0;
    int number;

    kd__mailbox_init(&box);
    for (int i = 0; i < SENDERS; i++) {
        senders[i].box = &box;
        senders[i].index = i;
        senders[i].next = i * LETTERS;
        CU_ASSERT_EQUAL_FATAL(
            pthread_create(&senders[i].thread, NULL, send_all, &senders[i]), 0);
    }
    for (int got = 0; got < SENDERS * LETTERS; got++) {
        while ((mail = kd__mailbox_pop(&box)) == NULL)
            sched_yield();
        number = mail_number(mail);
        if (number != senders[number / LETTERS].next++)
            wrong++;
        kd__mailbox_release(&box, mail);
    }
    for (int i = 0; i < SENDERS; i++)
        pthread_join(senders[i].thread, NULL);
    CU_ASSERT_EQUAL(wrong, 0);
    CU_ASSERT_PTR_NULL(kd__mailbox_pop(&box));
    CU_ASSERT_EQUAL(kd__mailbox_fini(&box), 0);
}

static void *
send_in_turn(void *arg)
{
    struct sender *sender = arg;
    struct kd__mail *mail;

    for (int i = 0; i < LETTERS; i++) {
        mail = mail_make(sender->index);
        while (atomic_load(&sender->released) != i)
            sched_yield();
        while (kd__mailbox_push(sender->box, mail, SENDERS, 100000, 0) != KD_OK)
            sender->refused++;
    }
    return NULL;
}

/* Each has one message there at a time, which is what there is room for. */
static void
test_push_when_what_was_there_is_released_then_never_full(void)
{
    static struct sender senders[SENDERS];
    struct kd__mailbox box;
    struct kd__mail *mail;
    int number;

    kd__mailbox_init(&box);
    for (int i = 0; i < SENDERS; i++) {
        senders[i].box = &box;
        senders[i].index = i;
        CU_ASSERT_EQUAL_FATAL(
            pthread_create(&senders[i].thread, NULL, send_in_turn, &senders[i]),
            0);
    }
    for (int got = 0; got < SENDERS * LETTERS; got++) {
        while ((mail = kd__mailbox_pop(&box)) == NULL)
            sched_yield();
        number = mail_number(mail);
        kd__mailbox_release(&box, mail);
        atomic_fetch_add(&senders[number].released, 1);
    }
    for (int i = 0; i < SENDERS; i++) {
        pthread_join(senders[i].thread, NULL);
        CU_ASSERT_EQUAL(senders[i].refused, 0);
    }
    CU_ASSERT_EQUAL(kd__mailbox_fini(&box), 0);
}

/* (semantics D5, K2) */
static void
test_push_when_a_limit_would_be_passed_then_full(void)
{
    struct kd__mailbox box;
    struct kd__mail *mail = mail_make(3);
    struct kd__mail *taken;

    kd__mailbox_init(&box);
    kd__mailbox_push(&box, mail_make(1), 2, 100000, 0);
    kd__mailbox_push(&box, mail_make(2), 2, 100000, 0);
    CU_ASSERT_EQUAL(kd__mailbox_push(&box, mail, 2, 100000, 0), KD_EFULL);
    /* What was taken counts until it is released. */
    taken = kd__mailbox_pop(&box);
    CU_ASSERT_EQUAL(kd__mailbox_push(&box, mail, 2, 100000, 0), KD_EFULL);
    kd__mailbox_release(&box, taken);
    CU_ASSERT_EQUAL(
        kd__mailbox_push(&box, mail, 2, 2 * (KD__MAIL_OVERHEAD + 4) - 1, 0),
        KD_EFULL);
    CU_ASSERT_EQUAL(
        kd__mailbox_push(&box, mail, 2, 2 * (KD__MAIL_OVERHEAD + 4), 0), KD_OK);
    CU_ASSERT_EQUAL(kd__mailbox_push(&box, mail_make(4), 2, 1, 1), KD_OK);
    kd__mailbox_discard(&box, kd__mailbox_close(&box));
    CU_ASSERT_EQUAL(kd__mailbox_fini(&box), 0);
}

/* (semantics D4) */
static void
test_push_when_closed_then_gone(void)
{
    struct kd__mailbox box;
    struct kd__mail *mail = mail_make(1);
    struct kd__mail *stack;

    kd__mailbox_init(&box);
    kd__mailbox_push(&box, mail_make(0), 100, 100000, 0);
    stack = kd__mailbox_close(&box);
    CU_ASSERT_PTR_NOT_NULL(stack);
    kd__mailbox_discard(&box, stack);
    CU_ASSERT_PTR_NULL(kd__mailbox_close(&box));
    CU_ASSERT_EQUAL(kd__mailbox_push(&box, mail, 100, 100000, 0), KD_EGONE);
    CU_ASSERT_EQUAL(kd__mailbox_push(&box, mail, 100, 100000, 1), KD_EGONE);
    CU_ASSERT_EQUAL(kd__mailbox_push(&box, mail, 0, 0, 0), KD_EGONE);
    CU_ASSERT_PTR_NULL(kd__mailbox_pop(&box));
    /* What was refused does not count as a message that somebody kept. */
    CU_ASSERT_EQUAL(kd__mailbox_fini(&box), 0);
    kd__mail_free(mail);
}

static const struct test_case tests[] = {
    TEST(test_pop_when_several_were_pushed_then_in_order),
    TEST(test_pop_when_many_send_then_the_order_of_each),
    TEST(test_push_when_what_was_there_is_released_then_never_full),
    TEST(test_push_when_a_limit_would_be_passed_then_full),
    TEST(test_push_when_closed_then_gone),
};

TEST_MAIN("mailbox")
