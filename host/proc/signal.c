/* SPDX-License-Identifier: MIT */
/*
 * The control queue of a process: a stack on the way in, two lists behind it.
 */

#include "proc/signal.h"

#include "base/block.h"
#include "base/memory.h"
#include "term/buf.h"

#include <string.h>

#define CLOSED ((struct kd__signal *)(uintptr_t)1)

static void list_append(struct kd__signal **first, struct kd__signal **last,
    struct kd__signal *signal);
/* Not inlined: most slices find no signal, and need no room for one. */
static void lend(struct kd__signals *signals, kd_signal *out)
    __attribute__((noinline));
static void signal_show(const struct kd__signal *signal, kd_signal *out);
static void list_void(struct kd__signal **first, struct kd__signal **last,
    uint32_t type, kd_pid from, kd_ref ref);

struct kd__signal *
kd__signal_new(uint32_t type, size_t size)
{
    struct kd__signal *signal = kd__block_new(size);

    if (signal == NULL)
        return NULL;
    memset(signal, 0, size);
    signal->type = type;
    signal->size = (uint16_t)size;
    signal->deadline_ns = KD_NEVER;
    return signal;
}

void
kd__signal_free(struct kd__signal *signal)
{
    if (signal == NULL)
        return;
    kd__buf_release(signal->value);
    kd__buf_release(signal->error);
    kd__free(signal->reason);
    kd__block_free(signal, signal->size);
}

void
kd__signals_init(struct kd__signals *signals)
{
    atomic_init(&signals->head, NULL);
    signals->arrived = signals->arrived_last = NULL;
    signals->deliver = signals->deliver_last = NULL;
    signals->lent = NULL;
}

kd_status
kd__signals_push(struct kd__signals *signals, struct kd__signal *signal)
{
    struct kd__signal *head =
        atomic_load_explicit(&signals->head, memory_order_relaxed);

    do {
        if (head == CLOSED) {
            kd__signal_free(signal);
            return KD_EGONE;
        }
        signal->next = head;
    } while (!atomic_compare_exchange_weak(&signals->head, &head, signal));
    return KD_OK;
}

int
kd__signals_pending(const struct kd__signals *signals)
{
    struct kd__signal *head =
        atomic_load_explicit(&signals->head, memory_order_relaxed);

    return head != NULL && head != CLOSED;
}

void
kd__signals_deliver(struct kd__signals *signals, struct kd__signal *signal)
{
    list_append(&signals->deliver, &signals->deliver_last, signal);
}

void
kd__signals_fetch(struct kd__signals *signals)
{
    struct kd__signal *stack;
    struct kd__signal *last;
    struct kd__signal *first = NULL;
    struct kd__signal *next;

    if (!kd__signals_pending(signals))
        return;
    stack = atomic_load(&signals->head);
    while (stack != CLOSED &&
           !atomic_compare_exchange_weak(&signals->head, &stack, NULL))
        continue;
    if (stack == CLOSED || stack == NULL)
        return;
    for (last = stack; stack != NULL; stack = next) {
        next = stack->next;
        stack->next = first;
        first = stack;
    }
    if (signals->arrived_last == NULL)
        signals->arrived = first;
    else
        signals->arrived_last->next = first;
    signals->arrived_last = last;
}

struct kd__signal *
kd__signals_next(struct kd__signals *signals)
{
    struct kd__signal *signal = signals->arrived;

    if (signal != NULL) {
        signals->arrived = signal->next;
        if (signals->arrived == NULL)
            signals->arrived_last = NULL;
    }
    return signal;
}

const struct kd__signal *
kd__signals_find(const struct kd__signals *signals, uint32_t type)
{
    const struct kd__signal *signal = signals->arrived;

    while (signal != NULL && signal->type != type)
        signal = signal->next;
    return signal;
}

