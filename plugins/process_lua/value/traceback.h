/* SPDX-License-Identifier: MIT */
/*
 * Lua's traceback in a fraction of the time: each Error has one, and functions
 * return Errors for what is quite usual.
 */
#ifndef KL_TRACEBACK_H
#define KL_TRACEBACK_H

#include <lua.h>

/* Push the traceback of a thread from a level on, as luaL_traceback() does. */
void kl__traceback_push(lua_State *L, lua_State *of, int level);

#endif
