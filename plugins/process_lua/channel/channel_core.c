/* SPDX-License-Identifier: MIT */
/*
 * Channels without their Lua functions: buffers, sources, who gets what.
 *
 * A value goes straight from one stack to another where somebody waits. So a
 * receive makes no garbage, whether it waits or not.
 */

#include "channel/channel_core.h"

#include "process/process.h"

#include <lauxlib.h>

/* Buffered channels of sources, by address; weak. See keep_buffered(). */
#define KNOWN "kindred.channels"

/* More than memory can hold, and small enough for sums of two. */
#define CAPACITY_MAX ((lua_Integer)INT32_MAX)

#define RING_FIRST 4

static void know(lua_State *L, struct kl__channel *ch);
static void keep_buffered(struct kl__process *p, struct kl__channel *ch);
static void buffer_push(lua_State *L, struct kl__channel *ch, int index);
static void buffer_pop(lua_State *L, struct kl__channel *ch, int index);
static void sender_push(lua_State *L, const struct kl__waiter *sender);

struct kl__channel *
kl__channel_push(lua_State *L, lua_Integer capacity,
    const struct kl__source *source, void *arg)
{
    return kl__channel_push_extra(L, capacity, source, arg, 0);
}

struct kl__channel *
kl__channel_push_extra(lua_State *L, lua_Integer capacity,
    const struct kl__source *source, void *arg, size_t extra)
{
    struct kl__channel *ch;

    ch = lua_newuserdatauv(L, sizeof(*ch) + extra, 1);
    memset(ch, 0, sizeof(*ch) + extra);
    ch->source = source;
    ch->arg = arg;
    if (capacity > 0)
        ch->capacity =
            (uint32_t)(capacity < CAPACITY_MAX ? capacity : CAPACITY_MAX);
    kl__object_set(L, &kl__channel_type);
    if (source != NULL && ch->capacity > 0)
        know(L, ch);
    return ch;
}

void
kl__channel_set_arg(struct kl__channel *ch, void *arg)
{
    ch->arg = arg;
}

void *
kl__channel_extra(struct kl__channel *ch)
{
    return ch + 1;
}

struct kl__channel *
kl__channel_check(lua_State *L, int index)
{
    struct kl__channel *recent = kl__process_of(L)->mail.recent;

    if (recent != NULL && recent == lua_touserdata(L, index))
        return recent;
    return kl__object_check(L, index, &kl__channel_type);
}

int
kl__channel_take(lua_State *L, struct kl__process *p, int index)
{
    struct kl__channel *ch = lua_touserdata(L, index);
    struct kl__waiter *sender = ch->senders.first;

    if (ch->count > 0) {
        buffer_pop(L, ch, index);
        if (sender != NULL) {
            sender_push(L, sender);
            buffer_push(L, ch, index);
        }
    } else if (sender != NULL) {
        sender_push(L, sender);
    } else if (ch->capacity > 0 && kl__channel_rank(p, ch) != UINT64_MAX) {
        /* The first of a buffered source counts as buffered already. */
        ch->source->take(L, p, ch);
    } else if (ch->is_closed) {
        lua_pushnil(L);
        return KL_TAKE_CLOSED;
    } else {
        return KL_TAKE_NONE;
    }
    if (sender != NULL)
        kl__waiter_win(p, sender, 1);
    return KL_TAKE_VALUE;
}

uint64_t
kl__channel_rank(struct kl__process *p, struct kl__channel *ch)
{
    if (ch->source == NULL || ch->is_closed)
        return UINT64_MAX;
    return ch->source->peek(p, ch);
}

int
kl__channel_put(lua_State *L, struct kl__process *p, int index, int value)
{
    struct kl__channel *ch = lua_touserdata(L, index);

    if (ch->receivers.first == NULL && ch->count >= ch->capacity)
        return 0;
    lua_pushvalue(L, value);
    return kl__channel_give(L, p, ch) || kl__channel_store(L, index);
}

int
kl__channel_give(lua_State *L, struct kl__process *p, struct kl__channel *ch)
{
    struct kl__waiter *receiver = ch->receivers.first;

    if (receiver == NULL)
        return 0;
    lua_xmove(L, kl__waiter_stack(receiver), 1);
    kl__waiter_win(p, receiver, 1);
    return 1;
}

