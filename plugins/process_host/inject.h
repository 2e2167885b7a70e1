/* SPDX-License-Identifier: MIT */
/*
 * The processes that wait for any worker: from threads that are no workers,
 * and what did not fit into a worker's own queue. And, one for each worker,
 * those that another has moved there. Unbounded, first in, first out, a short
 * lock.
 */
#ifndef KH_INJECT_H
#define KH_INJECT_H

#include "node.h"

#include <pthread.h>

/* A power of two: as many nodes are fetched from memory at once. */
#define INJECT_LISTS 8u

/* The n-th node ever pushed is on the n-th list, counted round. */
struct inject {
    pthread_mutex_t lock;
    struct node *first[INJECT_LISTS];
    struct node **end[INJECT_LISTS];
    unsigned pushed;
    unsigned taken;
    _Atomic size_t count;
};

void kh__inject_init(struct inject *inject);
void kh__inject_fini(struct inject *inject);
/* Append; sequentially consistent with kh__inject_len(). */
void kh__inject_push(struct inject *inject, void *const *nodes, size_t count);
/* Take at most `max` of the first; returns how many. */
size_t kh__inject_take(struct inject *inject, void **nodes, size_t max);

static inline size_t
kh__inject_len(struct inject *inject)
{
    return atomic_load(&inject->count);
}

#endif
