/* SPDX-License-Identifier: MIT */
/*
 * The processes that wait for one worker thread: first in, first out, of a
 * fixed size, and others may take half of it.
 */
#ifndef KH_RUN_QUEUE_H
#define KH_RUN_QUEUE_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#define RUN_QUEUE_SIZE 256u
#define RUN_QUEUE_HALF (RUN_QUEUE_SIZE / 2)

/* All zero: empty. */
struct run_queue {
    _Alignas(64) _Atomic uint32_t head; /* Next to take; anybody's. */
    _Alignas(64) _Atomic uint32_t tail; /* Next to fill; the owner's. */
    _Atomic(void *) slot[RUN_QUEUE_SIZE];
};

/* Append. Returns 0 when it is full. The owner only. */
int kh__run_queue_push(struct run_queue *queue, void *item);
/* Take the first, or NULL. The owner only. */
void *kh__run_queue_pop(struct run_queue *queue);
/* Take the first half, rounded up; returns how many. Anybody. */
unsigned kh__run_queue_grab(
    struct run_queue *queue, void *items[RUN_QUEUE_HALF]);
/* What may be the next, or NULL: a hint. */
static inline void *
kh__run_queue_peek(struct run_queue *queue)
{
    uint32_t head = atomic_load_explicit(&queue->head, memory_order_relaxed);
    uint32_t tail = atomic_load_explicit(&queue->tail, memory_order_relaxed);

    if (head == tail)
        return NULL;
    return atomic_load_explicit(
        &queue->slot[head % RUN_QUEUE_SIZE], memory_order_relaxed);
}

/* How many there are, more or less unless the owner asks. */
unsigned kh__run_queue_len(struct run_queue *queue);
/* The place behind the last. The owner only. */
uint32_t kh__run_queue_end(struct run_queue *queue);
/* Whether all before such a place have been taken. The owner only. */
int kh__run_queue_has_passed(struct run_queue *queue, uint32_t end);

#endif