void
kd__signals_void(
    struct kd__signals *signals, uint32_t type, kd_pid from, kd_ref ref)
{
    kd__signals_fetch(signals);
    list_void(&signals->arrived, &signals->arrived_last, type, from, ref);
}

void
kd__signals_void_fd(struct kd__signals *signals, int fd)
{
    kd_pid nobody = KD_PID_NONE_INIT;

    kd__signals_void(signals, KD_SIGNAL_FD, nobody, (kd_ref)fd);
    list_void(&signals->deliver, &signals->deliver_last, KD_SIGNAL_FD, nobody,
        (kd_ref)fd);
}

kd_status
kd__signals_take(struct kd__signals *signals, kd_signal *out)
{
    kd__signals_return(signals);
    if (signals->deliver == NULL)
        return KD_ENOTFOUND;
    lend(signals, out);
    return KD_OK;
}

static void
lend(struct kd__signals *signals, kd_signal *out)
{
    struct kd__signal *signal = signals->deliver;
    size_t size = out->size < sizeof(*out) ? out->size : sizeof(*out);
    kd_signal whole;

    signals->deliver = signal->next;
    if (signals->deliver == NULL)
        signals->deliver_last = NULL;
    else
        __builtin_prefetch(signals->deliver);
    signals->lent = signal;
    signal_show(signal, &whole);
    whole.size = (uint32_t)size;
    memcpy(out, &whole, size);
}

static void
signal_show(const struct kd__signal *signal, kd_signal *out)
{
    out->type = signal->type;
    out->from = signal->from;
    out->unix_ns = signal->at_ns;
    out->ref = signal->type == KD_SIGNAL_FD ? 0 : signal->ref;
    out->value = kd__buf_payload(signal->value);
    out->error = kd__buf_payload(signal->error);
    out->reason = NULL;
    if (signal->type == KD_SIGNAL_CANCEL)
        out->reason = signal->reason == NULL ? "" : signal->reason;
    out->deadline_ns = signal->deadline_ns;
    out->fd = signal->type == KD_SIGNAL_FD ? (int32_t)signal->ref : -1;
    out->events = signal->events;
}

void
kd__signals_return(struct kd__signals *signals)
{
    if (signals->lent == NULL)
        return;
    kd__signal_free(signals->lent);
    signals->lent = NULL;
}

struct kd__signal *
kd__signals_close(struct kd__signals *signals)
{
    struct kd__signal *stack = atomic_exchange(&signals->head, CLOSED);

    return stack == CLOSED ? NULL : stack;
}

void
kd__signal_discard(struct kd__signal *stack)
{
    struct kd__signal *next;

    for (; stack != NULL; stack = next) {
        next = stack->next;
        kd__signal_free(stack);
    }
}

void
kd__signals_fini(struct kd__signals *signals)
{
    struct kd__signal *stack =
        atomic_load_explicit(&signals->head, memory_order_relaxed);

    if (stack != CLOSED)
        kd__signal_discard(stack);
    kd__signal_discard(signals->arrived);
    kd__signal_discard(signals->deliver);
    kd__signals_return(signals);
    signals->arrived = signals->arrived_last = NULL;
    signals->deliver = signals->deliver_last = NULL;
}

static void
list_append(struct kd__signal **first, struct kd__signal **last,
    struct kd__signal *signal)
{
    signal->next = NULL;
    if (*last == NULL)
        *first = signal;
    else
        (*last)->next = signal;
    *last = signal;
}

static void
list_void(struct kd__signal **first, struct kd__signal **last, uint32_t type,
    kd_pid from, kd_ref ref)
{
    struct kd__signal *rest = *first;
    struct kd__signal *signal;

    *first = *last = NULL;
    while ((signal = rest) != NULL) {
        rest = signal->next;
        if (signal->type == type && signal->ref == ref &&
            kd_pid_equal(signal->from, from))
            kd__signal_free(signal);
        else
            list_append(first, last, signal);
    }
}
