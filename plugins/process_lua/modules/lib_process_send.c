/* SPDX-License-Identifier: MIT */
/*
 * process.send: the way of every message, so that it makes nothing in the Lua
 * state unless it fails.
 */

#include "modules/lib_process.h"

#include "process/preempt.h"
#include "process/process.h"
#include "value/dest.h"
#include "value/encode.h"
#include "value/error.h"
#include "value/shared.h"
#include "value/value.h"

/* Where the values begin on the stack. */
#define FIRST_VALUE 3

static int refuse(lua_State *L, const char *text);
static int encode(
    lua_State *L, struct kl__process *p, int last, kd_payload *payload);
static int share(lua_State *L, struct kl__process *p, kd_payload *payload);

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

    if (last >= FIRST_VALUE && encode(L, p, last, &payload) != 0)
        return kl__value_refuse(L, KL_RETRY_UNKNOWN);
    kl__process_error_init(&err);
    status = kd_proc_send(p->proc, dest.pid, topic, topic_len,
        last > FIRST_VALUE ? KD_MESSAGE_MANY : 0, &payload, &err);
    kl__value_scratch_trim(p);
    kl__preempt_gave(p);
    return kl__process_result(L, status, &err);
}

static int
refuse(lua_State *L, const char *text)
{
    return kl__error_nil(L, "Invalid", KL_RETRY_UNKNOWN, "%s", text);
}

/*
 * One value goes as it is, several as an array. Most are small, and in no need
 * of an encoder.
 */
static int
encode(lua_State *L, struct kl__process *p, int last, kd_payload *payload)
{
    kd_writer *to = kl__value_scratch(p);
    int type = last > FIRST_VALUE ? LUA_TNONE : lua_type(L, FIRST_VALUE);
    int status = 0;

    if (type == LUA_TSTRING && share(L, p, payload))
        return 0;
    if (type == LUA_TNONE)
        status = kl__value_write_args(L, FIRST_VALUE, last, to);
    else if (!kl__encode_scalar(L, FIRST_VALUE, type, to) ||
             to->status != KD_OK)
        status = kl__value_write(L, FIRST_VALUE, "args[1]", to);
    if (status == 0)
        *payload = kd_writer_payload(to);
    return status;
}

/* Whether it is a string worth sharing, and memory has allowed it. */
static int
share(lua_State *L, struct kl__process *p, kd_payload *payload)
{
    size_t len;
    const char *text = lua_tolstring(L, FIRST_VALUE, &len);

    return kl__shared_fits(len) &&
           kl__shared_payload(p, text, len, payload) == 0;
}
