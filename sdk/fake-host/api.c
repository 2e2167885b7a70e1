/* SPDX-License-Identifier: MIT */
/*
 * The services that need no process.
 */

#include "state.h"

#include <stdio.h>
#include <string.h>

static kd_fake *
of(const kd_api *api)
{
    return (kd_fake *)(uintptr_t)api;
}

static kd_time
api_now_ns(const kd_api *api)
{
    return of(api)->now;
}

/* Some day in 2024, and it goes on as the other clock does. */
static int64_t
api_unix_ns(const kd_api *api)
{
    return INT64_C(1704067200000000000) + (int64_t)of(api)->now;
}

static void
api_log(const kd_api *api, const kd_log_record *record)
{
    const char *text = record->text == NULL ? "" : record->text;
    kd_fake_act act;

    memset(&act, 0, sizeof(act));
    act.what = KD_FAKE_LOG;
    act.level = record->level;
    act.by = record->pid;
    act.topic = record->subject;
    act.payload = kd_payload_make(KD_FORMAT_TEXT, text, strlen(text));
    fake_did(of(api), &act);
}

static uint32_t
api_log_wants(const kd_api *api, uint32_t level)
{
    (void)api;
    return level >= KD_LOG_ERROR && level <= KD_LOG_DEBUG;
}

static const void *
api_service(const kd_api *api, const char *id)
{
    const kd_api *real = of(api)->borrowed;

    return real == NULL ? NULL : real->service(real, id);
}

static const kd_offer *
offer_find(
    kd_fake *fake, const char *id, size_t index, struct fake_plugin **plugin)
{
    const kd_offer *const *offer;
    size_t i;

    for (i = 0; i < fake->n_plugins; i++) {
        offer = fake->plugins[i].plugin->offers;
        for (; offer != NULL && *offer != NULL; offer++) {
            if (strcmp((*offer)->id, id) != 0 || index-- > 0)
                continue;
            *plugin = &fake->plugins[i];
            return *offer;
        }
    }
    return NULL;
}

/* How many offers of this id the own plugins make. */
static size_t
offers_count(kd_fake *fake, const char *id)
{
    struct fake_plugin *plugin;
    size_t count = 0;

    while (offer_find(fake, id, count, &plugin) != NULL)
        count++;
    return count;
}

static int
is_own_offer(kd_fake *fake, const char *id, const void *table)
{
    struct fake_plugin *plugin;
    const kd_offer *offer;
    size_t i;

    for (i = 0; (offer = offer_find(fake, id, i, &plugin)) != NULL; i++) {
        if (offer->table == table)
            return 1;
    }
    return 0;
}

/* The lender's offers follow the own ones, and it may have these plugins too.
 */
static const void *
lent_offer(kd_fake *fake, const char *id, size_t index, size_t *at)
{
    const kd_api *lender = fake->borrowed;
    const void *table;

    if (lender == NULL)
        return NULL;
    for (*at = 0; (table = lender->offer(lender, id, *at)) != NULL; (*at)++) {
        if (!is_own_offer(fake, id, table) && index-- == 0)
            return table;
    }
    return NULL;
}

static const void *
api_offer(const kd_api *api, const char *id, size_t index)
{
    struct fake_plugin *plugin;
    const kd_offer *offer = offer_find(of(api), id, index, &plugin);
    size_t at;

    if (offer != NULL)
        return offer->table;
    return lent_offer(of(api), id, index - offers_count(of(api), id), &at);
}

static void *
api_offer_state(const kd_api *api, const char *id, size_t index)
{
    struct fake_plugin *plugin = NULL;
    const kd_api *lender = of(api)->borrowed;
    size_t at;

    if (offer_find(of(api), id, index, &plugin) != NULL)
        return plugin->state;
    index -= offers_count(of(api), id);
    return lent_offer(of(api), id, index, &at) == NULL
               ? NULL
               : lender->offer_state(lender, id, at);
}

static uint32_t
api_preempts(const kd_api *api)
{
    (void)api;
    return 0;
}

static size_t
api_pid_text(const kd_api *api, kd_pid pid, char *text)
{
    (void)api;
    if (kd_pid_is_none(pid))
        return (size_t)snprintf(text, KD_PID_TEXT, "{|}");
    return (size_t)snprintf(text, KD_PID_TEXT, "{fake:host|0x%llx}",
        (unsigned long long)pid.serial);
}

