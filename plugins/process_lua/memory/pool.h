/* SPDX-License-Identifier: MIT */
/*
 * Slots of one size, for the states of one program's processes.
 *
 * Page faults, not copying, are what a new process costs most: so slots are
 * used again, the last one given back first, and cut from slabs which the
 * kernel may back by huge pages. Threads that take and give at the same time
 * do not meet: each processor has a stock of its own.
 */
#ifndef KL_POOL_H
#define KL_POOL_H

#include <stddef.h>

/* Addresses of slots are multiples of it. */
#define KL_SLOT_ALIGN ((size_t)64)

struct kl__pool;
struct kl__spares;

/* `slot_len` is a multiple of KL_SLOT_ALIGN. `spares` as in heap.h. NULL
 * without memory. */
struct kl__pool *kl__pool_new(size_t slot_len, const struct kl__spares *spares);
/* All slots have been given back. */
void kl__pool_free(struct kl__pool *pool);

/* How long its slots are. */
size_t kl__pool_slot_len(const struct kl__pool *pool);

/* A slot with whatever its last user left in it, or NULL without memory. */
void *kl__pool_take(struct kl__pool *pool);
/* Never fails. */
void kl__pool_give(struct kl__pool *pool, void *slot);

#endif
