/* SPDX-License-Identifier: MIT */
/*
 * The module `uuid`.
 */
#ifndef KL_LIB_UUID_H
#define KL_LIB_UUID_H

#include <lua.h>

/* Push its table; returns 1. */
int kl__open_uuid(lua_State *L);

#endif
