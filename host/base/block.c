/* SPDX-License-Identifier: MIT */
/*
 * Exchanging magazines with the depot.
 */

#include "base/block.h"

#include "base/memory.h"

/*
 * What the depot keeps: all up to this much, none beyond the other, and between
 * them all but one magazine of so many. So what a flood of messages took goes
 * back bit by bit with later ones, and the next flood finds most of it. To give
 * all of it to malloc at once has threads wait for each other's arenas.
 */
#define KEPT_BYTES ((size_t)32 << 20)
#define KEPT_MAX   ((size_t)256 << 20)
#define BACK_EVERY 8u

_Thread_local struct kd__blocks *kd__blocks_here;

static struct kd__block *depot_take(struct kd__depot *depot, size_t at);
static void depot_put(
    struct kd__depot *depot, size_t at, struct kd__block *batch);
static int has_room(struct kd__depot *depot, size_t bytes);
static void batch_free(struct kd__block *batch);

/* Of all blocks of a rack. */
static size_t
block_size(size_t at)
{
    return (at + 1) * KD__BLOCK_UNIT;
}

void
kd__depot_init(struct kd__depot *depot)
{
    kd__lock_init(&depot->lock);
    for (size_t i = 0; i < KD__BLOCK_SIZES; i++)
        atomic_init(&depot->batches[i], NULL);
    depot->bytes = 0;
    depot->beyond = 0;
}

void
kd__depot_fini(struct kd__depot *depot)
{
    struct kd__block *batch;

    for (size_t i = 0; i < KD__BLOCK_SIZES; i++) {
        while ((batch = depot_take(depot, i)) != NULL)
            batch_free(batch);
    }
    kd__lock_fini(&depot->lock);
}

void
kd__blocks_init(struct kd__blocks *blocks, struct kd__depot *depot)
{
    static const struct kd__block_rack empty;

    blocks->depot = depot;
    for (size_t i = 0; i < KD__BLOCK_SIZES; i++)
        blocks->racks[i] = empty;
}

void
kd__blocks_fini(struct kd__blocks *blocks)
{
    for (size_t i = 0; i < KD__BLOCK_SIZES; i++) {
        if (blocks->racks[i].full != NULL)
            depot_put(blocks->depot, i, blocks->racks[i].full);
        batch_free(blocks->racks[i].first);
    }
    kd__blocks_init(blocks, blocks->depot);
}

/* The magazine in use is empty. */
void *
kd__blocks_get(struct kd__blocks *blocks, size_t size)
{
    size_t at = (size - 1) / KD__BLOCK_UNIT;
    struct kd__block_rack *rack = &blocks->racks[at];
    struct kd__block *block = rack->full;

    rack->full = NULL;
    if (block == NULL)
        block = depot_take(blocks->depot, at);
    if (block == NULL)
        return kd__malloc(block_size(at));
    rack->first = block->next;
    rack->count = KD__BLOCK_BATCH - 1;
    return block;
}

/* The magazine in use is full. */
void
kd__blocks_give(struct kd__blocks *blocks, void *ptr, size_t size)
{
    size_t at = (size - 1) / KD__BLOCK_UNIT;
    struct kd__block_rack *rack = &blocks->racks[at];
    struct kd__block *block = ptr;

    if (rack->full != NULL)
        depot_put(blocks->depot, at, rack->full);
    rack->full = rack->first;
    block->next = NULL;
    rack->first = block;
    rack->count = 1;
}

static struct kd__block *
depot_take(struct kd__depot *depot, size_t at)
{
    struct kd__block *batch;

    if (atomic_load_explicit(&depot->batches[at], memory_order_relaxed) == NULL)
        return NULL;
    kd__lock_take(&depot->lock);
    batch = atomic_load_explicit(&depot->batches[at], memory_order_relaxed);
    if (batch != NULL) {
        atomic_store_explicit(
            &depot->batches[at], batch->next_batch, memory_order_relaxed);
        depot->bytes -= KD__BLOCK_BATCH * block_size(at);
    }
    kd__lock_drop(&depot->lock);
    return batch;
}

/* A full magazine, which is freed if there are enough. */
static void
depot_put(struct kd__depot *depot, size_t at, struct kd__block *batch)
{
    size_t bytes = KD__BLOCK_BATCH * block_size(at);

    kd__lock_take(&depot->lock);
    if (has_room(depot, bytes)) {
        batch->next_batch =
            atomic_load_explicit(&depot->batches[at], memory_order_relaxed);
        atomic_store_explicit(&depot->batches[at], batch, memory_order_relaxed);
        depot->bytes += bytes;
        batch = NULL;
    }
    kd__lock_drop(&depot->lock);
    batch_free(batch);
}

/* Its lock is held. */
static int
has_room(struct kd__depot *depot, size_t bytes)
{
    size_t then = depot->bytes + bytes;

    if (then <= KEPT_BYTES)
        return 1;
    depot->beyond++;
    return then <= KEPT_MAX && depot->beyond % BACK_EVERY != 0;
}

static void
batch_free(struct kd__block *batch)
{
    struct kd__block *next;

    for (; batch != NULL; batch = next) {
        next = batch->next;
        kd__free(batch);
    }
}
