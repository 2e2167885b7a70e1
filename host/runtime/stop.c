/* SPDX-License-Identifier: MIT */
/*
 * Stopping in order (semantics O4 to O6): services by their dependencies, then
 * what else the hosts run, at last what did not end by itself.
 *
 * The loader's thread does the asking and the waiting; ends are reported to it
 * by kd_runtime::changed.
 */

#include "base/clock.h"
#include "base/error.h"
#include "proc/send.h"
#include "runtime/runtime.h"
#include "runtime/service.h"
#include "runtime/thread.h"

#include <sched.h>

#define SECOND_NS ((kd_time)1000 * 1000 * 1000)

/* The least that calls get to return in, after all is forced. */
#define STUCK_NS (SECOND_NS / 2)

/* How far a wait has got, so that it is spoken of once. */
struct patience {
    kd_time began;
    kd_time until;
    int spoken;
};

static void services_stop(kd_runtime *runtime, kd_time until);
static kd_time services_ask(kd_runtime *runtime, kd_time now);
static void hosts_drain(kd_runtime *runtime, kd_time until);
static kd_time hosts_close(kd_runtime *runtime, kd_time now);
static uint64_t hosts_count(const kd_runtime *runtime);
static uint64_t services_overdue(kd_runtime *runtime);
static void processes_cancel(kd_runtime *runtime, kd_time now);
static void processes_force(kd_runtime *runtime);
static int is_overdue(kd_runtime *runtime, kd_pid pid);
static kd_time host_timeout(const kd_runtime *runtime, uint32_t number);
static kd_time wait_until(kd_runtime *runtime, struct patience *patience,
    kd_time next, const char *whom);
static kd_status hosts_stop(kd_runtime *runtime, kd_error *err);
static kd_status writers_stop(
    kd_runtime *runtime, kd_time until, kd_error *err);

kd_status
kd__stop(kd_runtime *runtime, uint64_t timeout_ns, kd_error *err)
{
    kd_time now = kd__clock_now();
    kd_time until = timeout_ns > KD_NEVER - now ? KD_NEVER : now + timeout_ns;
    kd_status status;

    kd__input_close(&runtime->input);
    if (runtime->stage == KD__STAGE_STARTED) {
        services_stop(runtime, until);
        hosts_drain(runtime, until);
        status = hosts_stop(runtime, err);
        if (status != KD_OK)
            return status;
        kd__preempt_remove(runtime);
        runtime->stage = KD__STAGE_STOPPED;
    }
    return writers_stop(runtime, until, err);
}

static void
services_stop(kd_runtime *runtime, kd_time until)
{
    struct patience patience = {kd__clock_now(), until, 0};
    kd_time now = patience.began;
    const char *whom;
    kd_time next;

    pthread_mutex_lock(&runtime->lock);
    while ((next = services_ask(runtime, now)) != 0 && now < until) {
        whom = "services";
        for (size_t i = 0; i < runtime->n_services; i++) {
            if (runtime->services[i].state == KD__SERVICE_ASKED)
                whom = kd__entry_id(runtime->services[i].entry);
        }
        now = wait_until(runtime, &patience, next, whom);
    }
    pthread_mutex_unlock(&runtime->lock);
}

/*
 * Ask those whose dependents have ended, and give up on those that took too
 * long. Returns when to look again at the latest; 0: there is none left to
 * wait for. The lock is held, but not throughout.
 */
static kd_time
services_ask(kd_runtime *runtime, kd_time now)
{
    struct kd__service *service;
    kd_time next = 0;

    for (size_t i = runtime->n_services; i-- > 0;) {
        service = &runtime->services[i];
        if (service->state == KD__SERVICE_RUNNING &&
            !kd__service_is_needed(service)) {
            pthread_mutex_unlock(&runtime->lock);
            kd__service_cancel(service, now);
            pthread_mutex_lock(&runtime->lock);
        }
        if (service->state == KD__SERVICE_ASKED && service->due <= now)
            service->state = KD__SERVICE_OVERDUE;
    }
    for (size_t i = 0; i < runtime->n_services; i++) {
        service = &runtime->services[i];
        if (service->state == KD__SERVICE_ASKED &&
            (next == 0 || service->due < next))
            next = service->due;
    }
    if (next != 0)
        return next;
    /* Those that an overdue one just released are asked in another round. */
    for (size_t i = 0; i < runtime->n_services; i++) {
        if (runtime->services[i].state == KD__SERVICE_RUNNING)
            return now;
    }
    return 0;
}

static void
hosts_drain(kd_runtime *runtime, kd_time until)
{
    struct patience patience = {kd__clock_now(), until, 0};
    kd_time now = patience.began;
    kd_time deadline = hosts_close(runtime, now);
    int forced = 0;

    processes_cancel(runtime, now);
    if (deadline > until)
        deadline = until;
    pthread_mutex_lock(&runtime->lock);
    while (hosts_count(runtime) > 0) {
        if (!forced && (now >= deadline ||
                           hosts_count(runtime) <= services_overdue(runtime))) {
            pthread_mutex_unlock(&runtime->lock);
            processes_force(runtime);
            pthread_mutex_lock(&runtime->lock);
            forced = 1;
            deadline = now + STUCK_NS > until ? now + STUCK_NS : until;
            patience.until = deadline;
            continue;
        }
        if (forced && now >= deadline) {
            if (atomic_load(&runtime->system.stuck) == hosts_count(runtime))
                break;
            patience.until = deadline = now + STUCK_NS;
        }
        now = wait_until(runtime, &patience, deadline, "processes");
    }
    pthread_mutex_unlock(&runtime->lock);
}

