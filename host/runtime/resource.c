/* SPDX-License-Identifier: MIT */
/*
 * The thread of a resource. All calls into the resource come from it, so a
 * call that blocks holds up nobody but those who wait for this resource.
 */

#include "runtime/resource.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/memory.h"
#include "runtime/thread.h"

#include <kindred/service.h>
#include <string.h>
#include <sys/random.h>

#define HEALTH_NS     ((kd_time)1000 * 1000 * 1000)
#define HEALTH_ERRORS 3

struct kd__resource {
    struct kd__service *service;
    const kd_resource_kind *kind;
    void *state;       /* The plugin's. */
    void *self;        /* While it runs. */
    uint64_t failures; /* Runs in a row. */
    pthread_t thread;
    int has_thread;
    int must_stop; /* By kd_runtime::lock, as the next one. */
    int is_over;   /* The thread does nothing more. */
};

static void *resource_main(void *arg);
static kd_status resource_run(
    struct kd__resource *resource, kd_time *ran, kd_error *err);
static kd_status resource_up(struct kd__resource *resource, kd_error *err);
static kd_status resource_watch(struct kd__resource *resource, kd_error *err);
static int resource_again(
    struct kd__resource *resource, kd_time ran, const kd_error *err);
static void log_failure(const struct kd__resource *resource,
    const kd_again *again, const kd_error *err);
static int settle(struct kd__resource *resource, uint32_t state);
static void leave(
    struct kd__resource *resource, uint32_t state, const kd_error *why);
static int pause_until(struct kd__resource *resource, kd_time until);

struct kd__resource *
kd__resource_new(struct kd__service *service, void *state)
{
    struct kd__resource *resource = kd__calloc(1, sizeof(*resource));

    if (resource == NULL)
        return NULL;
    resource->service = service;
    resource->kind = service->entry->kind->impl;
    resource->state = state;
    return resource;
}

void
kd__resource_free(struct kd__resource *resource)
{
    kd__free(resource);
}

kd_status
kd__resource_start(struct kd__service *service, kd_error *err)
{
    struct kd__resource *resource = service->resource;

    if (kd__thread_start(
            &resource->thread, "kd-resource", resource_main, resource) != KD_OK)
        return kd__error(err, KD_ESYSTEM, "no thread can be made for it");
    resource->has_thread = 1;
    return KD_OK;
}

void
kd__resource_ask(struct kd__service *service)
{
    kd_runtime *runtime = service->runtime;

    pthread_mutex_lock(&runtime->lock);
    service->resource->must_stop = 1;
    kd__step_changed(runtime);
    pthread_mutex_unlock(&runtime->lock);
}

kd_status
kd__resource_join(struct kd__resource *resource, kd_time until, kd_error *err)
{
    kd_runtime *runtime = resource->service->runtime;
    int is_over;

    if (!resource->has_thread)
        return KD_OK;
    pthread_mutex_lock(&runtime->lock);
    while (!resource->is_over && kd__clock_now() < until)
        kd__step_wait(runtime, until);
    is_over = resource->is_over;
    pthread_mutex_unlock(&runtime->lock);
    if (!is_over)
        return kd__error(err, KD_EBUSY, "a call into %s does not return",
            kd__service_id(resource->service));
    pthread_join(resource->thread, NULL);
    resource->has_thread = 0;
    return KD_OK;
}

static void *
resource_main(void *arg)
{
    struct kd__resource *resource = arg;
    kd_error err = KD_ERROR_INIT;
    kd_time ran;

    while (resource_run(resource, &ran, &err) != KD_OK) {
        if (!resource_again(resource, ran, &err)) {
            leave(resource, KD__SERVICE_FAILED, &err);
            return NULL;
        }
    }
    leave(resource, KD__SERVICE_STOPPED, &err);
    return NULL;
}

/* KD_OK: it was asked to stop, and has; else why it failed. */
static kd_status
resource_run(struct kd__resource *resource, kd_time *ran, kd_error *err)
{
    kd_time began = kd__clock_now();
    kd_status status;

    *ran = 0;
    if (pause_until(resource, 0))
        return KD_OK;
    status = resource_up(resource, err);
    if (status != KD_OK)
        return status;
    if (settle(resource, KD__SERVICE_RUNNING))
        status = resource_watch(resource, err);
    resource->kind->stop(resource->self);
    *ran = kd__clock_now() - began;
    return status;
}

/* Semantics L4: nobody can take back a call that lasts too long, but what it
 * has started is not used. */
static kd_status
resource_up(struct kd__resource *resource, kd_error *err)
{
    const struct kd__service *service = resource->service;
    kd_time most = kd__service_time(service, "lifecycle.start_timeout");
    kd_time began = kd__clock_now();
    kd_error why = KD_ERROR_INIT;
    kd_status status = resource->kind->start(
        resource->state, service->entry, &resource->self, &why);

    status = kd__error_check(&why, status);
    if (status == KD_OK && kd__clock_now() - began > most) {
        resource->kind->stop(resource->self);
        status = kd__error(&why, KD_ETIMEOUT, "service start timed out");
        why.flags = KD_ERROR_RETRYABLE;
    }
    *err = why;
    return status;
}

