/* SPDX-License-Identifier: MIT */
/*
 * Starts services and asks them to stop. What becomes of a process comes by
 * the observer, on whatever thread ran it last.
 */

#include "runtime/service.h"

#include "base/error.h"
#include "proc/send.h"
#include "runtime/resource.h"
#include "runtime/spawn.h"
#include "term/failure.h"

#include <stdio.h>
#include <string.h>

static kd_status host_start(struct kd__service *service, kd_error *err);
static kd_status process_start(struct kd__service *service, kd_error *err);
static kd_status find_host(
    kd_runtime *runtime, struct kd__host **host, kd_error *err);
static void process_ask(struct kd__service *service);
static void on_ready(void *arg, kd_pid pid);
static void on_ended(void *arg, const kd_exit *exit);
static void keep_reason(struct kd__service *service, const kd_exit *exit);
static void log_end(
    const struct kd__service *service, const kd_exit *exit, uint32_t state);

/* What services of each class do. */
static const struct {
    uint32_t cls;
    kd_status (*start)(struct kd__service *service, kd_error *err);
    void (*ask)(struct kd__service *service);
} classes[] = {
    {KD_CLASS_HOST, host_start, NULL},
    {KD_CLASS_WORKER, process_start, process_ask},
    {KD_CLASS_RESOURCE, kd__resource_start, kd__resource_ask},
};

#define CLASSES (sizeof(classes) / sizeof(classes[0]))

kd_status
kd__service_start(struct kd__service *service, kd_error *err)
{
    for (size_t i = 0; i < CLASSES; i++) {
        if (classes[i].cls == kd__entry_class(service->entry))
            return classes[i].start(service, err);
    }
    return kd__error(
        err, KD_EINVAL, "nothing starts a %s", kd__entry_kind(service->entry));
}

void
kd__service_ask(struct kd__service *service)
{
    for (size_t i = 0; i < CLASSES; i++) {
        if (classes[i].cls == kd__entry_class(service->entry))
            classes[i].ask(service);
    }
}

int
kd__service_is_alive(const struct kd__service *service)
{
    return service->state == KD__SERVICE_STARTING ||
           service->state == KD__SERVICE_RUNNING ||
           service->state == KD__SERVICE_STOPPING;
}

int
kd__service_is_optional(const struct kd__service *service)
{
    const kd_node *node = kd__entry_get(service->entry, "lifecycle.startup");

    return node != NULL && strcmp(node->text, "optional") == 0;
}

kd_time
kd__service_time(const struct kd__service *service, const char *path)
{
    const kd_node *node = kd__entry_get(service->entry, path);

    return node == NULL ? 0 : (kd_time)node->integer;
}

/* Instead of a start: the host's work is done in steps. */
static kd_status
host_join(struct kd__service *service, kd_error *err)
{
    struct kd__host *host = service->host;
    int fd;

    if (host->kind->step == NULL)
        return kd__error(err, KD_EUNAVAIL, "hosts of kind %s cannot be stepped",
            kd__entry_kind(service->entry));
    fd = host->kind->fd(host->self);
    if (fd < 0 || kd__step_add(service->runtime, fd) != KD_OK)
        return kd__error(
            err, KD_ESYSTEM, "its descriptor cannot be waited for");
    return KD_OK;
}

static kd_status
host_start(struct kd__service *service, kd_error *err)
{
    kd_runtime *runtime = service->runtime;
    struct kd__host *host = service->host;
    kd_pid nobody = KD_PID_NONE_INIT;
    kd_status status = runtime->step.is_on ? host_join(service, err)
                                           : host->kind->start(host->self, err);

    status = kd__error_check(err, status);
    if (status != KD_OK)
        return status;
    atomic_store(&host->state, KD__HOST_RUNNING);
    kd__log_text(&runtime->log, KD_LOG_DEBUG, nobody, host->id, "host started");
    pthread_mutex_lock(&runtime->lock);
    service->state = KD__SERVICE_RUNNING;
    service->is_settled = 1;
    pthread_mutex_unlock(&runtime->lock);
    return KD_OK;
}

