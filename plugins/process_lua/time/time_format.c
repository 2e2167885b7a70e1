/* SPDX-License-Identifier: MIT */
/*
 * The functions of programs that make text of times.
 */

#include "time/time_format.h"

#include "time/layout_format.h"
#include "time/time_value.h"
#include "value/argument.h"

#include <lauxlib.h>
#include <string.h>

static int
push_formatted(lua_State *L, const char *layout, size_t len)
{
    const struct kl__time *time = kl__time_check(L, 1);
    luaL_Buffer buffer;

    luaL_buffinit(L, &buffer);
    kl__layout_format(&buffer, time, layout, len);
    luaL_pushresult(&buffer);
    return 1;
}

static int
push_by(lua_State *L, const char *layout)
{
    return push_formatted(L, layout, strlen(layout));
}

int
kl__time_format(lua_State *L)
{
    const char *layout;
    size_t len;

    kl__time_check(L, 1);
    layout = kl__argument_string(L, 2, &len);
    return push_formatted(L, layout, len);
}

int
kl__time_format_rfc3339(lua_State *L)
{
    return push_by(L, "2006-01-02T15:04:05Z07:00");
}

int
kl__time_tostring(lua_State *L)
{
    return push_by(L, "2006-01-02 15:04:05.999999999 -0700 MST");
}
