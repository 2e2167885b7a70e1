/* SPDX-License-Identifier: MIT */
/*
 * Spawners: objects that spawn with context values, options, a name and first
 * messages (semantics P8 to P10).
 */
#ifndef KL_SPAWNER_H
#define KL_SPAWNER_H

#include <lua.h>

/* Functions of `process`: each makes one. */
int kl__spawner_with_context(lua_State *L);
int kl__spawner_with_options(lua_State *L);

#endif
