/* SPDX-License-Identifier: MIT */
/*
 * The module `payload` (semantics B7).
 */

#include "modules/lib_payload.h"

#include "modules/lib_base.h"
#include "value/payload.h"
#include "value/payload_format.h"

#include <lauxlib.h>

static int
payload_new(lua_State *L)
{
    luaL_checkany(L, 1);
    lua_settop(L, 1);
    if (!kl__payload_is(L, 1))
        kl__payload_new(L, KD_FORMAT_TERM);
    return 1;
}

int
kl__open_payload(lua_State *L)
{
    const char *constant;
    uint32_t format;

    lua_createtable(L, 0, 2);
    lua_pushcfunction(L, payload_new);
    lua_setfield(L, -2, "new");
    lua_createtable(L, 0, 7);
    for (size_t i = 0; (constant = kl__format_constant(i, &format)); i++) {
        lua_pushstring(L, kl__format_name(format));
        lua_setfield(L, -2, constant);
    }
    kl__readonly(L);
    lua_setfield(L, -2, "format");
    kl__readonly(L);
    return 1;
}
