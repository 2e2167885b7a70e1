/* SPDX-License-Identifier: MIT */
/*
 * The memory of one Lua state: an arena that is thrown away as a whole.
 *
 * Small blocks come from chunks and go to a free list for their size; Lua says
 * the size when it frees, so that they need no head. Large ones are malloc's
 * and hang on a list. Nothing here knows the limit: limit.h does. Under
 * AddressSanitizer every block is large, so that misuse is seen.
 *
 * The copy of a prepared state has a home: memory that is not ours to free, in
 * which there are blocks already, whatever their sizes, and some room. Other
 * blocks are shared by all copies and count as used; none of them is freed.
 */
#ifndef KL_HEAP_H
#define KL_HEAP_H

#include <stddef.h>

/*
 * Small blocks are of whole grains up to KL_HEAP_FINE bytes, which most of them
 * have, of coarse ones up to KL_HEAP_COARSE, and of big ones beyond, so that
 * there are not too many lists.
 */
#define KL_HEAP_GRAIN        ((size_t)8)
#define KL_HEAP_FINE         ((size_t)128)
#define KL_HEAP_COARSE_GRAIN ((size_t)64)
#define KL_HEAP_COARSE       ((size_t)512)
#define KL_HEAP_BIG_GRAIN    ((size_t)128)
#define KL_HEAP_SMALL        ((size_t)2048)
#define KL_HEAP_CLASSES      34

struct kl__chunk;
struct kl__large;
struct kl__span;
struct kl__spares;

struct kl__free {
    struct kl__free *next;
};

struct kl__heap {
    size_t used;             /* Bytes handed out. */
    size_t limit;            /* limits.memory of the entry. */
    size_t total;            /* Bytes of all chunks. */
    unsigned char *at, *end; /* What is left of the newest chunk. */
    struct kl__chunk *chunks;
    struct kl__large *large;
    unsigned char *home, *home_end;
    struct kl__span *spans;    /* Free pieces of the home beyond small ones. */
    struct kl__spares *spares; /* Or NULL. */
    struct kl__free *free[KL_HEAP_CLASSES];
};

#define KL_HEAP_CLASSES_FINE (KL_HEAP_FINE / KL_HEAP_GRAIN)
#define KL_HEAP_CLASSES_COARSE                                                 \
    (KL_HEAP_CLASSES_FINE +                                                    \
        (KL_HEAP_COARSE - KL_HEAP_FINE) / KL_HEAP_COARSE_GRAIN)

/* The list for small blocks of a length, and the length that these have. */
static inline size_t
kl__heap_class(size_t len)
{
    if (len <= KL_HEAP_FINE)
        return (len - 1) / KL_HEAP_GRAIN;
    if (len <= KL_HEAP_COARSE)
        return KL_HEAP_CLASSES_FINE +
               (len - KL_HEAP_FINE - 1) / KL_HEAP_COARSE_GRAIN;
    return KL_HEAP_CLASSES_COARSE +
           (len - KL_HEAP_COARSE - 1) / KL_HEAP_BIG_GRAIN;
}

static inline size_t
kl__heap_class_len(size_t index)
{
    if (index < KL_HEAP_CLASSES_FINE)
        return (index + 1) * KL_HEAP_GRAIN;
    if (index < KL_HEAP_CLASSES_COARSE)
        return KL_HEAP_FINE +
               (index - KL_HEAP_CLASSES_FINE + 1) * KL_HEAP_COARSE_GRAIN;
    return KL_HEAP_COARSE +
           (index - KL_HEAP_CLASSES_COARSE + 1) * KL_HEAP_BIG_GRAIN;
}

/* `spares` is where chunks and large blocks come from; NULL: malloc. */
void kl__heap_init(
    struct kl__heap *heap, size_t limit, struct kl__spares *spares);

/*
 * As lua_Alloc: NULL for a size of 0, or without memory. To make a block
 * smaller never fails. `old_len` is 0 for a new block.
 */
void *kl__heap_realloc(
    struct kl__heap *heap, void *block, size_t old_len, size_t len);

/*
 * The heart of it: a small block that is at hand, or NULL; and one that goes.
 * `used` is the caller's.
 */
static inline void *
kl__heap_take(struct kl__heap *heap, size_t len)
{
    size_t index = kl__heap_class(len);
    size_t whole = kl__heap_class_len(index);
    struct kl__free *block = heap->free[index];

    if (block != NULL) {
        heap->free[index] = block->next;
        return block;
    }
    if (whole > (size_t)(heap->end - heap->at))
        return NULL;
    heap->at += whole;
    return heap->at - whole;
}

static inline void
kl__heap_give(struct kl__heap *heap, void *block, size_t len)
{
    size_t index = kl__heap_class(len);
    struct kl__free *freed = (struct kl__free *)block;

    freed->next = heap->free[index];
    heap->free[index] = freed;
}

/*
 * Make a range the home: the first `taken` bytes are blocks, with `used` bytes
 * in use; no other block exists, but for shared ones.
 */
void kl__heap_set_home(struct kl__heap *heap, unsigned char *home, size_t len,
    size_t taken, size_t used);

/* How long a home would have held all small blocks that there were so far. */
size_t kl__heap_taken(const struct kl__heap *heap);

/* The bytes that a block of so many takes, at home or elsewhere. */
size_t kl__heap_whole(size_t len);

/* Frees all blocks at once, but for a home; the heap is not used again. */
void kl__heap_fini(struct kl__heap *heap);

#endif
