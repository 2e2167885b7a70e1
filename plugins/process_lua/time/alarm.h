/* SPDX-License-Identifier: MIT */
/*
 * Channels that get the time when it comes: time.after, time.timer and
 * time.ticker.
 */
#ifndef KL_ALARM_H
#define KL_ALARM_H

#include <lua.h>

int kl__after(lua_State *L);
int kl__timer_new(lua_State *L);
int kl__ticker_new(lua_State *L);

#endif
