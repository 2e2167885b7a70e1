/* SPDX-License-Identifier: MIT */
/*
 * The module `time` (semantics Z).
 */
#ifndef KL_LIB_TIME_H
#define KL_LIB_TIME_H

#include <lua.h>

/* Push the module's table; returns 1. */
int kl__open_time(lua_State *L);

#endif
