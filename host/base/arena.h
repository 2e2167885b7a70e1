/* SPDX-License-Identifier: MIT */
/*
 * Memory that is freed all at once: what one load of an application makes.
 */
#ifndef KD_BASE_ARENA_H
#define KD_BASE_ARENA_H

#include <stddef.h>

struct kd__arena_chunk;

struct kd__arena {
    struct kd__arena_chunk *chunks; /* the newest first */
};

void kd__arena_init(struct kd__arena *arena);
void kd__arena_fini(struct kd__arena *arena);

/* Zeroed, aligned for every type, valid until fini; NULL without memory. */
void *kd__arena_alloc(struct kd__arena *arena, size_t size);

/* A copy of `len` bytes with a NUL behind them; NULL without memory. */
char *kd__arena_copy(struct kd__arena *arena, const char *text, size_t len);

#endif
