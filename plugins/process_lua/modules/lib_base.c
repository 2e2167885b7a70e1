/* SPDX-License-Identifier: MIT */
/*
 * The lazy global table, and the few functions that differ from Lua's.
 *
 * The metatables that open things must not show: getmetatable passes them
 * over, and a program that sets a metatable of its own for _G gets a table in
 * which everything has been opened.
 */

#include "modules/lib_base.h"

#include "modules/builtin.h"
#include "process/process.h"
#include "program/extension.h"
#include "program/program.h"

#include <lauxlib.h>
#include <string.h>

static int globals_index(lua_State *L);
static int globals_pairs(lua_State *L);
static int string_index(lua_State *L);
static int push_global(lua_State *L, int index);
static int push_foreign(lua_State *L, int index);
static void keep_global(lua_State *L, const char *name);
static void open_all(lua_State *L);
static void open_all_foreign(lua_State *L);
static int open_foreign(lua_State *L);
static int is_lazy(lua_State *L, int metatable);

/* Lua's messages and tracebacks find the names of globals by LOADED._G. */
void
kl__globals_install(lua_State *L)
{
    const struct kl__program *program = kl__process_of(L)->program;

    lua_pushglobaltable(L);
    lua_createtable(L, 0, 2);
    lua_pushcfunction(L, globals_index);
    lua_setfield(L, -2, "__index");
    lua_pushcfunction(L, globals_pairs);
    lua_setfield(L, -2, "__pairs");
    lua_setmetatable(L, -2);
    luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
    lua_insert(L, -2);
    lua_setfield(L, -2, LUA_GNAME);
    lua_pop(L, 1);

    lua_pushliteral(L, "");
    lua_newtable(L);
    kl__builtins_set_operators(L, &program->builtins, program->operators);
    lua_pushcfunction(L, string_index);
    lua_setfield(L, -2, "__index");
    lua_setmetatable(L, -2);
    lua_pop(L, 1);
}

void
kl__globals_bind(lua_State *L, const char *name)
{
    luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
    lua_pushvalue(L, -2);
    lua_setfield(L, -2, name);
    lua_pop(L, 1);
    lua_pushglobaltable(L);
    lua_pushstring(L, name);
    lua_pushvalue(L, -3);
    lua_rawset(L, -3);
    lua_pop(L, 2);
}

int
kl__getmetatable(lua_State *L)
{
    luaL_checkany(L, 1);
    if (lua_type(L, 1) == LUA_TSTRING) {
        kl__builtin_push(L, kl__builtin_find("string", 6));
        lua_pop(L, 1);
    }
    if (!lua_getmetatable(L, 1) || is_lazy(L, -1)) {
        lua_pushnil(L);
        return 1;
    }
    luaL_getmetafield(L, 1, "__metatable");
    return 1;
}

int
kl__setmetatable(lua_State *L)
{
    int type = lua_type(L, 2);

    luaL_checktype(L, 1, LUA_TTABLE);
    luaL_argexpected(
        L, type == LUA_TNIL || type == LUA_TTABLE, 2, "nil or table");
    if (luaL_getmetafield(L, 1, "__metatable") != LUA_TNIL)
        return luaL_error(L, "cannot change a protected metatable");
    lua_settop(L, 2);
    if (type == LUA_TTABLE) {
        lua_pushliteral(L, "__gc");
        if (lua_rawget(L, 2) != LUA_TNIL)
            return luaL_error(L, "__gc is not available");
    }
    if (lua_getmetatable(L, 1) && is_lazy(L, -1))
        open_all(L);
    lua_settop(L, 2);
    lua_setmetatable(L, 1);
    return 1;
}

static int
globals_index(lua_State *L)
{
    size_t len;
    const char *name;
    int index;

    if (lua_type(L, 2) != LUA_TSTRING)
        return 0;
    name = lua_tolstring(L, 2, &len);
    index = kl__builtin_find(name, len);
    if (index >= 0)
        return push_global(L, index);
    index =
        kl__extension_find(&kl__process_of(L)->program->extensions, name, len);
    return index < 0 ? 0 : push_foreign(L, index);
}

static int
globals_pairs(lua_State *L)
{
    open_all(L);
    kl__builtin_push(L, kl__builtin_find("next", 4));
    lua_pushvalue(L, 1);
    lua_pushnil(L);
    return 3;
}

static int
string_index(lua_State *L)
{
    kl__builtin_push(L, kl__builtin_find("string", 6));
    lua_pushvalue(L, 2);
    lua_gettable(L, -2);
    return 1;
}

/*
 * Pushes a builtin and makes it a global. Only once: what a program has set to
 * nil stays away.
 */
static int
push_global(lua_State *L, int index)
{
    struct kl__process *p = kl__process_of(L);
    uint64_t bit = (uint64_t)1 << index;

    if ((p->opened & bit) != 0 || !kl__builtin_push(L, index))
        return 0;
    p->opened |= bit;
    keep_global(L, kl__builtin_name(index));
    return 1;
}

/* The same for modules of other plugins. */
static int
push_foreign(lua_State *L, int index)
{
    struct kl__process *p = kl__process_of(L);
    uint64_t bit = (uint64_t)1 << index;

    if ((p->opened_foreign & bit) != 0 || (p->program->foreign & bit) == 0)
        return 0;
    kl__extension_push(L, index);
    p->opened_foreign |= bit;
    keep_global(L, p->program->extensions.list[index].module->name);
    return 1;
}

/* The value on top stays there. */
static void
keep_global(lua_State *L, const char *name)
{
    lua_pushglobaltable(L);
    lua_pushstring(L, name);
    lua_pushvalue(L, -3);
    lua_rawset(L, -3);
    lua_pop(L, 1);
}

/* What the program has put in place of a builtin stays. */
static void
open_all(lua_State *L)
{
    int n = kl__builtins_count();
    int i;

    lua_pushglobaltable(L);
    for (i = 0; i < n; i++) {
        lua_pushstring(L, kl__builtin_name(i));
        if (lua_rawget(L, -2) == LUA_TNIL)
            lua_pop(L, push_global(L, i));
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
    open_all_foreign(L);
}

/* One that does not open is passed over: it says why when it is used. */
static void
open_all_foreign(lua_State *L)
{
    const struct kl__program *program = kl__process_of(L)->program;

    int top;

    lua_pushglobaltable(L);
    top = lua_gettop(L);
    for (int i = 0; i < program->extensions.count; i++) {
        if ((program->foreign >> i & 1) == 0)
            continue;
        lua_pushstring(L, program->extensions.list[i].module->name);
        if (lua_rawget(L, -2) == LUA_TNIL) {
            lua_pushcfunction(L, open_foreign);
            lua_pushinteger(L, i);
            lua_pcall(L, 1, 0, 0);
        }
        lua_settop(L, top);
    }
    lua_pop(L, 1);
}

static int
open_foreign(lua_State *L)
{
    return push_foreign(L, (int)lua_tointeger(L, 1));
}

static int
is_lazy(lua_State *L, int metatable)
{
    int result;

    metatable = lua_absindex(L, metatable);
    lua_pushliteral(L, "__index");
    lua_rawget(L, metatable);
    result = lua_tocfunction(L, -1) == globals_index;
    lua_pop(L, 1);
    return result;
}
