/* SPDX-License-Identifier: MIT */
/*
 * The module `env`.
 */
#ifndef KL_LIB_ENV_H
#define KL_LIB_ENV_H

#include <lua.h>

/* Push its table; returns 1. */
int kl__open_env(lua_State *L);

#endif
