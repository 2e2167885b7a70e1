/* SPDX-License-Identifier: MIT */
/*
 * The module `funcs` (semantics B3).
 */
#ifndef KL_LIB_FUNCS_H
#define KL_LIB_FUNCS_H

#include <lua.h>

/* Push the module's table; returns 1. */
int kl__open_funcs(lua_State *L);

#endif
