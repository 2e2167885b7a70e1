/* SPDX-License-Identifier: MIT */
/*
 * Context values, read from the process's own and laid one over the other.
 */

#include "calls/context.h"

#include "process/process.h"
#include "value/argument.h"
#include "value/value.h"

#include <lauxlib.h>

/* The pairs of a context that are still to be read. */
struct pairs {
    kd_reader at;
    size_t left;
};

/* One of them, as it lies in the term. */
struct pair {
    kd_item key;
    const unsigned char *start, *value, *end;
};

static struct pairs pairs_of(kd_payload context);
static int next_pair(struct pairs *pairs, struct pair *pair);
static void check_keys(lua_State *L, int index);
static void copy_table(lua_State *L, int from);
static void split(lua_State *L, const kd_writer *term);
static size_t write_kept(
    lua_State *L, int changes, kd_writer *to, kd_payload context);
static int is_changed(lua_State *L, int changes, const kd_item *key);
static size_t count_keys(lua_State *L, int index);

int
kl__context_get(lua_State *L, const char *key, size_t len)
{
    struct pairs pairs = pairs_of(kd_proc_context(kl__process_of(L)->proc));
    struct pair pair;
    kd_reader value;

    while (next_pair(&pairs, &pair)) {
        if (pair.key.type != KD_TERM_STRING || pair.key.len != len ||
            memcmp(pair.key.data, key, len) != 0)
            continue;
        value = kd_reader_make(pair.value, (size_t)(pair.end - pair.value));
        return kl__value_read(L, &value) == 0;
    }
    return 0;
}

void
kl__context_push(lua_State *L)
{
    kd_payload context = kd_proc_context(kl__process_of(L)->proc);
    kd_reader from = kd_reader_make(context.data, context.len);

    if (context.format == KD_FORMAT_TERM && kl__value_read(L, &from) == 0) {
        if (lua_istable(L, -1))
            return;
        lua_pop(L, 1);
    }
    lua_newtable(L);
}

void
kl__context_change(lua_State *L, int base, int from)
{
    struct kl__process *p = kl__process_of(L);
    kd_writer *scratch = kl__value_scratch(p);

    kl__argument_table(L, from);
    check_keys(L, from);
    if (kl__value_write(L, from, "context", scratch) != 0)
        luaL_error(L, "%s", lua_tostring(L, -1));
    lua_newtable(L);
    if (lua_istable(L, base))
        copy_table(L, base);
    split(L, scratch);
    kl__value_scratch_trim(p);
}

void
kl__context_write(lua_State *L, int changes, kd_writer *to)
{
    kd_payload context = kd_proc_context(kl__process_of(L)->proc);
    size_t count = write_kept(L, changes, NULL, context);

    if (!lua_istable(L, changes)) {
        kd_write_map(to, count);
        write_kept(L, changes, to, context);
        return;
    }
    kd_write_map(to, count + count_keys(L, changes));
    write_kept(L, changes, to, context);
    lua_pushnil(L);
    while (lua_next(L, changes)) {
        size_t len;
        const char *text = lua_tolstring(L, -2, &len);

        kd_write_string(to, text, len);
        text = lua_tolstring(L, -1, &len);
        kd_write_raw(to, text, len);
        lua_pop(L, 1);
    }
}

/* None in what is no map. */
static struct pairs
pairs_of(kd_payload context)
{
    struct pairs pairs = {kd_reader_make(context.data, context.len), 0};
    kd_item head;

    if (context.format == KD_FORMAT_TERM &&
        kd_reader_next(&pairs.at, &head) == KD_TERM_MAP)
        pairs.left = head.len;
    return pairs;
}

static int
next_pair(struct pairs *pairs, struct pair *pair)
{
    kd_reader key = pairs->at;

    if (pairs->left == 0)
        return 0;
    pairs->left--;
    pair->start = pairs->at.at;
    kd_reader_next(&key, &pair->key);
    if (kd_reader_skip(&pairs->at) != KD_OK)
        return 0;
    pair->value = pairs->at.at;
    if (kd_reader_skip(&pairs->at) != KD_OK)
        return 0;
    pair->end = pairs->at.at;
    return 1;
}

static void
check_keys(lua_State *L, int index)
{
    lua_pushnil(L);
    while (lua_next(L, index)) {
        lua_pop(L, 1);
        if (lua_type(L, -1) != LUA_TSTRING)
            luaL_error(L, "context keys must be strings");
    }
}

/* Into the table on top. */
static void
copy_table(lua_State *L, int from)
{
    lua_pushnil(L);
    while (lua_next(L, from)) {
        lua_pushvalue(L, -2);
        lua_insert(L, -2);
        lua_rawset(L, -4);
    }
}

/* The pairs of a map we wrote, into the table on top. */
static void
split(lua_State *L, const kd_writer *term)
{
    struct pairs pairs =
        pairs_of(kd_payload_make(KD_FORMAT_TERM, term->data, term->len));
    struct pair pair;

    while (next_pair(&pairs, &pair)) {
        lua_pushlstring(L, (const char *)pair.key.data, pair.key.len);
        lua_pushlstring(
            L, (const char *)pair.value, (size_t)(pair.end - pair.value));
        lua_rawset(L, -3);
    }
}

/* Append, if there is a writer, the pairs that stay; returns how many. */
static size_t
write_kept(lua_State *L, int changes, kd_writer *to, kd_payload context)
{
    struct pairs pairs = pairs_of(context);
    struct pair pair;
    size_t count = 0;

    while (next_pair(&pairs, &pair)) {
        if (is_changed(L, changes, &pair.key))
            continue;
        if (to != NULL)
            kd_write_raw(to, pair.start, (size_t)(pair.end - pair.start));
        count++;
    }
    return count;
}

static int
is_changed(lua_State *L, int changes, const kd_item *key)
{
    int type;

    if (key->type != KD_TERM_STRING || !lua_istable(L, changes))
        return 0;
    lua_pushlstring(L, (const char *)key->data, key->len);
    type = lua_rawget(L, changes);
    lua_pop(L, 1);
    return type != LUA_TNIL;
}

static size_t
count_keys(lua_State *L, int index)
{
    size_t count = 0;

    lua_pushnil(L);
    for (; lua_next(L, index); count++)
        lua_pop(L, 1);
    return count;
}
