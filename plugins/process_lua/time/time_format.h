/* SPDX-License-Identifier: MIT */
/*
 * Times as text, and back, by the layouts of Go.
 */
#ifndef KL_TIME_FORMAT_H
#define KL_TIME_FORMAT_H

#include <lua.h>

/* The methods format, format_rfc3339 and __tostring of a Time. */
int kl__time_format(lua_State *L);
int kl__time_format_rfc3339(lua_State *L);
int kl__time_tostring(lua_State *L);

#endif