static kd_status
resource_watch(struct kd__resource *resource, kd_error *err)
{
    const struct kd__service *service = resource->service;
    struct kd__log *log = &service->runtime->log;
    kd_pid nobody = KD_PID_NONE_INIT;
    unsigned errors = 0;
    kd_status status;

    while (errors < HEALTH_ERRORS) {
        if (pause_until(resource, kd__clock_now() + HEALTH_NS))
            return KD_OK;
        if (resource->kind->health == NULL)
            continue;
        memset(err, 0, sizeof(*err));
        err->size = (uint32_t)sizeof(*err);
        status =
            kd__error_check(err, resource->kind->health(resource->self, err));
        errors = status == KD_OK ? 0 : errors + 1;
        if (errors > 0)
            kd__log_text(log, KD_LOG_WARN, nobody, kd__service_id(service),
                "not well, for the %u. time of %d: %s", errors, HEALTH_ERRORS,
                err->text);
    }
    return status;
}

/* Whether there is to be another run; the delay before it is over then, or it
 * was asked to stop. Semantics O1: a required one must start at once. */
static int
resource_again(struct kd__resource *resource, kd_time ran, const kd_error *err)
{
    struct kd__service *service = resource->service;
    kd_runtime *runtime = service->runtime;
    kd_run run = {sizeof(run), err->flags, resource->failures, ran, 0};
    kd_again again = {sizeof(again), 0, 0, 0};
    int is_first;

    pthread_mutex_lock(&runtime->lock);
    is_first = !service->is_settled;
    pthread_mutex_unlock(&runtime->lock);
    if (is_first && !kd__service_is_optional(service))
        return 0;
    if (getrandom(&run.chance, sizeof(run.chance), 0) < 0)
        run.chance = kd__clock_now();
    runtime->service_offer->decide(&runtime->api, service->entry, &run, &again);
    resource->failures = again.failures;
    if (!is_first || again.again)
        log_failure(resource, &again, err);
    if (!again.again)
        return 0;
    settle(resource, KD__SERVICE_STARTING);
    pause_until(resource, kd__clock_now() + again.delay_ns);
    return 1;
}

static void
log_failure(const struct kd__resource *resource, const kd_again *again,
    const kd_error *err)
{
    struct kd__log *log = &resource->service->runtime->log;
    const char *id = kd__service_id(resource->service);
    kd_pid nobody = KD_PID_NONE_INIT;

    if (!again->again)
        kd__log_text(log, KD_LOG_ERROR, nobody, id,
            "failed for good, %llu runs in a row: %s",
            (unsigned long long)again->failures, err->text);
    else
        kd__log_text(log, KD_LOG_WARN, nobody, id,
            "failed, run %llu begins in %.3f s: %s",
            (unsigned long long)again->failures + 1,
            (double)again->delay_ns / 1e9, err->text);
}

/* Nobody waits for its start any more. Returns 0 if it is to stop. */
static int
settle(struct kd__resource *resource, uint32_t state)
{
    struct kd__service *service = resource->service;
    kd_runtime *runtime = service->runtime;
    int goes_on;

    pthread_mutex_lock(&runtime->lock);
    if (service->state != KD__SERVICE_STOPPING)
        service->state = state;
    service->is_settled = 1;
    goes_on = !resource->must_stop;
    kd__step_changed(runtime);
    pthread_mutex_unlock(&runtime->lock);
    return goes_on;
}

static void
leave(struct kd__resource *resource, uint32_t state, const kd_error *why)
{
    kd_runtime *runtime = resource->service->runtime;

    pthread_mutex_lock(&runtime->lock);
    if (resource->service->state == KD__SERVICE_STOPPING)
        state = KD__SERVICE_STOPPED;
    resource->service->state = state;
    resource->service->why = *why;
    resource->is_over = 1;
    kd__step_changed(runtime);
    pthread_mutex_unlock(&runtime->lock);
}

/* Returns whether it is to stop; 0: as soon as that time has come. The steps of
 * a stepped runtime are not for this thread, and nor is what wakes the loop. */
static int
pause_until(struct kd__resource *resource, kd_time until)
{
    kd_runtime *runtime = resource->service->runtime;
    int must_stop;

    pthread_mutex_lock(&runtime->lock);
    while (!resource->must_stop && kd__clock_now() < until)
        kd__thread_cond_wait(&runtime->changed, &runtime->lock, until);
    must_stop = resource->must_stop;
    pthread_mutex_unlock(&runtime->lock);
    return must_stop;
}
