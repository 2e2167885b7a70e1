/* SPDX-License-Identifier: MIT */
/*
 * A future keeps the result of its call, a Payload or an Error, once there is
 * one. Its channel is made when it is first asked for, maybe after that.
 */

#include "calls/future.h"

#include "calls/call.h"
#include "channel/channel_core.h"
#include "process/process.h"
#include "value/error.h"
#include "value/payload.h"

#include <lauxlib.h>

/* User values. */
enum { RESULT = 1, CHANNEL };

enum state { PENDING, DONE, FAILED, CANCELED };

struct future {
    struct kl__call call; /* First: see call.h. */
    enum state state;
};

static void future_ended(lua_State *L, struct kl__process *p,
    struct kl__call *call, const kd_signal *signal);
static void push_outcome(lua_State *L, const kd_signal *signal);
static void complete(lua_State *L, enum state state);
static void deliver(lua_State *L);
static struct future *future_check(lua_State *L);

static const struct kl__type future_type;

int
kl__future_start(lua_State *L, struct kl__child *child)
{
    struct future *future =
        (struct future *)lua_newuserdatauv(L, sizeof(*future), 2);

    future->call.ended = future_ended;
    future->state = PENDING;
    kl__object_set(L, &future_type);
    return kl__call_start(L, child, &future->call) != 0 ? 2 : 1;
}

static int
get_channel(lua_State *L)
{
    const struct future *future = future_check(L);

    lua_settop(L, 1);
    if (lua_getiuservalue(L, 1, CHANNEL) == LUA_TUSERDATA)
        return 1;
    kl__channel_push(L, 1, NULL, NULL);
    lua_pushvalue(L, -1);
    lua_setiuservalue(L, 1, CHANNEL);
    if (future->state != PENDING) {
        lua_pushvalue(L, 1);
        deliver(L);
    }
    return 1;
}

static int
is_complete(lua_State *L)
{
    lua_pushboolean(L, future_check(L)->state != PENDING);
    return 1;
}

static int
is_canceled(lua_State *L)
{
    lua_pushboolean(L, future_check(L)->state == CANCELED);
    return 1;
}

/* nil, nil while it is pending. */
static int
get_result(lua_State *L)
{
    const struct future *future = future_check(L);

    if (future->state != DONE)
        lua_pushnil(L);
    lua_getiuservalue(L, 1, RESULT);
    if (future->state == DONE)
        lua_pushnil(L);
    return 2;
}

static int
get_error(lua_State *L)
{
    enum state state = future_check(L)->state;
    int is_failure = state == FAILED || state == CANCELED;

    if (is_failure)
        lua_getiuservalue(L, 1, RESULT);
    else
        lua_pushnil(L);
    lua_pushboolean(L, is_failure);
    return 2;
}

/* Whether there was still something to cancel. */
static int
cancel(lua_State *L)
{
    struct future *future = future_check(L);
    int is_pending = future->state == PENDING;

    lua_settop(L, 1);
    if (is_pending) {
        kl__error_push(L, "Canceled", KL_RETRY_UNKNOWN, "canceled");
        kl__call_drop(L, &future->call);
        kd_proc_terminate(kl__process_of(L)->proc, future->call.pid, NULL);
        complete(L, CANCELED);
    }
    lua_pushboolean(L, is_pending);
    return 1;
}

static void
future_ended(lua_State *L, struct kl__process *p, struct kl__call *call,
    const kd_signal *signal)
{
    (void)p;
    (void)call;
    push_outcome(L, signal);
    complete(L, signal->error.format == KD_FORMAT_NONE ? DONE : FAILED);
}

/* Push a Payload of the value, which it decodes later, or an Error. */
static void
push_outcome(lua_State *L, const kd_signal *signal)
{
    const kd_payload *value = &signal->value;
    void *bytes;

    if (signal->error.format != KD_FORMAT_NONE) {
        kl__payload_read(L, &signal->error);
    } else if (value->format == KD_FORMAT_NONE || kl__payload_is_flat(value)) {
        kl__payload_read(L, value);
        kl__payload_new(L,
            value->format == KD_FORMAT_NONE ? KD_FORMAT_TERM : value->format);
    } else {
        bytes = lua_newuserdatauv(L, value->len, 0);
        memcpy(bytes, value->data, value->len);
        kl__payload_view(L, lua_gettop(L), value->format, bytes, value->len);
        lua_remove(L, -2);
    }
}

/* Pops the result, and the future under it. */
static void
complete(lua_State *L, enum state state)
{
    struct future *future = (struct future *)lua_touserdata(L, -2);

    future->state = state;
    lua_setiuservalue(L, -2, RESULT);
    deliver(L);
}

/*
 * Pops the future, and gives its result to its channel, if it has one. A
 * receiver may wait on L itself: then the result must be alone on it.
 */
static void
deliver(lua_State *L)
{
    struct kl__process *p = kl__process_of(L);
    struct kl__channel *ch;

    lua_getiuservalue(L, -1, CHANNEL);
    ch = (struct kl__channel *)lua_touserdata(L, -1);
    if (ch == NULL) {
        lua_pop(L, 2);
        return;
    }
    if (ch->receivers.first != NULL) {
        lua_pop(L, 1);
        lua_getiuservalue(L, -1, RESULT);
        lua_remove(L, -2);
        kl__channel_give(L, p, ch);
    } else {
        lua_getiuservalue(L, -2, RESULT);
        kl__channel_store(L, lua_gettop(L) - 1);
        lua_pop(L, 2);
    }
    kl__channel_close(p, ch);
}

static struct future *
future_check(lua_State *L)
{
    return (struct future *)kl__object_check(L, 1, &future_type);
}

static const luaL_Reg methods[] = {
    {"channel", get_channel},
    {"response", get_channel},
    {"is_complete", is_complete},
    {"is_canceled", is_canceled},
    {"result", get_result},
    {"error", get_error},
    {"cancel", cancel},
    {NULL, NULL},
};

static const struct kl__type future_type = {
    .name = "future", .methods = methods};
