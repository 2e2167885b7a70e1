/* SPDX-License-Identifier: MIT */
/*
 * time.parse
 */
#ifndef KL_TIME_PARSE_H
#define KL_TIME_PARSE_H

#include <lua.h>

int kl__time_parse(lua_State *L);

#endif
