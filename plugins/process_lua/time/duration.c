/* SPDX-License-Identifier: MIT */
/*
 * Duration objects, which are a number of nanoseconds that prints well.
 */

#include "time/duration.h"

#include "value/error.h"
#include "value/object.h"

#include <kindred/duration.h>
#include <math.h>

/* The first float beyond 64 bits; the last one below zero is just in. */
#define BEYOND 9223372036854775808.0

static const struct kl__type duration_type;

void
kl__duration_push(lua_State *L, int64_t ns)
{
    int64_t *own = lua_newuserdatauv(L, sizeof(*own), 0);

    *own = ns;
    kl__object_set(L, &duration_type);
}

/* Truncates; what does not fit becomes the longest there is. */
static int64_t
from_float(lua_Number number)
{
    if (number >= BEYOND)
        return INT64_MAX;
    return number < -BEYOND ? INT64_MIN : (int64_t)number;
}

int
kl__duration_read(lua_State *L, int index, int64_t *ns)
{
    int type = lua_type(L, index);
    const int64_t *own = kl__object_test(L, index, &duration_type);
    kd_error err = KD_ERROR_INIT;
    const char *text;
    size_t len;

    if (own != NULL) {
        *ns = *own;
        return 1;
    }
    if (type == LUA_TNUMBER && !isnan(lua_tonumber(L, index))) {
        *ns = lua_isinteger(L, index) ? lua_tointeger(L, index)
                                      : from_float(lua_tonumber(L, index));
        return 1;
    }
    if (type != LUA_TSTRING) {
        kl__error_nil(
            L, "Invalid", KL_RETRY_NO, "duration must be number or string");
        return 0;
    }

    text = lua_tolstring(L, index, &len);
    if (kd_duration_parse(text, len, ns, &err) == KD_OK)
        return 1;
    kl__error_nil(L, "Invalid", KL_RETRY_NO, "%s", err.text);
    return 0;
}

int
kl__duration_parse(lua_State *L)
{
    int64_t ns;

    if (!kl__duration_read(L, 1, &ns))
        return 2;
    kl__duration_push(L, ns);
    return 1;
}

static int64_t
check(lua_State *L, int index)
{
    return *(int64_t *)kl__object_check(L, index, &duration_type);
}

static int
nanoseconds(lua_State *L)
{
    lua_pushinteger(L, check(L, 1));
    return 1;
}

static int
microseconds(lua_State *L)
{
    lua_pushinteger(L, check(L, 1) / 1000);
    return 1;
}

static int
milliseconds(lua_State *L)
{
    lua_pushinteger(L, check(L, 1) / 1000000);
    return 1;
}

/* In two parts: so 1.1 s is 1.1, as near as a float can be. */
static int
push_float(lua_State *L, int64_t unit_ns)
{
    int64_t ns = check(L, 1);

    lua_pushnumber(L, (lua_Number)(ns / unit_ns) +
                          (lua_Number)(ns % unit_ns) / (lua_Number)unit_ns);
    return 1;
}

static int
seconds(lua_State *L)
{
    return push_float(L, INT64_C(1000000000));
}

static int
minutes(lua_State *L)
{
    return push_float(L, INT64_C(60000000000));
}

static int
hours(lua_State *L)
{
    return push_float(L, INT64_C(3600000000000));
}

static int
to_string(lua_State *L)
{
    char text[KD_DURATION_TEXT];

    kd_duration_format(check(L, 1), text, sizeof(text));
    lua_pushstring(L, text);
    return 1;
}

/* Lua also asks about a Duration and any other object. */
static int
is_equal(lua_State *L)
{
    const int64_t *a = kl__object_test(L, 1, &duration_type);
    const int64_t *b = kl__object_test(L, 2, &duration_type);

    lua_pushboolean(L, a != NULL && b != NULL && *a == *b);
    return 1;
}

static int
is_less(lua_State *L)
{
    kl__object_check_order(L, &duration_type);
    lua_pushboolean(L, check(L, 1) < check(L, 2));
    return 1;
}

static int
is_less_or_equal(lua_State *L)
{
    kl__object_check_order(L, &duration_type);
    lua_pushboolean(L, check(L, 1) <= check(L, 2));
    return 1;
}

static const luaL_Reg methods[] = {
    {"nanoseconds", nanoseconds},
    {"microseconds", microseconds},
    {"milliseconds", milliseconds},
    {"seconds", seconds},
    {"minutes", minutes},
    {"hours", hours},
    {NULL, NULL},
};

static const luaL_Reg meta[] = {
    {"__tostring", to_string},
    {"__eq", is_equal},
    {"__lt", is_less},
    {"__le", is_less_or_equal},
    {NULL, NULL},
};

static const struct kl__type duration_type = {
    .name = "duration",
    .methods = methods,
    .meta = meta,
};
