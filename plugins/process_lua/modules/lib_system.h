/* SPDX-License-Identifier: MIT */
/*
 * `os` and `math` of a sandboxed process: Lua's, less what reaches outside of
 * the process, and with random numbers that differ from process to process.
 */
#ifndef KL_LIB_SYSTEM_H
#define KL_LIB_SYSTEM_H

#include <lua.h>

/* Each pushes its table; returns 1. */
int kl__open_math(lua_State *L);
int kl__open_os(lua_State *L);

#endif
