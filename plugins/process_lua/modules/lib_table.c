/* SPDX-License-Identifier: MIT */
/*
 * insert, remove, move, concat and unpack with a bound; pack and sort are the
 * stock ones.
 *
 * They are written anew, and not guarded, because a length must be asked for
 * once only: __len is the program's, has effects that show, and may answer the
 * second time what it did not the first.
 */

#include "modules/lib_table.h"

#include "process/preempt.h"

#include <lauxlib.h>
#include <lualib.h>
#include <stdbool.h>

/* What a value that is no table must have to be used like one. */
enum { CAN_READ = 1, CAN_WRITE = 2, HAS_LENGTH = 4 };

static int table_insert(lua_State *L);
static int table_remove(lua_State *L);
static int table_move(lua_State *L);
static int table_concat(lua_State *L);
static int table_unpack(lua_State *L);
static void check_table(lua_State *L, int index, int uses);
static lua_Integer check_length(lua_State *L, int index, int uses);
static void check_count(lua_State *L, lua_Integer first, lua_Integer last);
static void add_element(lua_State *L, luaL_Buffer *result, lua_Integer i);

int
kl__open_table(lua_State *L)
{
    static const luaL_Reg ours[] = {
        {"concat", table_concat},
        {"insert", table_insert},
        {"move", table_move},
        {"remove", table_remove},
        {"unpack", table_unpack},
        {NULL, NULL},
    };

    lua_pushcfunction(L, luaopen_table);
    lua_call(L, 0, 1);
    luaL_setfuncs(L, ours, 0);
    return 1;
}

static int
table_insert(lua_State *L)
{
    lua_Integer len = check_length(L, 1, CAN_READ | CAN_WRITE);
    lua_Integer end = luaL_intop(+, len, 1);
    lua_Integer position = end;
    lua_Integer i;

    if (lua_gettop(L) == 3) {
        position = luaL_checkinteger(L, 2);
        /* The end of the longest table is negative: then nothing moves. */
        luaL_argcheck(L, (lua_Unsigned)position - 1 < (lua_Unsigned)end, 2,
            "position out of bounds");
        if (position < end)
            check_count(L, position, len);
        for (i = end; i > position; i--) {
            lua_geti(L, 1, i - 1);
            lua_seti(L, 1, i);
        }
    } else if (lua_gettop(L) != 2) {
        return luaL_error(L, "wrong number of arguments to 'insert'");
    }
    lua_seti(L, 1, position);
    return 0;
}

static int
table_remove(lua_State *L)
{
    lua_Integer len = check_length(L, 1, CAN_READ | CAN_WRITE);
    lua_Integer position = luaL_optinteger(L, 2, len);

    /* The last may be 0 too, and one behind the last is allowed. */
    luaL_argcheck(L,
        position == len || (lua_Unsigned)position - 1 <= (lua_Unsigned)len, 1,
        "position out of bounds");
    check_count(L, position, len);
    lua_geti(L, 1, position);
    for (; position < len; position++) {
        lua_geti(L, 1, position + 1);
        lua_seti(L, 1, position);
    }
    lua_pushnil(L);
    lua_seti(L, 1, position);
    return 1;
}

static int
table_move(lua_State *L)
{
    lua_Integer first = luaL_checkinteger(L, 2);
    lua_Integer last = luaL_checkinteger(L, 3);
    lua_Integer to = luaL_checkinteger(L, 4);
    int target = lua_isnoneornil(L, 5) ? 1 : 5;
    lua_Integer count, i;

    check_table(L, 1, CAN_READ);
    check_table(L, target, CAN_WRITE);
    check_count(L, first, last);
    count = last < first ? 0 : last - first + 1;
    luaL_argcheck(L, count == 0 || to <= LUA_MAXINTEGER - count + 1, 4,
        "destination wrap around");

    /* Within one table, what is still to be read must not be overwritten. */
    if (to > last || to <= first || !lua_compare(L, 1, target, LUA_OPEQ)) {
        for (i = 0; i < count; i++) {
            lua_geti(L, 1, first + i);
            lua_seti(L, target, to + i);
        }
    } else {
        for (i = count - 1; i >= 0; i--) {
            lua_geti(L, 1, first + i);
            lua_seti(L, target, to + i);
        }
    }
    lua_pushvalue(L, target);
    return 1;
}

static int
table_concat(lua_State *L)
{
    lua_Integer len = check_length(L, 1, CAN_READ);
    size_t separator_len;
    const char *separator = luaL_optlstring(L, 2, "", &separator_len);
    lua_Integer first = luaL_optinteger(L, 3, 1);
    lua_Integer last = luaL_optinteger(L, 4, len);
    luaL_Buffer result;
    lua_Integer i;

    check_count(L, first, last);
    luaL_buffinit(L, &result);
    for (i = first; i < last; i++) {
        add_element(L, &result, i);
        luaL_addlstring(&result, separator, separator_len);
    }
    if (i == last)
        add_element(L, &result, i);
    luaL_pushresult(&result);
    return 1;
}

static int
table_unpack(lua_State *L)
{
    lua_Integer first = luaL_optinteger(L, 2, 1);
    lua_Integer last =
        lua_isnoneornil(L, 3) ? luaL_len(L, 1) : luaL_checkinteger(L, 3);
    lua_Integer count, i;

    if (first > last)
        return 0;
    check_count(L, first, last);
    count = last - first + 1;
    if (!lua_checkstack(L, (int)count))
        return luaL_error(L, "too many results to unpack");
    for (i = 0; i < count; i++)
        lua_geti(L, 1, first + i);
    return (int)count;
}

/* A table, or something whose metatable has all that is needed. */
static void
check_table(lua_State *L, int index, int uses)
{
    static const char *const fields[] = {"__index", "__newindex", "__len"};
    bool is_fit;
    int i;

    if (lua_istable(L, index))
        return;
    is_fit = lua_getmetatable(L, index) != 0;
    for (i = 0; is_fit && i < 3; i++) {
        if ((uses & (1 << i)) == 0)
            continue;
        lua_pushstring(L, fields[i]);
        is_fit = lua_rawget(L, -2) != LUA_TNIL;
        lua_pop(L, 1);
    }
    if (!is_fit)
        luaL_checktype(L, index, LUA_TTABLE);
    lua_pop(L, 1);
}

static lua_Integer
check_length(lua_State *L, int index, int uses)
{
    check_table(L, index, uses | HAS_LENGTH);
    return luaL_len(L, index);
}

/* Unsigned, as the distance of two integers may be none. */
static void
check_count(lua_State *L, lua_Integer first, lua_Integer last)
{
    if (first <= last &&
        (lua_Unsigned)last - (lua_Unsigned)first >= KL_ELEMENTS_MAX)
        luaL_error(L, "too many elements");
    kl__preempt_call(L);
}

static void
add_element(lua_State *L, luaL_Buffer *result, lua_Integer i)
{
    lua_geti(L, 1, i);
    if (!lua_isstring(L, -1))
        luaL_error(L, "invalid value (%s) at index %I in table for 'concat'",
            luaL_typename(L, -1), (LUAI_UACINT)i);
    luaL_addvalue(result);
}
