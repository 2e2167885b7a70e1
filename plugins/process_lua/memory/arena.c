/* SPDX-License-Identifier: MIT */
/*
 * An arena: blocks behind one another. What is freed is not used again, since
 * a state that only loads frees little, and then a hole is known to be one.
 */

#include "memory/arena.h"

#include "memory/heap.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

static int reserve(struct kl__arena *arena);
static struct kl__block *last_before(
    const struct kl__arena *arena, const void *address);
static int extend(struct kl__arena *arena, struct kl__block *block, size_t len);
static int fits(const struct kl__arena *arena, size_t at, size_t len);

int
kl__arena_init(struct kl__arena *arena, size_t cap, size_t gap)
{
    void *base;

    memset(arena, 0, sizeof(*arena));
    base = mmap(NULL, cap, PROT_READ | PROT_WRITE,
        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (base == MAP_FAILED)
        return -1;
    arena->base = base;
    arena->cap = cap;
    arena->gap = gap;
    return 0;
}

void
kl__arena_fini(struct kl__arena *arena)
{
    if (arena->base != NULL)
        munmap(arena->base, arena->cap);
    free(arena->blocks);
    memset(arena, 0, sizeof(*arena));
}

void *
kl__arena_alloc(void *ud, void *block, size_t old_len, size_t len)
{
    struct kl__arena *arena = ud;
    struct kl__block *old;
    size_t at, kind;
    void *moved;

    if (block == NULL)
        return len == 0 ? NULL : kl__arena_add(arena, old_len, len);
    old = last_before(arena, block);
    if (len <= old_len || extend(arena, old, len)) {
        if (len < old_len)
            memset((unsigned char *)block + len, 0, old_len - len);
        old->len = len;
        arena->used += len;
        arena->used -= old_len;
        return len == 0 ? NULL : block;
    }
    at = old->at;
    kind = old->kind;
    moved = kl__arena_add(arena, kind, len);
    if (moved == NULL)
        return NULL;
    memcpy(moved, block, old_len);
    kl__arena_alloc(arena, arena->base + at, old_len, 0);
    return moved;
}

void *
kl__arena_add(struct kl__arena *arena, size_t kind, size_t len)
{
    struct kl__block *block;

    if (!fits(arena, arena->at, len) || reserve(arena) != 0)
        return NULL;
    block = &arena->blocks[arena->n_blocks++];
    block->at = arena->at;
    block->len = len;
    block->kind = kind;
    block->is_constant = 0;
    block->is_shared = 0;
    arena->at += kl__heap_whole(len) + arena->gap;
    arena->used += len;
    return arena->base + block->at;
}

const struct kl__block *
kl__arena_find(const struct kl__arena *arena, const void *address)
{
    size_t at = (size_t)((const unsigned char *)address - arena->base);
    const struct kl__block *block = last_before(arena, address);

    return block->len > 0 && at - block->at <= block->len ? block : NULL;
}

/* Room for one more block in the list. */
static int
reserve(struct kl__arena *arena)
{
    size_t cap = arena->cap_blocks * 2 + 64;
    struct kl__block *blocks;

    if (arena->n_blocks < arena->cap_blocks)
        return 0;
    blocks = realloc(arena->blocks, cap * sizeof(*blocks));
    if (blocks == NULL)
        return -1;
    arena->blocks = blocks;
    arena->cap_blocks = cap;
    return 0;
}

/* There is one at the start. */
static struct kl__block *
last_before(const struct kl__arena *arena, const void *address)
{
    size_t at = (size_t)((const unsigned char *)address - arena->base);
    size_t low = 0;
    size_t high = arena->n_blocks - 1;

    while (low < high) {
        size_t middle = high - (high - low) / 2;

        if (arena->blocks[middle].at <= at)
            low = middle;
        else
            high = middle - 1;
    }
    return &arena->blocks[low];
}

/* The last block can grow where it is. */
static int
extend(struct kl__arena *arena, struct kl__block *block, size_t len)
{
    if (block != &arena->blocks[arena->n_blocks - 1] ||
        !fits(arena, block->at, len))
        return 0;
    arena->at = block->at + kl__heap_whole(len) + arena->gap;
    return 1;
}

static int
fits(const struct kl__arena *arena, size_t at, size_t len)
{
    return at < arena->cap && len < arena->cap &&
           kl__heap_whole(len) + arena->gap <= arena->cap - at;
}
