/* SPDX-License-Identifier: MIT */
/*
 * The module `json`.
 */
#ifndef KL_LIB_JSON_H
#define KL_LIB_JSON_H

#include <lua.h>

/* Push its table; returns 1. */
int kl__open_json(lua_State *L);

#endif
