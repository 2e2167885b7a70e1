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
#include "base/memory.h"
#include "proc/bond.h"
#include "proc/send.h"
#include "runtime/pid_text.h"
#include "runtime/resource.h"
#include "runtime/runtime.h"
#include "runtime/service_set.h"
#include "runtime/thread.h"

#include <stdio.h>

#define SECOND_NS ((kd_time)1000 * 1000 * 1000)
/* Nobody who can end takes so long, on the slowest of machines. */
#define HOPE_NS (5 * SECOND_NS)

/* The least that calls get to return in, after all is forced. */
#define STUCK_NS (SECOND_NS / 2)

/* Who is ended by force. */
#define FORCE_NOBODY    0u
#define FORCE_PROCESSES 1u /* All but services' own, which end then. */
#define FORCE_ALL       2u

/* How far a wait has got, so that it is spoken of once. */
struct patience {
    kd_time began;
    kd_time until;
    int spoken;
    void (*name)(kd_runtime *runtime, char *text, size_t size);
};

/* How many processes were left the last time, and since when. */
struct progress {
    uint64_t left;
    kd_time at;
};

static void services_stop(kd_runtime *runtime, kd_time until);
static kd_time services_ask(kd_runtime *runtime, kd_time now);
static int is_to_ask(const struct kd__service *service);
static int is_awaited(const struct kd__service *service);
static void service_ask(struct kd__service *service, kd_time now);
static void hosts_drain(kd_runtime *runtime, kd_time until);
static int is_hopeful(
    kd_runtime *runtime, struct progress *progress, kd_time now);
static kd_time hosts_close(kd_runtime *runtime, kd_time now);
static uint64_t hosts_count(const kd_runtime *runtime);
static size_t spare_find(kd_runtime *runtime, kd_pid *pids, size_t room);
static size_t spare_count(kd_runtime *runtime);
static int is_among(const kd_pid *pids, size_t n, kd_pid pid);
static void processes_cancel(kd_runtime *runtime);
static void processes_force(kd_runtime *runtime, uint32_t force);
static int ends_itself(struct kd__proc *proc);
static kd_time host_timeout(const kd_runtime *runtime, uint32_t number);
static kd_time wait_until(
    kd_runtime *runtime, struct patience *patience, kd_time next);
static void name_service(kd_runtime *runtime, char *text, size_t size);
static void name_process(kd_runtime *runtime, char *text, size_t size);
static void name_format(char *text, size_t size, const char *first, uint64_t n);
static kd_status stuck_name(kd_runtime *runtime, kd_error *err);
static kd_status hosts_stop(kd_runtime *runtime, kd_error *err);
static kd_status resources_join(
    kd_runtime *runtime, kd_time until, kd_error *err);
static kd_status writers_stop(
    kd_runtime *runtime, kd_time until, kd_error *err);

kd_status
kd__stop(kd_runtime *runtime, uint64_t timeout_ns, kd_error *err)
{
    kd_time now = kd__clock_now();
    kd_time until = timeout_ns > KD_NEVER - now ? KD_NEVER : now + timeout_ns;
    kd_status status;

    if (runtime->stage == KD__STAGE_STARTED) {
        kd__input_close(&runtime->input);
        services_stop(runtime, until);
        hosts_drain(runtime, until);
        status = hosts_stop(runtime, err);
        if (status == KD_OK)
            status = resources_join(runtime, until, err);
        if (status != KD_OK)
            return status;
        kd__fd_watch_stop(&runtime->fd_watch);
        /* What is to be said of them is said while there is a log. */
        kd__epoch_collect(&runtime->system.epoch);
        kd__preempt_remove(runtime);
        runtime->stage = KD__STAGE_STOPPED;
    }
    return writers_stop(runtime, until, err);
}

