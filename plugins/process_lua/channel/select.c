/* SPDX-License-Identifier: MIT */
/*
 * channel.select (semantics H5 to H8).
 *
 * The cases are put on the stack at first: other tasks may change the table
 * while this one waits. A select makes no garbage but its result, unless it
 * must wait.
 */

#include "channel/select.h"

#include "channel/channel_core.h"
#include "process/process.h"
#include "value/argument.h"
#include "value/error.h"

#include <lauxlib.h>

/* User values of a case. */
enum { CASE_CHANNEL = 1, CASE_VALUE = 2 };

/* Places on the stack of a select; the cases follow. */
enum { CASES = 1, DEFAULT = 2, CHANNEL = 3, FIRST_CASE = 4 };

struct kl__case {
    struct kl__channel *channel;
    int is_send;
};

const struct kl__type kl__case_type = {
    .name = "case", .common = KL_OBJECT_CASE};

static int
case_push(lua_State *L, int is_send)
{
    struct kl__channel *ch = kl__channel_check(L, 1);
    struct kl__case *c;

    lua_settop(L, 2);
    c = lua_newuserdatauv(L, sizeof(*c), is_send ? 2 : 1);
    c->channel = ch;
    c->is_send = is_send;
    lua_pushvalue(L, 1);
    lua_setiuservalue(L, -2, CASE_CHANNEL);
    if (is_send) {
        lua_pushvalue(L, 2);
        lua_setiuservalue(L, -2, CASE_VALUE);
    }
    kl__object_set(L, &kl__case_type);
    return 1;
}

int
kl__case_send(lua_State *L)
{
    if (kl__channel_check(L, 1)->is_closed)
        return luaL_error(L, "send on closed channel");
    return case_push(L, 1);
}

int
kl__case_receive(lua_State *L)
{
    return case_push(L, 0);
}

/* Leaves whether there is a default at DEFAULT. */
static void
read_default(lua_State *L)
{
    int is_default = lua_toboolean(L, DEFAULT);

    lua_settop(L, CASES);
    lua_pushliteral(L, "default");
    lua_rawget(L, CASES);
    is_default = is_default || lua_toboolean(L, -1);
    lua_pop(L, 1);
    lua_pushboolean(L, is_default);
}

/* Push all cases in the table; returns how many. */
static int
push_cases(lua_State *L)
{
    lua_Unsigned len = lua_rawlen(L, CASES);
    lua_Unsigned i;
    int count = 0;

    for (i = 1; i <= len; i++) {
        luaL_checkstack(L, LUA_MINSTACK, "too many cases");
        lua_rawgeti(L, CASES, (lua_Integer)i);
        if (kl__object_test(L, -1, &kl__case_type) != NULL)
            count++;
        else
            lua_pop(L, 1);
    }
    return count;
}

/*
 * Replace the value on top by the select's result: won by the case at an
 * index, with that value.
 */
static int
push_result(lua_State *L, int index, int ok)
{
    lua_createtable(L, 0, 3);
    lua_insert(L, -2);
    lua_setfield(L, -2, "value");
    lua_getiuservalue(L, index, CASE_CHANNEL);
    lua_setfield(L, -2, "channel");
    lua_pushboolean(L, ok);
    lua_setfield(L, -2, "ok");
    return 1;
}

static int
push_default(lua_State *L)
{
    lua_createtable(L, 0, 2);
    lua_pushboolean(L, 1);
    lua_setfield(L, -2, "default");
    lua_pushboolean(L, 1);
    lua_setfield(L, -2, "ok");
    return 1;
}

/* The case whose source has the value of lowest rank, below one; or 0. */
static int
find_source(lua_State *L, struct kl__process *p, int count, uint64_t below)
{
    int found = 0;
    int i;

    for (i = 0; i < count; i++) {
        const struct kl__case *c = lua_touserdata(L, FIRST_CASE + i);
        uint64_t rank;

        if (c->is_send)
            continue;
        rank = kl__channel_rank(p, c->channel);
        if (rank < below) {
            below = rank;
            found = FIRST_CASE + i;
        }
    }
    return found;
}

