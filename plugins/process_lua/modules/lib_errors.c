/* SPDX-License-Identifier: MIT */
/*
 * The global `errors` (semantics R1, R2): making Errors and asking about them.
 */

#include "text/lib_string.h"
#include "value/error.h"

#include <lauxlib.h>
#include <string.h>

static int new_error(lua_State *L);
static int wrap(lua_State *L);
static int is(lua_State *L);
static int call_stack(lua_State *L);
static void push_table(lua_State *L);
static int refuse(lua_State *L, const char *complaint, int given);
static int read_retryable(lua_State *L);
static void check_field(
    lua_State *L, const char *key, int type, const char *complaint);
static void wrap_error(lua_State *L);
static void wrap_value(lua_State *L);

int
kl__open_errors(lua_State *L)
{
    static const luaL_Reg functions[] = {{"new", new_error}, {"wrap", wrap},
        {"is", is}, {"call_stack", call_stack}, {NULL, NULL}};
    static const char *const kinds[][2] = {{"UNKNOWN", ""},
        {"NOT_FOUND", "NotFound"}, {"ALREADY_EXISTS", "AlreadyExists"},
        {"INVALID", "Invalid"}, {"PERMISSION_DENIED", "PermissionDenied"},
        {"UNAVAILABLE", "Unavailable"}, {"INTERNAL", "Internal"},
        {"CANCELED", "Canceled"}, {"CONFLICT", "Conflict"},
        {"TIMEOUT", "Timeout"}, {"RATE_LIMITED", "RateLimited"}};

    lua_createtable(L, 0, 15);
    luaL_setfuncs(L, functions, 0);
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        lua_pushstring(L, kinds[i][1]);
        lua_setfield(L, -2, kinds[i][0]);
    }
    return 1;
}

static int
new_error(lua_State *L)
{
    switch (lua_type(L, 1)) {
    case LUA_TSTRING:
        lua_settop(L, 1);
        kl__error_make(L, "", KL_RETRY_UNKNOWN);
        return 1;
    case LUA_TTABLE:
        lua_settop(L, 1);
        push_table(L);
        return 1;
    default:
        return refuse(L, "expected string or table", 1);
    }
}

/* Names what was expected in the argument, and what was given instead. */
static int
refuse(lua_State *L, const char *complaint, int given)
{
    const char *name = luaL_typename(L, given);

    return luaL_argerror(
        L, 1, lua_pushfstring(L, "%s, got %s", complaint, name));
}

/* Push the Error that the table at index 1, the only value, describes. */
static void
push_table(lua_State *L)
{
    int retryable;

    if (lua_getfield(L, 1, "message") == LUA_TNIL)
        luaL_argerror(L, 1, "message field is required");
    lua_pop(L, 1);
    retryable = read_retryable(L);
    check_field(L, "kind", LUA_TSTRING, "kind must be a string");
    if (lua_isnil(L, -1)) {
        lua_pop(L, 1);
        lua_pushliteral(L, "");
    }
    check_field(L, "message", LUA_TSTRING, "message must be a string");
    kl__error_trace(L, L, 1);
    check_field(L, "details", LUA_TTABLE, "details must be a table");
    kl__error_new(L, retryable);
}

static int
read_retryable(lua_State *L)
{
    int retryable = KL_RETRY_UNKNOWN;

    check_field(L, "retryable", LUA_TBOOLEAN, "retryable must be a boolean");
    if (!lua_isnil(L, -1))
        retryable = lua_toboolean(L, -1) ? KL_RETRY_YES : KL_RETRY_NO;
    lua_pop(L, 1);
    return retryable;
}

/* Push a field of the table at index 1: of this type, or nil. */
static void
check_field(lua_State *L, const char *key, int type, const char *complaint)
{
    int found = lua_getfield(L, 1, key);

    if (found != LUA_TNIL && found != type)
        refuse(L, complaint, -1);
}

/* No error stays none, so that a result can be wrapped without a question. */
static int
wrap(lua_State *L)
{
    luaL_checkany(L, 1);
    kl__error_subject(L, 2, NULL);
    lua_settop(L, 2);
    if (lua_isnil(L, 1))
        lua_pushnil(L);
    else if (kl__error_is(L, 1))
        wrap_error(L);
    else
        wrap_value(L);
    return 1;
}

/* The same Error once more, with the context in front of its stack. */
static void
wrap_error(lua_State *L)
{
    int retryable = kl__error_test(L, 1)->retryable;

    lua_getiuservalue(L, 1, KL_ERROR_KIND);
    lua_getiuservalue(L, 1, KL_ERROR_MESSAGE);
    lua_pushvalue(L, 2);
    lua_pushliteral(L, "\n");
    if (lua_getiuservalue(L, 1, KL_ERROR_STACK) == LUA_TNIL) {
        lua_pop(L, 1);
        kl__error_trace(L, L, 1);
    }
    lua_concat(L, 3);
    lua_getiuservalue(L, 1, KL_ERROR_DETAILS);
    kl__error_new(L, retryable);
}

/* What a program raised need not be an Error; it becomes the message of one. */
static void
wrap_value(lua_State *L)
{
    lua_pushliteral(L, "");
    luaL_tolstring(L, 1, NULL);
    lua_pushvalue(L, 2);
    lua_pushliteral(L, "\n");
    kl__error_trace(L, L, 1);
    lua_concat(L, 3);
    lua_pushnil(L);
    kl__error_new(L, KL_RETRY_UNKNOWN);
}

static int
is(lua_State *L)
{
    int same = 0;

    if (kl__error_is(L, 1)) {
        lua_settop(L, 2);
        lua_getiuservalue(L, 1, KL_ERROR_KIND);
        same = lua_rawequal(L, 2, 3);
    }
    lua_pushboolean(L, same);
    return 1;
}

static int
call_stack(lua_State *L)
{
    if (kl__error_is(L, 1) &&
        lua_getiuservalue(L, 1, KL_ERROR_STACK) == LUA_TSTRING)
        kl__error_frames(L, lua_tostring(L, -1));
    else
        lua_pushnil(L);
    return 1;
}
