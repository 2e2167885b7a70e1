/* SPDX-License-Identifier: MIT */
/*
 * The module `supervisor`.
 */
#ifndef KL_LIB_SUPERVISOR_H
#define KL_LIB_SUPERVISOR_H

#include <lua.h>

/* Push its table; returns 1. */
int kl__open_supervisor(lua_State *L);

#endif
