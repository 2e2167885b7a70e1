/* SPDX-License-Identifier: MIT */
/*
 * Lua values to JSON: the same raw walk as into terms, and the same levels by
 * which a refusal finds its path. It runs no code of the program.
 *
 * A table is an array if its keys are 1 to n, an object if all are strings;
 * anything between would have to be guessed at by whoever reads it.
 */

#include "value/json.h"

#include "process/process.h"
#include "value/encode.h"
#include "value/payload.h"
#include "value/utf8.h"

#include <math.h>
#include <stdio.h>

/*
 * A text may be as large as this part of the memory of the process, which has
 * to hold it as a string too.
 */
#define TEXT_PART 4

/* What the keys of a table are. */
struct keys {
    lua_Integer count;
    lua_Integer positive; /* Integers from 1 on, and the largest of them. */
    lua_Integer largest;
    lua_Integer strings;
    int other; /* Type of another one, or LUA_TNONE. */
};

static int write_value(struct kl__encoder *e, int index);
static int write_number(struct kl__encoder *e, int index);
static int write_string(struct kl__encoder *e, int index);
static int write_escaped(struct kl__encoder *e, const char *text, size_t len);
static int write_payload(struct kl__encoder *e, int index);
static int write_table(struct kl__encoder *e, int index);
static int write_array(
    struct kl__encoder *e, struct kl__level *level, int index, lua_Integer n);
static int write_object(
    struct kl__encoder *e, struct kl__level *level, int index);
static int refuse_keys(struct kl__encoder *e, const struct keys *keys);
static void count_keys(lua_State *L, int index, struct keys *keys);
static int check_size(const struct kl__encoder *e);
static void put(struct kl__encoder *e, const char *text);

int
kl__json_write(lua_State *L, int index, kd_writer *to)
{
    struct kl__encoder e = {
        .L = L, .to = to, .verb = "encode", .root = "value"};
    int top = lua_gettop(L);
    int status;

    e.max_bytes = kl__process_of(L)->heap.limit / TEXT_PART;
    status = lua_checkstack(L, LUA_MINSTACK)
                 ? write_value(&e, lua_absindex(L, index))
                 : kl__encode_refuse(&e, "with so deep a stack");
    if (status == 0 && to->status == KD_OK)
        return 0;
    if (status == 0)
        lua_pushliteral(L, "out of memory");
    if (lua_gettop(L) > top + 1)
        lua_replace(L, top + 1);
    lua_settop(L, top + 1);
    return -1;
}

static int
write_value(struct kl__encoder *e, int index)
{
    lua_State *L = e->L;

    switch (lua_type(L, index)) {
    case LUA_TNIL:
        put(e, "null");
        return 0;
    case LUA_TBOOLEAN:
        put(e, lua_toboolean(L, index) ? "true" : "false");
        return 0;
    case LUA_TNUMBER:
        return write_number(e, index);
    case LUA_TSTRING:
        return write_string(e, index);
    case LUA_TTABLE:
        return write_table(e, index);
    case LUA_TUSERDATA:
        if (kl__payload_is(L, index))
            return write_payload(e, index);
        return kl__encode_refuse_object(e, index);
    case LUA_TFUNCTION:
        return kl__encode_refuse(e, "a function");
    case LUA_TTHREAD:
        return kl__encode_refuse(e, "a thread");
    default:
        return kl__encode_refuse(e, "a userdata");
    }
}

static int
write_number(struct kl__encoder *e, int index)
{
    char text[KL_JSON_FLOAT];
    double number;

    if (lua_isinteger(e->L, index)) {
        snprintf(
            text, sizeof(text), "%lld", (long long)lua_tointeger(e->L, index));
    } else {
        number = lua_tonumber(e->L, index);
        if (isnan(number))
            return kl__encode_refuse(e, "NaN");
        if (isinf(number))
            return kl__encode_refuse(e, "an infinite number");
        kl__json_float(number, text);
    }
    put(e, text);
    return 0;
}

static int
write_string(struct kl__encoder *e, int index)
{
    size_t len;
    const char *text = lua_tolstring(e->L, index, &len);

    if (kl__utf8_span(text, len) != len)
        return kl__encode_refuse(e, "a string that is not UTF-8");
    return write_escaped(e, text, len);
}

