/* SPDX-License-Identifier: MIT */
/*
 * How a runtime stands, for its operator: a record of the log for each service
 * and each process.
 */

#include "base/clock.h"
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

static size_t services_tell(kd_runtime *runtime);
static void service_tell(
    kd_runtime *runtime, const struct kd__service *service);
static size_t processes_tell(kd_runtime *runtime);
static void process_tell(kd_runtime *runtime, const struct kd__sight *sight);
static void line_add(struct line *line, const char *format, ...)
    KD_PRINTF(2, 3);

void
kd_runtime_tree(kd_runtime *runtime)
{
    kd_pid nobody = KD_PID_NONE_INIT;
    size_t services = services_tell(runtime);
    size_t processes = processes_tell(runtime);

    kd__log_text(&runtime->log, KD_LOG_INFO, nobody, NULL,
        "tree: %zu services, %zu processes%s", services, processes,
        processes > PROCESSES_MAX ? ", of which not all are shown" : "");
}

static size_t
services_tell(kd_runtime *runtime)
{
    pthread_mutex_lock(&runtime->lock);
    for (size_t i = 0; i < runtime->n_services; i++)
        service_tell(runtime, &runtime->services[i]);
    pthread_mutex_unlock(&runtime->lock);
    return runtime->n_services;
}

/* The lock is held. */
static void
service_tell(kd_runtime *runtime, const struct kd__service *service)
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
    int has_failed = service->state == KD__SERVICE_FAILED;

    kd__log_text(&runtime->log, KD_LOG_INFO, service->pid,
        kd__service_id(service), "service (%s) is %s%s%s%s",
        kd__entry_kind(service->entry), words[service->state],
        service->is_overdue ? ", overdue" : "", has_failed ? ": " : "",
        has_failed ? service->why.text : "");
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
        if (proc != NULL && n++ < PROCESSES_MAX) {
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
