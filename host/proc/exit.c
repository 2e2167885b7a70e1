/* SPDX-License-Identifier: MIT */
/*
 * How processes end. The steps and who takes them stand in exit.h.
 */

#include "proc/exit.h"

#include "base/clock.h"
#include "base/memory.h"
#include "proc/bond.h"
#include "proc/ready.h"
#include "proc/wake.h"
#include "term/buf.h"
#include "term/failure.h"

#include <sched.h>
#include <string.h>

/* Of a message, in the log. */
#define LOGGED_MAX ((size_t)65536)

/* What is told: values are the record's own, or those of a stuck one. */
struct end {
    uint32_t failed;
    kd_buf *value;
    kd_buf *error;
    const char *trace;
};

static kd_buf *end_error(
    const struct kd__system *system, uint32_t end, kd_pid from);
static kd_buf *shared_error(kd_lane *lane, kd_pid from);
static void end_tell(struct kd__proc *proc, const struct end *end);
static size_t end_sweep(struct kd__proc *proc, const struct end *end);
static void end_observe(struct kd__proc *proc, const struct end *end);
static void end_log(struct kd__proc *proc, const struct end *end);
static char *end_text(const struct kd__failure *failure, const char *trace);

kd_status
kd__exit_init(struct kd__system *system)
{
    system->terminated = kd__failure_buf("Canceled", "process terminated", 0);
    system->unanswered =
        kd__failure_buf("Unavailable", "process ended without an answer", 0);
    kd__buf_pin(system->terminated);
    kd__buf_pin(system->unanswered);
    if (system->terminated != NULL && system->unanswered != NULL)
        return KD_OK;
    kd__exit_fini(system);
    return KD_ENOMEM;
}

void
kd__exit_fini(struct kd__system *system)
{
    kd__buf_unpin(system->terminated);
    kd__buf_unpin(system->unanswered);
}

void
kd__exit(kd_lane *lane, struct kd__proc *proc)
{
    struct kd__host *host = proc->host;
    struct end end = {proc->failed, proc->value, proc->error, proc->trace};
    uint8_t told = 0;

    kd__lane_forget(lane);
    /* Nothing that comes from now on is looked for: no order is needed. */
    atomic_store_explicit(&proc->run, KD__RUN_OVER, memory_order_release);
    if (atomic_compare_exchange_strong(&proc->told, &told, 1)) {
        end_tell(proc, &end);
        atomic_store_explicit(&proc->told, 2, memory_order_release);
    } else {
        /* Somebody else is telling right now: no longer than that takes. */
        while (atomic_load(&proc->told) != 2)
            sched_yield();
        atomic_fetch_sub(&proc->system->stuck, 1);
        kd__stuck_remove(proc);
    }
    kd__proc_unwatch(proc);
    kd__proc_code(proc)->kind->destroy(proc->self, &proc->pub);
    host->kind->leave(host->self, kd__proc_node(proc));
    kd__epoch_retire(&proc->system->epoch, &lane->participant, &proc->retired,
        kd__proc_free);
    kd__host_leave(host, 1);
}

void
kd__exit_force(kd_lane *lane, struct kd__proc *proc, uint32_t end, kd_pid from)
{
    kd__buf_release(proc->value);
    kd__buf_release(proc->error);
    kd__free(proc->trace);
    proc->value = NULL;
    proc->trace = NULL;
    proc->failed = 1;
    proc->error = end == KD__END_LINK ? shared_error(lane, from)
                                      : end_error(proc->system, end, from);
}

void
kd__exit_stuck(
    struct kd__proc *proc, uint32_t cause, kd_pid from, kd_time since)
{
    struct end end = {1, NULL, NULL, NULL};
    uint8_t told = 0;

    if (!atomic_compare_exchange_strong(&proc->told, &told, 1))
        return;
    atomic_fetch_add(&proc->system->stuck, 1);
    kd__stuck_add(proc, since);
    proc->system->breach(proc->system->arg, KD_LOG_WARN, proc, "gone",
        "has not returned from a call for 100 ms after it had to end");
    end.error = end_error(proc->system, cause, from);
    end_tell(proc, &end);
    kd__buf_release(end.error);
    atomic_store(&proc->told, 2);
    /* It may have returned meanwhile, and wait for what will never come. */
    kd__wake(proc);
}

/* Somebody who walks the table may be looking: so it retires. */
void
kd__exit_unstarted(struct kd__proc *proc)
{
    struct kd__system *system = proc->system;
    struct kd__host *host = proc->host;
    uint32_t is_own = proc->is_own;
    struct kd__obituary obituary = {0};
    struct kd__guest *guest;

    kd__mailbox_discard(&proc->mailbox, kd__mailbox_close(&proc->mailbox));
    kd__signal_discard(kd__signals_close(&proc->signals));
    kd__lock_take(&proc->lock);
    proc->closed = 1;
    kd__lock_drop(&proc->lock);
    kd__name_clear(&system->names, proc);
    kd__bond_sweep(proc, &obituary);
    kd__table_remove(&system->table, proc->pid.serial);
    kd__proc_unwatch(proc);
    kd__proc_code(proc)->kind->destroy(proc->self, &proc->pub);
    host->kind->leave(host->self, kd__proc_node(proc));
    guest = kd__epoch_visit(&system->epoch);
    kd__epoch_retire(
        &system->epoch, &guest->participant, &proc->retired, kd__proc_free);
    kd__epoch_depart(guest);
    kd__host_leave(host, is_own);
}

