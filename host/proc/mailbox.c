/* SPDX-License-Identifier: MIT */
/*
 * The stack, its closed mark, and the count of what is in use.
 */

#include "proc/mailbox.h"

#include "base/block.h"
#include "term/buf.h"

#include <string.h>

/* Not an address of any mail: nothing can be pushed. */
#define CLOSED ((struct kd__mail *)(uintptr_t)1)

/*
 * Smaller blocks malloc does not merge with their neighbours as they are freed:
 * some later call does so with all of them, and when a million messages have
 * been received, that holds every thread for a tenth of a second.
 */
#define SIZE_MIN ((size_t)128)

static int exceeds(uint64_t used, uint64_t max_messages, uint64_t max_bytes);
static size_t mail_size(size_t topic_len, size_t copied);
static struct kd__mail *stack_reverse(struct kd__mail *stack);
static struct kd__mail *mail_next(const struct kd__mail *mail);
static void mail_prefetch(const struct kd__mail *mail);

struct kd__mail *
kd__mail_new(const struct kd__letter *letter)
{
    const kd_payload *payload = letter->payload;
    size_t topic_len = letter->topic_len;
    size_t copied = payload->buf == NULL ? payload->len : 0;
    struct kd__mail *mail;
    char *text;

    if (topic_len > SIZE_MAX / 4 || copied > SIZE_MAX / 4)
        return NULL;
    mail = kd__block_new(mail_size(topic_len, copied));
    if (mail == NULL)
        return NULL;
    text = (char *)(mail + 1);
    if (topic_len > 0)
        memcpy(text, letter->topic, topic_len);
    text[topic_len] = '\0';
    mail->pub.size = (uint32_t)sizeof(mail->pub);
    mail->pub.flags = letter->flags;
    mail->pub.from = letter->from;
    mail->pub.topic = text;
    mail->pub.topic_len = topic_len;
    mail->pub.ref = letter->ref;
    mail->pub.payload = *payload;
    mail->pub.payload.size = (uint32_t)sizeof(mail->pub.payload);
    mail->pub.next = NULL;
    mail->cost = (uint64_t)1 << 40 |
                 (kd__mail_len(topic_len, payload) + KD__MAIL_OVERHEAD);
    if (payload->buf != NULL) {
        kd__buf_retain(payload->buf);
    } else if (copied > 0) {
        memcpy(text + topic_len + 1, payload->data, copied);
        mail->pub.payload.data = text + topic_len + 1;
    }
    return mail;
}

void
kd__mail_free(struct kd__mail *mail)
{
    size_t copied;

    if (mail == NULL)
        return;
    copied = mail->pub.payload.len;
    if (mail->pub.payload.buf != NULL) {
        kd__buf_release(mail->pub.payload.buf);
        copied = 0;
    }
    kd__block_free(mail, mail_size(mail->pub.topic_len, copied));
}

void
kd__mailbox_init(struct kd__mailbox *box)
{
    atomic_init(&box->head, NULL);
    atomic_init(&box->sent, 0);
    atomic_init(&box->released, 0);
    box->first = NULL;
}

kd_status
kd__mailbox_push(struct kd__mailbox *box, struct kd__mail *mail,
    uint64_t max_messages, uint64_t max_bytes, int force)
{
    uint64_t sent = atomic_fetch_add_explicit(
                        &box->sent, mail->cost, memory_order_relaxed) +
                    mail->cost;
    uint64_t used =
        sent - atomic_load_explicit(&box->released, memory_order_relaxed);
    struct kd__mail *head;

    if (!force && exceeds(used, max_messages, max_bytes)) {
        atomic_fetch_sub(&box->sent, mail->cost);
        return atomic_load(&box->head) == CLOSED ? KD_EGONE : KD_EFULL;
    }
    head = atomic_load_explicit(&box->head, memory_order_relaxed);
    do {
        if (head == CLOSED) {
            atomic_fetch_sub_explicit(
                &box->sent, mail->cost, memory_order_relaxed);
            return KD_EGONE;
        }
        mail->pub.next = head == NULL ? NULL : &head->pub;
    } while (!atomic_compare_exchange_weak(&box->head, &head, mail));
    return KD_OK;
}

struct kd__mail *
kd__mailbox_pop(struct kd__mailbox *box)
{
    struct kd__mail *mail = box->first;

    if (mail == NULL) {
        mail = atomic_load(&box->head);
        while (mail != NULL && mail != CLOSED &&
               !atomic_compare_exchange_weak(&box->head, &mail, NULL))
            continue;
        if (mail == NULL || mail == CLOSED)
            return NULL;
        mail = stack_reverse(mail);
    }
    box->first = mail_next(mail);
    /* Where many wait, each has left the cache since it was sent. */
    if (box->first != NULL)
        mail_prefetch(box->first);
    mail->pub.next = NULL;
    return mail;
}

void
kd__mailbox_release(struct kd__mailbox *box, struct kd__mail *mail)
{
    uint64_t released =
        atomic_load_explicit(&box->released, memory_order_relaxed) + mail->cost;

    atomic_store_explicit(&box->released, released, memory_order_release);
    kd__mail_free(mail);
}

struct kd__mail *
kd__mailbox_close(struct kd__mailbox *box)
{
    struct kd__mail *stack = atomic_exchange(&box->head, CLOSED);

    return stack == CLOSED ? NULL : stack;
}

void
kd__mailbox_discard(struct kd__mailbox *box, struct kd__mail *stack)
{
    struct kd__mail *next;
    uint64_t cost = 0;

    for (; stack != NULL; stack = next) {
        next = mail_next(stack);
        cost += stack->cost;
        kd__mail_free(stack);
    }
    if (cost != 0)
        atomic_fetch_sub_explicit(&box->sent, cost, memory_order_relaxed);
}

uint64_t
kd__mailbox_fini(struct kd__mailbox *box)
{
    struct kd__mail *stack =
        atomic_load_explicit(&box->head, memory_order_relaxed);

    if (stack != CLOSED)
        kd__mailbox_discard(box, stack);
    kd__mailbox_discard(box, box->first);
    box->first = NULL;
    return kd__mailbox_messages(kd__mailbox_used(box));
}

/*
 * Is it too much? By the time that `released` is read others may have been let
 * in, for which this one's place counted, and released: then it is negative.
 */
static int
exceeds(uint64_t used, uint64_t max_messages, uint64_t max_bytes)
{
    return (int64_t)used > 0 && (kd__mailbox_messages(used) > max_messages ||
                                    kd__mailbox_bytes(used) > max_bytes);
}

static size_t
mail_size(size_t topic_len, size_t copied)
{
    size_t size = sizeof(struct kd__mail) + topic_len + 1 + copied;

    return size < SIZE_MIN ? SIZE_MIN : size;
}

static struct kd__mail *
stack_reverse(struct kd__mail *stack)
{
    struct kd__mail *first = NULL;
    struct kd__mail *next;

    for (; stack != NULL; stack = next) {
        next = mail_next(stack);
        stack->pub.next = first == NULL ? NULL : &first->pub;
        first = stack;
    }
    return first;
}

/* `pub` is the first member, so a message is its mail. */
static struct kd__mail *
mail_next(const struct kd__mail *mail)
{
    return (struct kd__mail *)(void *)mail->pub.next;
}

/* The record with the first bytes of what follows it. */
static void
mail_prefetch(const struct kd__mail *mail)
{
    __builtin_prefetch(mail, 1);
    __builtin_prefetch(mail + 1, 1);
}
