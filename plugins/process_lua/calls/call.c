/* SPDX-License-Identifier: MIT */
/*
 * Calls under way are found by the serial numbers of their children, which no
 * two processes of a runtime share.
 */

#include "calls/call.h"

#include "process/process.h"
#include "value/payload.h"

#include <lauxlib.h>

#define CALLS "kindred.calls"

/* A task that waits for the end of a call. */
struct waiting {
    struct kl__call call;
    struct kl__task *task;
};

static void waiting_ended(lua_State *L, struct kl__process *p,
    struct kl__call *call, const kd_signal *signal);
static int go_on(lua_State *L, int status, lua_KContext base);
static struct kl__call *push_call(lua_State *L, kd_pid pid);

int
kl__call_start(lua_State *L, struct kl__child *child, struct kl__call *call)
{
    child->flags |= KD_SPAWN_CALL;
    call->is_owned = (child->flags & KD_SPAWN_OWN) != 0;
    luaL_getsubtable(L, LUA_REGISTRYINDEX, CALLS);
    if (kl__child_make(L, child, &call->pid) != 0)
        return 2;
    lua_pushvalue(L, -2);
    lua_rawseti(L, -2, (lua_Integer)call->pid.serial);
    lua_pop(L, 1);
    kl__task_external(kl__process_of(L), 1);
    return 0;
}

int
kl__call_wait(lua_State *L, struct kl__child *child)
{
    struct waiting *waiting;

    kl__task_check_wait(L);
    waiting = (struct waiting *)lua_newuserdatauv(L, sizeof(*waiting), 0);
    waiting->call.ended = waiting_ended;
    waiting->task = kl__task_current(L);
    if (kl__call_start(L, child, &waiting->call) != 0)
        return 2;
    return kl__task_wait(L, go_on, lua_gettop(L));
}

void
kl__call_drop(lua_State *L, const struct kl__call *call)
{
    lua_getfield(L, LUA_REGISTRYINDEX, CALLS);
    lua_pushnil(L);
    lua_rawseti(L, -2, (lua_Integer)call->pid.serial);
    lua_pop(L, 1);
    kl__task_external(kl__process_of(L), -1);
}

void
kl__calls_terminate(lua_State *L)
{
    struct kl__process *p = kl__process_of(L);

    luaL_getsubtable(L, LUA_REGISTRYINDEX, CALLS);
    lua_pushnil(L);
    while (lua_next(L, -2)) {
        const struct kl__call *call = lua_touserdata(L, -1);

        if (call->is_owned)
            kd_proc_terminate(p->proc, call->pid, NULL);
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
}

/* One that was dropped is not found. */
void
kl__calls_signal(struct kl__process *p, const kd_signal *signal)
{
    lua_State *L = kl__process_aside(p);
    struct kl__call *call;

    luaL_checkstack(L, LUA_MINSTACK, NULL);
    call = push_call(L, signal->from);
    if (call == NULL)
        return;
    call->ended(L, p, call, signal);
    kl__call_drop(L, call);
}

int
kl__call_push_result(lua_State *L, const kd_signal *signal)
{
    if (signal->error.format == KD_FORMAT_NONE) {
        kl__payload_read(L, &signal->value);
        return 1;
    }
    lua_pushnil(L);
    kl__payload_read(L, &signal->error);
    return 2;
}

/* The results are pushed where the task that waits finds them. */
static void
waiting_ended(lua_State *L, struct kl__process *p, struct kl__call *call,
    const kd_signal *signal)
{
    struct waiting *waiting = (struct waiting *)(void *)call;
    lua_State *to = kl__task_stack(waiting->task);

    lua_pop(L, 1);
    luaL_checkstack(to, LUA_MINSTACK, NULL);
    kl__call_push_result(to, signal);
    kl__task_ready(p, waiting->task);
}

static int
go_on(lua_State *L, int status, lua_KContext base)
{
    (void)status;
    return lua_gettop(L) - (int)base;
}

/* Push the userdata of a call; or NULL, with nothing. */
static struct kl__call *
push_call(lua_State *L, kd_pid pid)
{
    int top = lua_gettop(L);

    if (lua_getfield(L, LUA_REGISTRYINDEX, CALLS) == LUA_TTABLE &&
        lua_rawgeti(L, -1, (lua_Integer)pid.serial) == LUA_TUSERDATA) {
        lua_remove(L, -2);
        return lua_touserdata(L, -1);
    }
    lua_settop(L, top);
    return NULL;
}
