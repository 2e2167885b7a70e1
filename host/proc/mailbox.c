/* SPDX-License-Identifier: MIT */
/*
 * The stack with its marks, and the count of what is in use.
 */

#include "proc/mailbox.h"

#include "base/block.h"
#include "proc/backlog.h"
#include "term/buf.h"

#include <string.h>

/* Nothing can be pushed; what was in the stack is somebody's. */
#define CLOSED ((uintptr_t)1)
/* Added to the address of the stack: what is older is in the backlog. */
#define OLDER ((uintptr_t)2)

/*
 * Smaller blocks malloc does not merge with their neighbours as they are freed:
 * some later call does so with all of them, and when a million messages have
 * been received, that holds every thread for a tenth of a second.
 */
#define SIZE_MIN ((size_t)128)

/* The stack is moved to the backlog when so many more wait. */
#define MOVE_EVERY 16u

static uint64_t mail_cost(const struct kd__mail *mail);
static size_t mail_size(size_t topic_len, size_t copied);
static void mail_prefetch(const struct kd__mail *mail);
static struct kd__mail *stack_of(uintptr_t head);
static struct kd__mail *stack_reverse(struct kd__mail *stack);
static struct kd__mail *stack_take(struct kd__mailbox *box, uintptr_t mark);
static struct kd__backlog *backlog_get(struct kd__mailbox *box);
static void backlog_move(struct kd__mailbox *box);
static struct kd__mail *backlog_take(struct kd__mailbox *box);
static struct kd__mail *take(struct kd__mailbox *box);

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
    mail->ahead = NULL;
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
    atomic_init(&box->head, 0);
    atomic_init(&box->used, 0);
    atomic_init(&box->backlog, NULL);
    box->first = NULL;
}

kd_status
kd__mailbox_push(struct kd__mailbox *box, struct kd__mail *mail,
    uint64_t max_messages, uint64_t max_bytes, int force)
{
    uint64_t cost = mail_cost(mail);
    uint64_t used =
        atomic_fetch_add_explicit(&box->used, cost, memory_order_relaxed) +
        cost;
    uintptr_t head;

    if (!force && (kd__mailbox_messages(used) > max_messages ||
                      kd__mailbox_bytes(used) > max_bytes)) {
        atomic_fetch_sub_explicit(&box->used, cost, memory_order_relaxed);
        return atomic_load(&box->head) == CLOSED ? KD_EGONE : KD_EFULL;
    }
    head = atomic_load_explicit(&box->head, memory_order_relaxed);
    do {
        if (head == CLOSED) {
            atomic_fetch_sub_explicit(&box->used, cost, memory_order_relaxed);
            return KD_EGONE;
        }
        /* `pub` is the first member, and NULL stays NULL. */
        mail->pub.next = (kd_message *)(void *)stack_of(head);
    } while (!atomic_compare_exchange_weak(
        &box->head, &head, (uintptr_t)mail | (head & OLDER)));
    if (kd__mailbox_messages(used) % MOVE_EVERY == 0)
        backlog_move(box);
    return KD_OK;
}

struct kd__mail *
kd__mailbox_pop(struct kd__mailbox *box)
{
    struct kd__mail *mail = box->first;

    if (mail == NULL && (mail = take(box)) == NULL)
        return NULL;
    box->first = kd__mail_next(mail);
    /* In a backlog each has left the cache since it was sent. */
    if (mail->ahead != NULL)
        mail_prefetch(mail->ahead);
    else if (box->first != NULL)
        mail_prefetch(box->first);
    mail->pub.next = NULL;
    return mail;
}

uint64_t
kd__mailbox_release(struct kd__mailbox *box, struct kd__mail *mail)
{
    uint64_t cost = mail_cost(mail);

    kd__mail_free(mail);
    return atomic_fetch_sub_explicit(&box->used, cost, memory_order_relaxed) -
           cost;
}

struct kd__mail *
kd__mailbox_close(struct kd__mailbox *box)
{
    uintptr_t head = atomic_exchange(&box->head, CLOSED);

    return head == CLOSED ? NULL : stack_of(head);
}