static kd_status
api_pid_parse(const kd_api *api, const char *text, size_t len, kd_pid *pid)
{
    char copy[KD_PID_TEXT];
    unsigned long long serial;

    (void)api;
    if (len >= sizeof(copy))
        return KD_EINVAL;
    memset(pid, 0, sizeof(*pid));
    if (len == 3 && memcmp(text, "{|}", 3) == 0)
        return KD_OK;
    memcpy(copy, text, len);
    copy[len] = '\0';
    if (sscanf(copy, "{fake:host|0x%llx}", &serial) != 1)
        return KD_EINVAL;
    pid->host = 1;
    pid->serial = serial;
    return KD_OK;
}

static const kd_entry *
api_pid_entry(const kd_api *api, kd_pid pid)
{
    const struct fake_proc *proc = fake_proc_living(of(api), pid);

    return proc == NULL ? NULL : proc->entry;
}

static uint32_t
api_pid_alive(const kd_api *api, kd_pid pid)
{
    return fake_proc_living(of(api), pid) != NULL;
}

static uint32_t
api_pid_ending(const kd_api *api, kd_pid pid)
{
    const struct fake_proc *proc = fake_proc_living(of(api), pid);

    return proc != NULL && (proc->doomed || proc->force != KD_NEVER);
}

static kd_status
api_send(const kd_api *api, kd_pid to, const char *topic, size_t topic_len,
    uint32_t flags, const kd_payload *payload, kd_error *err)
{
    struct fake_proc *proc = fake_proc_living(of(api), to);
    kd_status status = fake_refused(of(api), KD_FAKE_SEND);
    kd_message message;

    memset(&message, 0, sizeof(message));
    message.flags = flags;
    message.topic = topic;
    message.topic_len = topic_len;
    message.payload = payload == NULL ? kd_payload_none() : *payload;
    if (status == KD_OK)
        status = proc == NULL ? KD_EGONE : fake_mail_put(proc, &message);
    return status == KD_OK ? KD_OK
                           : fake_error(err, status, kd_status_text(status));
}

static kd_status
api_spawn(const kd_api *api, const kd_spawn *spawn, kd_pid *pid, kd_error *err)
{
    return fake_spawn(of(api), NULL, spawn, pid, err);
}

static kd_status
api_cancel(const kd_api *api, kd_pid target, kd_time deadline_ns,
    uint32_t flags, const char *reason, kd_error *err)
{
    struct fake_proc *proc = fake_proc_living(of(api), target);
    const kd_pid nobody = KD_PID_NONE_INIT;

    if ((flags & ~(KD_CANCEL_TOLD | KD_CANCEL_RUNTIME)) != 0)
        return fake_error(err, KD_EINVAL, "unknown cancel flags");
    if (proc == NULL)
        return fake_error(err, KD_EGONE, "it has ended");
    return fake_cancel(proc, nobody, flags, reason, deadline_ns);
}

static kd_status
api_terminate(const kd_api *api, kd_pid target, kd_error *err)
{
    struct fake_proc *proc = fake_proc_living(of(api), target);

    if (proc == NULL)
        return fake_error(err, KD_EGONE, "it has ended");
    fake_proc_kill(proc, KD_ECANCELED, "process terminated");
    return KD_OK;
}

void
fake_api_init(kd_api *api)
{
    api->size = (uint32_t)sizeof(*api);
    api->major = KD_ABI_MAJOR;
    api->minor = KD_ABI_MINOR;
    api->now_ns = api_now_ns;
    api->unix_ns = api_unix_ns;
    api->log = api_log;
    api->log_wants = api_log_wants;
    api->service = api_service;
    api->offer = api_offer;
    api->offer_state = api_offer_state;
    api->preempts = api_preempts;
    api->pid_text = api_pid_text;
    api->pid_parse = api_pid_parse;
    api->pid_entry = api_pid_entry;
    api->pid_alive = api_pid_alive;
    api->pid_ending = api_pid_ending;
    api->send = api_send;
    api->spawn = api_spawn;
    api->cancel = api_cancel;
    api->terminate = api_terminate;
    fake_entry_calls(api);
    fake_name_calls(api);
    fake_world_calls(api);
    fake_buf_calls(api);
}
