/* SPDX-License-Identifier: MIT */
/*
 * The module `events` (semantics B5).
 */

#include "events/lib_events.h"

#include "events/event_pattern.h"
#include "events/subscription.h"
#include "modules/lib_base.h"
#include "process/preempt.h"
#include "process/process.h"
#include "value/dest.h"
#include "value/error.h"
#include "value/object.h"
#include "value/value.h"

#include <lauxlib.h>

/* Beyond it the receivers of an event share its bytes. */
#define SHARED_BYTES 512

/* A subscription for programs; its user value is the channel. */
struct handle {
    struct kl__subscription *subscription; /* NULL: closed. */
};

static int get_channel(lua_State *L);
static int close_handle(lua_State *L);

static const luaL_Reg methods[] = {
    {"channel", get_channel}, {"close", close_handle}, {NULL, NULL}};
static const struct kl__type handle_type = {
    .name = "subscription", .methods = methods, .common = KL_OBJECT_OTHER};

static int
refuse(lua_State *L, const char *text)
{
    return kl__error_nil(L, "Invalid", KL_RETRY_NO, "%s", text);
}

/* A string that must be there; nil and the empty one are not. */
static int
read_text(lua_State *L, int index, const char **text, size_t *len)
{
    if (lua_isnoneornil(L, index))
        return 0;
    *text = kl__dest_text(L, index, len);
    return *len > 0;
}

/* Returns 0, or what it pushes: nil and an Error. */
static int
check_pattern(lua_State *L, const char *which, const char *pattern, size_t len)
{
    const char *why =
        pattern == NULL ? NULL : kl__event_pattern_check(pattern, len);

    return why == NULL
               ? 0
               : kl__error_nil(L, "Invalid", KL_RETRY_NO,
                     "invalid %s pattern \"%s\": %s", which, pattern, why);
}

static int
subscribe(lua_State *L)
{
    struct kl__process *p = kl__process_of(L);
    struct kl__bus_event patterns = {0};
    struct handle *handle;
    int refused;

    lua_settop(L, 2);
    if (!read_text(L, 1, &patterns.system, &patterns.system_len))
        return refuse(L, "system pattern is required");
    if (!lua_isnil(L, 2) &&
        !read_text(L, 2, &patterns.kind, &patterns.kind_len))
        return refuse(L, "kind pattern is empty");
    refused = check_pattern(L, "system", patterns.system, patterns.system_len);
    if (refused == 0)
        refused = check_pattern(L, "kind", patterns.kind, patterns.kind_len);
    if (refused != 0)
        return refused;
    handle = (struct handle *)lua_newuserdatauv(L, sizeof(*handle), 1);
    handle->subscription = NULL;
    kl__object_set(L, &handle_type);
    handle->subscription = kl__subscription_open(L, p, &patterns);
    if (handle->subscription == NULL)
        return kl__error_nil(L, "Internal", KL_RETRY_YES, "out of memory");
    lua_setiuservalue(L, 3, 1);
    return 1;
}

static int
get_channel(lua_State *L)
{
    kl__object_check(L, 1, &handle_type);
    lua_getiuservalue(L, 1, 1);
    return 1;
}

static int
close_handle(lua_State *L)
{
    struct handle *handle =
        (struct handle *)kl__object_check(L, 1, &handle_type);
    struct kl__subscription *subscription = handle->subscription;

    handle->subscription = NULL;
    if (subscription != NULL)
        kl__subscription_close(L, kl__process_of(L), subscription);
    lua_pushboolean(L, 1);
    return 1;
}

/* The first miss of a process is said, whoever sends. */
static void
tell_of_miss(struct kl__process *p, struct kl__bus_member *member)
{
    kd_log_record record = {.size = sizeof(record), .level = KD_LOG_WARN};
    const kd_entry *entry;

    if (atomic_exchange(&member->has_missed, 1))
        return;
    entry = p->api->pid_entry(p->api, member->pid);
    record.pid = member->pid;
    record.subject = entry == NULL ? NULL : p->api->entry_id(entry);
    record.text = "misses events: its mailbox is full";
    p->api->log(p->api, &record);
}

static void
send_to_all(struct kl__process *p, const struct kl__bus_found *found,
    const kd_payload *payload)
{
    kd_status status;

    for (size_t i = 0; i < found->count; i++) {
        status = kd_proc_send(p->proc, found->members[i]->pid, KL_BUS_TOPIC,
            sizeof(KL_BUS_TOPIC) - 1, 0, payload, NULL);
        if (status == KD_EFULL || status == KD_ETOOBIG)
            tell_of_miss(p, found->members[i]);
    }
}

/* Nothing here touches the Lua state. */
static kd_status
publish(struct kl__process *p, const struct kl__bus_event *event,
    const kd_writer *bytes)
{
    kd_payload payload =
        kd_payload_make(KD_FORMAT_TERM, bytes->data, bytes->len);
    struct kl__bus_found found;
    kd_status status = kl__bus_find(p->subscriptions.bus, event, &found);
    kd_buf *shared = NULL;

    if (status != KD_OK)
        return status;
    if (found.count > 1 && bytes->len > SHARED_BYTES)
        shared =
            p->api->buf_copy(p->api, KD_FORMAT_TERM, bytes->data, bytes->len);
    if (shared != NULL)
        payload = p->api->buf_payload(shared);
    send_to_all(p, &found, &payload);
    p->api->buf_release(shared);
    kl__bus_found_free(&found);
    return KD_OK;
}

static int
send(lua_State *L)
{
    struct kl__process *p = kl__process_of(L);
    struct kl__bus_event event;
    kd_writer *bytes;
    const char *path;
    size_t path_len;
    kd_status status;

    lua_settop(L, 4);
    if (!read_text(L, 1, &event.system, &event.system_len))
        return refuse(L, "system is required");
    if (!read_text(L, 2, &event.kind, &event.kind_len))
        return refuse(L, "kind is required");
    if (!read_text(L, 3, &path, &path_len))
        return refuse(L, "path is required");
    kl__preempt_call(L);
    bytes = kl__value_scratch(p);
    if (kl__event_write(L, kl__bus_count(p->subscriptions.bus), &event, path,
            path_len, 4, bytes) != 0)
        return kl__value_refuse(L, KL_RETRY_NO);
    status = publish(p, &event, bytes);
    kl__value_scratch_trim(p);
    if (status != KD_OK)
        return kl__error_nil(L, "Internal", KL_RETRY_YES, "out of memory");
    lua_pushboolean(L, 1);
    return 1;
}

int
kl__open_events(lua_State *L)
{
    static const luaL_Reg functions[] = {
        {"subscribe", subscribe}, {"send", send}, {NULL, NULL}};

    luaL_newlib(L, functions);
    kl__readonly(L);
    return 1;
}
