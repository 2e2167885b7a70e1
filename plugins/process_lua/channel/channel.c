/* SPDX-License-Identifier: MIT */
/*
 * The Lua functions of channels (semantics H1 to H4).
 */

#include "channel/channel.h"

#include "channel/channel_core.h"
#include "channel/select.h"
#include "modules/lib_base.h"
#include "process/process.h"
#include "value/error.h"

#include <lauxlib.h>

/* Places on the stack of a send or receive. */
enum { SELF = 1, SEND_VALUE = 2 };

static lua_Integer
check_capacity(lua_State *L, int index)
{
    lua_Number number;

    if (lua_isnoneornil(L, index))
        return 0;
    if (lua_isinteger(L, index))
        return lua_tointeger(L, index);
    number = luaL_checknumber(L, index);
    /* Also false for what is no number at all. */
    if (!(number > 0))
        return 0;
    return number < INT32_MAX ? (lua_Integer)number : INT32_MAX;
}

static int
channel_new(lua_State *L)
{
    kl__channel_push(L, check_capacity(L, 1), NULL, NULL);
    return 1;
}

static int
send_done(lua_State *L, int status, lua_KContext ctx)
{
    (void)status;
    (void)ctx;
    if (!kl__process_of(L)->tasks.current->wait.ok)
        return kl__error_nil(
            L, "Invalid", KL_RETRY_NO, "send on closed channel");
    lua_pushboolean(L, 1);
    return 1;
}

static int
channel_send(lua_State *L)
{
    struct kl__process *p = kl__process_of(L);
    struct kl__channel *ch = kl__channel_check(L, SELF);

    lua_settop(L, SEND_VALUE);
    if (ch->is_closed)
        return luaL_error(L, "send on closed channel");
    if (kl__channel_put(L, p, SELF, SEND_VALUE)) {
        lua_pushboolean(L, 1);
        return 1;
    }

    kl__task_check_wait(L);
    kl__wait_one(p->tasks.current, &ch->senders, SEND_VALUE);
    return kl__task_leave(L, send_done, 0);
}

static int
receive_done(lua_State *L, int status, lua_KContext ctx)
{
    (void)status;
    (void)ctx;
    lua_pushboolean(L, kl__process_of(L)->tasks.current->wait.ok);
    return 2;
}

/* What can be received without waiting, or KL_TAKE_NONE. */
static int
receive_now(lua_State *L, struct kl__process *p, struct kl__channel *ch)
{
    if (!kl__channel_is_bare(ch))
        return kl__channel_take(L, p, SELF);
    if (ch->source->peek(p, ch) == UINT64_MAX)
        return KL_TAKE_NONE;
    ch->source->take(L, p, ch);
    return KL_TAKE_VALUE;
}

static int
channel_receive(lua_State *L)
{
    struct kl__process *p = kl__process_of(L);
    struct kl__channel *ch = kl__channel_check(L, SELF);
    int taken;

    if (lua_gettop(L) != SELF)
        lua_settop(L, SELF);
    taken = receive_now(L, p, ch);
    if (taken != KL_TAKE_NONE) {
        lua_pushboolean(L, taken == KL_TAKE_VALUE);
        return 2;
    }

    kl__task_check_wait(L);
    kl__wait_one(p->tasks.current, &ch->receivers, 0);
    return kl__task_leave(L, receive_done, 0);
}

static int
channel_close(lua_State *L)
{
    kl__channel_close(kl__process_of(L), kl__channel_check(L, SELF));
    return 0;
}

static const luaL_Reg methods[] = {
    {"send", channel_send},
    {"receive", channel_receive},
    {"close", channel_close},
    {"case_send", kl__case_send},
    {"case_receive", kl__case_receive},
    {NULL, NULL},
};

static const struct kl__lazy lazy = {methods, NULL, NULL};

const struct kl__type kl__channel_type = {.name = "channel",
    .methods = methods,
    .common = KL_OBJECT_CHANNEL,
    .lazy = &lazy};

int
kl__open_channel(lua_State *L)
{
    static const luaL_Reg functions[] = {
        {"new", channel_new}, {"select", kl__select}, {NULL, NULL}};

    luaL_newlib(L, functions);
    kl__readonly(L);
    return 1;
}
