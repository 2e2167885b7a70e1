/* SPDX-License-Identifier: MIT */
/*
 * time.sleep
 */
#ifndef KL_SLEEP_H
#define KL_SLEEP_H

#include <lua.h>

/* Push the function. */
void kl__sleep_push(lua_State *L);

#endif
