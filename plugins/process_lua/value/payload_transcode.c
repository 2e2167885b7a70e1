/* SPDX-License-Identifier: MIT */
/*
 * Payloads from one format to another (semantics M6, B7).
 *
 * LUA holds a value, JSON and MSGPACK hold the bytes of one, STRING and BYTES
 * bytes of which nothing is known. So what goes from STRING to JSON is taken to
 * be JSON already, and checked; what goes from LUA to JSON is written as JSON.
 *
 * The steps below work on the value on top of the stack. Each replaces it and
 * returns 0; or puts a sentence on top and returns -1.
 */

#include "process/preempt.h"
#include "process/process.h"
#include "value/dest.h"
#include "value/error.h"
#include "value/json.h"
#include "value/payload.h"
#include "value/payload_format.h"
#include "value/utf8.h"
#include "value/value.h"

#include <lauxlib.h>

static int convert(lua_State *L, uint32_t from, uint32_t to);
static int decode(lua_State *L, uint32_t from);
static int decode_msgpack(lua_State *L);
static int encode(lua_State *L, uint32_t to);
static int check(lua_State *L, uint32_t to);
static int to_bytes(lua_State *L, uint32_t to);
static int is_structured(uint32_t format);
static int can_transcode(uint32_t format);

int
kl__payload_transcode(lua_State *L)
{
    uint32_t from = kl__payload_format(L, 1);
    const char *name = kl__dest_text(L, 2, NULL);
    uint32_t to = kl__format_find(name);

    lua_settop(L, 2);
    if (!can_transcode(from) || !can_transcode(to))
        return kl__error_nil(L, "Internal", KL_RETRY_NO,
            "cannot transcode %s to %s", kl__format_name(from), name);
    kl__preempt_call(L);
    if (from == to) {
        lua_settop(L, 1);
        return 1;
    }
    kl__payload_push_value(L, 1);
    if (convert(L, from, to) != 0)
        return kl__error_nil(L, "Internal", KL_RETRY_NO,
            "cannot transcode %s to %s: %s", kl__format_name(from), name,
            lua_tostring(L, -1));
    kl__payload_new(L, to);
    return 1;
}

int
kl__payload_unmarshal(lua_State *L)
{
    uint32_t from = kl__payload_format(L, 1);

    kl__preempt_call(L);
    lua_settop(L, 1);
    kl__payload_push_value(L, 1);
    if (decode(L, from) != 0)
        return kl__error_nil(L, "Internal", KL_RETRY_NO,
            "cannot unmarshal %s: %s", kl__format_name(from),
            lua_tostring(L, -1));
    return 1;
}

static int
convert(lua_State *L, uint32_t from, uint32_t to)
{
    if (to == KD_FORMAT_TERM)
        return decode(L, from);
    if (!is_structured(to))
        return to_bytes(L, to);
    if (from != KD_FORMAT_TERM && !is_structured(from))
        return check(L, to);
    return decode(L, from) != 0 ? -1 : encode(L, to);
}

static int
decode(lua_State *L, uint32_t from)
{
    const char *text;
    size_t len;
    int status;

    if (!is_structured(from))
        return 0;
    if (from == KL_FORMAT_MSGPACK)
        return decode_msgpack(L);
    text = lua_tolstring(L, -1, &len);
    status = kl__json_read(L, text, len);
    lua_remove(L, -2);
    return status;
}

static int
decode_msgpack(lua_State *L)
{
    size_t len;
    const char *bytes = lua_tolstring(L, -1, &len);
    kd_reader all = kd_reader_make(bytes, len);
    kd_reader r = all;

    if (kd_reader_skip(&all) != KD_OK || all.at != all.end ||
        kl__value_read(L, &r) != 0) {
        lua_pushliteral(L, "malformed MessagePack");
        return -1;
    }
    lua_remove(L, -2);
    return 0;
}

static int
encode(lua_State *L, uint32_t to)
{
    struct kl__process *p = kl__process_of(L);
    kd_writer *bytes = kl__value_scratch(p);
    int status = to == KL_FORMAT_JSON ? kl__json_write(L, -1, bytes)
                                      : kl__value_write(L, -1, "value", bytes);

    if (status == 0) {
        lua_pushlstring(L, (const char *)bytes->data, bytes->len);
        lua_remove(L, -2);
    }
    kl__value_scratch_trim(p);
    return status;
}

/* Bytes that are said to be of a format stay as they are, if they are. */
static int
check(lua_State *L, uint32_t to)
{
    lua_pushvalue(L, -1);
    if (decode(L, to) != 0)
        return -1;
    lua_pop(L, 1);
    return 0;
}

static int
to_bytes(lua_State *L, uint32_t to)
{
    size_t len;
    const char *text;

    if (!lua_isstring(L, -1)) {
        lua_pushfstring(L, "it holds a %s", luaL_typename(L, -1));
        return -1;
    }
    text = lua_tolstring(L, -1, &len);
    if (to == KD_FORMAT_TEXT && kl__utf8_span(text, len) != len) {
        lua_pushliteral(L, "it is not UTF-8");
        return -1;
    }
    return 0;
}

static int
is_structured(uint32_t format)
{
    return format == KL_FORMAT_JSON || format == KL_FORMAT_MSGPACK;
}

static int
can_transcode(uint32_t format)
{
    return is_structured(format) || format == KD_FORMAT_TERM ||
           format == KD_FORMAT_TEXT || format == KD_FORMAT_BYTES;
}
