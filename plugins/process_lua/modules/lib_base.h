/* SPDX-License-Identifier: MIT */
/*
 * The globals of a sandboxed process: looked up when first used, and without
 * what would lead out of it.
 */
#ifndef KL_LIB_BASE_H
#define KL_LIB_BASE_H

#include <lua.h>

struct kl__process;

/* Make the global table, and the metatable of strings, open what is used. */
void kl__globals_install(lua_State *L);

/*
 * Set a global, and what messages call it by, to the value on top of the
 * stack; pops it.
 */
void kl__globals_bind(lua_State *L, const char *name);

/*
 * Replace the table on top of the stack by one through which it can be read
 * and gone through, but not changed: semantics P17. For module tables.
 */
void kl__readonly(lua_State *L);

/* Push the table behind such a one; any other table is pushed itself. */
void kl__readonly_push_inner(lua_State *L, int index);

/* Functions of programs. */
int kl__getmetatable(lua_State *L);
int kl__setmetatable(lua_State *L);
int kl__rawset(lua_State *L);

#endif
