/* SPDX-License-Identifier: MIT */
/*
 * The memory limit of a process.
 *
 * Lua's answer to memory that runs out is an error that programs can catch,
 * again and again. So the first request beyond the limit is refused, that Lua
 * collects garbage; only if the same request then comes again and there is
 * room enough, the process lives on. Any other request, and the next
 * instruction of the program, leave it for good (lua-states: the emergency
 * collection itself never allocates).
 */
#ifndef KL_LIMIT_H
#define KL_LIMIT_H

#include <stddef.h>

struct kl__process;

struct kl__limit {
    const void *block; /* The request. */
    size_t old_len, len;
    int is_exhausted; /* It was malloc that had no memory. */
    int refused;      /* A request was refused, and nothing came since. */
};

/* The lua_Alloc of all states; `ud` is the struct kl__process. */
void *kl__limit_alloc(void *ud, void *block, size_t old_len, size_t len);

/*
 * The same for our own structs, which are freed with the state. Collects if
 * that is what it needs; leaves the process if it does not help. Only inside
 * run, or it may return NULL.
 */
void *kl__limit_realloc(
    struct kl__process *p, void *block, size_t old_len, size_t len);

#endif
