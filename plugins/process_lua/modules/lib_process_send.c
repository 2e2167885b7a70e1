/* SPDX-License-Identifier: MIT */
/*
 * process.send: the way of every message, so that it makes nothing in the Lua
 * state unless it fails.
 */

#include "modules/lib_process.h"

#include "process/process.h"
#include "value/dest.h"
#include "value/error.h"
#include "value/value.h"

static int refuse(lua_State *L, const char *text);
static int encode(lua_State *L, int last, kd_writer *to);

int
kl__process_send(lua_State *L)
{
    struct kl__process *p = kl__process_of(L);
    int last = lua_gettop(L);
    kd_payload payload = kd_payload_none();
    struct kl__dest dest;
    kd_writer *scratch;
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

    scratch = kl__value_scratch(p);
    if (last > 2) {
        if (encode(L, last, scratch) != 0)
            return kl__value_refuse(L);
        payload = kd_payload_make(KD_FORMAT_TERM, scratch->data, scratch->len);
    }
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
encode(lua_State *L, int last, kd_writer *to)
{
    if (last == 3)
        return kl__value_write(L, 3, "args[1]", to);
    return kl__value_write_args(L, 3, last, to);
}
