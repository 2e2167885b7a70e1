/* SPDX-License-Identifier: MIT */
/*
 * The services that need no process: what kd_api is filled with.
 */

#include "base/error.h"
#include "base/scope.h"
#include "proc/run.h"
#include "proc/send.h"
#include "runtime/pid_text.h"
#include "runtime/runtime.h"
#include "runtime/spawn.h"
#include "term/buf.h"

#include <string.h>

static kd_time
call_now_ns(const kd_api *api)
{
    return kd__system_now(&kd__runtime_of(api)->system);
}

static int64_t
call_unix_ns(const kd_api *api)
{
    return kd__system_unix(&kd__runtime_of(api)->system);
}

static void
call_log(const kd_api *api, const kd_log_record *record)
{
    KD__SCOPE(kd__runtime_of(api)->config.allocator);
    kd__log_add(&kd__runtime_of(api)->log, record);
}

static uint32_t
call_log_wants(const kd_api *api, uint32_t level)
{
    return (uint32_t)kd__log_wants(&kd__runtime_of(api)->log, level);
}

static const void *
call_service(const kd_api *api, const char *id)
{
    (void)api;
    if (strcmp(id, KD_TERMINAL) == 0)
        return &kd__terminal_calls;
    return strcmp(id, KD_MEMORY) == 0 ? &kd__memory_calls : NULL;
}

static const void *
call_offer(const kd_api *api, const char *id, size_t index)
{
    return kd__plugins_offer(kd__runtime_of(api)->plugins, id, index, NULL);
}

static void *
call_offer_state(const kd_api *api, const char *id, size_t index)
{
    struct kd__plugin *plugin = NULL;

    kd__plugins_offer(kd__runtime_of(api)->plugins, id, index, &plugin);
    return plugin == NULL ? NULL : plugin->state;
}

static uint32_t
call_preempts(const kd_api *api)
{
    return kd__runtime_of(api)->system.signal != 0;
}

static const kd_entry *
call_entry_find(const kd_api *api, const char *id)
{
    const kd_runtime *runtime = kd__runtime_of(api);

    if (runtime->entries == NULL)
        return NULL;
    return kd__entries_find(runtime->entries, id);
}

static const kd_entry *
call_entry_at(const kd_api *api, size_t index)
{
    const kd_runtime *runtime = kd__runtime_of(api);

    if (runtime->entries == NULL)
        return NULL;
    return kd__entries_at(runtime->entries, index);
}

static size_t
call_pid_text(const kd_api *api, kd_pid pid, char *text)
{
    return kd__pid_text(&kd__runtime_of(api)->system, pid, text);
}

static kd_status
call_pid_parse(const kd_api *api, const char *text, size_t len, kd_pid *pid)
{
    return kd__pid_parse(&kd__runtime_of(api)->system, text, len, pid);
}

static const kd_entry *
call_pid_entry(const kd_api *api, kd_pid pid)
{
    struct kd__system *system = &kd__runtime_of(api)->system;
    struct kd__guest *guest = kd__epoch_visit(&system->epoch);
    struct kd__proc *proc = kd__proc_find(system, pid);
    const kd_entry *entry = NULL;

    if (proc != NULL && kd__proc_is_alive(proc))
        entry = kd__proc_code(proc)->entry;
    kd__epoch_depart(guest);
    return entry;
}

static uint32_t
call_pid_alive(const kd_api *api, kd_pid pid)
{
    return call_pid_entry(api, pid) != NULL;
}

static uint32_t
call_pid_ending(const kd_api *api, kd_pid pid)
{
    struct kd__system *system = &kd__runtime_of(api)->system;
    struct kd__guest *guest = kd__epoch_visit(&system->epoch);
    struct kd__proc *proc = kd__proc_find(system, pid);
    uint32_t is_ending = proc != NULL && kd__run_is_ending(proc);

    kd__epoch_depart(guest);
    return is_ending;
}

static const kd_policy_kind *
call_entry_policy(const kd_api *api, const kd_entry *entry)
{
    return kd__plugins_find_policy(
        kd__runtime_of(api)->plugins, kd__entry_kind(entry));
}

static kd_status
call_send(const kd_api *api, kd_pid to, const char *topic, size_t topic_len,
    uint32_t flags, const kd_payload *payload, kd_error *err)
{
    KD__SCOPE(kd__runtime_of(api)->config.allocator);
    struct kd__system *system = &kd__runtime_of(api)->system;
    struct kd__letter letter = {KD_PID_NONE_INIT, 0, topic, topic_len, flags, 0,
        kd__payload_or_none(payload)};
    struct kd__guest *guest;
    kd_status status;

    if ((flags & ~KD_MESSAGE_MANY) != 0)
        return kd__error(err, KD_EINVAL, "unknown message flags");
    guest = kd__epoch_visit(&system->epoch);
    status = kd__send(system, to, &letter, err);
    kd__epoch_depart(guest);
    return status;
}

static kd_status
call_spawn(const kd_api *api, const kd_spawn *spawn, kd_pid *pid, kd_error *err)
{
    KD__SCOPE(kd__runtime_of(api)->config.allocator);

    if ((spawn->flags & ~(KD_SPAWN_FUNCTION | KD_SPAWN_TRAP)) != 0)
        return kd__error(err, KD_EINVAL, "only a process can monitor or link");
    return kd__spawn(kd__runtime_of(api), NULL, spawn, NULL, pid, err);
}

