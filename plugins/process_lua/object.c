/* SPDX-License-Identifier: MIT */
/*
 * Metatables of our objects. They are found by the address of their type, which
 * is the same in all states and quicker than a name: it is done for each call
 * of each method.
 */

#include "object.h"

static void push_metatable(lua_State *L, const struct kl__type *type);

void
kl__object_set(lua_State *L, const struct kl__type *type)
{
    if (lua_rawgetp(L, LUA_REGISTRYINDEX, type) == LUA_TNIL) {
        lua_pop(L, 1);
        push_metatable(L, type);
    }
    lua_setmetatable(L, -2);
}

void *
kl__object_test(lua_State *L, int index, const struct kl__type *type)
{
    void *object = lua_touserdata(L, index);
    int is_ours;

    if (object == NULL || !lua_getmetatable(L, index))
        return NULL;
    lua_rawgetp(L, LUA_REGISTRYINDEX, type);
    is_ours = lua_rawequal(L, -1, -2);
    lua_pop(L, 2);
    return is_ours ? object : NULL;
}

void *
kl__object_check(lua_State *L, int index, const struct kl__type *type)
{
    void *object = kl__object_test(L, index, type);

    if (object == NULL)
        luaL_typeerror(L, index, type->name);
    return object;
}

static void
push_metatable(lua_State *L, const struct kl__type *type)
{
    lua_createtable(L, 0, 6);
    if (type->meta != NULL)
        luaL_setfuncs(L, type->meta, 0);
    lua_createtable(L, 0, 0);
    if (type->methods != NULL)
        luaL_setfuncs(L, type->methods, 0);
    lua_setfield(L, -2, "__index");
    lua_pushstring(L, type->name);
    lua_setfield(L, -2, "__name");
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    /* Last, so that a state whose memory ran out half way has none of it. */
    lua_pushvalue(L, -1);
    lua_setfield(L, LUA_REGISTRYINDEX, type->key);
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, type);
}
