/* SPDX-License-Identifier: MIT */
/*
 * time.sleep
 */
#ifndef KL_SLEEP_H
#define KL_SLEEP_H

#include <lua.h>

/* The function. */
int kl__sleep(lua_State *L);

#endif