static kd_status
call_cancel(const kd_api *api, kd_pid target, kd_time deadline_ns,
    uint32_t flags, const char *reason, kd_error *err)
{
    KD__SCOPE(kd__runtime_of(api)->config.allocator);
    struct kd__system *system = &kd__runtime_of(api)->system;
    kd_pid nobody = KD_PID_NONE_INIT;
    struct kd__guest *guest;
    kd_status status;

    if ((flags & ~(KD_CANCEL_TOLD | KD_CANCEL_RUNTIME)) != 0)
        return kd__error(err, KD_EINVAL, "unknown cancel flags");
    guest = kd__epoch_visit(&system->epoch);
    status = kd__cancel(system, nobody, target, deadline_ns,
        (flags & KD_CANCEL_TOLD) != 0 ? KD_NEVER : deadline_ns, reason, err);
    kd__epoch_depart(guest);
    return status;
}

static kd_status
call_terminate(const kd_api *api, kd_pid target, kd_error *err)
{
    KD__SCOPE(kd__runtime_of(api)->config.allocator);
    struct kd__system *system = &kd__runtime_of(api)->system;
    struct kd__guest *guest = kd__epoch_visit(&system->epoch);
    kd_status status = kd__terminate(system, target, err);

    kd__epoch_depart(guest);
    return status;
}

static kd_status
call_name_register(
    const kd_api *api, const char *name, size_t len, kd_pid pid, kd_error *err)
{
    KD__SCOPE(kd__runtime_of(api)->config.allocator);
    struct kd__system *system = &kd__runtime_of(api)->system;
    struct kd__guest *guest;
    struct kd__proc *proc;
    kd_status status;
    kd_pid read;

    if (len == 0)
        return kd__error(err, KD_EINVAL, "name cannot be empty");
    if (kd__pid_parse(system, name, len, &read) != KD_EINVAL)
        return kd__error(err, KD_EINVAL,
            "name cannot have the form of a pid: %.*s",
            (int)(len > 100 ? 100 : len), name);
    guest = kd__epoch_visit(&system->epoch);
    proc = kd__proc_find(system, pid);
    status = proc == NULL ? KD_EGONE
                          : kd__name_add(&system->names, proc, name, len, NULL);
    kd__epoch_depart(guest);
    if (status == KD_EGONE)
        return kd__send_gone(system, pid, err);
    return kd__name_error(status, name, len, err);
}

static kd_status
call_name_unregister(const kd_api *api, const char *name, size_t len)
{
    KD__SCOPE(kd__runtime_of(api)->config.allocator);
    struct kd__system *system = &kd__runtime_of(api)->system;
    struct kd__guest *guest = kd__epoch_visit(&system->epoch);
    kd_status status = kd__name_remove(system, name, len);

    kd__epoch_depart(guest);
    return status;
}

static kd_status
call_name_find(const kd_api *api, const char *name, size_t len, kd_pid *pid)
{
    return kd__name_find(&kd__runtime_of(api)->system.names, name, len, pid);
}

static kd_buf *
call_buf_copy(const kd_api *api, uint32_t format, const void *data, size_t len)
{
    KD__SCOPE(kd__runtime_of(api)->config.allocator);

    return kd__buf_copy(format, data, len);
}

static kd_buf *
call_buf_wrap(const kd_api *api, uint32_t format, const void *data, size_t len,
    void (*release)(void *arg), void *arg)
{
    KD__SCOPE(kd__runtime_of(api)->config.allocator);

    return kd__buf_wrap(format, data, len, release, arg);
}

static const char *
call_env_get(const kd_api *api, const char *name)
{
    return kd__env_get(&kd__runtime_of(api)->env, name);
}

static const char *
call_env_at(const kd_api *api, size_t index, const char **value)
{
    const struct kd__env *env = &kd__runtime_of(api)->env;

    if (index >= env->n)
        return NULL;
    if (value != NULL)
        *value = env->rows[index].value;
    return env->rows[index].name;
}

static const char *
call_folder(const kd_api *api)
{
    const kd_runtime *runtime = kd__runtime_of(api);

    return runtime->entries == NULL ? NULL
                                    : kd__entries_folder(runtime->entries);
}

const kd_api kd__api_calls = {
    .size = sizeof(kd_api),
    .major = KD_ABI_MAJOR,
    .minor = KD_ABI_MINOR,
    .now_ns = call_now_ns,
    .unix_ns = call_unix_ns,
    .log = call_log,
    .log_wants = call_log_wants,
    .service = call_service,
    .offer = call_offer,
    .preempts = call_preempts,
    .entry_find = call_entry_find,
    .entry_at = call_entry_at,
    .entry_id = kd__entry_id,
    .entry_kind = kd__entry_kind,
    .entry_class = kd__entry_class,
    .entry_get = kd__entry_get,
    .entry_prepared = kd__entry_prepared,
    .pid_text = call_pid_text,
    .pid_parse = call_pid_parse,
    .pid_entry = call_pid_entry,
    .pid_alive = call_pid_alive,
    .pid_ending = call_pid_ending,
    .entry_policy = call_entry_policy,
    .send = call_send,
    .spawn = call_spawn,
    .cancel = call_cancel,
    .terminate = call_terminate,
    .name_register = call_name_register,
    .name_unregister = call_name_unregister,
    .name_find = call_name_find,
    .buf_copy = call_buf_copy,
    .buf_wrap = call_buf_wrap,
    .buf_retain = kd__buf_retain,
    .buf_release = kd__buf_release,
    .buf_payload = kd__buf_payload,
    .env_get = call_env_get,
    .env_at = call_env_at,
    .folder = call_folder,
    .offer_state = call_offer_state,
};
