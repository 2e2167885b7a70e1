/* SPDX-License-Identifier: MIT */
/*
 * The options of a process (semantics P11): there is one.
 */

#include "modules/lib_process.h"

#include "process/process.h"
#include "value/error.h"

#include <lauxlib.h>
#include <string.h>

/* Where set_options() keeps it on the stack; nil until there is one. */
#define FIRST_ERROR 2

static void set_options(lua_State *L);
static void set_option(lua_State *L, const char *key);
static void refuse(lua_State *L, const char *text);

int
kl__process_get_options(lua_State *L)
{
    lua_createtable(L, 0, 1);
    lua_pushboolean(L, kd_proc_trap(kl__process_of(L)->proc) != 0);
    lua_setfield(L, -2, "trap_links");
    return 1;
}

int
kl__process_set_options(lua_State *L)
{
    lua_settop(L, 1);
    lua_pushnil(L);
    if (lua_istable(L, 1))
        set_options(L);
    else
        refuse(L, "options parameter must be a table");
    if (lua_isnil(L, FIRST_ERROR)) {
        lua_pushboolean(L, 1);
        return 1;
    }
    lua_pushboolean(L, 0);
    lua_insert(L, FIRST_ERROR);
    return 2;
}

/* What is right is done, even if it stands beside what is wrong. */
static void
set_options(lua_State *L)
{
    lua_pushnil(L);
    while (lua_next(L, 1)) {
        if (lua_type(L, -2) == LUA_TSTRING)
            set_option(L, lua_tostring(L, -2));
        lua_pop(L, 1);
    }
}

/* The option whose value is on top. */
static void
set_option(lua_State *L, const char *key)
{
    uint32_t value = (uint32_t)lua_toboolean(L, -1);

    if (strcmp(key, "trap_links") != 0) {
        lua_pushfstring(L, "option %s is not supported", key);
        refuse(L, lua_tostring(L, -1));
        lua_pop(L, 1);
    } else if (!lua_isboolean(L, -1)) {
        refuse(L, "trap_links must be a boolean");
    } else {
        kd_proc_set_trap(kl__process_of(L)->proc, value);
    }
}

/* Only the first error is told. */
static void
refuse(lua_State *L, const char *text)
{
    if (!lua_isnil(L, FIRST_ERROR))
        return;
    kl__error_push(L, "Invalid", KL_RETRY_UNKNOWN, "%s", text);
    lua_replace(L, FIRST_ERROR);
}
