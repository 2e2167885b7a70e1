/* SPDX-License-Identifier: MIT */
/*
 * Payload objects: their bytes stay where the message has them until a program
 * wants the value, and can be sent on as they are.
 */

#include "value/payload.h"

#include "process/process.h"
#include "value/error.h"
#include "value/object.h"
#include "value/payload_format.h"
#include "value/shared.h"
#include "value/value.h"

#include <lauxlib.h>

struct payload {
    uint32_t format;
    int is_decoded;
    const void *data;
    size_t len;
};

static void push_value(lua_State *L, struct payload *payload, int index);
static void learn(
    lua_State *L, const kd_payload *payload, const kd_reader *rest);
static int get_data(lua_State *L);
static int get_format(lua_State *L);
static int tostring(lua_State *L);
static int is_error(lua_State *L, int index, const struct payload *payload);

static const luaL_Reg methods[] = {{"data", get_data},
    {"get_format", get_format}, {"transcode", kl__payload_transcode},
    {"unmarshal", kl__payload_unmarshal}, {NULL, NULL}};
static const luaL_Reg meta[] = {{"__tostring", tostring}, {NULL, NULL}};
const struct kl__type kl__payload_type = {.name = "payload",
    .methods = methods,
    .meta = meta,
    .common = KL_OBJECT_PAYLOAD};

void
kl__payload_new(lua_State *L, uint32_t format)
{
    struct payload *payload =
        (struct payload *)lua_newuserdatauv(L, sizeof(*payload), 1);

    payload->format = format;
    payload->is_decoded = 1;
    payload->data = NULL;
    payload->len = 0;
    lua_insert(L, -2);
    lua_setiuservalue(L, -2, KL_PAYLOAD_CONTENT);
    kl__object_set(L, &kl__payload_type);
}

void
kl__payload_view(
    lua_State *L, int holder, uint32_t format, const void *data, size_t len)
{
    struct payload *payload =
        (struct payload *)lua_newuserdatauv(L, sizeof(*payload), 1);

    payload->format = format;
    payload->is_decoded = 0;
    payload->data = data;
    payload->len = len;
    lua_pushvalue(L, holder);
    lua_setiuservalue(L, -2, KL_PAYLOAD_CONTENT);
    kl__object_set(L, &kl__payload_type);
}

int
kl__payload_is(lua_State *L, int index)
{
    return kl__object_test(L, index, &kl__payload_type) != NULL;
}

uint32_t
kl__payload_format(lua_State *L, int index)
{
    const struct payload *payload =
        (const struct payload *)kl__object_check(L, index, &kl__payload_type);

    return is_error(L, index, payload) ? KL_FORMAT_ERROR : payload->format;
}

kd_payload
kl__payload_bytes(lua_State *L, int index)
{
    const struct payload *payload =
        (const struct payload *)lua_touserdata(L, index);

    if (payload->is_decoded)
        return kd_payload_none();
    return kd_payload_make(payload->format, payload->data, payload->len);
}

void
kl__payload_read(lua_State *L, const kd_payload *payload)
{
    kd_reader from = kd_reader_make(payload->data, payload->len);

    if (payload->format == KD_FORMAT_NONE)
        lua_pushnil(L);
    else if (payload->format != KD_FORMAT_TERM)
        lua_pushlstring(L, payload->len == 0 ? "" : (const char *)payload->data,
            payload->len);
    else if (kl__value_read(L, &from) != 0)
        kl__error_push(L, "Invalid", KL_RETRY_NO, "malformed payload");
    else if (payload->buf != NULL && kl__shared_fits(payload->len))
        learn(L, payload, &from);
}

void
kl__payload_push_value(lua_State *L, int index)
{
    push_value(L, (struct payload *)lua_touserdata(L, index), index);
}

int
kl__payload_is_flat(const kd_payload *payload)
{
    kd_reader from = kd_reader_make(payload->data, payload->len);
    kd_item item;

    if (payload->format != KD_FORMAT_TERM)
        return payload->format != KD_FORMAT_NONE;
    kd_reader_next(&from, &item);
    return item.type >= KD_TERM_NIL && item.type <= KD_TERM_STRING;
}

static void
push_value(lua_State *L, struct payload *payload, int index)
{
    kd_payload bytes;

    if (payload->is_decoded) {
        lua_getiuservalue(L, index, KL_PAYLOAD_CONTENT);
        return;
    }
    bytes = kl__payload_bytes(L, index);
    index = lua_absindex(L, index);
    kl__payload_read(L, &bytes);
    lua_pushvalue(L, -1);
    lua_setiuservalue(L, index, KL_PAYLOAD_CONTENT);
    payload->is_decoded = 1;
}

/* The value on top of the stack, if it is a string and all of the payload. */
static void
learn(lua_State *L, const kd_payload *payload, const kd_reader *rest)
{
    struct kl__process *p = kl__process_of(L);

    if (p != NULL && lua_type(L, -1) == LUA_TSTRING && rest->at == rest->end)
        kl__shared_learn(p, lua_tostring(L, -1), payload);
}

static int
get_data(lua_State *L)
{
    push_value(
        L, (struct payload *)kl__object_check(L, 1, &kl__payload_type), 1);
    return 1;
}

static int
get_format(lua_State *L)
{
    lua_pushstring(L, kl__format_name(kl__payload_format(L, 1)));
    return 1;
}

static int
tostring(lua_State *L)
{
    lua_pushfstring(
        L, "payload{format=%s}", kl__format_name(kl__payload_format(L, 1)));
    return 1;
}

static int
is_error(lua_State *L, int index, const struct payload *payload)
{
    kd_reader r = kd_reader_make(payload->data, payload->len);
    kd_item item;
    int result;

    if (payload->format != KD_FORMAT_TERM)
        return 0;
    if (!payload->is_decoded)
        return kd_reader_next(&r, &item) == KD_TERM_EXT &&
               item.integer == KD_TERM_EXT_ERROR;
    lua_getiuservalue(L, index, KL_PAYLOAD_CONTENT);
    result = kl__error_is(L, -1);
    lua_pop(L, 1);
    return result;
}
