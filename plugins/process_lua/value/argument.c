/* SPDX-License-Identifier: MIT */
/*
 * Finds the name that Lua does not know, and otherwise leaves it to Lua.
 */

#include "value/argument.h"

#include <lauxlib.h>
#include <string.h>

static int push_name(lua_State *L);
static int push_method(lua_State *L, int function);
static int push_function(lua_State *L, int function);
static int push_key(lua_State *L, int table, int value);

int
kl__argument_error(lua_State *L, int index, const char *text)
{
    int own;

    luaL_checkstack(L, 16, text);
    own = push_name(L);
    if (own < 0)
        return luaL_argerror(L, index, text);
    return luaL_error(L, "bad argument #%d to '%s' (%s)", index - own,
        lua_tostring(L, -1), text);
}

void
kl__argument_check(lua_State *L, int holds, int index, const char *text)
{
    if (!holds)
        kl__argument_error(L, index, text);
}

int
kl__argument_type_error(lua_State *L, int index, const char *expected)
{
    return kl__argument_error(L, index,
        lua_pushfstring(
            L, "%s expected, got %s", expected, kl__argument_type(L, index)));
}

const char *
kl__argument_string(lua_State *L, int index, size_t *len)
{
    const char *text = lua_tolstring(L, index, len);

    if (text == NULL)
        kl__argument_type_error(L, index, "string");
    return text;
}

lua_Integer
kl__argument_integer(lua_State *L, int index, lua_Integer none)
{
    int is_integer;
    lua_Integer value;

    if (lua_isnoneornil(L, index))
        return none;
    value = lua_tointegerx(L, index, &is_integer);
    if (!is_integer && lua_isnumber(L, index))
        kl__argument_error(L, index, "number has no integer representation");
    if (!is_integer)
        kl__argument_type_error(L, index, "number");
    return value;
}

void
kl__argument_table(lua_State *L, int index)
{
    if (!lua_istable(L, index))
        kl__argument_type_error(L, index, "table");
}

const char *
kl__argument_type(lua_State *L, int index)
{
    if (luaL_getmetafield(L, index, "__name") == LUA_TSTRING)
        return lua_tostring(L, -1);
    return luaL_typename(L, index);
}

/*
 * Push the name of the function that runs, if Lua does not know it. Returns
 * how many of its arguments come before those that are counted, or -1.
 */
static int
push_name(lua_State *L)
{
    lua_Debug record;

    if (!lua_getstack(L, 0, &record) || !lua_getinfo(L, "nf", &record) ||
        (record.name != NULL && strcmp(record.name, "?") != 0))
        return -1;
    if (push_method(L, lua_gettop(L)))
        return 1;
    return push_function(L, lua_gettop(L)) ? 0 : -1;
}

/* As it is called: `channel:send`. */
static int
push_method(lua_State *L, int function)
{
    if (lua_type(L, 1) != LUA_TUSERDATA ||
        luaL_getmetafield(L, 1, "__index") != LUA_TTABLE ||
        !push_key(L, lua_gettop(L), function))
        return 0;
    lua_pushfstring(L, "%s:%s", kl__argument_type(L, 1), lua_tostring(L, -1));
    return 1;
}

/* Of a module that is open: `process.send`. */
static int
push_function(lua_State *L, int function)
{
    int loaded;

    luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
    loaded = lua_gettop(L);
    lua_pushnil(L);
    while (lua_next(L, loaded)) {
        if (lua_type(L, -2) == LUA_TSTRING && lua_istable(L, -1) &&
            push_key(L, lua_gettop(L), function)) {
            lua_pushfstring(
                L, "%s.%s", lua_tostring(L, -3), lua_tostring(L, -1));
            return 1;
        }
        lua_pop(L, 1);
    }
    return 0;
}

/* Push the name under which a table has a value. */
static int
push_key(lua_State *L, int table, int value)
{
    lua_pushnil(L);
    while (lua_next(L, table)) {
        int is_found =
            lua_type(L, -2) == LUA_TSTRING && lua_rawequal(L, -1, value);

        lua_pop(L, 1);
        if (is_found)
            return 1;
    }
    return 0;
}