static kd_status
process_start(struct kd__service *service, kd_error *err)
{
    kd_runtime *runtime = service->runtime;
    struct kd__host *host = service->host;
    kd_status status = KD_OK;
    kd_pid pid;

    if (host == NULL)
        status = find_host(runtime, &host, err);
    if (status != KD_OK)
        return status;
    service->observer.ended = on_ended;
    service->observer.ready = on_ready;
    service->observer.arg = service;
    status = kd__spawn_own(
        runtime, host, service->code, &service->observer, &pid, err);
    if (status != KD_OK)
        return status;
    pthread_mutex_lock(&runtime->lock);
    service->pid = pid;
    pthread_mutex_unlock(&runtime->lock);
    return KD_OK;
}

/* For kinds that have a lifecycle and do not say where they run. */
static kd_status
find_host(kd_runtime *runtime, struct kd__host **host, kd_error *err)
{
    const char *id;
    kd_status status = kd_runtime_host(runtime, &id, err);

    if (status == KD_OK)
        *host = kd__runtime_host(runtime, id);
    return status;
}

/* One that cannot be asked, without memory, would let its time pass. */
static void
process_ask(struct kd__service *service)
{
    struct kd__system *system = &service->runtime->system;
    struct kd__guest *guest = kd__epoch_visit(&system->epoch);
    kd_pid nobody = KD_PID_NONE_INIT;
    kd_status status = kd__cancel(system, nobody, service->pid, service->due,
        KD_NEVER, "service stopping", NULL);

    if (status == KD_ENOMEM)
        kd__terminate(system, service->pid, NULL);
    kd__epoch_depart(guest);
}

static void
on_ready(void *arg, kd_pid pid)
{
    struct kd__service *service = arg;
    kd_runtime *runtime = service->runtime;

    (void)pid;
    pthread_mutex_lock(&runtime->lock);
    if (service->state == KD__SERVICE_STARTING)
        service->state = KD__SERVICE_RUNNING;
    service->is_settled = 1;
    kd__step_changed(runtime);
    pthread_mutex_unlock(&runtime->lock);
}

static void
on_ended(void *arg, const kd_exit *exit)
{
    struct kd__service *service = arg;
    kd_runtime *runtime = service->runtime;
    uint32_t was_settled, state;

    pthread_mutex_lock(&runtime->lock);
    state = service->state;
    was_settled = service->is_settled;
    if (exit->failed)
        keep_reason(service, exit);
    if (state == KD__SERVICE_STOPPING)
        service->state = KD__SERVICE_STOPPED;
    else
        service->state = exit->failed ? KD__SERVICE_FAILED : KD__SERVICE_EXITED;
    service->is_settled = was_settled || !exit->failed;
    kd__step_changed(runtime);
    pthread_mutex_unlock(&runtime->lock);
    if (exit->failed && was_settled)
        log_end(service, exit, state);
}

/* The lock is held. */
static void
keep_reason(struct kd__service *service, const kd_exit *exit)
{
    struct kd__failure failure;

    if (kd__failure_read(&exit->error, &failure) != KD_OK)
        failure.message_len = 0;
    kd__error(&service->why, KD_EUNAVAIL, "%.*s",
        (int)(failure.message_len > KD_ERROR_TEXT ? KD_ERROR_TEXT
                                                  : failure.message_len),
        failure.message_len == 0 ? "" : failure.message);
}

/* One that failed before it had started is told of by whoever started it. */
static void
log_end(const struct kd__service *service, const kd_exit *exit, uint32_t state)
{
    struct kd__log *log = &service->runtime->log;
    const char *id = kd__service_id(service);
    struct kd__failure failure;

    if (state == KD__SERVICE_STOPPING)
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
