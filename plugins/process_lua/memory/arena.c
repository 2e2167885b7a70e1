/* SPDX-License-Identifier: MIT */
/*
 * An arena: blocks behind one another. What is freed is not used again, since
 * a state that only loads frees little, and then a hole is known to be one.
 */

#include "memory/arena.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define GRAIN ((size_t)16)

static int reserve(struct kl__arena *arena);
static void *add(struct kl__arena *arena, size_t kind, size_t len);
static struct kl__block *find(struct kl__arena *arena, const void *block);
static int extend(struct kl__arena *arena, struct kl__block *block, size_t len);
static size_t rounded(size_t len);

int
kl__arena_init(struct kl__arena *arena, size_t cap)
{
    void *base;

    memset(arena, 0, sizeof(*arena));
    base = mmap(NULL, cap, PROT_READ | PROT_WRITE,
        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (base == MAP_FAILED)
        return -1;
    arena->base = base;
    arena->cap = cap;
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
        return len == 0 ? NULL : add(arena, old_len, len);
    old = find(arena, block);
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
    moved = add(arena, kind, len);
    if (moved == NULL)
        return NULL;
    memcpy(moved, block, old_len);
    kl__arena_alloc(arena, arena->base + at, old_len, 0);
    return moved;
}

int
kl__arena_close(struct kl__arena *arena)
{
    size_t n = arena->n_blocks;
    size_t at = 0;

    for (size_t i = 0; i < n; i++) {
        struct kl__block *block;
        size_t here = arena->blocks[i].at;

        if (arena->blocks[i].len == 0)
            continue;
        if (reserve(arena) != 0)
            return -1;
        if (here > at) {
            block = &arena->blocks[arena->n_blocks++];
            block->at = at;
            block->len = here - at;
            block->kind = KL_BLOCK_FREE;
        }
        at = here + rounded(arena->blocks[i].len);
    }
    arena->at = at;
    return 0;
}

static void *
add(struct kl__arena *arena, size_t kind, size_t len)
{
    struct kl__block *block;

    if (len > arena->cap || rounded(len) > arena->cap - arena->at ||
        reserve(arena) != 0)
        return NULL;
    block = &arena->blocks[arena->n_blocks++];
    block->at = arena->at;
    block->len = len;
    block->kind = kind;
    arena->at += rounded(len);
    arena->used += len;
    return arena->base + block->at;
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

static struct kl__block *
find(struct kl__arena *arena, const void *block)
{
    size_t at = (size_t)((const unsigned char *)block - arena->base);
    size_t low = 0;
    size_t high = arena->n_blocks - 1;

    while (low < high) {
        size_t middle = (low + high) / 2;

        if (arena->blocks[middle].at < at)
            low = middle + 1;
        else
            high = middle;
    }
    return &arena->blocks[low];
}

/* The last block can grow where it is. */
static int
extend(struct kl__arena *arena, struct kl__block *block, size_t len)
{
    if (block != &arena->blocks[arena->n_blocks - 1] ||
        len > arena->cap - block->at || rounded(len) > arena->cap - block->at)
        return 0;
    arena->at = block->at + rounded(len);
    return 1;
}

static size_t
rounded(size_t len)
{
    return (len + GRAIN - 1) & ~(GRAIN - 1);
}
