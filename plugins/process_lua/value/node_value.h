/* SPDX-License-Identifier: MIT */
/*
 * What YAML says about entries, as Lua values.
 */
#ifndef KL_NODE_VALUE_H
#define KL_NODE_VALUE_H

#include <kindred/entry.h>
#include <lua.h>

/* Push the value of a node; nil for NULL. */
void kl__node_push(lua_State *L, const kd_node *node);

/* Push a table of a map without the one key that is not wanted. */
void kl__node_push_without(lua_State *L, const kd_node *map, const char *key);

/* Whether a scalar is equal to the Lua value at an index. */
int kl__node_equals(lua_State *L, int index, const kd_node *node);

#endif