void
kd__mailbox_discard(struct kd__mailbox *box, struct kd__mail *stack)
{
    struct kd__mail *next;
    uint64_t cost = 0;

    for (; stack != NULL; stack = next) {
        next = kd__mail_next(stack);
        cost += mail_cost(stack);
        kd__mail_free(stack);
    }
    if (cost != 0)
        atomic_fetch_sub_explicit(&box->used, cost, memory_order_relaxed);
}

uint64_t
kd__mailbox_fini(struct kd__mailbox *box)
{
    struct kd__backlog *backlog =
        atomic_load_explicit(&box->backlog, memory_order_relaxed);

    kd__mailbox_discard(box, kd__mailbox_close(box));
    kd__mailbox_discard(box, box->first);
    box->first = NULL;
    if (backlog != NULL)
        kd__mailbox_discard(box, kd__backlog_take(backlog));
    kd__backlog_free(backlog);
    return kd__mailbox_messages(
        atomic_load_explicit(&box->used, memory_order_relaxed));
}

/* What it counts for, in the units of `used`. */
static uint64_t
mail_cost(const struct kd__mail *mail)
{
    return (uint64_t)1 << 40 | (mail->pub.payload.len + KD__MAIL_OVERHEAD);
}

static size_t
mail_size(size_t topic_len, size_t copied)
{
    size_t size = sizeof(struct kd__mail) + topic_len + 1 + copied;

    return size < SIZE_MIN ? SIZE_MIN : size;
}

/* The record with the first bytes of what follows it. */
static void
mail_prefetch(const struct kd__mail *mail)
{
    __builtin_prefetch(mail, 1);
    __builtin_prefetch(mail + 1, 1);
}

static struct kd__mail *
stack_of(uintptr_t head)
{
    return (struct kd__mail *)(head & ~OLDER);
}

static struct kd__mail *
stack_reverse(struct kd__mail *stack)
{
    struct kd__mail *first = NULL;
    struct kd__mail *next;

    for (; stack != NULL; stack = next) {
        next = kd__mail_next(stack);
        stack->pub.next = first == NULL ? NULL : &first->pub;
        first = stack;
    }
    return first;
}

/* The stack in order, unless it is closed. `mark` is what is left. */
static struct kd__mail *
stack_take(struct kd__mailbox *box, uintptr_t mark)
{
    uintptr_t head = atomic_load_explicit(&box->head, memory_order_relaxed);

    do {
        if (head == CLOSED)
            return NULL;
    } while (!atomic_compare_exchange_weak(&box->head, &head, mark));
    return stack_reverse(stack_of(head));
}

/* Makes it if there is none. NULL without memory. */
static struct kd__backlog *
backlog_get(struct kd__mailbox *box)
{
    struct kd__backlog *backlog = atomic_load(&box->backlog);
    struct kd__backlog *made;

    if (backlog != NULL || (made = kd__backlog_new()) == NULL)
        return backlog;
    if (atomic_compare_exchange_strong(&box->backlog, &backlog, made))
        return made;
    kd__backlog_free(made);
    return backlog;
}

/* Unless somebody is just doing so, or there is no memory: there is no need. */
static void
backlog_move(struct kd__mailbox *box)
{
    struct kd__backlog *backlog = backlog_get(box);
    struct kd__mail *list;

    if (backlog == NULL || !kd__lock_try(&backlog->lock))
        return;
    list = stack_take(box, OLDER);
    if (list != NULL)
        kd__backlog_append(backlog, list);
    kd__lock_drop(&backlog->lock);
}

/* The backlog, and after it the stack. */
static struct kd__mail *
backlog_take(struct kd__mailbox *box)
{
    struct kd__backlog *backlog = atomic_load(&box->backlog);
    struct kd__mail *list;

    kd__lock_take(&backlog->lock);
    list = stack_take(box, 0);
    if (list != NULL)
        kd__backlog_append(backlog, list);
    list = kd__backlog_take(backlog);
    kd__lock_drop(&backlog->lock);
    return list;
}

/* All that there is, in order. */
static struct kd__mail *
take(struct kd__mailbox *box)
{
    uintptr_t head = atomic_load_explicit(&box->head, memory_order_relaxed);

    while (head != 0 && head != CLOSED) {
        if (head & OLDER)
            return backlog_take(box);
        if (atomic_compare_exchange_weak(&box->head, &head, 0))
            return stack_reverse(stack_of(head));
    }
    return NULL;
}
