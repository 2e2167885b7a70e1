/* SPDX-License-Identifier: MIT */
/*
 * Modules for programs written in Lua: how a plugin brings them.
 *
 * A plugin offers kd_lua_module tables as KD_LUA_OFFER (kd_plugin::offers). An
 * entry that lists the module's name in `modules` gets it by `require` and as a
 * global, like the modules that come with process.lua. It is made in each
 * process by itself, when it is first used, and never before the process runs.
 *
 * What the functions of a module must keep to
 *
 * - Each process has a Lua state of its own, and runs now on this thread and
 *   now on that one, many at the same time: no static or thread-local data.
 * - They are quick, since no slice ends inside of them. What takes long belongs
 *   into a process of a native kind, to which programs send messages.
 * - They do not yield, and make no coroutines. What they call back cannot wait.
 * - A process may be left by a long jump out of any function of Lua's that can
 *   allocate, raise or call back: it is ended by force, or has no memory left.
 *   So while they call one they hold no lock, and own nothing outside of the
 *   state but by kd_lua::own.
 * - States are dropped without being closed: `__gc` is not called then.
 * - The tables of process.lua's own modules, which programs can only read, are
 *   the same ones in many processes: do not write to them, as by lua_rawset.
 *
 * A module is linked with the shared library of Lua, the one that process.lua
 * uses: `pkg-config --libs lua5.4`. This is the only header that needs Lua's.
 */
#ifndef KINDRED_EXT_LUA_H
#define KINDRED_EXT_LUA_H

#include <kindred/api.h>

KD_BEGIN_DECLS

#include <lauxlib.h>
#include <lua.h>

/** The id of the offer; its table is a kd_lua_module. */
#define KD_LUA_OFFER "kindred.lua/1"

/**
 * What a module is built for: the version of Lua, 504 say, and the bytes of its
 * two sorts of numbers. Another one is refused.
 */
#define KD_LUA_BUILD                                                           \
    ((uint32_t)LUA_VERSION_NUM << 16 | (uint32_t)sizeof(lua_Integer) << 8 |    \
        (uint32_t)sizeof(lua_Number))

/** Something outside of the state that a process owns. */
typedef struct kd_lua_owned {
    uint32_t size; /**< sizeof(kd_lua_owned). */
    uint32_t reserved;
    void *thing; /**< The module's to set; NULL: nothing yet. */
} kd_lua_owned;
KD_ABI_STRUCT(kd_lua_owned, 16);

/**
 * What process.lua has for a module. Read-only; valid until the plugin's
 * `fini`. "Raises" means a Lua error, or a long jump out of the process.
 */
typedef struct kd_lua {
    uint32_t size; /**< sizeof(kd_lua) as process.lua has it. */
    uint32_t reserved;
    const kd_api *api;
    void *state; /**< What the `init` of the module's plugin left. */

    /**
     * The process of a state, for its services. Mail and signals are the
     * program's: do not take them. Valid for the call.
     *
     * [worker]
     */
    kd_proc *(*proc)(lua_State *L);
    /**
     * Have something released with the process, however that ends. First this,
     * which may raise; then make the thing, without a call of Lua's between,
     * and set `thing`. The record lies outside of the state and counts against
     * no `limits.memory`, as the thing does: bound how many there can be.
     *
     * @param release  called once, when `thing` is not NULL, by disown() or
     *                 when the process has ended; it calls nothing of Lua's.
     * @return valid until disown(), or until the process has ended.
     *
     * [worker]
     */
    kd_lua_owned *(*own)(lua_State *L, void (*release)(void *thing));
    /** Release it now; NULL is allowed. Does not raise. [worker] */
    void (*disown)(lua_State *L, kd_lua_owned *owned);
    /**
     * Push an Error object with the kind of `err->code`. A function that fails
     * as those of process.lua do returns nil and this. May raise.
     *
     * [worker]
     */
    void (*push_error)(lua_State *L, const kd_error *err);
    /**
     * Push the value of a KD_FORMAT_TERM payload, nil for none. May raise.
     *
     * @return KD_OK; KD_EFORMAT: malformed, nothing is pushed.
     *
     * [worker]
     */
    kd_status (*push)(lua_State *L, const kd_payload *payload);
    /**
     * The value at an index as a payload. May raise.
     *
     * @param payload  out: valid until the next call of a service of Lua's.
     * @return KD_OK; KD_EINVAL: it cannot travel, and *err says what it is.
     *
     * [worker]
     */
    kd_status (*encode)(
        lua_State *L, int index, kd_payload *payload, kd_error *err);
} kd_lua;
KD_ABI_STRUCT(kd_lua, 72);

/** A module. Static and immutable. Grows only at its end. */
typedef struct kd_lua_module {
    uint32_t size;    /**< sizeof(kd_lua_module). */
    uint32_t build;   /**< KD_LUA_BUILD. */
    const char *name; /**< A Lua name, not one of process.lua's own. */
    const char *help; /**< One line, without a full stop. */
    /**
     * Push the module, mostly a table of functions; kd_lua_new_table() makes
     * one. A table becomes read-only. May raise; the next use tries again.
     *
     * @param lua  valid until the plugin's `fini`.
     * @return 1.
     *
     * [worker]
     */
    int (*open)(lua_State *L, const kd_lua *lua);
} kd_lua_module;
KD_ABI_STRUCT(kd_lua_module, 32);

/**
 * Add functions to the table on top of the stack, each of which finds `lua` by
 * kd_lua_of(). For modules, and for the metatables of their userdata.
 */
static inline void
kd_lua_set_functions(lua_State *L, const kd_lua *lua, const luaL_Reg *functions)
{
    lua_pushlightuserdata(L, (void *)(uintptr_t)lua);
    luaL_setfuncs(L, functions, 1);
}

/** Push a new table of functions; returns 1. */
static inline int
kd_lua_new_table(lua_State *L, const kd_lua *lua, const luaL_Reg *functions)
{
    lua_createtable(L, 0, 8);
    kd_lua_set_functions(L, lua, functions);
    return 1;
}

/** For a function that was set so. */
static inline const kd_lua *
kd_lua_of(lua_State *L)
{
    return (const kd_lua *)lua_touserdata(L, lua_upvalueindex(1));
}

KD_END_DECLS

#endif
