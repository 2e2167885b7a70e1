/* SPDX-License-Identifier: MIT */
/*
 * The library `coroutine`, whose switches are made by the driver.
 */
#ifndef KL_LIB_COROUTINE_H
#define KL_LIB_COROUTINE_H

#include <lua.h>

/* Pushes its table; returns 1. */
int kl__open_coroutine(lua_State *L);

/* What coroutine.wrap returns is a closure of this. */
int kl__coroutine_wrapped(lua_State *L);

#endif
