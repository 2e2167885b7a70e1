/* SPDX-License-Identifier: MIT */
/*
 * The module `registry`.
 */
#ifndef KL_LIB_REGISTRY_H
#define KL_LIB_REGISTRY_H

#include <lua.h>

/* Push its table; returns 1. */
int kl__open_registry(lua_State *L);

#endif
