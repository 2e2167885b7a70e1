/* SPDX-License-Identifier: MIT */
/*
 * Chunk names that Lua cuts.
 *
 * Lua shows only the last 56 bytes of a long one, after three dots, and that
 * cannot be changed from outside. The whole names are put back into tracebacks
 * and into what others will read of a process that fails.
 */
#ifndef KL_LONG_NAME_H
#define KL_LONG_NAME_H

#include <lua.h>

/* In the string at a stack index. */
void kl__long_names_restore(lua_State *L, int index);

#endif
