/* SPDX-License-Identifier: MIT */
/*
 * The memory in which a prepared state is built: one range of addresses, filled
 * from its start, that remembers what each block is.
 *
 * What a block is decides which of its words can be pointers (image_scan.c).
 * Lua says so when it asks for one. Everything that is not in use is zero, so
 * that an image holds no pointers which nothing would follow.
 */
#ifndef KL_ARENA_H
#define KL_ARENA_H

#include <lua.h>
#include <stddef.h>
#include <stdint.h>

/* Of what kind a block is: what lua_Alloc is told in place of an old size. */
#define KL_BLOCK_ARRAY  ((size_t)0) /* No object. */
#define KL_BLOCK_STRING ((size_t)LUA_TSTRING)
#define KL_BLOCK_UPVAL  ((size_t)LUA_NUMTYPES) /* The first of Lua's own. */
#define KL_BLOCK_FREE   SIZE_MAX /* Ours: it hangs on a list of the heap. */

struct kl__block {
    size_t at;  /* From the arena's start. */
    size_t len; /* 0: it was freed. */
    size_t kind;
};

struct kl__arena {
    unsigned char *base;
    size_t cap;
    size_t at;                /* What lies beyond was never handed out. */
    size_t used;              /* Bytes of all blocks that were not freed. */
    struct kl__block *blocks; /* In the order of their addresses. */
    size_t n_blocks, cap_blocks;
};

/* Returns 0, or -1 without memory. Its addresses are those of no other. */
int kl__arena_init(struct kl__arena *arena, size_t cap);
void kl__arena_fini(struct kl__arena *arena);

/* The lua_Alloc; `ud` is the arena. */
void *kl__arena_alloc(void *ud, void *block, size_t old_len, size_t len);

/*
 * When all is built: drop what is free at the end, and make a block of each
 * hole, of KL_BLOCK_FREE. Returns 0, or -1 without memory. No more requests.
 */
int kl__arena_close(struct kl__arena *arena);

#endif
