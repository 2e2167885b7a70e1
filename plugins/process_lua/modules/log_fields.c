/* SPDX-License-Identifier: MIT */
/*
 * Fields of log records as terms. Lua's order of keys is another one in each
 * process, and a log that is read by people and compared by programs should not
 * show that: so they are sorted.
 */

#include "modules/log_fields.h"

#include "value/error.h"
#include "value/value.h"

#include <lauxlib.h>
#include <stdlib.h>
#include <string.h>

/* A key; its string is kept alive by a table. */
struct key {
    const char *text;
    size_t len;
};

static void copy(lua_State *L, int from);
static struct key *push_keys(lua_State *L, int index, size_t *count);
static int compare(const void *a, const void *b);
static void write_field(lua_State *L, int value, kd_writer *to);

void
kl__log_fields_merge(lua_State *L, int first, int second)
{
    first = lua_absindex(L, first);
    second = lua_absindex(L, second);
    lua_newtable(L);
    copy(L, first);
    copy(L, second);
}

void
kl__log_fields_write(lua_State *L, int index, kd_writer *to)
{
    int top = lua_gettop(L);
    struct key *keys;
    size_t count;

    index = lua_absindex(L, index);
    luaL_checkstack(L, LUA_MINSTACK, NULL);
    keys = push_keys(L, index, &count);
    qsort(keys, count, sizeof(*keys), compare);
    kd_write_map(to, count);
    for (size_t i = 0; i < count; i++) {
        kd_write_string(to, keys[i].text, keys[i].len);
        lua_pushlstring(L, keys[i].text, keys[i].len);
        lua_rawget(L, index);
        write_field(L, lua_gettop(L), to);
        lua_settop(L, top + 1);
    }
    lua_settop(L, top);
}

/* Into the table on top. Keys that are no strings become some. */
static void
copy(lua_State *L, int from)
{
    int to = lua_gettop(L);

    if (!lua_istable(L, from))
        return;
    lua_pushnil(L);
    while (lua_next(L, from)) {
        luaL_tolstring(L, -2, NULL);
        lua_insert(L, -2);
        lua_rawset(L, to);
    }
}

static struct key *
push_keys(lua_State *L, int index, size_t *count)
{
    struct key *keys;
    size_t n = 0;

    lua_pushnil(L);
    for (; lua_next(L, index); n++)
        lua_pop(L, 1);
    keys = (struct key *)lua_newuserdatauv(L, (n + 1) * sizeof(*keys), 0);
    *count = n;
    n = 0;
    lua_pushnil(L);
    for (; lua_next(L, index); n++) {
        lua_pop(L, 1);
        keys[n].text = lua_tolstring(L, -1, &keys[n].len);
    }
    return keys;
}

static int
compare(const void *a, const void *b)
{
    const struct key *left = (const struct key *)a;
    const struct key *right = (const struct key *)b;
    size_t len = left->len < right->len ? left->len : right->len;
    int order = memcmp(left->text, right->text, len);

    if (order != 0)
        return order;
    return (left->len > right->len) - (left->len < right->len);
}

static void
write_field(lua_State *L, int value, kd_writer *to)
{
    size_t mark = to->len;
    size_t len;
    const char *text;

    if (!kl__error_is(L, value) && kl__value_write(L, value, "fields", to) == 0)
        return;
    to->len = mark;
    if (kl__error_is(L, value))
        lua_getiuservalue(L, value, KL_ERROR_MESSAGE);
    else
        lua_pushfstring(L, "<%s>", luaL_typename(L, value));
    text = lua_tolstring(L, -1, &len);
    kd_write_string(to, text, len);
}
