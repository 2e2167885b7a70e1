/* SPDX-License-Identifier: MIT */
/*
 * The library `table` of a sandboxed process: Lua 5.4's, but for calls over
 * more than 10 million elements, which raise `too many elements`. A table may
 * claim any length through __len, and nothing can interrupt a loop in C.
 */

#ifndef KL_LIB_TABLE_H
#define KL_LIB_TABLE_H

#include <lua.h>

#define KL_ELEMENTS_MAX 10000000

/* Leaves the library's table on the stack: plain Lua values only. */
int kl__open_table(lua_State *L);

#endif
