/* SPDX-License-Identifier: MIT */
/*
 * Chunks, free lists by size, and a list of large blocks.
 *
 * A block that moves from one kind to the other because Lua made it smaller
 * while memory was out stays where it is. That is sound: whichever free list
 * it ends on, it is freed with the chunk or the large block it lies in.
 */

#include "memory/heap.h"

#include "memory/asan.h"
#include "memory/spare.h"

#include <stdint.h>
#include <string.h>

/* Whether blocks of a size come from the lists; no size is 0. */
#define IS_SMALL(len) (!KL_ASAN && (len) <= KL_HEAP_SMALL)

_Static_assert(
    KL_HEAP_CLASSES == KL_HEAP_CLASSES_COARSE +
                           (KL_HEAP_SMALL - KL_HEAP_COARSE) / KL_HEAP_BIG_GRAIN,
    "a list for each size");

/* The first chunk holds an idle process; later ones grow with the heap. Each
 * has room for the largest block. */
#define CHUNK_FIRST ((size_t)8192)
#define CHUNK_MIN   (sizeof(struct kl__chunk) + KL_HEAP_SMALL)
#define CHUNK_MAX   ((size_t)65536)
#define CHUNK_PART  16

struct kl__chunk {
    struct kl__chunk *next;
    size_t len;
};

struct kl__span {
    struct kl__span *next;
    size_t len;
};

struct kl__large {
    struct kl__large *next;
    struct kl__large **link;
};

static void *small_alloc(struct kl__heap *heap, size_t len);
static void small_give(struct kl__heap *heap, unsigned char *piece, size_t len);
static int room_add(struct kl__heap *heap, size_t bytes);
static void room_set(struct kl__heap *heap, void *piece, size_t len);
static int chunk_add(struct kl__heap *heap);
static void room_spend(struct kl__heap *heap);
static void *large_realloc(struct kl__heap *heap, void *block, size_t len);
static void large_free(struct kl__heap *heap, void *block);
static void *block_new(struct kl__heap *heap, size_t len);
static void *block_move(
    struct kl__heap *heap, void *block, size_t old_len, size_t len);
static void block_free(struct kl__heap *heap, void *block, size_t len);
static void *home_shrink(
    struct kl__heap *heap, void *block, size_t old_len, size_t len);
static void home_give(struct kl__heap *heap, unsigned char *piece, size_t len);
static int is_at_home(const struct kl__heap *heap, const void *block);

void
kl__heap_init(struct kl__heap *heap, size_t limit, struct kl__spares *spares)
{
    memset(heap, 0, sizeof(*heap));
    heap->limit = limit;
    heap->spares = spares;
}

void *
kl__heap_realloc(struct kl__heap *heap, void *block, size_t old_len, size_t len)
{
    void *moved;

    if (block == NULL) {
        if (len == 0)
            return NULL;
        moved = block_new(heap, len);
        heap->used += moved == NULL ? 0 : len;
        return moved;
    }
    if (len == 0) {
        block_free(heap, block, old_len);
        heap->used -= old_len;
        return NULL;
    }
    if (IS_SMALL(len) || IS_SMALL(old_len))
        moved = block_move(heap, block, old_len, len);
    else if (!is_at_home(heap, block))
        moved = large_realloc(heap, block, len);
    else if (len <= old_len)
        moved = home_shrink(heap, block, old_len, len);
    else
        moved = block_move(heap, block, old_len, len);
    if (moved == NULL) {
        if (len > old_len)
            return NULL;
        moved = block;
    }
    heap->used += len;
    heap->used -= old_len;
    return moved;
}

void
kl__heap_set_home(struct kl__heap *heap, unsigned char *home, size_t len,
    size_t taken, size_t used)
{
    heap->home = home;
    heap->home_end = heap->end = home + len;
    heap->at = home + taken;
    heap->total = len;
    heap->used = used;
}

size_t
kl__heap_taken(const struct kl__heap *heap)
{
    return heap->total - (size_t)(heap->end - heap->at);
}

size_t
kl__heap_whole(size_t len)
{
    if (len > KL_HEAP_FINE && len <= KL_HEAP_SMALL)
        return kl__heap_class_len(kl__heap_class(len));
    return (len + KL_HEAP_GRAIN - 1) & ~(KL_HEAP_GRAIN - 1);
}

void
kl__heap_fini(struct kl__heap *heap)
{
    struct kl__chunk *chunk;

    while ((chunk = heap->chunks) != NULL) {
        heap->chunks = chunk->next;
        kl__spare_free(heap->spares, chunk);
    }
    while (heap->large != NULL)
        large_free(heap, heap->large + 1);
}

static void *
block_new(struct kl__heap *heap, size_t len)
{
    return IS_SMALL(len) ? small_alloc(heap, len)
                         : large_realloc(heap, NULL, len);
}

static void *
block_move(struct kl__heap *heap, void *block, size_t old_len, size_t len)
{
    void *to;

    if (IS_SMALL(old_len) && kl__heap_class(len) == kl__heap_class(old_len))
        return block;
    to = block_new(heap, len);
    if (to == NULL)
        return NULL;
    memcpy(to, block, old_len < len ? old_len : len);
    block_free(heap, block, old_len);
    return to;
}

