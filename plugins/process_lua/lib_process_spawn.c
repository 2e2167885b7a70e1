/* SPDX-License-Identifier: MIT */
/*
 * process.spawn and its three sisters (semantics P3 to P6).
 */

#include "lib_process.h"

#include "dest.h"
#include "error.h"
#include "process.h"
#include "value.h"

#include <string.h>

static int spawn(lua_State *L, const char *function, uint32_t flags);
static int refuse_arguments(
    lua_State *L, const struct kl__process *p, const kd_spawn *how);
static int refuse(
    lua_State *L, const char *kind, const char *text, const char *id);
static int refuse_kind(lua_State *L, const struct kl__process *p,
    const char *text, const kd_entry *entry);

int
kl__process_spawn(lua_State *L)
{
    return spawn(L, "spawn", 0);
}

int
kl__process_spawn_monitored(lua_State *L)
{
    return spawn(L, "spawn_monitored", KD_SPAWN_MONITOR);
}

int
kl__process_spawn_linked(lua_State *L)
{
    return spawn(L, "spawn_linked", KD_SPAWN_LINK);
}

int
kl__process_spawn_linked_monitored(lua_State *L)
{
    return spawn(L, "spawn_linked_monitored", KD_SPAWN_LINK | KD_SPAWN_MONITOR);
}

static int
spawn(lua_State *L, const char *function, uint32_t flags)
{
    struct kl__process *p = kl__process_of(L);
    int last = lua_gettop(L);
    kd_writer *scratch;
    kd_spawn how;
    kd_status status;
    kd_error err;
    kd_pid pid;

    if (last < 2)
        return kl__error_nil(L, "Invalid", KL_RETRY_UNKNOWN,
            "%s requires at least id and host arguments", function);
    memset(&how, 0, sizeof(how));
    how.size = (uint32_t)sizeof(how);
    how.flags = flags;
    how.entry = kl__dest_text(L, 1, NULL);
    how.host = kl__dest_text(L, 2, NULL);
    how.args = kd_payload_none();
    how.context = kd_proc_context(p->proc);

    scratch = kl__value_scratch(p);
    if (last > 2) {
        if (kl__value_write_args(L, 3, last, scratch) != 0)
            return refuse_arguments(L, p, &how);
        how.args = kd_payload_make(KD_FORMAT_TERM, scratch->data, scratch->len);
    }
    kl__process_error_init(&err);
    status = kd_proc_spawn(p->proc, &how, &pid, &err);
    kl__value_scratch_trim(p);
    if (status != KD_OK)
        return kl__process_result(L, status, &err);
    kl__dest_push(L, pid);
    return 1;
}

/*
 * The arguments are looked at only when all else is right, and the host looks
 * at all else when it is asked to spawn. What can be known without that is
 * said first, so that the order of P6 holds; the sentence about the arguments
 * is on top of the stack.
 */
static int
refuse_arguments(lua_State *L, const struct kl__process *p, const kd_spawn *how)
{
    const kd_api *api = p->api;
    const kd_entry *host = api->entry_find(api, how->host);
    const kd_entry *entry = api->entry_find(api, how->entry);

    if (host == NULL)
        return refuse(L, "NotFound", "host not found", how->host);
    if (api->entry_class(host) != KD_CLASS_HOST)
        return refuse_kind(L, p, "not a host", host);
    if (entry == NULL)
        return refuse(L, "NotFound", "entry not found", how->entry);
    if (api->entry_class(entry) != KD_CLASS_WORKER ||
        strcmp(api->entry_kind(entry), "function.lua") == 0)
        return refuse_kind(L, p, "not a process", entry);
    return kl__value_refuse(L);
}

static int
refuse(lua_State *L, const char *kind, const char *text, const char *id)
{
    return kl__error_nil(L, kind, KL_RETRY_UNKNOWN, "%s: %s", text, id);
}

static int
refuse_kind(lua_State *L, const struct kl__process *p, const char *text,
    const kd_entry *entry)
{
    return kl__error_nil(L, "Invalid", KL_RETRY_UNKNOWN, "%s: %s (%s)", text,
        p->api->entry_id(entry), p->api->entry_kind(entry));
}
