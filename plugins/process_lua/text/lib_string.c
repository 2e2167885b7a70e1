/* SPDX-License-Identifier: MIT */
/*
 * Puts the library `string` together: stock functions where they are bounded,
 * some of them behind a look at their subject, and ours where they are not.
 *
 * A stock function is called as a plain C function from ours, in the same call
 * frame. A lua_call would add a frame, and the places in its error messages
 * would be wrong.
 */

#include "text/lib_string.h"

#include "process/preempt.h"
#include "value/argument.h"
#include "value/error.h"

#include <lauxlib.h>
#include <lualib.h>
#include <stdbool.h>
#include <string.h>

static void open_stock(lua_State *L);
static void keep_stock(lua_State *L, const char *name, bool takes_errors);
static int call_stock(lua_State *L);
static int repeat(lua_State *L);
static char *put_copies(char *at, const char *text, size_t len, size_t copies);
static void convert_error(lua_State *L, int index);

int
kl__open_string(lua_State *L, size_t memory_limit)
{
    static const luaL_Reg ours[] = {
        {"find", kl__string_find},
        {"gmatch", kl__string_gmatch},
        {"gsub", kl__string_gsub},
        {"match", kl__string_match},
        {NULL, NULL},
    };
    static const struct {
        const char *name;
        bool takes_errors;
    } stock[] = {
        {"byte", true},
        {"char", false},
        {"format", true},
        {"len", true},
        {"lower", true},
        {"pack", false},
        {"packsize", false},
        {"reverse", false},
        {"sub", true},
        {"unpack", false},
        {"upper", true},
    };
    size_t stock_len = sizeof(stock) / sizeof(stock[0]);
    size_t i;

    open_stock(L);
    lua_pop(L, 1);
    lua_createtable(L, 0, (int)(stock_len + sizeof(ours) / sizeof(ours[0])));
    luaL_setfuncs(L, ours, 0);
    for (i = 0; i < stock_len; i++)
        keep_stock(L, stock[i].name, stock[i].takes_errors);
    lua_pushinteger(
        L, memory_limit == 0 || memory_limit > (size_t)LUA_MAXINTEGER
               ? LUA_MAXINTEGER
               : (lua_Integer)memory_limit);
    lua_pushcclosure(L, repeat, 1);
    lua_setfield(L, -2, "rep");
    lua_remove(L, -2);
    return 1;
}

int
kl__open_string_operators(lua_State *L)
{
    open_stock(L);
    lua_remove(L, -2);
    lua_pushnil(L);
    lua_setfield(L, -2, "__index");
    return 1;
}

const char *
kl__error_subject(lua_State *L, int index, size_t *len)
{
    convert_error(L, index);
    return kl__argument_string(L, index, len);
}

/*
 * Leaves the stock library and the stock metatable of strings on the stack.
 * Opening the library sets that metatable; what was there is put back.
 */
static void
open_stock(lua_State *L)
{
    lua_pushliteral(L, "");
    if (!lua_getmetatable(L, -1))
        lua_pushnil(L);
    lua_pushcfunction(L, luaopen_string);
    lua_call(L, 0, 1);
    lua_getmetatable(L, -3);

    lua_pushvalue(L, -3);
    lua_setmetatable(L, -5);
    lua_remove(L, -4);
    lua_remove(L, -3);
}

/* The stock library is below the new one. */
static void
keep_stock(lua_State *L, const char *name, bool takes_errors)
{
    lua_getfield(L, -2, name);
    if (takes_errors)
        lua_pushcclosure(L, call_stock, 1);
    lua_setfield(L, -2, name);
}

static int
call_stock(lua_State *L)
{
    convert_error(L, 1);
    return lua_tocfunction(L, lua_upvalueindex(1))(L);
}

static int
repeat(lua_State *L)
{
    size_t len, separator_len;
    const char *text = kl__error_subject(L, 1, &len);
    lua_Integer copies = luaL_checkinteger(L, 2);
    const char *separator = luaL_optlstring(L, 3, "", &separator_len);
    size_t unit, count;
    luaL_Buffer result;
    char *at;

    if (copies > lua_tointeger(L, lua_upvalueindex(1)))
        return luaL_error(L, "too many elements");
    unit = len + separator_len;
    if (copies <= 0 || unit == 0) {
        lua_pushliteral(L, "");
        return 1;
    }
    kl__preempt_call(L);
    count = (size_t)copies;
    if (unit > (size_t)LUA_MAXINTEGER / count)
        return luaL_error(L, "resulting string too large");

    at = luaL_buffinitsize(L, &result, unit * count - separator_len);
    if (separator_len == 0 || count == 1) {
        put_copies(at, text, len, count);
    } else {
        /* One unit is laid down by hand, and then all but the last copied. */
        char *second = put_copies(at, text, len, 1);

        second = put_copies(second, separator, separator_len, 1);
        second = put_copies(second, at, unit, count - 2);
        memcpy(second, text, len);
    }
    luaL_pushresultsize(&result, unit * count - separator_len);
    return 1;
}

/* Returns the end. Doubles what is there, so that short texts are quick too. */
static char *
put_copies(char *at, const char *text, size_t len, size_t copies)
{
    size_t total = len * copies;
    size_t done = len;

    if (total == 0)
        return at;
    memcpy(at, text, len);
    while (done < total) {
        size_t step = done < total - done ? done : total - done;

        memcpy(at + done, at, step);
        done += step;
    }
    return at + total;
}

static void
convert_error(lua_State *L, int index)
{
    if (luaL_testudata(L, index, KL_ERROR_TYPE) == NULL)
        return;
    luaL_tolstring(L, index, NULL);
    lua_replace(L, index);
}
