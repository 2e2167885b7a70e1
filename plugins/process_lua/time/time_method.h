/* SPDX-License-Identifier: MIT */
/*
 * What programs can do with a Time object.
 */
#ifndef KL_TIME_METHOD_H
#define KL_TIME_METHOD_H

#include <lauxlib.h>

extern const luaL_Reg kl__time_methods[];
extern const luaL_Reg kl__time_meta[];

#endif
