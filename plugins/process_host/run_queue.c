/* SPDX-License-Identifier: MIT */
/*
 * The ring of the Go scheduler (runqput, runqget and runqgrab in runtime/
 * proc.go), in C11 atomics; Tokio's local queue is of the same family.
 *
 * Indexes count up and wrap at 2^32. Only the owner writes `tail` and the
 * slots. Whoever takes items first reads them and then claims them by moving
 * `head`; when that fails, what he read is void. Publishing: the store of
 * `tail` releases what the owner knew of an item, a taker's load acquires it.
 * Reuse: a taker's exchange of `head` releases his reads of the slots, and the
 * owner acquires `head` before he fills them again. A taker who sleeps through
 * exactly 2^32 pushes between read and claim would be fooled.
 */

#include "run_queue.h"

#include <stddef.h>

int
kh__run_queue_push(struct run_queue *queue, void *item)
{
    uint32_t tail = atomic_load_explicit(&queue->tail, memory_order_relaxed);
    uint32_t head = atomic_load_explicit(&queue->head, memory_order_acquire);

    if (tail - head >= RUN_QUEUE_SIZE)
        return 0;
    atomic_store_explicit(
        &queue->slot[tail % RUN_QUEUE_SIZE], item, memory_order_relaxed);
    atomic_store_explicit(&queue->tail, tail + 1, memory_order_release);
    return 1;
}

static int
claim(struct run_queue *queue, uint32_t *head, uint32_t count)
{
    return atomic_compare_exchange_weak_explicit(&queue->head, head,
        *head + count, memory_order_acq_rel, memory_order_acquire);
}

void *
kh__run_queue_pop(struct run_queue *queue)
{
    uint32_t head = atomic_load_explicit(&queue->head, memory_order_acquire);
    uint32_t tail = atomic_load_explicit(&queue->tail, memory_order_relaxed);
    void *item;

    while (head != tail) {
        item = atomic_load_explicit(
            &queue->slot[head % RUN_QUEUE_SIZE], memory_order_relaxed);
        if (claim(queue, &head, 1))
            return item;
    }
    return NULL;
}

unsigned
kh__run_queue_grab(struct run_queue *queue, void *items[RUN_QUEUE_HALF])
{
    uint32_t head = atomic_load_explicit(&queue->head, memory_order_acquire);
    uint32_t count;
    uint32_t i;

    for (;;) {
        count = atomic_load_explicit(&queue->tail, memory_order_acquire) - head;
        count -= count / 2;
        if (count == 0)
            return 0;
        if (count > RUN_QUEUE_HALF) {
            /* Head is from before tail: the two do not fit together. */
            head = atomic_load_explicit(&queue->head, memory_order_acquire);
            continue;
        }
        for (i = 0; i < count; i++) {
            items[i] =
                atomic_load_explicit(&queue->slot[(head + i) % RUN_QUEUE_SIZE],
                    memory_order_relaxed);
        }
        if (claim(queue, &head, count))
            return count;
    }
}

unsigned
kh__run_queue_len(struct run_queue *queue)
{
    uint32_t head = atomic_load_explicit(&queue->head, memory_order_relaxed);

    return atomic_load_explicit(&queue->tail, memory_order_relaxed) - head;
}

uint32_t
kh__run_queue_end(struct run_queue *queue)
{
    return atomic_load_explicit(&queue->tail, memory_order_relaxed);
}

int
kh__run_queue_has_passed(struct run_queue *queue, uint32_t end)
{
    uint32_t head = atomic_load_explicit(&queue->head, memory_order_relaxed);

    return (int32_t)(end - head) <= 0;
}
