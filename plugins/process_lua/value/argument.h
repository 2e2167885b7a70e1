/* SPDX-License-Identifier: MIT */
/*
 * What is said about a wrong argument.
 *
 * Lua takes the name of a function from the call itself or, if pcall() or a
 * task calls it, from where it keeps modules. That leaves '?' for a method so
 * called, and for what was taken from a table by a key that is no constant. So
 * it is looked for here where methods and functions of modules are.
 */
#ifndef KL_ARGUMENT_H
#define KL_ARGUMENT_H

#include <lua.h>
#include <stddef.h>

/* Raise as luaL_argerror() does; as that, it never returns. */
int kl__argument_error(lua_State *L, int index, const char *text);

/* The same, unless a condition holds. */
void kl__argument_check(lua_State *L, int holds, int index, const char *text);

/* As luaL_typeerror(), luaL_checklstring(), luaL_optinteger() and so on. */
int kl__argument_type_error(lua_State *L, int index, const char *expected);
const char *kl__argument_string(lua_State *L, int index, size_t *len);
lua_Integer kl__argument_integer(lua_State *L, int index, lua_Integer none);
void kl__argument_table(lua_State *L, int index);

/* Of objects, ours or not, the name that they give themselves. */
const char *kl__argument_type(lua_State *L, int index);

#endif
