/* SPDX-License-Identifier: MIT */
/*
 * The module `events`.
 */
#ifndef KL_LIB_EVENTS_H
#define KL_LIB_EVENTS_H

#include <lua.h>

/* Push its table; returns 1. */
int kl__open_events(lua_State *L);

#endif
