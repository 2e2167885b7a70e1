/* SPDX-License-Identifier: MIT */
/*
 * A table of options as bits.
 */

#include "calls/child_options.h"

#include <kindred/proc.h>
#include <lauxlib.h>
#include <string.h>

uint32_t
kl__child_options(lua_State *L, int index, uint32_t flags)
{
    if (!lua_istable(L, index))
        luaL_error(L, "options parameter must be a table");
    lua_pushnil(L);
    while (lua_next(L, index)) {
        if (lua_type(L, -2) != LUA_TSTRING) {
            lua_pop(L, 1);
            continue;
        }
        if (strcmp(lua_tostring(L, -2), "trap_links") != 0)
            luaL_error(L, "option %s is not supported", lua_tostring(L, -2));
        if (!lua_isboolean(L, -1))
            luaL_error(L, "trap_links must be a boolean");
        flags &= ~KD_SPAWN_TRAP;
        if (lua_toboolean(L, -1))
            flags |= KD_SPAWN_TRAP;
        lua_pop(L, 1);
    }
    return flags;
}