/* NULL without memory: then monitors see a failure that does not say why. */
static kd_buf *
end_error(const struct kd__system *system, uint32_t end, kd_pid from)
{
    static const char prefix[] = "linked process failed: ";
    char text[sizeof(prefix) + KD_PID_TEXT];

    if (end != KD__END_LINK)
        return kd__buf_retain(system->terminated);
    memcpy(text, prefix, sizeof(prefix) - 1);
    system->api->pid_text(system->api, from, text + sizeof(prefix) - 1);
    return kd__failure_buf("Internal", text, 0);
}

/* All that were linked to one process fail alike, and one after the other. */
static kd_buf *
shared_error(kd_lane *lane, kd_pid from)
{
    if (lane->link_error == NULL || !kd_pid_equal(lane->link_from, from)) {
        kd__buf_release(lane->link_error);
        lane->link_error = end_error(lane->system, KD__END_LINK, from);
        lane->link_from = from;
    }
    return lane->link_error == NULL ? NULL : kd__buf_retain(lane->link_error);
}

static void
end_tell(struct kd__proc *proc, const struct end *end)
{
    struct kd__system *system = proc->system;
    struct kd__mail *mail = kd__mailbox_close(&proc->mailbox);
    struct kd__signal *signals = kd__signals_close(&proc->signals);
    uint32_t has_names;
    uint32_t has_bonds;
    size_t told = 0;

    if (!proc->is_own)
        kd__host_part(proc->host);
    kd__lock_take(&proc->lock);
    proc->closed = 1;
    has_names = proc->has_names;
    has_bonds = proc->n_links + proc->n_watchers + proc->n_watching > 0;
    kd__lock_drop(&proc->lock);
    if (has_names)
        kd__name_clear(&system->names, proc);
    if (has_bonds)
        told = end_sweep(proc, end);
    kd__table_remove(&system->table, proc->pid.serial);
    end_observe(proc, end);
    if (end->failed && told == 0 && proc->observer == NULL)
        end_log(proc, end);
    kd__mailbox_discard(&proc->mailbox, mail);
    kd__signal_discard(signals);
}

/* Returns how many have learnt of it. */
static size_t
end_sweep(struct kd__proc *proc, const struct end *end)
{
    struct kd__obituary obituary = {end->value, end->error,
        proc->system->unanswered, kd__system_unix(proc->system)};

    return kd__bond_sweep(proc, &obituary);
}

static void
end_observe(struct kd__proc *proc, const struct end *end)
{
    struct kd__observer *observer = proc->observer;
    kd_exit exit;

    if (observer == NULL)
        return;
    kd__ready_settle(proc);
    exit.size = (uint32_t)sizeof(exit);
    exit.failed = end->failed;
    exit.pid = proc->pid;
    exit.value = kd__buf_payload(end->value);
    exit.error = kd__buf_payload(end->error);
    exit.trace = end->trace;
    observer->ended(observer->arg, &exit);
}

/* Semantics X8: nothing is lost in silence. */
static void
end_log(struct kd__proc *proc, const struct end *end)
{
    kd_payload error = kd__buf_payload(end->error);
    struct kd__failure failure;
    char *text;

    if (!proc->system->api->log_wants(proc->system->api, KD_LOG_ERROR))
        return;
    if (end->error == NULL || kd__failure_read(&error, &failure) != KD_OK)
        failure.message_len = 0;
    text = end_text(&failure, end->trace);
    if (text == NULL)
        return;
    proc->system->log(proc->system->arg, KD_LOG_ERROR, proc->pid,
        kd__proc_code(proc)->id, text);
    kd__free(text);
}

/* From malloc, or NULL. Of what may be a hundred thousand at once. */
static char *
end_text(const struct kd__failure *failure, const char *trace)
{
    static const char prefix[] = "process failed: ";
    size_t len =
        failure->message_len < LOGGED_MAX ? failure->message_len : LOGGED_MAX;
    size_t trace_len = trace == NULL ? 0 : strlen(trace);
    char *text = kd__malloc(sizeof(prefix) + len + 1 + trace_len);
    char *at;

    if (text == NULL)
        return NULL;
    at = mempcpy(text, prefix, sizeof(prefix) - 1);
    if (len > 0)
        at = mempcpy(at, failure->message, len);
    if (trace != NULL) {
        *at++ = '\n';
        at = mempcpy(at, trace, trace_len);
    }
    *at = '\0';
    return text;
}