static void
services_stop(kd_runtime *runtime, kd_time until)
{
    struct patience patience = {kd__clock_now(), until, 0, name_service};
    kd_time now = patience.began;
    kd_time next;

    pthread_mutex_lock(&runtime->lock);
    while ((next = services_ask(runtime, now)) != 0 && now < until)
        now = wait_until(runtime, &patience, next);
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

    kd__services_count_needs(runtime);
    for (size_t i = runtime->n_services; i-- > 0;) {
        service = &runtime->services[i];
        if (is_to_ask(service) && service->n_needed == 0)
            service_ask(service, now);
        if (service->state == KD__SERVICE_STOPPING && service->due <= now)
            service->is_overdue = 1;
    }
    for (size_t i = 0; i < runtime->n_services; i++) {
        service = &runtime->services[i];
        if (is_awaited(service) && (next == 0 || service->due < next))
            next = service->due;
    }
    if (next != 0)
        return next;
    /* Those that an overdue one just released are asked in another round. */
    for (size_t i = 0; i < runtime->n_services; i++) {
        if (is_to_ask(&runtime->services[i]))
            return now;
    }
    return 0;
}

/* Hosts are drained later, and stop with everything that is on them. */
static int
is_to_ask(const struct kd__service *service)
{
    return kd__entry_class(service->entry) != KD_CLASS_HOST &&
           (service->state == KD__SERVICE_STARTING ||
               service->state == KD__SERVICE_RUNNING);
}

static int
is_awaited(const struct kd__service *service)
{
    return service->state == KD__SERVICE_STOPPING && !service->is_overdue;
}

static void
service_ask(struct kd__service *service, kd_time now)
{
    kd_runtime *runtime = service->runtime;

    service->state = KD__SERVICE_STOPPING;
    service->due = now + kd__service_time(service, "lifecycle.stop_timeout");
    pthread_mutex_unlock(&runtime->lock);
    kd__service_ask(service);
    pthread_mutex_lock(&runtime->lock);
}

static void
hosts_drain(kd_runtime *runtime, kd_time until)
{
    struct patience patience = {kd__clock_now(), until, 0, name_process};
    kd_time now = patience.began;
    kd_time deadline = hosts_close(runtime, now);
    uint32_t force = FORCE_NOBODY;
    struct progress progress = {0, 0};

    processes_cancel(runtime);
    if (deadline > until)
        deadline = until;
    pthread_mutex_lock(&runtime->lock);
    while (hosts_count(runtime) > 0) {
        if (now < deadline &&
            (force != FORCE_NOBODY ||
                hosts_count(runtime) > spare_count(runtime))) {
            now = wait_until(runtime, &patience, deadline);
            continue;
        }
        if (force == FORCE_ALL && !is_hopeful(runtime, &progress, now))
            break;
        force = force == FORCE_NOBODY ? FORCE_PROCESSES : FORCE_ALL;
        pthread_mutex_unlock(&runtime->lock);
        processes_force(runtime, force);
        pthread_mutex_lock(&runtime->lock);
        now = kd__clock_now();
        deadline = now + STUCK_NS;
        if (force == FORCE_ALL && deadline < until)
            deadline = until;
        patience.until = deadline;
    }
    pthread_mutex_unlock(&runtime->lock);
}

/* Whether any of those that are left may yet leave. A call to end an instance
 * that does not return is nowhere counted: but then nobody leaves any more. */
static int
is_hopeful(kd_runtime *runtime, struct progress *progress, kd_time now)
{
    uint64_t left = hosts_count(runtime);

    if (left != progress->left) {
        progress->left = left;
        progress->at = now;
    }
    return atomic_load(&runtime->system.stuck) != left &&
           now - progress->at < HOPE_NS;
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
        count += kd__host_count(&runtime->hosts[i]);
    return count;
}

/*
 * What an overdue service consists of: its process, and the one it looks after.
 * Both are left alone until nothing else is left (semantics O5). Returns how
 * many they are. The caller has entered the epoch.
 */