int
kl__channel_store(lua_State *L, int index)
{
    struct kl__channel *ch = lua_touserdata(L, index);

    if (ch->is_closed || ch->count >= ch->capacity) {
        lua_pop(L, 1);
        return 0;
    }
    buffer_push(L, ch, index);
    return 1;
}

void
kl__channel_serve(struct kl__process *p, struct kl__channel *ch)
{
    struct kl__waiter *receiver = ch->receivers.first;

    ch->source->take(kl__waiter_stack(receiver), p, ch);
    kl__waiter_win(p, receiver, 1);
}

void
kl__channel_notify(struct kl__process *p, struct kl__channel *ch)
{
    while (ch->receivers.first != NULL && kl__channel_rank(p, ch) != UINT64_MAX)
        kl__channel_serve(p, ch);
}

void
kl__channel_close(struct kl__process *p, struct kl__channel *ch)
{
    struct kl__waiter *receiver;

    if (ch->is_closed)
        return;
    if (ch->source != NULL && ch->capacity > 0)
        keep_buffered(p, ch);
    ch->is_closed = 1;
    while ((receiver = ch->receivers.first) != NULL) {
        lua_pushnil(kl__waiter_stack(receiver));
        kl__waiter_win(p, receiver, 0);
    }
    while (ch->senders.first != NULL)
        kl__waiter_win(p, ch->senders.first, 0);
}

static void
know(lua_State *L, struct kl__channel *ch)
{
    if (!luaL_getsubtable(L, LUA_REGISTRYINDEX, KNOWN)) {
        lua_createtable(L, 0, 1);
        lua_pushliteral(L, "v");
        lua_setfield(L, -2, "__mode");
        lua_setmetatable(L, -2);
    }
    lua_pushvalue(L, -2);
    lua_rawsetp(L, -2, ch);
    lua_pop(L, 1);
}

/*
 * What a source's buffer holds is still received after a close. Until then it
 * is left with the source, which is where it takes the least memory.
 */
static void
keep_buffered(struct kl__process *p, struct kl__channel *ch)
{
    lua_State *L = p->L;
    int top = lua_gettop(L);

    if (!lua_checkstack(L, LUA_MINSTACK))
        return;
    if (lua_getfield(L, LUA_REGISTRYINDEX, KNOWN) == LUA_TTABLE &&
        lua_rawgetp(L, -1, ch) == LUA_TUSERDATA) {
        while (
            ch->count < ch->capacity && kl__channel_rank(p, ch) != UINT64_MAX) {
            ch->source->take(L, p, ch);
            buffer_push(L, ch, top + 2);
        }
    }
    lua_settop(L, top);
}

/* A single place needs no ring around it. */
static void
buffer_push(lua_State *L, struct kl__channel *ch, int index)
{
    if (ch->capacity == 1) {
        lua_setiuservalue(L, index, KL_CHANNEL_BUFFER);
        ch->count = 1;
        return;
    }

    if (lua_getiuservalue(L, index, KL_CHANNEL_BUFFER) != LUA_TTABLE) {
        lua_pop(L, 1);
        lua_createtable(L, RING_FIRST, 0);
        lua_pushvalue(L, -1);
        lua_setiuservalue(L, index, KL_CHANNEL_BUFFER);
    }
    lua_insert(L, -2);
    lua_rawseti(
        L, -2, (lua_Integer)((ch->head + ch->count) % ch->capacity) + 1);
    lua_pop(L, 1);
    ch->count++;
}

/* Pushes the oldest value and clears its place, for the collector. */
static void
buffer_pop(lua_State *L, struct kl__channel *ch, int index)
{
    lua_getiuservalue(L, index, KL_CHANNEL_BUFFER);
    if (ch->capacity == 1) {
        lua_pushnil(L);
        lua_setiuservalue(L, index, KL_CHANNEL_BUFFER);
        ch->count = 0;
        return;
    }

    lua_rawgeti(L, -1, (lua_Integer)ch->head + 1);
    lua_pushnil(L);
    lua_rawseti(L, -3, (lua_Integer)ch->head + 1);
    lua_remove(L, -2);
    ch->count--;
    /* An empty ring starts anew, so that a large one is not walked round. */
    ch->head = ch->count == 0 ? 0 : (ch->head + 1) % ch->capacity;
}

/* Push a copy of the value of a sender that waits. */
static void
sender_push(lua_State *L, const struct kl__waiter *sender)
{
    lua_State *from = kl__waiter_stack(sender);

    lua_pushvalue(from, sender->value);
    lua_xmove(from, L, 1);
}
