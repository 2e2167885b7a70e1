/* SPDX-License-Identifier: MIT */
/*
 * How processes end. The steps and who takes them stand in exit.h.
 */

#include "proc/exit.h"

#include "base/clock.h"
#include "proc/bond.h"
#include "proc/ready.h"
#include "term/buf.h"
#include "term/failure.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>

/* What is told: values are the record's own, or those of a stuck one. */
struct end {
    uint32_t failed;
    kd_buf *value;
    kd_buf *error;
    const char *trace;
};

static kd_buf *end_error(
    const struct kd__proc *proc, uint32_t end, kd_pid from);
static void end_tell(struct kd__proc *proc, const struct end *end);
static size_t end_sweep(struct kd__proc *proc, const struct end *end);
static void end_observe(struct kd__proc *proc, const struct end *end);
static void end_log(struct kd__proc *proc, const struct end *end);

void
kd__exit(kd_lane *lane, struct kd__proc *proc)
{
    struct kd__host *host = proc->host;
    uint32_t is_own = proc->is_own;
    struct end end = {proc->failed, proc->value, proc->error, proc->trace};
    uint32_t told = 0;

    kd__lane_forget(lane);
    atomic_store(&proc->run, KD__RUN_OVER);
    if (atomic_compare_exchange_strong(&proc->told, &told, 1)) {
        end_tell(proc, &end);
        atomic_store(&proc->told, 2);
    } else {
        /* Somebody else is telling right now: no longer than that takes. */
        while (atomic_load(&proc->told) != 2)
            sched_yield();
        atomic_fetch_sub(&proc->system->stuck, 1);
    }
    kd__proc_code(proc)->kind->destroy(proc->self, &proc->pub);
    host->kind->leave(host->self, kd__proc_node(proc));
    kd__epoch_retire(&proc->system->epoch, &lane->participant, &proc->retired,
        kd__proc_free);
    kd__host_leave(host, is_own);
}

void
kd__exit_force(struct kd__proc *proc, uint32_t end, kd_pid from)
{
    kd__buf_release(proc->value);
    kd__buf_release(proc->error);
    free(proc->trace);
    proc->value = NULL;
    proc->trace = NULL;
    proc->failed = 1;
    proc->error = end_error(proc, end, from);
}

void
kd__exit_stuck(struct kd__proc *proc, uint32_t cause, kd_pid from)
{
    struct end end = {1, NULL, NULL, NULL};
    uint32_t told = 0;

    if (!atomic_compare_exchange_strong(&proc->told, &told, 1))
        return;
    atomic_fetch_add(&proc->system->stuck, 1);
    atomic_store(&proc->system->stuck_id, kd__proc_code(proc)->id);
    end.error = end_error(proc, cause, from);
    end_tell(proc, &end);
    kd__buf_release(end.error);
    atomic_store(&proc->told, 2);
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

    kd__mail_discard(kd__mailbox_close(&proc->mailbox));
    kd__signal_discard(kd__signals_close(&proc->signals));
    kd__lock_take(&proc->lock);
    proc->closed = 1;
    kd__lock_drop(&proc->lock);
    kd__name_clear(&system->names, proc);
    kd__bond_sweep(proc, &obituary);
    kd__table_remove(&system->table, proc->pid.serial);
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
end_error(const struct kd__proc *proc, uint32_t end, kd_pid from)
{
    char pid[KD_PID_TEXT];
    char text[KD_PID_TEXT + 32];

    if (end != KD__END_LINK)
        return kd__failure_buf("Canceled", "process terminated", 0);
    proc->system->api->pid_text(proc->system->api, from, pid);
    snprintf(text, sizeof(text), "linked process failed: %s", pid);
    return kd__failure_buf("Internal", text, 0);
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
    kd__mail_discard(mail);
    kd__signal_discard(signals);
}

/* Returns how many have learnt of it. */
static size_t
end_sweep(struct kd__proc *proc, const struct end *end)
{
    struct kd__obituary obituary = {
        end->value, end->error, NULL, kd__clock_unix()};
    size_t told;

    obituary.gone =
        kd__failure_buf("Unavailable", "process ended without an answer", 0);
    told = kd__bond_sweep(proc, &obituary);
    kd__buf_release(obituary.gone);
    return told;
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
    const char *trace = end->trace;
    char *text;
    int n;

    if (end->error == NULL || kd__failure_read(&error, &failure) != KD_OK)
        failure.message_len = 0;
    n = (int)(failure.message_len > 65536 ? 65536 : failure.message_len);
    if (asprintf(&text, "process failed: %.*s%s%s", n,
            n == 0 ? "" : failure.message, trace == NULL ? "" : "\n",
            trace == NULL ? "" : trace) < 0)
        return;
    proc->system->log(proc->system->arg, KD_LOG_ERROR, proc->pid,
        kd__proc_code(proc)->id, text);
    free(text);
}
