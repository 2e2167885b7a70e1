/* SPDX-License-Identifier: MIT */
/*
 * How a runtime stands, for its operator: a record of the log for each service
 * and each process.
 */

#include "base/clock.h"
#include "base/scope.h"
#include "proc/sight.h"
#include "runtime/runtime.h"
#include "runtime/service.h"

#include <stdarg.h>
#include <stdio.h>

/* More would only push each other out of the log. */
#define PROCESSES_MAX 10000

/* A sentence that grows; what does not fit is cut. */
struct line {
    size_t len;
    char text[2048];
};

static void service_tell(kd_runtime *runtime, struct kd__service *service);
static uint32_t service_state(const struct kd__service *service);
static void service_sight(
    kd_runtime *runtime, kd_pid pid, struct kd__sight *sight);
static size_t processes_tell(kd_runtime *runtime);
static void process_tell(kd_runtime *runtime, const struct kd__sight *sight);
static void line_add(struct line *line, const char *format, ...)
    KD_PRINTF(2, 3);

void
kd_runtime_tree(kd_runtime *runtime)
{
    KD__SCOPE(runtime->config.allocator);
    kd_pid nobody = KD_PID_NONE_INIT;
    size_t n;

    for (size_t i = 0; i < runtime->n_services; i++)
        service_tell(runtime, &runtime->services[i]);
    n = processes_tell(runtime);
    kd__log_text(&runtime->log, KD_LOG_INFO, nobody, NULL,
        "tree: %zu service%s, %zu process%s%s", runtime->n_services,
        runtime->n_services == 1 ? "" : "s", n, n == 1 ? "" : "es",
        n > PROCESSES_MAX ? ", of which not all are shown" : "");
}

/* Of one that is looked after by a process, this one knows best. */
static void
service_tell(kd_runtime *runtime, struct kd__service *service)
{
    static const char *const words[] = {
        [KD__SERVICE_UNKNOWN] = "unknown",
        [KD__SERVICE_STARTING] = "starting",
        [KD__SERVICE_RUNNING] = "running",
        [KD__SERVICE_STOPPING] = "stopping",
        [KD__SERVICE_STOPPED] = "stopped",
        [KD__SERVICE_EXITED] = "exited",
        [KD__SERVICE_FAILED] = "failed",
    };
    struct kd__sight sight = {.waits = ""};
    struct line line = {0, ""};
    uint32_t state, is_overdue;
    kd_error why;
    kd_pid pid;

    pthread_mutex_lock(&runtime->lock);
    state = service_state(service);
    is_overdue = service->is_overdue;
    why = service->why;
    pid = service->pid;
    pthread_mutex_unlock(&runtime->lock);
    service_sight(runtime, pid, &sight);
    line_add(&line, "service (%s): %s", kd__entry_kind(service->entry),
        sight.waits[0] == '\0' ? words[state] : sight.waits);
    if (is_overdue)
        line_add(&line, ", overdue");
    if (state == KD__SERVICE_FAILED)
        line_add(&line, ": %s", why.text);
    kd__log_text(&runtime->log, KD_LOG_INFO, pid, kd__service_id(service), "%s",
        line.text);
}

/* Hosts stop after all services, and tell it themselves. The lock is held. */
static uint32_t
service_state(const struct kd__service *service)
{
    if (service->state != KD__SERVICE_RUNNING ||
        kd__entry_class(service->entry) != KD_CLASS_HOST)
        return service->state;
    switch (atomic_load(&service->host->state)) {
    case KD__HOST_STOPPING:
        return KD__SERVICE_STOPPING;
    case KD__HOST_STOPPED:
        return KD__SERVICE_STOPPED;
    default:
        return KD__SERVICE_RUNNING;
    }
}

static void
service_sight(kd_runtime *runtime, kd_pid pid, struct kd__sight *sight)
{
    struct kd__guest *guest = kd__epoch_visit(&runtime->system.epoch);
    struct kd__proc *proc = kd__proc_find(&runtime->system, pid);

    if (proc != NULL)
        kd__sight_take(proc, sight);
    kd__epoch_depart(guest);
}

static size_t
processes_tell(kd_runtime *runtime)
{
    struct kd__system *system = &runtime->system;
    struct kd__guest *guest;
    struct kd__sight sight;
    struct kd__proc *proc;
    size_t n = 0;
    int more = 1;

    for (size_t i = 0; more; i++) {
        guest = kd__epoch_visit(&system->epoch);
        proc = kd__table_at(&system->table, i, &more);
        if (proc != NULL && !proc->is_own && n++ < PROCESSES_MAX) {
            kd__sight_take(proc, &sight);
            process_tell(runtime, &sight);
        }
        kd__epoch_depart(guest);
    }
    return n;
}

static void
process_tell(kd_runtime *runtime, const struct kd__sight *sight)
{
    size_t shown =
        sight->n_links < KD__SIGHT_LINKS ? sight->n_links : KD__SIGHT_LINKS;
    struct line line = {0, ""};
    char pid[KD_PID_TEXT];

    line_add(&line, "process %s%s%s, mail=%llu, links=%zu", sight->state,
        sight->waits[0] == '\0' ? "" : ": ", sight->waits,
        (unsigned long long)sight->messages, sight->n_links);
    for (size_t i = 0; i < shown; i++) {
        runtime->api.pid_text(&runtime->api, sight->links[i], pid);
        line_add(&line, "%s%s", i == 0 ? " to " : ", ", pid);
    }
    if (shown < sight->n_links)
        line_add(&line, " and %zu more", sight->n_links - shown);
    kd__log_text(
        &runtime->log, KD_LOG_INFO, sight->pid, sight->id, "%s", line.text);
}

static void
line_add(struct line *line, const char *format, ...)
{
    size_t room = sizeof(line->text) - line->len;
    va_list args;
    int n;

    va_start(args, format);
    n = vsnprintf(line->text + line->len, room, format, args);
    va_end(args);
    if (n > 0)
        line->len += (size_t)n < room ? (size_t)n : room - 1;
}
