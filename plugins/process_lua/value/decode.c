/* SPDX-License-Identifier: MIT */
/*
 * Terms to Lua values (semantics M8).
 */

#include "value/decode.h"

#include "process/process.h"
#include "value/error.h"

/*
 * A container claims how many elements it has. It is believed up to here; a
 * larger table grows as its elements really come.
 */
#define PRESIZE_MAX 1024

/* Not inlined, so that a value without others in it needs few registers. */
static int push_array(lua_State *L, kd_reader *from, size_t count,
    unsigned depth) __attribute__((noinline));
static int push_map(lua_State *L, kd_reader *from, size_t count, unsigned depth)
    __attribute__((noinline));
static int push_ext(lua_State *L, kd_item item, unsigned depth)
    __attribute__((noinline));
static int push_key(lua_State *L, kd_reader *from);
static int drop(lua_State *L, int table);
static int presize(size_t count);

int
kl__decode_value(lua_State *L, kd_reader *from, unsigned depth)
{
    kd_item item;

    switch (kd_reader_next(from, &item)) {
    case KD_TERM_NIL:
        lua_pushnil(L);
        return 0;
    case KD_TERM_BOOL:
        lua_pushboolean(L, (int)item.integer);
        return 0;
    case KD_TERM_INT:
        lua_pushinteger(L, item.integer);
        return 0;
    case KD_TERM_UINT:
        lua_pushnumber(L, (lua_Number)(uint64_t)item.integer);
        return 0;
    case KD_TERM_FLOAT:
        lua_pushnumber(L, item.number);
        return 0;
    case KD_TERM_STRING:
        lua_pushlstring(L, (const char *)item.data, item.len);
        return 0;
    case KD_TERM_ARRAY:
        return push_array(L, from, item.len, depth);
    case KD_TERM_MAP:
        return push_map(L, from, item.len, depth);
    case KD_TERM_EXT:
        return push_ext(L, item, depth);
    default:
        return -1;
    }
}

static int
push_array(lua_State *L, kd_reader *from, size_t count, unsigned depth)
{
    int table = lua_gettop(L) + 1;

    if (depth >= KD_TERM_MAX_DEPTH || !lua_checkstack(L, 4))
        return -1;
    lua_createtable(L, presize(count), 0);
    for (size_t i = 1; i <= count; i++) {
        if (kl__decode_value(L, from, depth + 1) != 0)
            return drop(L, table);
        lua_rawseti(L, table, (lua_Integer)i);
    }
    return 0;
}

static int
push_map(lua_State *L, kd_reader *from, size_t count, unsigned depth)
{
    int table = lua_gettop(L) + 1;

    if (depth >= KD_TERM_MAX_DEPTH || !lua_checkstack(L, 4))
        return -1;
    lua_createtable(L, 0, presize(count));
    for (; count > 0; count--) {
        if (push_key(L, from) != 0 || kl__decode_value(L, from, depth + 1) != 0)
            return drop(L, table);
        lua_rawset(L, table);
    }
    return 0;
}

/* Lua would raise for a key that is nil or no number. */
static int
push_key(lua_State *L, kd_reader *from)
{
    kd_reader key = *from;
    kd_item item;

    switch (kd_reader_next(&key, &item)) {
    case KD_TERM_STRING:
        lua_pushlstring(L, (const char *)item.data, item.len);
        *from = key;
        return 0;
    case KD_TERM_BOOL:
    case KD_TERM_INT:
    case KD_TERM_UINT:
        return kl__decode_value(L, from, 0);
    case KD_TERM_FLOAT:
        if (item.number != item.number)
            return -1;
        return kl__decode_value(L, from, 0);
    default:
        return -1;
    }
}

/* A pid is its text form here; of other extensions nothing is known. */
static int
push_ext(lua_State *L, kd_item item, unsigned depth)
{
    char text[KD_PID_TEXT];
    const struct kl__process *p;
    kd_pid pid;

    if (!lua_checkstack(L, 4))
        return -1;
    if (item.integer == KD_TERM_EXT_ERROR)
        return kl__decode_error(L, item.data, item.len, depth);
    p = kl__process_of(L);
    if (kd_item_pid(&item, &pid) != KD_OK || p == NULL)
        return -1;
    lua_pushlstring(L, text, p->api->pid_text(p->api, pid, text));
    return 0;
}

/* A table that cannot be finished, with what lies above it. */
static int
drop(lua_State *L, int table)
{
    lua_settop(L, table - 1);
    return -1;
}

static int
presize(size_t count)
{
    return (int)(count < PRESIZE_MAX ? count : PRESIZE_MAX);
}
