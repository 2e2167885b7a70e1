/* SPDX-License-Identifier: MIT */
/*
 * Error objects as programs see them: making them, and their methods.
 */

#include "value/error.h"

#include "value/object.h"

#include <kindred/status.h>
#include <lauxlib.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static int get_kind(lua_State *L);
static int get_message(lua_State *L);
static int get_retryable(lua_State *L);
static int get_details(lua_State *L);
static int get_stack(lua_State *L);
static int concat(lua_State *L);
static void push_format(lua_State *L, const char *format, va_list args)
    KD_PRINTF(2, 0);
static void push_operand(lua_State *L, int index);

static const luaL_Reg methods[] = {{"kind", get_kind}, {"message", get_message},
    {"retryable", get_retryable}, {"details", get_details},
    {"stack", get_stack}, {NULL, NULL}};
static const luaL_Reg meta[] = {
    {"__tostring", get_message}, {"__concat", concat}, {NULL, NULL}};
static const struct kl__type error_type = {.name = "error",
    .methods = methods,
    .meta = meta,
    .common = KL_OBJECT_OTHER,
    .key = KL_ERROR_TYPE};

void
kl__error_new(lua_State *L, int retryable)
{
    struct kl__error *error =
        (struct kl__error *)lua_newuserdatauv(L, sizeof(*error), 4);

    error->retryable = retryable;
    lua_insert(L, -5);
    for (int slot = 4; slot > 0; slot--)
        lua_setiuservalue(L, -1 - slot, slot);
    kl__object_set(L, &error_type);
}

void
kl__error_make(lua_State *L, const char *kind, int retryable)
{
    lua_pushstring(L, kind);
    lua_insert(L, -2);
    kl__error_trace(L, L, 1);
    lua_pushnil(L);
    kl__error_new(L, retryable);
}

void
kl__error_push(
    lua_State *L, const char *kind, int retryable, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    push_format(L, format, args);
    va_end(args);
    kl__error_make(L, kind, retryable);
}

int
kl__error_nil(
    lua_State *L, const char *kind, int retryable, const char *format, ...)
{
    va_list args;

    lua_pushnil(L);
    va_start(args, format);
    push_format(L, format, args);
    va_end(args);
    kl__error_make(L, kind, retryable);
    return 2;
}

int
kl__error_status(lua_State *L, const kd_error *err)
{
    const char *text = err->text;
    int retryable = KL_RETRY_UNKNOWN;

    if (err->flags & KD_ERROR_RETRYABLE)
        retryable = KL_RETRY_YES;
    else if (err->flags & KD_ERROR_FINAL)
        retryable = KL_RETRY_NO;
    if (text[0] == '\0')
        text = kd_status_text(err->code);
    return kl__error_nil(L, kd_status_kind(err->code), retryable, "%s", text);
}

int
kl__error_is(lua_State *L, int index)
{
    return kl__error_test(L, index) != NULL;
}

const struct kl__error *
kl__error_test(lua_State *L, int index)
{
    if (lua_type(L, index) != LUA_TUSERDATA)
        return NULL;
    return (const struct kl__error *)kl__object_test(L, index, &error_type);
}

static int
get_kind(lua_State *L)
{
    kl__object_check(L, 1, &error_type);
    lua_getiuservalue(L, 1, KL_ERROR_KIND);
    return 1;
}

static int
get_message(lua_State *L)
{
    kl__object_check(L, 1, &error_type);
    lua_getiuservalue(L, 1, KL_ERROR_MESSAGE);
    return 1;
}

static int
get_retryable(lua_State *L)
{
    const struct kl__error *error =
        (const struct kl__error *)kl__object_check(L, 1, &error_type);

    if (error->retryable == KL_RETRY_UNKNOWN)
        lua_pushnil(L);
    else
        lua_pushboolean(L, error->retryable);
    return 1;
}

static int
get_details(lua_State *L)
{
    kl__object_check(L, 1, &error_type);
    if (lua_getiuservalue(L, 1, KL_ERROR_DETAILS) != LUA_TTABLE)
        return 1;
    lua_pushnil(L);
    if (lua_next(L, -2) == 0)
        lua_pushnil(L);
    else
        lua_pop(L, 2);
    return 1;
}

static int
get_stack(lua_State *L)
{
    kl__object_check(L, 1, &error_type);
    if (lua_getiuservalue(L, 1, KL_ERROR_STACK) == LUA_TNIL)
        lua_pushliteral(L, "stack traceback:\n\t[C]: in ?");
    return 1;
}

static int
concat(lua_State *L)
{
    push_operand(L, 1);
    push_operand(L, 2);
    lua_concat(L, 2);
    return 1;
}

static void
push_operand(lua_State *L, int index)
{
    if (kl__error_is(L, index))
        lua_getiuservalue(L, index, KL_ERROR_MESSAGE);
    else if (lua_isstring(L, index))
        lua_pushvalue(L, index);
    else
        luaL_error(
            L, "attempt to concatenate a %s value", luaL_typename(L, index));
}

/*
 * A sentence may hold a name of any length. Lua's own formatting knows too few
 * conversions, and a C compiler cannot check it.
 */
static void
push_format(lua_State *L, const char *format, va_list args)
{
    char text[256];
    luaL_Buffer buffer;
    va_list again;
    int len;

    va_copy(again, args);
    len = vsnprintf(text, sizeof(text), format, args);
    if (len < 0) {
        lua_pushstring(L, format);
    } else if ((size_t)len < sizeof(text)) {
        lua_pushlstring(L, text, (size_t)len);
    } else {
        char *at = luaL_buffinitsize(L, &buffer, (size_t)len + 1);

        vsnprintf(at, (size_t)len + 1, format, again);
        luaL_pushresultsize(&buffer, (size_t)len);
    }
    va_end(again);
}
