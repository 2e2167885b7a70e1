/* SPDX-License-Identifier: MIT */
/*
 * The library `string` of a sandboxed process.
 *
 * Lua 5.4's, without `dump`, with bounds on what could run without end, and
 * with Error objects as subjects. Everything that is made here is plain Lua
 * values, so that the tables can stand in a prepared state which is copied.
 */

#ifndef KL_LIB_STRING_H
#define KL_LIB_STRING_H

#include <lua.h>
#include <stddef.h>

/*
 * Leaves the library's table on the stack. The metatable of strings stays what
 * it is. No string is repeated more often than `memory_limit`, the bytes that
 * the process may have; 0 is no limit.
 */
int kl__open_string(lua_State *L, size_t memory_limit);

/*
 * Leaves a table on the stack that is fit to be the metatable of strings: the
 * operators that make "10" + 1 work, but no __index.
 */
int kl__open_string_operators(lua_State *L);

/*
 * An argument of the current C function as text, as luaL_checklstring gives it;
 * an Error object in its place is replaced by its message first.
 */
const char *kl__error_subject(lua_State *L, int index, size_t *len);

/* find, match, gmatch and gsub, which lib_find.c has. */
int kl__string_find(lua_State *L);
int kl__string_match(lua_State *L);
int kl__string_gmatch(lua_State *L);
int kl__string_gsub(lua_State *L);

#endif
