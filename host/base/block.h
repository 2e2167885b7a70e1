/* SPDX-License-Identifier: MIT */
/*
 * Small blocks of memory, for what is made on one thread and freed on another
 * all the time: messages, signals, process records.
 *
 * A cache before malloc, in the manner of J. Bonwick's magazines ("Magazines
 * and Vmem", 2001): a thread keeps some free blocks of each size and takes and
 * gives them without a lock; when it has none, or more than two magazines of
 * them, it exchanges a full magazine with the depot that the threads of a
 * runtime share. What the depot does not want goes to kd__free(), and what it
 * does not have comes from kd__malloc(): every block is one of malloc's, so a
 * thread without a cache uses those two, and memory that is not needed goes
 * back.
 *
 * Under a sanitizer there is no cache: it would hide a use after the free.
 */
#ifndef KD_BASE_BLOCK_H
#define KD_BASE_BLOCK_H

#include "base/lock.h"
#include "base/memory.h"

#include <stddef.h>

/* Blocks of one size in a magazine. */
#define KD__BLOCK_BATCH 32
/* Sizes are rounded up to this, as malloc does it. */
#define KD__BLOCK_UNIT 16
/* Larger ones are not kept. */
#define KD__BLOCK_MAX   512
#define KD__BLOCK_SIZES (KD__BLOCK_MAX / KD__BLOCK_UNIT)
/* Whether threads get a cache. */
#define KD__BLOCK_CACHE (!KD__SANITIZE_ADDRESS && !KD__SANITIZE_THREAD)

/* A free block. The first of a magazine has the next magazine, too. */
struct kd__block {
    struct kd__block *next;
    struct kd__block *next_batch;
};

/* Of one size: the magazine in use, and one that is full or empty. */
struct kd__block_rack {
    struct kd__block *first;
    size_t count;
    struct kd__block *full; /* Or NULL. */
};

struct kd__depot {
    struct kd__lock lock; /* Guards all of it; a look is free. */
    _Atomic(struct kd__block *) batches[KD__BLOCK_SIZES];
    size_t bytes;    /* In all batches. */
    uint32_t beyond; /* Batches given when there were many already. */
};

/* A thread's own. */
struct kd__blocks {
    struct kd__depot *depot;
    struct kd__block_rack racks[KD__BLOCK_SIZES];
};

/* The cache of this thread, or NULL. */
extern _Thread_local struct kd__blocks *kd__blocks_here
    __attribute__((tls_model("initial-exec")));

void kd__depot_init(struct kd__depot *depot);
void kd__depot_fini(struct kd__depot *depot);

void kd__blocks_init(struct kd__blocks *blocks, struct kd__depot *depot);
/* What it has goes to the depot. */
void kd__blocks_fini(struct kd__blocks *blocks);

/* The ways to get and to give one where the magazine in use does not do. */
void *kd__blocks_get(struct kd__blocks *blocks, size_t size);
void kd__blocks_give(struct kd__blocks *blocks, void *block, size_t size);

/* What malloc is asked for: all blocks of a rack are as large. */
static inline size_t
kd__block_round(size_t size)
{
    return (size + KD__BLOCK_UNIT - 1) & ~(size_t)(KD__BLOCK_UNIT - 1);
}

/* Memory of this size, which is not 0, or NULL. */
static inline void *
kd__block_new(size_t size)
{
    struct kd__blocks *blocks = kd__blocks_here;
    struct kd__block_rack *rack;
    struct kd__block *block;

    if (blocks == NULL || size > KD__BLOCK_MAX)
        return kd__malloc(kd__block_round(size));
    rack = &blocks->racks[(size - 1) / KD__BLOCK_UNIT];
    block = rack->first;
    if (block == NULL)
        return kd__blocks_get(blocks, size);
    rack->first = block->next;
    rack->count--;
    return block;
}

/* Free a block, given the size it was made with. NULL is allowed. */
static inline void
kd__block_free(void *ptr, size_t size)
{
    struct kd__blocks *blocks = kd__blocks_here;
    struct kd__block_rack *rack;
    struct kd__block *block = ptr;

    if (blocks == NULL || size > KD__BLOCK_MAX || ptr == NULL) {
        kd__free(ptr);
        return;
    }
    rack = &blocks->racks[(size - 1) / KD__BLOCK_UNIT];
    if (rack->count == KD__BLOCK_BATCH) {
        kd__blocks_give(blocks, ptr, size);
        return;
    }
    block->next = rack->first;
    rack->first = block;
    rack->count++;
}

#endif
