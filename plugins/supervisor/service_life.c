/* SPDX-License-Identifier: MIT */
/*
 * States, events and what is done: the table says all.
 *
 * Semantics O1 and L4: what a service does about its first start depends on
 * its entry. If the application needs it, a first start that fails is the end
 * of the service, and whoever started it sees why. If not, it says that nobody
 * need wait for it, and goes on as after any other failure.
 */

#include "service.h"
#include "service_error.h"
#include "service_log.h"

#include "fault.h"

#include <stdio.h>

/* How a run has failed. */
struct failure {
    const kd_payload *error; /* An error term. */
    kd_time ran_ns;          /* 0: it did not start. */
    uint32_t is_final;       /* Whatever the error says. */
};

typedef void action(struct service *service, const kd_signal *signal);

static action begin, up, end_early, end, end_late, end_stopped, kill_late, stop,
    leave;

/* What is not listed has no effect. */
static action *const table[SERVICE_STATES][SERVICE_EVENTS] = {
    [SERVICE_PAUSED] = {[SERVICE_CANCEL] = leave, [SERVICE_DUE] = begin},
    [SERVICE_STARTING] = {[SERVICE_READY] = up,
        [SERVICE_END] = end_early,
        [SERVICE_CANCEL] = stop,
        [SERVICE_DUE] = kill_late},
    [SERVICE_RUNNING] = {[SERVICE_END] = end, [SERVICE_CANCEL] = stop},
    [SERVICE_KILLING] = {[SERVICE_END] = end_late, [SERVICE_CANCEL] = stop},
    [SERVICE_STOPPING] = {[SERVICE_END] = end_stopped, [SERVICE_CANCEL] = stop},
};

static void enter(
    struct service *service, enum service_state state, kd_time due);
static void fail(struct service *service, const struct failure *failure);
static void fail_with(
    struct service *service, kd_status code, const char *text, kd_time ran_ns);
static void give_up(struct service *service, const struct failure *failure,
    const kd_again *again);
static void settle(struct service *service);
static kd_time since(const struct service *service);
static uint64_t next_chance(struct service *service);

void
ks__service_handle(
    struct service *service, enum service_event event, const kd_signal *signal)
{
    action *act = table[service->state][event];

    if (act != NULL)
        act(service, signal);
}

static void
begin(struct service *service, const kd_signal *signal)
{
    const struct service_plan *plan = service->plan;
    kd_spawn spawn = {.size = sizeof(spawn)};
    kd_error err = KD_ERROR_INIT;
    kd_writer error = {0};
    kd_payload payload;
    kd_status status;

    (void)signal;
    spawn.flags = KD_SPAWN_MONITOR | KD_SPAWN_OWN | KD_SPAWN_NO_MAIL |
                  (plan->says_ready ? KD_SPAWN_READY : 0);
    spawn.entry = plan->process;
    spawn.host = plan->host;
    spawn.args =
        kd_payload_make(KD_FORMAT_TERM, service->args.data, service->args.len);
    spawn.context = kd_payload_none();
    service->began = plan->api->now_ns(plan->api);
    status = kd_proc_spawn(service->proc, &spawn, &service->process, &err);
    if (status == KD_OK && plan->says_ready) {
        enter(service, SERVICE_STARTING,
            plan->start_timeout_ns > KD_NEVER - service->began
                ? KD_NEVER
                : service->began + plan->start_timeout_ns);
        return;
    }
    if (status == KD_OK) {
        up(service, NULL);
        return;
    }
    ks__fault_status(&error, &err);
    payload = ks__fault_payload(&error);
    fail(service, &(struct failure){&payload, 0,
                      strcmp(kd_status_kind(status), "NotFound") == 0 ||
                          strcmp(kd_status_kind(status), "Invalid") == 0});
    kd_writer_free(&error);
}

static void
up(struct service *service, const kd_signal *signal)
{
    (void)signal;
    enter(service, SERVICE_RUNNING, KD_NEVER);
    settle(service);
    ks__service_log_started(service);
}

/* It ended before it was up. */
static void
end_early(struct service *service, const kd_signal *signal)
{
    if (signal->error.format == KD_FORMAT_NONE)
        fail_with(service, KD_EINTERNAL, "service ended before it was ready",
            since(service));
    else
        fail(service, &(struct failure){&signal->error, since(service), 0});
}

static void
kill_late(struct service *service, const kd_signal *signal)
{
    (void)signal;
    kd_proc_terminate(service->proc, service->process, NULL);
    enter(service, SERVICE_KILLING, KD_NEVER);
}

