/* SPDX-License-Identifier: MIT */
/*
 * Opens math and os.
 */

#include "modules/lib_system.h"

#include "process/process.h"

#include <lauxlib.h>
#include <lualib.h>

static lua_Integer mix(uint64_t value);

/*
 * Lua seeds from the time and the address of the state, both of which two
 * processes can share.
 */
int
kl__open_math(lua_State *L)
{
    struct kl__process *p = kl__process_of(L);
    kd_pid pid = kd_proc_self(p->proc);

    lua_pushcfunction(L, luaopen_math);
    lua_call(L, 0, 1);
    lua_getfield(L, -1, "randomseed");
    lua_pushinteger(
        L, mix((uint64_t)p->api->unix_ns(p->api) ^ (uint64_t)(uintptr_t)L));
    lua_pushinteger(L, mix(pid.serial ^ (uint64_t)pid.host << 40));
    lua_call(L, 2, 0);
    return 1;
}

int
kl__open_os(lua_State *L)
{
    static const char *const names[] = {"clock", "date", "difftime", "time"};
    size_t i;

    lua_pushcfunction(L, luaopen_os);
    lua_call(L, 0, 1);
    lua_createtable(L, 0, 4);
    for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        lua_getfield(L, -2, names[i]);
        lua_setfield(L, -2, names[i]);
    }
    lua_remove(L, -2);
    return 1;
}

/* Spreads each bit over all: the end of SplitMix64. */
static lua_Integer
mix(uint64_t value)
{
    value += 0x9e3779b97f4a7c15u;
    value = (value ^ value >> 30) * 0xbf58476d1ce4e5b9u;
    value = (value ^ value >> 27) * 0x94d049bb133111ebu;
    return (lua_Integer)(value ^ value >> 31);
}
