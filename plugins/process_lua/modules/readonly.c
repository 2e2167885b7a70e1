/* SPDX-License-Identifier: MIT */
/*
 * Tables that programs can read but not change.
 *
 * An empty table stands in front of the real one, so that also a name that is
 * there already cannot be assigned to.
 */

#include "modules/lib_base.h"

#include "modules/lazy.h"

#include <lauxlib.h>

static int is_readonly(lua_State *L, int index);
static int refuse(lua_State *L);
static int pairs(lua_State *L);
static int step(lua_State *L);

void
kl__readonly(lua_State *L)
{
    lua_createtable(L, 0, 0);
    lua_createtable(L, 0, 4);
    lua_pushcfunction(L, pairs);
    lua_setfield(L, -2, "__pairs");
    lua_pushcfunction(L, refuse);
    lua_setfield(L, -2, "__newindex");
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    lua_rotate(L, -3, -1);
    lua_setfield(L, -2, "__index");
    lua_setmetatable(L, -2);
}

int
kl__rawset(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);
    luaL_checkany(L, 2);
    luaL_checkany(L, 3);
    if (is_readonly(L, 1))
        return refuse(L);
    lua_settop(L, 3);
    lua_rawset(L, 1);
    return 1;
}

void
kl__readonly_push_inner(lua_State *L, int index)
{
    index = lua_absindex(L, index);
    if (!lua_getmetatable(L, index)) {
        lua_pushvalue(L, index);
        return;
    }
    lua_pushliteral(L, "__index");
    lua_rawget(L, -2);
    lua_remove(L, -2);
}

static int
is_readonly(lua_State *L, int index)
{
    int is = luaL_getmetafield(L, index, "__newindex") != LUA_TNIL;

    if (is) {
        is = lua_tocfunction(L, -1) == refuse;
        lua_pop(L, 1);
    }
    return is;
}

static int
refuse(lua_State *L)
{
    lua_settop(L, 2);
    return luaL_error(L, "attempt to change a read-only table (field '%s')",
        luaL_tolstring(L, 2, NULL));
}

static int
pairs(lua_State *L)
{
    lua_settop(L, 1);
    luaL_getmetafield(L, 1, "__index");
    kl__lazy_spread(L);
    lua_pushcclosure(L, step, 1);
    return 1;
}

static int
step(lua_State *L)
{
    lua_settop(L, 2);
    return lua_next(L, lua_upvalueindex(1)) ? 2 : 0;
}