/* In runs of what needs no escape. */
static int
write_escaped(struct kl__encoder *e, const char *text, size_t len)
{
    static const char letters[32] = {
        ['\b'] = 'b', ['\f'] = 'f', ['\n'] = 'n', ['\r'] = 'r', ['\t'] = 't'};
    size_t from = 0;
    char escape[8];

    put(e, "\"");
    for (size_t i = 0; i < len; i++) {
        unsigned char byte = (unsigned char)text[i];

        if (byte >= ' ' && byte != '"' && byte != '\\')
            continue;
        kd_write_raw(e->to, text + from, i - from);
        from = i + 1;
        if (byte >= ' ')
            snprintf(escape, sizeof(escape), "\\%c", byte);
        else if (letters[byte] != 0)
            snprintf(escape, sizeof(escape), "\\%c", letters[byte]);
        else
            snprintf(escape, sizeof(escape), "\\u%04x", byte);
        put(e, escape);
    }
    kd_write_raw(e->to, text + from, len - from);
    put(e, "\"");
    return 0;
}

/* As the value it holds, like wherever a Payload travels (semantics M8). */
static int
write_payload(struct kl__encoder *e, int index)
{
    int status;

    kl__payload_push_value(e->L, index);
    status = write_value(e, lua_gettop(e->L));
    if (status == 0)
        lua_pop(e->L, 1);
    return status;
}

static int
write_table(struct kl__encoder *e, int index)
{
    const struct kl__level *up = e->level;
    struct kl__level level;
    struct keys keys;
    int status;

    if (kl__encode_enter(e, &level, index) != 0)
        return -1;
    count_keys(e->L, index, &keys);
    if (keys.count == keys.positive && keys.count == keys.largest) {
        e->level = &level;
        status = write_array(e, &level, index, keys.count);
    } else if (keys.count == keys.strings) {
        e->level = &level;
        status = write_object(e, &level, index);
    } else {
        status = refuse_keys(e, &keys);
    }
    e->level = up;
    return status;
}

static int
write_array(
    struct kl__encoder *e, struct kl__level *level, int index, lua_Integer n)
{
    int value = lua_gettop(e->L) + 1;

    put(e, "[");
    for (lua_Integer i = 1; i <= n; i++) {
        level->at = i;
        if (i > 1)
            put(e, ",");
        lua_rawgeti(e->L, index, i);
        if (write_value(e, value) != 0 || check_size(e) != 0)
            return -1;
        lua_pop(e->L, 1);
    }
    put(e, "]");
    return 0;
}

static int
write_object(struct kl__encoder *e, struct kl__level *level, int index)
{
    const char *before = "{";

    level->key = lua_gettop(e->L) + 1;
    lua_pushnil(e->L);
    while (lua_next(e->L, index)) {
        put(e, before);
        before = ",";
        if (write_string(e, level->key) != 0)
            return -1;
        put(e, ":");
        if (write_value(e, level->key + 1) != 0 || check_size(e) != 0)
            return -1;
        lua_pop(e->L, 1);
    }
    put(e, "}");
    return 0;
}

static int
refuse_keys(struct kl__encoder *e, const struct keys *keys)
{
    char what[48];

    if (keys->strings == 0 && keys->other == LUA_TNONE)
        return kl__encode_refuse(e, "a sparse array");
    if (keys->other == LUA_TNONE || keys->other == LUA_TNUMBER)
        return kl__encode_refuse(e, "a table with mixed keys");
    snprintf(
        what, sizeof(what), "a %s as key", lua_typename(e->L, keys->other));
    return kl__encode_refuse(e, what);
}

static void
count_keys(lua_State *L, int index, struct keys *keys)
{
    lua_Integer n;

    *keys = (struct keys){.other = LUA_TNONE};
    lua_pushnil(L);
    while (lua_next(L, index)) {
        lua_pop(L, 1);
        keys->count++;
        n = lua_isinteger(L, -1) ? lua_tointeger(L, -1) : 0;
        if (n > 0) {
            keys->positive++;
            if (n > keys->largest)
                keys->largest = n;
        } else if (lua_type(L, -1) == LUA_TSTRING) {
            keys->strings++;
        } else {
            keys->other = lua_type(L, -1);
        }
    }
}

/* Tables that are reached twice can make a text of any length. */
static int
check_size(const struct kl__encoder *e)
{
    if (e->to->len <= e->max_bytes && e->to->status == KD_OK)
        return 0;
    lua_pushliteral(e->L, "the text is larger than a quarter of limits.memory");
    return -1;
}

static void
put(struct kl__encoder *e, const char *text)
{
    kd_write_raw(e->to, text, strlen(text));
}
