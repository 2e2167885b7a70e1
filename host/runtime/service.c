/* SPDX-License-Identifier: MIT */
/*
 * Starts services and asks them to stop. The process's end comes by the
 * observer, on whatever thread ran it last.
 */

#include "runtime/service.h"

#include "base/error.h"
#include "proc/send.h"
#include "runtime/spawn.h"
#include "runtime/tree_term.h"
#include "term/failure.h"

#include <kindred/term.h>

static void service_ended(void *arg, const kd_exit *exit);
static void service_log(
    const struct kd__service *service, const kd_exit *exit, uint32_t state);
static kd_time stop_timeout(const kd_entry *entry);

kd_status
kd__service_start(struct kd__service *service, kd_error *err)
{
    kd_runtime *runtime = service->runtime;
    const kd_entry *host = kd__entry_host(service->entry);
    kd_spawn spawn = {.size = sizeof(spawn)};
    kd_writer args = {0};
    kd_status status;

    spawn.entry = kd__entry_id(service->entry);
    spawn.host = host == NULL ? "" : kd__entry_id(host);
    spawn.context = spawn.args = kd_payload_none();
    kd__tree_write(kd__entry_get(service->entry, "input"), &args);
    if (args.status == KD_OK && args.len > 0)
        spawn.args = kd_payload_make(KD_FORMAT_TERM, args.data, args.len);
    service->observer.ended = service_ended;
    service->observer.arg = service;
    pthread_mutex_lock(&runtime->lock);
    service->state = KD__SERVICE_RUNNING;
    pthread_mutex_unlock(&runtime->lock);
    status = args.status != KD_OK ? kd__error_memory(err)
                                  : kd__spawn(runtime, NULL, &spawn,
                                        &service->observer, &service->pid, err);
    kd_writer_free(&args);
    if (status == KD_OK)
        return KD_OK;
    pthread_mutex_lock(&runtime->lock);
    service->state = KD__SERVICE_IDLE;
    pthread_mutex_unlock(&runtime->lock);
    kd__error_prefix(err, "%s", spawn.entry);
    return status;
}

void
kd__service_cancel(struct kd__service *service, kd_time now)
{
    kd_runtime *runtime = service->runtime;
    struct kd__guest *guest;
    kd_pid nobody = KD_PID_NONE_INIT;
    kd_time due = now + stop_timeout(service->entry);
    int running;

    pthread_mutex_lock(&runtime->lock);
    running = service->state == KD__SERVICE_RUNNING;
    if (running)
        service->state = KD__SERVICE_ASKED;
    service->asked_at = now;
    service->due = due;
    pthread_mutex_unlock(&runtime->lock);
    if (!running)
        return;
    guest = kd__epoch_visit(&runtime->system.epoch);
    kd__cancel(&runtime->system, nobody, service->pid, due, KD_NEVER,
        "service stopping", NULL);
    kd__epoch_depart(guest);
}

int
kd__service_is_needed(const struct kd__service *service)
{
    const kd_runtime *runtime = service->runtime;
    const kd_entry *const *needs;
    size_t n;

    for (size_t i = 0; i < runtime->n_services; i++) {
        const struct kd__service *other = &runtime->services[i];

        if (other->state != KD__SERVICE_RUNNING &&
            other->state != KD__SERVICE_ASKED)
            continue;
        needs = kd__entry_needs(other->entry, &n);
        for (size_t k = 0; k < n; k++) {
            if (needs[k] == service->entry)
                return 1;
        }
    }
    return 0;
}

static void
service_ended(void *arg, const kd_exit *exit)
{
    struct kd__service *service = arg;
    kd_runtime *runtime = service->runtime;
    uint32_t state;

    pthread_mutex_lock(&runtime->lock);
    state = service->state;
    service->state = KD__SERVICE_ENDED;
    pthread_cond_broadcast(&runtime->changed);
    pthread_mutex_unlock(&runtime->lock);
    service_log(service, exit, state);
}

/* An overdue one was ended by us: that is no failure of its own. */
static void
service_log(
    const struct kd__service *service, const kd_exit *exit, uint32_t state)
{
    struct kd__log *log = &service->runtime->log;
    const char *id = kd__entry_id(service->entry);
    struct kd__failure failure;

    if (!exit->failed)
        kd__log_text(log, KD_LOG_INFO, exit->pid, id, "service ended");
    else if (state == KD__SERVICE_OVERDUE)
        kd__log_text(log, KD_LOG_WARN, exit->pid, id,
            "service did not end in time and was ended by force");
    else if (kd__failure_read(&exit->error, &failure) == KD_OK)
        kd__log_text(log, KD_LOG_ERROR, exit->pid, id,
            "service failed: %.*s%s%s", (int)failure.message_len,
            failure.message, exit->trace == NULL ? "" : "\n",
            exit->trace == NULL ? "" : exit->trace);
    else
        kd__log_text(log, KD_LOG_ERROR, exit->pid, id, "service failed");
}

static kd_time
stop_timeout(const kd_entry *entry)
{
    const kd_node *node = kd__entry_get(entry, "lifecycle.stop_timeout");

    return node == NULL ? 0 : (kd_time)node->integer;
}
