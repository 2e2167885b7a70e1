/* SPDX-License-Identifier: MIT */
/*
 * Zones of the system, by their names.
 */
#ifndef KL_ZONE_LOAD_H
#define KL_ZONE_LOAD_H

#include <lua.h>

/* time.load_location */
int kl__zone_load(lua_State *L);

#endif
