/* SPDX-License-Identifier: MIT */
/*
 * The module `ctx` (semantics B4).
 */
#ifndef KL_LIB_CTX_H
#define KL_LIB_CTX_H

#include <lua.h>

/* Push the module's table; returns 1. */
int kl__open_ctx(lua_State *L);

#endif