static void
end_late(struct service *service, const kd_signal *signal)
{
    (void)signal;
    fail_with(service, KD_ETIMEOUT, "service start timed out", since(service));
}

/* By itself: a normal end is the end of the service, with the same value. */
static void
end(struct service *service, const kd_signal *signal)
{
    struct service_error none = {0};

    if (signal->error.format != KD_FORMAT_NONE) {
        fail(service, &(struct failure){&signal->error, since(service), 0});
        return;
    }
    ks__service_log_ended(service, &none);
    kd_proc_finish(service->proc, &signal->value);
    leave(service, NULL);
}

/* The deadline is the process's to know; whoever asks sees to it that it is
 * kept, by ending the service. Semantics O4. */
static void
stop(struct service *service, const kd_signal *signal)
{
    uint32_t flags = KD_CANCEL_TOLD;

    if (kd_pid_is_none(signal->from))
        flags |= KD_CANCEL_RUNTIME;
    if (kd_proc_cancel(service->proc, service->process, signal->deadline_ns,
            flags, "service stopping", NULL) == KD_ENOMEM)
        kd_proc_terminate(service->proc, service->process, NULL);
    service->stop_due = signal->deadline_ns;
    enter(service, SERVICE_STOPPING, KD_NEVER);
}

static void
end_stopped(struct service *service, const kd_signal *signal)
{
    struct service_error error;

    ks__service_error_read(&signal->error, &error);
    ks__service_log_ended(service, &error);
    leave(service, NULL);
}

static void
leave(struct service *service, const kd_signal *signal)
{
    (void)signal;
    service->end = KD_NEXT_DONE;
    enter(service, SERVICE_OVER, KD_NEVER);
}

static void
enter(struct service *service, enum service_state state, kd_time due)
{
    service->state = state;
    service->due = due;
}

static void
fail(struct service *service, const struct failure *failure)
{
    const struct service_plan *plan = service->plan;
    kd_run run = {.size = sizeof(run), .failures = service->failures};
    kd_again again = {.size = sizeof(again)};
    struct service_error error;

    ks__service_error_read(failure->error, &error);
    run.flags = failure->is_final ? KD_ERROR_FINAL : error.flags;
    run.ran_ns = failure->ran_ns;
    run.chance = next_chance(service);
    ks__service_offer.decide(plan->api, plan->entry, &run, &again);
    if (!service->is_settled && !plan->is_optional)
        again.again = 0;
    service->failures = again.failures;
    if (!again.again) {
        give_up(service, failure, &again);
        return;
    }
    ks__service_log_again(service, &error, &again);
    enter(
        service, SERVICE_PAUSED, plan->api->now_ns(plan->api) + again.delay_ns);
    settle(service);
}

static void
fail_with(
    struct service *service, kd_status code, const char *text, kd_time ran_ns)
{
    kd_error err = KD_ERROR_INIT;
    kd_writer error = {0};
    kd_payload payload;

    err.code = code;
    err.flags = KD_ERROR_RETRYABLE;
    snprintf(err.text, sizeof(err.text), "%s", text);
    ks__fault_status(&error, &err);
    payload = ks__fault_payload(&error);
    fail(service, &(struct failure){&payload, ran_ns, 0});
    kd_writer_free(&error);
}

/* What the process failed with becomes the failure of the service. */
static void
give_up(struct service *service, const struct failure *failure,
    const kd_again *again)
{
    struct service_error error;
    char trace[4096 + 128];
    size_t len;

    ks__service_error_read(failure->error, &error);
    len = (size_t)snprintf(trace, sizeof(trace),
        "given up after %llu failed runs in a row%s",
        (unsigned long long)again->failures, error.stack == NULL ? "" : "\n");
    if (error.stack != NULL)
        snprintf(trace + len, sizeof(trace) - len, "%.*s",
            error.stack_len > 4096 ? 4096 : (int)error.stack_len, error.stack);
    kd_proc_fail(service->proc, failure->error, trace);
    service->end = KD_NEXT_FAIL;
    enter(service, SERVICE_OVER, KD_NEVER);
}

static void
settle(struct service *service)
{
    if (service->is_settled)
        return;
    service->is_settled = 1;
    kd_proc_ready(service->proc);
}

static kd_time
since(const struct service *service)
{
    const kd_api *api = service->plan->api;

    return api->now_ns(api) - service->began;
}

/* splitmix64, by Sebastiano Vigna. */
static uint64_t
next_chance(struct service *service)
{
    uint64_t z = (service->chance += 0x9e3779b97f4a7c15u);

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}
