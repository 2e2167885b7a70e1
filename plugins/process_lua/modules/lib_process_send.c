/* SPDX-License-Identifier: MIT */
/*
 * process.send: the way of every message, so that it makes nothing in the Lua
 * state unless it fails.
 */

#include "modules/lib_process.h"

#include "process/process.h"
#include "value/dest.h"
#include "value/error.h"
#include "value/shared.h"
#include "value/value.h"

static int refuse(lua_State *L, const char *text);
static int encode(
    lua_State *L, struct kl__process *p, int last, kd_payload *payload);
static int encode_string(
    lua_State *L, struct kl__process *p, int index, kd_payload *payload);

int
kl__process_send(lua_State *L)
{
    struct kl__process *p = kl__process_of(L);
    int last = lua_gettop(L);
    kd_payload payload = kd_payload_none();
    struct kl__dest dest;
    const char *topic;
    size_t topic_len;
    kd_status status;
    kd_error err;

    if (last < 2)
        return refuse(
            L, "send requires at least destination and topic arguments");
    dest.text = kl__dest_text(L, 1, &dest.len);
    topic = kl__dest_text(L, 2, &topic_len);
    if (topic_len > 0 && topic[0] == '@')
        return refuse(L, "cannot send to @ topics");
    kl__dest_find(p, &dest);
    if (dest.status != KD_OK)
        return kl__dest_refuse(L, &dest);

    if (last > 2 && encode(L, p, last, &payload) != 0)
        return kl__value_refuse(L, KL_RETRY_UNKNOWN);
    kl__process_error_init(&err);
    status = kd_proc_send(p->proc, dest.pid, topic, topic_len,
        last > 3 ? KD_MESSAGE_MANY : 0, &payload, &err);
    kl__value_scratch_trim(p);
    return kl__process_result(L, status, &err);
}

static int
refuse(lua_State *L, const char *text)
{
    return kl__error_nil(L, "Invalid", KL_RETRY_UNKNOWN, "%s", text);
}

/* One value goes as it is, several as an array. */
static int
encode(lua_State *L, struct kl__process *p, int last, kd_payload *payload)
{
    kd_writer *to = kl__value_scratch(p);
    int status;

    if (last > 3)
        status = kl__value_write_args(L, 3, last, to);
    else if (encode_string(L, p, 3, payload))
        return 0;
    else
        status = kl__value_write(L, 3, "args[1]", to);
    if (status == 0)
        *payload = kd_writer_payload(to);
    return status;
}

/* Whether it is one that is worth sharing, and memory has allowed it. */
static int
encode_string(
    lua_State *L, struct kl__process *p, int index, kd_payload *payload)
{
    const char *text;
    size_t len;

    if (lua_type(L, index) != LUA_TSTRING)
        return 0;
    text = lua_tolstring(L, index, &len);
    return kl__shared_fits(len) &&
           kl__shared_payload(p, text, len, payload) == 0;
}
