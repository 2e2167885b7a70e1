/* SPDX-License-Identifier: MIT */
/*
 * Trees of entries are bounded in depth by who reads YAML.
 */

#include "value/node_value.h"

#include <lauxlib.h>

static void push_list(lua_State *L, const kd_node *list);

void
kl__node_push(lua_State *L, const kd_node *node)
{
    luaL_checkstack(L, 4, NULL);
    switch (node == NULL ? KD_NODE_NULL : node->type) {
    case KD_NODE_BOOL:
        lua_pushboolean(L, node->integer != 0);
        return;
    case KD_NODE_INT:
        lua_pushinteger(L, node->integer);
        return;
    case KD_NODE_FLOAT:
        lua_pushnumber(L, node->number);
        return;
    case KD_NODE_STRING:
        lua_pushlstring(L, node->len == 0 ? "" : node->text, node->len);
        return;
    case KD_NODE_LIST:
        push_list(L, node);
        return;
    case KD_NODE_MAP:
        kl__node_push_without(L, node, NULL);
        return;
    default:
        lua_pushnil(L);
    }
}

void
kl__node_push_without(lua_State *L, const kd_node *map, const char *key)
{
    const kd_node *node = map == NULL ? NULL : map->child;

    luaL_checkstack(L, 4, NULL);
    lua_newtable(L);
    for (; node != NULL; node = node->next) {
        if (key != NULL && strcmp(node->key, key) == 0)
            continue;
        kl__node_push(L, node);
        lua_setfield(L, -2, node->key);
    }
}

int
kl__node_equals(lua_State *L, int index, const kd_node *node)
{
    int result;

    if (node == NULL || node->type == KD_NODE_LIST || node->type == KD_NODE_MAP)
        return 0;
    kl__node_push(L, node);
    result = lua_compare(L, index, -1, LUA_OPEQ);
    lua_pop(L, 1);
    return result;
}

static void
push_list(lua_State *L, const kd_node *list)
{
    const kd_node *node = list->child;

    lua_createtable(L, (int)list->count, 0);
    for (lua_Integer i = 1; node != NULL; node = node->next) {
        kl__node_push(L, node);
        lua_rawseti(L, -2, i++);
    }
}