static size_t
spare_find(kd_runtime *runtime, kd_pid *pids, size_t room)
{
    struct kd__proc *proc;
    size_t n = 0;

    for (size_t i = 0; i < runtime->n_services; i++) {
        const struct kd__service *service = &runtime->services[i];

        if (!service->is_overdue || service->resource != NULL)
            continue;
        proc = kd__proc_find(&runtime->system, service->pid);
        if (proc == NULL)
            continue;
        if (n < room)
            pids[n] = proc->pid;
        n++;
        n += kd__bond_owned(proc, pids + n, n < room ? room - n : 0);
    }
    return n;
}

/* The lock is held. */
static size_t
spare_count(kd_runtime *runtime)
{
    struct kd__guest *guest = kd__epoch_visit(&runtime->system.epoch);
    size_t n = spare_find(runtime, NULL, 0);

    kd__epoch_depart(guest);
    return n;
}

static int
is_among(const kd_pid *pids, size_t n, kd_pid pid)
{
    while (n > 0) {
        if (kd_pid_equal(pids[--n], pid))
            return 1;
    }
    return 0;
}

/* Without memory nobody is spared, and who cannot be asked ends by force. */
static void
processes_cancel(kd_runtime *runtime)
{
    struct kd__system *system = &runtime->system;
    kd_time now = kd__system_now(system);
    kd_pid nobody = KD_PID_NONE_INIT;
    struct kd__guest *guest = kd__epoch_visit(&system->epoch);
    size_t room = spare_find(runtime, NULL, 0) + 1;
    kd_pid *spare = kd__calloc(room, sizeof(*spare));
    size_t n = spare == NULL ? 0 : spare_find(runtime, spare, room);
    struct kd__proc *proc;
    kd_time deadline;
    int more = 1;

    n = n > room ? room : n;
    kd__epoch_depart(guest);
    for (size_t i = 0; more; i++) {
        guest = kd__epoch_visit(&system->epoch);
        proc = kd__table_at(&system->table, i, &more);
        if (proc != NULL && !is_among(spare, n, proc->pid)) {
            deadline = now + host_timeout(runtime, proc->pid.host);
            if (kd__cancel(system, nobody, proc->pid, deadline, deadline,
                    "scheduler shutdown", NULL) == KD_ENOMEM)
                kd__terminate(system, proc->pid, NULL);
        }
        kd__epoch_depart(guest);
    }
    kd__free(spare);
}

static void
processes_force(kd_runtime *runtime, uint32_t force)
{
    struct kd__system *system = &runtime->system;
    struct kd__guest *guest;
    struct kd__proc *proc;
    int more = 1;

    for (size_t i = 0; more; i++) {
        guest = kd__epoch_visit(&system->epoch);
        proc = kd__table_at(&system->table, i, &more);
        if (proc != NULL && (force == FORCE_ALL || !ends_itself(proc)))
            kd__terminate(system, proc->pid, NULL);
        kd__epoch_depart(guest);
    }
}

/* The process of a service that was asked to stop ends when the one that it
 * looks after has; so it hears of that end, and says how it came. */
