/* SPDX-License-Identifier: MIT */
/*
 * The module `process`: its table, and the functions about the process itself.
 */

#include "modules/lib_process.h"

#include "calls/spawner.h"
#include "modules/lazy.h"
#include "modules/lib_base.h"
#include "process/process.h"
#include "value/dest.h"
#include "value/error.h"

#include <lauxlib.h>

static int pid(lua_State *L);
static int id(lua_State *L);
static int ready(lua_State *L);
static int make_events(lua_State *L);
static int make_registry(lua_State *L);

int
kl__open_process(lua_State *L)
{
    static const luaL_Reg functions[] = {
        {"cancel", kl__process_cancel},
        {"events", kl__process_events},
        {"exec", kl__process_exec},
        {"get_options", kl__process_get_options},
        {"id", id},
        {"inbox", kl__process_inbox},
        {"link", kl__process_link},
        {"listen", kl__process_listen},
        {"monitor", kl__process_monitor},
        {"pid", pid},
        {"ready", ready},
        {"send", kl__process_send},
        {"set_options", kl__process_set_options},
        {"spawn", kl__process_spawn},
        {"spawn_linked", kl__process_spawn_linked},
        {"spawn_linked_monitored", kl__process_spawn_linked_monitored},
        {"spawn_monitored", kl__process_spawn_monitored},
        {"terminate", kl__process_terminate},
        {"unlink", kl__process_unlink},
        {"unlisten", kl__process_unlisten},
        {"unmonitor", kl__process_unmonitor},
        {"upgrade", kl__process_upgrade},
        {"with_context", kl__spawner_with_context},
        {"with_options", kl__spawner_with_options},
        {NULL, NULL},
    };
    static const luaL_Reg makers[] = {
        {"event", make_events}, {"registry", make_registry}, {NULL, NULL}};
    static const struct kl__lazy lazy = {functions, makers, NULL};

    kl__lazy_push(L, &lazy);
    return 1;
}

int
kl__process_result(lua_State *L, kd_status status, kd_error *err)
{
    if (status != KD_OK) {
        err->code = status;
        return kl__error_status(L, err);
    }
    lua_pushboolean(L, 1);
    return 1;
}

static int
pid(lua_State *L)
{
    kl__dest_push(L, kd_proc_self(kl__process_of(L)->proc));
    return 1;
}

static int
id(lua_State *L)
{
    const struct kl__process *p = kl__process_of(L);

    lua_pushstring(L, p->api->entry_id(kd_proc_entry(p->proc)));
    return 1;
}

static int
ready(lua_State *L)
{
    kd_proc_ready(kl__process_of(L)->proc);
    lua_pushboolean(L, 1);
    return 1;
}

static int
make_events(lua_State *L)
{
    static const struct kl__constant kinds[] = {{"CANCEL", "pid.cancel", 0},
        {"EXIT", "pid.exit", 0}, {"LINK_DOWN", "pid.link.down", 0},
        {NULL, NULL, 0}};
    static const struct kl__lazy lazy = {NULL, NULL, kinds};

    kl__lazy_push(L, &lazy);
    return 1;
}

static int
make_registry(lua_State *L)
{
    kl__process_push_registry(L);
    kl__readonly(L);
    return 1;
}
