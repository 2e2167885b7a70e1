/* SPDX-License-Identifier: MIT */
/*
 * The memory of one Lua state: an arena that is thrown away as a whole.
 *
 * Small blocks come from chunks and go to a free list for their size; Lua says
 * the size when it frees, so that they need no head. Large ones are malloc's
 * and hang on a list. Nothing here knows the limit: limit.h does. Under
 * AddressSanitizer every block is large, so that misuse is seen.
 */
#ifndef KL_HEAP_H
#define KL_HEAP_H

#include <stddef.h>

/* Small blocks are of 1 to KL_HEAP_CLASSES grains of 16 bytes. */
#define KL_HEAP_GRAIN   ((size_t)16)
#define KL_HEAP_CLASSES 32

struct kl__chunk;
struct kl__free;
struct kl__large;

struct kl__heap {
    size_t used;             /* Bytes handed out. */
    size_t limit;            /* limits.memory of the entry. */
    size_t total;            /* Bytes of all chunks. */
    unsigned char *at, *end; /* What is left of the newest chunk. */
    struct kl__chunk *chunks;
    struct kl__large *large;
    struct kl__free *free[KL_HEAP_CLASSES];
};

void kl__heap_init(struct kl__heap *heap, size_t limit);

/*
 * As lua_Alloc: NULL for a size of 0, or without memory. To make a block
 * smaller never fails. `old_len` is 0 for a new block.
 */
void *kl__heap_realloc(
    struct kl__heap *heap, void *block, size_t old_len, size_t len);

/* Frees all blocks at once. */
void kl__heap_fini(struct kl__heap *heap);

#endif
