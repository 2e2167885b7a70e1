/* SPDX-License-Identifier: MIT */
/*
 * Starting an application (semantics L3, L4, O1): every service as soon as all
 * that it needs has started, and those that do not need each other at the same
 * time.
 *
 * The loader's thread starts them and waits; how they do shows in their states.
 */

#include "base/clock.h"
#include "base/error.h"
#include "base/scope.h"
#include "runtime/runtime.h"
#include "runtime/service_set.h"
#include "runtime/thread.h"

#include <string.h>

/* What one look at all services has found. */
struct round {
    size_t n_waiting; /* That are neither settled nor failed. */
    int has_moved;    /* Something was started: look again. */
    kd_time next;     /* When the next start is overdue. */
    struct kd__service *failed;
};

static kd_status services_start(kd_runtime *runtime, kd_error *err);
static void round_make(kd_runtime *runtime, struct round *round);
static void service_look(struct kd__service *service, struct round *round);
static int has_failed(struct kd__service *service);
static void service_begin(struct kd__service *service, struct round *round);
static void service_fails(struct kd__service *service, struct round *round);
static void blocked_tell(kd_runtime *runtime);

kd_status
kd_runtime_start(kd_runtime *runtime, kd_error *err)
{
    KD__SCOPE(runtime->config.allocator);

    if (runtime->stage == KD__STAGE_NEW)
        return KD_OK;
    if (runtime->stage == KD__STAGE_FAILED)
        return kd__error(
            err, KD_ECONFLICT, "the application could not be opened");
    if (runtime->stage != KD__STAGE_OPEN)
        return kd__error(
            err, KD_ECONFLICT, "a runtime can be started only once");
    runtime->stage = KD__STAGE_STARTED;
    runtime->step.thread = pthread_self();
    kd__preempt_install(runtime);
    return services_start(runtime, err);
}

void
kd_runtime_interrupt(kd_runtime *runtime)
{
    pthread_mutex_lock(&runtime->lock);
    runtime->is_interrupted = 1;
    kd__step_changed(runtime);
    pthread_mutex_unlock(&runtime->lock);
}

/* Until all are settled, one that must has failed, or somebody interrupts. */
static kd_status
services_start(kd_runtime *runtime, kd_error *err)
{
    struct round round;
    kd_status status = KD_OK;

    pthread_mutex_lock(&runtime->lock);
    for (;;) {
        round_make(runtime, &round);
        if (runtime->is_interrupted || round.failed != NULL ||
            round.n_waiting == 0)
            break;
        if (!round.has_moved)
            kd__step_wait(runtime, round.next);
    }
    if (round.failed != NULL) {
        status = round.failed->why.code;
        if (err != NULL)
            *err = round.failed->why;
        kd__error_prefix(err, "%s", kd__service_id(round.failed));
        blocked_tell(runtime);
    } else if (round.n_waiting > 0) {
        status = kd__error(err, KD_ECANCELED, "the start was interrupted");
    }
    pthread_mutex_unlock(&runtime->lock);
    return status;
}

/* The lock is held, but not throughout. */
static void
round_make(kd_runtime *runtime, struct round *round)
{
    memset(round, 0, sizeof(*round));
    round->next = KD_NEVER;
    for (size_t i = 0; i < runtime->n_services; i++) {
        if (!runtime->services[i].is_settled && round->failed == NULL)
            service_look(&runtime->services[i], round);
    }
}

static void
service_look(struct kd__service *service, struct round *round)
{
    if (service->state == KD__SERVICE_UNKNOWN &&
        kd__services_may_start(service))
        service_begin(service, round);
    if (has_failed(service))
        service_fails(service, round);
    if (service->is_settled)
        return;
    round->n_waiting++;
    /* A process is given up by the one that looks after it. */
    if (service->state == KD__SERVICE_STARTING && service->resource != NULL &&
        service->due < round->next)
        round->next = service->due;
}

/*
 * Whether its start has, or takes too long. A settled one has started: it may
 * even have run and failed since, which is no matter of the start.
 */
static int
has_failed(struct kd__service *service)
{
    if (service->is_settled)
        return 0;
    if (service->state == KD__SERVICE_STARTING && service->resource != NULL &&
        service->due <= kd__clock_now()) {
        kd__error(&service->why, KD_ETIMEOUT, "service start timed out");
        return 1;
    }
    return service->state == KD__SERVICE_FAILED;
}

static void
service_begin(struct kd__service *service, struct round *round)
{
    kd_runtime *runtime = service->runtime;
    kd_time timeout = kd__service_time(service, "lifecycle.start_timeout");
    kd_error why = KD_ERROR_INIT;
    kd_status status;

    round->has_moved = 1;
    service->state = KD__SERVICE_STARTING;
    service->due = kd__clock_now() + timeout;
    pthread_mutex_unlock(&runtime->lock);
    status = kd__service_start(service, &why);
    pthread_mutex_lock(&runtime->lock);
    if (status == KD_OK)
        return;
    service->why = why;
    service->state = KD__SERVICE_FAILED;
}

/* An optional one is only warned of. */
static void
service_fails(struct kd__service *service, struct round *round)
{
    kd_runtime *runtime = service->runtime;
    kd_pid nobody = KD_PID_NONE_INIT;

    if (!kd__service_is_optional(service)) {
        round->failed = service;
        return;
    }
    service->is_settled = 1;
    round->has_moved = 1;
    kd__log_text(&runtime->log, KD_LOG_WARN, nobody, kd__service_id(service),
        "not started, and the application goes on without it: %s",
        service->why.text);
}

/* In start order, so that what blocks was told of before what it blocks. The
 * lock is held. */
static void
blocked_tell(kd_runtime *runtime)
{
    kd_pid nobody = KD_PID_NONE_INIT;

    for (size_t i = 0; i < runtime->n_services; i++) {
        struct kd__service *service = &runtime->services[i];
        const struct kd__service *need = kd__services_lacks(service);

        if (service->state != KD__SERVICE_UNKNOWN || need == NULL)
            continue;
        service->state = KD__SERVICE_FAILED;
        kd__error(&service->why, KD_EUNAVAIL,
            "service startup blocked by missing dependencies: %s requires %s",
            kd__service_id(service), kd__service_id(need));
        kd__log_text(&runtime->log, KD_LOG_ERROR, nobody,
            kd__service_id(service), "%s", service->why.text);
    }
}