static int
ends_itself(struct kd__proc *proc)
{
    kd_runtime *runtime = kd__runtime_of_system(proc->system);
    const struct kd__service *service = NULL;
    uint32_t state;

    if (!proc->is_own)
        return 0;
    service = runtime->service_of[kd__proc_code(proc)->entry->index];
    pthread_mutex_lock(&runtime->lock);
    state = service->state;
    pthread_mutex_unlock(&runtime->lock);
    return state == KD__SERVICE_STOPPING;
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
wait_until(kd_runtime *runtime, struct patience *patience, kd_time next)
{
    kd_time say = patience->spoken ? KD_NEVER : patience->began + SECOND_NS;
    kd_time until = next < patience->until ? next : patience->until;
    kd_pid nobody = KD_PID_NONE_INIT;
    char whom[200] = "";
    kd_time now;

    kd__step_wait(runtime, say < until ? say : until);
    now = kd__clock_now();
    if (now < say)
        return now;
    patience->spoken = 1;
    patience->name(runtime, whom, sizeof(whom));
    kd__log_text(&runtime->log, KD_LOG_WARN, nobody, NULL,
        "waiting for %s to end, for %.1f s at most; a second signal forces",
        whom, until > now ? (double)(until - now) / 1e9 : 0.0);
    return now;
}

/* Of those that are waited for, the first and how many more. */
static void
name_service(kd_runtime *runtime, char *text, size_t size)
{
    const struct kd__service *first = NULL;
    size_t n = 0;

    for (size_t i = runtime->n_services; i-- > 0;) {
        if (!is_awaited(&runtime->services[i]))
            continue;
        first = first == NULL ? &runtime->services[i] : first;
        n++;
    }
    name_format(
        text, size, first == NULL ? "services" : kd__service_id(first), n);
}

static void
name_process(kd_runtime *runtime, char *text, size_t size)
{
    struct kd__system *system = &runtime->system;
    struct kd__guest *guest = kd__epoch_visit(&system->epoch);
    const char *id = NULL;
    struct kd__proc *proc;
    uint64_t n = 0;
    int more = 1;

    for (size_t i = 0; more && id == NULL; i++) {
        proc = kd__table_at(&system->table, i, &more);
        if (proc != NULL && !proc->is_own)
            id = kd__proc_code(proc)->id;
    }
    kd__epoch_depart(guest);
    for (uint32_t i = 0; i < system->n_hosts; i++)
        n += kd__host_counted(&runtime->hosts[i]);
    name_format(text, size, id == NULL ? "processes" : id, n);
}

static void
name_format(char *text, size_t size, const char *first, uint64_t n)
{
    if (n > 1)
        snprintf(text, size, "%.150s and %llu more", first,
            (unsigned long long)n - 1);
    else
        snprintf(text, size, "%.150s", first);
}

/* The oldest of the calls that hold us up, and how many there are. */
static kd_status
stuck_name(kd_runtime *runtime, kd_error *err)
{
    struct kd__plugin *plugin = NULL;
    uint64_t n = hosts_count(runtime);
    char pid[KD_PID_TEXT];
    struct kd__stuck stuck;
    const char *kind;

    if (!kd__stuck_oldest(&runtime->system.stuck_list, &stuck))
        return kd__error(err, KD_EBUSY, "%llu %s", (unsigned long long)n,
            n == 1 ? "call into a process lasts" : "calls into processes last");
    kind = kd__entry_kind(stuck.code->entry);
    kd__plugins_find_kind(runtime->plugins, kind, &plugin);
    kd__pid_text(&runtime->system, stuck.pid, pid);
    return kd__error(err, KD_EBUSY,
        "%llu %s not return: %s %s, kind %s of plugin %s, %.1f s after it had "
        "to end%s",
        (unsigned long long)n, n == 1 ? "call does" : "calls do",
        stuck.code->id, pid, kind,
        plugin == NULL ? "?" : plugin->descriptor->name,
        (double)(kd__clock_now() - stuck.since) / 1e9,
        n == 1 ? "" : ", and others");
}

static kd_status
hosts_stop(kd_runtime *runtime, kd_error *err)
{
    if (hosts_count(runtime) > 0)
        return stuck_name(runtime, err);
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
resources_join(kd_runtime *runtime, kd_time until, kd_error *err)
{
    kd_time least = kd__clock_now() + STUCK_NS;
    kd_status status = KD_OK;

    if (until < least)
        until = least;
    for (size_t i = 0; i < runtime->n_services && status == KD_OK; i++) {
        if (runtime->services[i].resource == NULL)
            continue;
        kd__resource_ask(&runtime->services[i]);
        status = kd__resource_join(runtime->services[i].resource, until, err);
    }
    return status;
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
        kd__log_stop(&runtime->log, until) != KD_OK)
        return kd__error(
            err, KD_EBUSY, "output has not been taken: its reader is stalled");
    return KD_OK;
}
