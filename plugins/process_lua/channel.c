/* SPDX-License-Identifier: MIT */
/*
 * The Lua functions of channels (semantics H1 to H4).
 *
 * A send or receive that must wait takes a wait from its channel and gives it
 * back afterwards, so that the same few serve for ever.
 */

#include "channel.h"

#include "channel_core.h"
#include "error.h"
#include "lib_base.h"
#include "process.h"
#include "select.h"

#include <lauxlib.h>

/* Places on the stack of a send or receive that waits. */
enum { SELF = 1, RECEIVE_WAIT = 2, SEND_VALUE = 2, SEND_WAIT = 3 };

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

/* Push a wait for one channel: its spare, or a new one. */
static struct kl__wait *
take_wait(lua_State *L)
{
    struct kl__wait *wait;

    if (lua_getiuservalue(L, SELF, KL_CHANNEL_SPARE) != LUA_TUSERDATA) {
        lua_pop(L, 1);
        return kl__wait_push(L, 1);
    }
    wait = lua_touserdata(L, -1);
    lua_getiuservalue(L, -1, 1);
    lua_setiuservalue(L, SELF, KL_CHANNEL_SPARE);
    kl__wait_init(L, wait, 1);
    return wait;
}

static void
give_wait_back(lua_State *L, int index)
{
    lua_getiuservalue(L, SELF, KL_CHANNEL_SPARE);
    lua_setiuservalue(L, index, 1);
    lua_pushvalue(L, index);
    lua_setiuservalue(L, SELF, KL_CHANNEL_SPARE);
}

static int
send_done(lua_State *L, int status, lua_KContext ctx)
{
    const struct kl__wait *wait = lua_touserdata(L, SEND_WAIT);

    (void)status;
    (void)ctx;
    give_wait_back(L, SEND_WAIT);
    if (!wait->ok)
        return kl__error_nil(
            L, "Invalid", KL_RETRY_NO, "send on closed channel");
    lua_pushboolean(L, 1);
    return 1;
}

static int
channel_send(lua_State *L)
{
    struct kl__channel *ch = kl__channel_check(L, SELF);

    lua_settop(L, SEND_VALUE);
    if (ch->is_closed)
        return luaL_error(L, "send on closed channel");
    if (kl__channel_put(L, kl__process_of(L), SELF, SEND_VALUE)) {
        lua_pushboolean(L, 1);
        return 1;
    }

    kl__task_check_wait(L);
    kl__wait_add(take_wait(L), 0, &ch->senders, SEND_VALUE);
    return kl__task_wait(L, send_done, 0);
}

static int
receive_done(lua_State *L, int status, lua_KContext ctx)
{
    const struct kl__wait *wait = lua_touserdata(L, RECEIVE_WAIT);

    (void)status;
    (void)ctx;
    give_wait_back(L, RECEIVE_WAIT);
    lua_pushboolean(L, wait->ok);
    return 2;
}

static int
channel_receive(lua_State *L)
{
    struct kl__channel *ch = kl__channel_check(L, SELF);
    struct kl__process *p = kl__process_of(L);
    int taken;

    lua_settop(L, SELF);
    taken = kl__channel_take(L, p, SELF);
    if (taken == KL_TAKE_NONE && kl__channel_rank(p, ch) != UINT64_MAX) {
        ch->source->take(L, p, ch);
        taken = KL_TAKE_VALUE;
    }
    if (taken != KL_TAKE_NONE) {
        lua_pushboolean(L, taken == KL_TAKE_VALUE);
        return 2;
    }

    kl__task_check_wait(L);
    kl__wait_add(take_wait(L), 0, &ch->receivers, 0);
    return kl__task_wait(L, receive_done, 0);
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

const struct kl__type kl__channel_type = {
    .key = "kindred.channel", .name = "channel", .methods = methods};

int
kl__open_channel(lua_State *L)
{
    static const luaL_Reg functions[] = {
        {"new", channel_new}, {"select", kl__select}, {NULL, NULL}};

    luaL_newlib(L, functions);
    kl__readonly(L);
    return 1;
}
