/* SPDX-License-Identifier: MIT */
/*
 * Which globals a compiled source reads and sets, and which arithmetic it does,
 * from what lua_dump gives.
 *
 * The compiler knows best what is a global: each is a field of the variable
 * _ENV, and mostly there is one instruction for it, with the name as a
 * constant.
 */
#ifndef KL_BYTECODE_H
#define KL_BYTECODE_H

#include <stddef.h>
#include <stdint.h>

/* In the order of what they say about a name: the first says most. */
enum kl__global_use {
    KL_GLOBAL_SET,
    KL_GLOBAL_TESTED, /* Read, but only to see whether it is there. */
    KL_GLOBAL_READ
};

/* One instruction's. The name is the code's, and lives as long. */
struct kl__global {
    enum kl__global_use use;
    const char *name;
    size_t len;
    uint32_t line;
};

/*
 * Call `visit` for each use of a global. Where a function has so many constants
 * that names go through registers, all its strings are taken for names that it
 * sets, so that nothing that is set is missed. The code has its line numbers.
 * Returns 0, and visits nothing, for the code of another version of Lua; else
 * 1.
 */
int kl__bytecode_globals(const unsigned char *code, size_t len,
    void (*visit)(void *arg, const struct kl__global *global), void *arg);

/*
 * Which arithmetic it does, all of which may meet a string: a bit for each of
 * KL_BUILTINS_OPERATORS, in their order. All of them for the code of another
 * version of Lua.
 */
unsigned kl__bytecode_operators(const unsigned char *code, size_t len);

#endif