/* No spawn succeeds from now on. Returns the latest of the deadlines. */
static kd_time
hosts_close(kd_runtime *runtime, kd_time now)
{
    kd_time deadline = now;
    uint32_t running;

    for (uint32_t i = 0; i < runtime->system.n_hosts; i++) {
        struct kd__host *host = &runtime->hosts[i];

        running = KD__HOST_RUNNING;
        if (!atomic_compare_exchange_strong(
                &host->state, &running, KD__HOST_STOPPING))
            continue;
        while (atomic_load(&host->spawning) > 0)
            sched_yield();
        if (now + host_timeout(runtime, i + 1) > deadline)
            deadline = now + host_timeout(runtime, i + 1);
    }
    return deadline;
}

static uint64_t
hosts_count(const kd_runtime *runtime)
{
    uint64_t count = 0;

    for (uint32_t i = 0; i < runtime->system.n_hosts; i++)
        count += atomic_load(&runtime->hosts[i].count);
    return count;
}

static uint64_t
services_overdue(kd_runtime *runtime)
{
    uint64_t count = 0;

    for (size_t i = 0; i < runtime->n_services; i++)
        count += runtime->services[i].state == KD__SERVICE_OVERDUE;
    return count;
}

static void
processes_cancel(kd_runtime *runtime, kd_time now)
{
    struct kd__system *system = &runtime->system;
    kd_pid nobody = KD_PID_NONE_INIT;
    struct kd__guest *guest;
    struct kd__proc *proc;
    kd_time deadline;
    int more = 1;

    for (size_t i = 0; more; i++) {
        guest = kd__epoch_visit(&system->epoch);
        proc = kd__table_at(&system->table, i, &more);
        if (proc != NULL && !is_overdue(runtime, proc->pid)) {
            deadline = now + host_timeout(runtime, proc->pid.host);
            kd__cancel(system, nobody, proc->pid, deadline, deadline,
                "scheduler shutdown", NULL);
        }
        kd__epoch_depart(guest);
    }
}

static void
processes_force(kd_runtime *runtime)
{
    struct kd__system *system = &runtime->system;
    struct kd__guest *guest;
    struct kd__proc *proc;
    int more = 1;

    for (size_t i = 0; more; i++) {
        guest = kd__epoch_visit(&system->epoch);
        proc = kd__table_at(&system->table, i, &more);
        if (proc != NULL)
            kd__terminate(system, proc->pid, NULL);
        kd__epoch_depart(guest);
    }
}

static int
is_overdue(kd_runtime *runtime, kd_pid pid)
{
    int overdue = 0;

    pthread_mutex_lock(&runtime->lock);
    for (size_t i = 0; i < runtime->n_services; i++) {
        if (runtime->services[i].state == KD__SERVICE_OVERDUE &&
            kd_pid_equal(runtime->services[i].pid, pid))
            overdue = 1;
    }
    pthread_mutex_unlock(&runtime->lock);
    return overdue;
}

static kd_time
host_timeout(const kd_runtime *runtime, uint32_t number)
{
    const char *id = runtime->hosts[number - 1].id;
    const kd_entry *entry = kd__entries_find(runtime->entries, id);
    const kd_node *node =
        entry == NULL ? NULL : kd__entry_get(entry, "lifecycle.stop_timeout");

    return node == NULL ? 10 * SECOND_NS : (kd_time)node->integer;
}

/* Returns the time. The lock is held. */
static kd_time
wait_until(kd_runtime *runtime, struct patience *patience, kd_time next,
    const char *whom)
{
    kd_time say = patience->spoken ? KD_NEVER : patience->began + SECOND_NS;
    kd_time until = next < patience->until ? next : patience->until;
    kd_pid nobody = KD_PID_NONE_INIT;
    kd_time now;

    kd__thread_cond_wait(
        &runtime->changed, &runtime->lock, say < until ? say : until);
    now = kd__clock_now();
    if (now < say)
        return now;
    patience->spoken = 1;
    kd__log_text(&runtime->log, KD_LOG_WARN, nobody, NULL,
        "waiting for %s to end, for %.1f s at most; a second signal forces",
        whom, until > now ? (double)(until - now) / 1e9 : 0.0);
    return now;
}

static kd_status
hosts_stop(kd_runtime *runtime, kd_error *err)
{
    const char *id = atomic_load(&runtime->system.stuck_id);

    if (hosts_count(runtime) > 0)
        return kd__error(err, KD_EBUSY,
            "%llu calls into processes do not return, of %s among them",
            (unsigned long long)hosts_count(runtime), id == NULL ? "?" : id);
    for (uint32_t i = runtime->system.n_hosts; i-- > 0;) {
        struct kd__host *host = &runtime->hosts[i];

        if (atomic_load(&host->state) != KD__HOST_STOPPING)
            continue;
        host->kind->stop(host->self);
        atomic_store(&host->state, KD__HOST_STOPPED);
    }
    return KD_OK;
}

static kd_status
writers_stop(kd_runtime *runtime, kd_time until, kd_error *err)
{
    kd_time least = kd__clock_now() + SECOND_NS;

    if (until < least)
        until = least;
    if (kd__input_stop(&runtime->input, until) != KD_OK)
        return kd__error(err, KD_EBUSY, "kd_config::input has not returned");
    if (kd__writer_stop(&runtime->output.writer, until) != KD_OK ||
        kd__writer_stop(&runtime->log.writer, until) != KD_OK)
        return kd__error(
            err, KD_EBUSY, "output has not been taken: its reader is stalled");
    return KD_OK;
}