static void
block_free(struct kl__heap *heap, void *block, size_t len)
{
    if (IS_SMALL(len)) {
        kl__heap_give(heap, block, len);
    } else if (is_at_home(heap, block)) {
        kl__asan_poison(block, len);
        home_give(heap, block, kl__heap_whole(len));
    } else {
        large_free(heap, block);
    }
}

static void *
home_shrink(struct kl__heap *heap, void *block, size_t old_len, size_t len)
{
    size_t stays = kl__heap_whole(len);

    home_give(
        heap, (unsigned char *)block + stays, kl__heap_whole(old_len) - stays);
    return block;
}

/* A piece of the home is free. */
static void
home_give(struct kl__heap *heap, unsigned char *piece, size_t len)
{
    struct kl__span *span;

    if (KL_ASAN)
        return;
    if (IS_SMALL(len)) {
        small_give(heap, piece, len);
        return;
    }
    span = (struct kl__span *)(void *)piece;
    span->next = heap->spans;
    span->len = len;
    heap->spans = span;
}

static int
is_at_home(const struct kl__heap *heap, const void *block)
{
    const unsigned char *at = block;

    return at >= heap->home && at < heap->home_end;
}

static void *
small_alloc(struct kl__heap *heap, size_t len)
{
    void *block = kl__heap_take(heap, len);

    if (block == NULL &&
        room_add(heap, kl__heap_class_len(kl__heap_class(len))) == 0)
        block = kl__heap_take(heap, len);
    return block;
}

/* Frees a piece that is no block: as many as it is whole ones of. */
static void
small_give(struct kl__heap *heap, unsigned char *piece, size_t len)
{
    size_t index, part;

    for (; len >= KL_HEAP_GRAIN; piece += part, len -= part) {
        index = kl__heap_class(len);
        part = kl__heap_class_len(index);
        if (part > len)
            part = kl__heap_class_len(index - 1);
        kl__heap_give(heap, piece, part);
    }
}

/* For a block of so many bytes. A span is always enough; else the largest free
 * block is, of the big ones, before a chunk is made. */
static int
room_add(struct kl__heap *heap, size_t bytes)
{
    struct kl__span *span = heap->spans;

    if (span != NULL) {
        heap->spans = span->next;
        room_set(heap, span, span->len);
        return 0;
    }
    for (size_t i = KL_HEAP_CLASSES; i-- > KL_HEAP_CLASSES_COARSE;) {
        struct kl__free *block = heap->free[i];

        if (kl__heap_class_len(i) < bytes)
            break;
        if (block == NULL)
            continue;
        heap->free[i] = block->next;
        room_set(heap, block, kl__heap_class_len(i));
        return 0;
    }
    return chunk_add(heap);
}

static void
room_set(struct kl__heap *heap, void *piece, size_t len)
{
    room_spend(heap);
    heap->at = piece;
    heap->end = heap->at + len;
}

static int
chunk_add(struct kl__heap *heap)
{
    size_t len = heap->total / CHUNK_PART;
    struct kl__chunk *chunk;

    len = len < CHUNK_MIN ? CHUNK_MIN : len > CHUNK_MAX ? CHUNK_MAX : len;
    if (heap->total == 0)
        len = CHUNK_FIRST;
    len &= ~(KL_HEAP_GRAIN - 1);
    chunk = kl__spare_realloc(heap->spares, NULL, len);
    if (chunk == NULL)
        return -1;
    chunk->next = heap->chunks;
    chunk->len = len;
    heap->chunks = chunk;
    heap->total += len;
    room_set(heap, chunk + 1, len - sizeof(*chunk));
    return 0;
}

/* What is left is smaller than some block: make free ones of it. */
static void
room_spend(struct kl__heap *heap)
{
    small_give(heap, heap->at, (size_t)(heap->end - heap->at));
    heap->at = heap->end;
}

static void *
large_realloc(struct kl__heap *heap, void *block, size_t len)
{
    struct kl__large *old = block;
    struct kl__large *large = NULL;

    if (len > SIZE_MAX - sizeof(*large))
        return NULL;
    if (old != NULL)
        old--;
    else
        large = kl__spare_take(heap->spares, sizeof(*large) + len);
    if (large == NULL)
        large = kl__spare_realloc(heap->spares, old, sizeof(*large) + len);
    if (large == NULL)
        return NULL;
    if (old == NULL) {
        large->next = heap->large;
        large->link = &heap->large;
        heap->large = large;
    } else {
        *large->link = large;
    }
    if (large->next != NULL)
        large->next->link = &large->next;
    return large + 1;
}

static void
large_free(struct kl__heap *heap, void *block)
{
    struct kl__large *large = (struct kl__large *)block - 1;

    *large->link = large->next;
    if (large->next != NULL)
        large->next->link = large->link;
    kl__spare_give(heap->spares, large);
}
