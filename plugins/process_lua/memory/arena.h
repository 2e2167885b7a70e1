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
#define KL_BLOCK_PROTO  ((size_t)LUA_NUMTYPES + 1)

struct kl__block {
    size_t at;  /* From the arena's start. */
    size_t len; /* 0: it was freed. */
    size_t kind;
    /* For an image to say, false at first: */
    int is_constant; /* A table that never changes again. */
    int is_shared;   /* By all copies. */
};

struct kl__arena {
    unsigned char *base;
    size_t cap;
    size_t gap;               /* Between two blocks. */
    size_t at;                /* What lies beyond was never handed out. */
    size_t used;              /* Bytes of all blocks that were not freed. */
    struct kl__block *blocks; /* In the order of their addresses. */
    size_t n_blocks, cap_blocks;
};

/* Returns 0, or -1 without memory. Its addresses are those of no other. */
int kl__arena_init(struct kl__arena *arena, size_t cap, size_t gap);
void kl__arena_fini(struct kl__arena *arena);

/* The lua_Alloc; `ud` is the arena. */
void *kl__arena_alloc(void *ud, void *block, size_t old_len, size_t len);

/* A new block, behind the others; or NULL without memory. */
void *kl__arena_add(struct kl__arena *arena, size_t kind, size_t len);
/*
 * The block in which an address is, or which ends there; NULL if there is none.
 * Without gaps the end of one is the start of another, which is then found.
 */
const struct kl__block *kl__arena_find(
    const struct kl__arena *arena, const void *address);

#endif