/*
 * To look into one source may bring mail for another that was looked into
 * before. Who went to sleep then would not be woken for it: so all are looked
 * into again, until nothing has come meanwhile.
 */
static int
find_mail(lua_State *L, struct kl__process *p, int count)
{
    uint64_t arrived;
    int index;

    do {
        arrived = p->mail.arrived;
        index = find_source(L, p, count, UINT64_MAX);
    } while (index == 0 && arrived != p->mail.arrived);
    return index;
}

static int
take_source(lua_State *L, struct kl__process *p, int index)
{
    const struct kl__case *c = lua_touserdata(L, index);

    c->channel->source->take(L, p, c->channel);
    return push_result(L, index, 1);
}

/* Try one case inside the process. Returns 0, or 1 and has pushed a result. */
static int
try_case(lua_State *L, struct kl__process *p, int index)
{
    const struct kl__case *c = lua_touserdata(L, index);
    int taken;

    lua_getiuservalue(L, index, CASE_CHANNEL);
    lua_replace(L, CHANNEL);
    if (!c->is_send) {
        taken = kl__channel_take(L, p, CHANNEL);
        if (taken == KL_TAKE_NONE)
            return 0;
        return push_result(L, index, taken == KL_TAKE_VALUE);
    }

    if (c->channel->is_closed)
        return luaL_error(L, "send on closed channel");
    lua_getiuservalue(L, index, CASE_VALUE);
    if (kl__channel_put(L, p, CHANNEL, lua_gettop(L)))
        return push_result(L, index, 1);
    lua_pop(L, 1);
    return 0;
}

/* Choose by H6, rules 1 to 4. Returns 0, or 1 and has pushed a result. */
static int
choose(lua_State *L, struct kl__process *p, int count)
{
    int index = find_source(L, p, count, 1);
    int i;

    if (index != 0)
        return take_source(L, p, index);
    for (i = 0; i < count; i++) {
        if (try_case(L, p, FIRST_CASE + i))
            return 1;
    }
    index = find_mail(L, p, count);
    if (index != 0)
        return take_source(L, p, index);
    return lua_toboolean(L, DEFAULT) ? push_default(L) : 0;
}

/* A case has won; what a receive got is on top of the stack. */
static int
select_done(lua_State *L, int status, lua_KContext ctx)
{
    const struct kl__wait *wait = lua_touserdata(L, CASES);
    int index = FIRST_CASE + (int)(wait->won - wait->waiters);
    const struct kl__case *c = lua_touserdata(L, index);

    (void)status;
    (void)ctx;
    if (!c->is_send)
        return push_result(L, index, wait->ok);
    if (!wait->ok)
        return kl__error_nil(
            L, "Invalid", KL_RETRY_NO, "send on closed channel");
    lua_getiuservalue(L, index, CASE_VALUE);
    return push_result(L, index, 1);
}

/* There must be room for `count` values: an error now would come too late. */
static void
join_queues(lua_State *L, struct kl__wait *wait)
{
    int i;

    for (i = 0; i < wait->count; i++) {
        const struct kl__case *c = lua_touserdata(L, FIRST_CASE + i);
        int value = 0;

        if (c->is_send) {
            lua_getiuservalue(L, FIRST_CASE + i, CASE_VALUE);
            value = lua_gettop(L);
        }
        kl__wait_add(wait, i,
            c->is_send ? &c->channel->senders : &c->channel->receivers, value);
    }
}

int
kl__select(lua_State *L)
{
    struct kl__process *p = kl__process_of(L);
    int count;

    kl__argument_table(L, CASES);
    lua_settop(L, DEFAULT);
    read_default(L);
    lua_pushnil(L);
    count = push_cases(L);
    if (choose(L, p, count))
        return 1;

    kl__task_check_wait(L);
    luaL_checkstack(L, count + LUA_MINSTACK, "too many cases");
    kl__wait_push(L, count);
    lua_replace(L, CASES);
    join_queues(L, lua_touserdata(L, CASES));
    return kl__task_wait(L, select_done, 0);
}
