/* SPDX-License-Identifier: MIT */
/*
 * Slices: what happens when a host gives a process a turn.
 *
 * Control signals are handled first, before the kind's code runs. The run
 * states, and who moves between them, stand in wake.h.
 */

#include "proc/run.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/scope.h"
#include "proc/bond.h"
#include "proc/exit.h"
#include "proc/send.h"
#include "proc/wake.h"
#include "term/buf.h"
#include "term/failure.h"

#include <signal.h>

/* How long a process that must end may stay in one call. */
#define STUCK_NS ((kd_time)100 * 1000 * 1000)

/* A slice in a runtime that is stepped. */
#define SLICE_NS ((kd_time)1000 * 1000)

static uint32_t slice(kd_lane *lane, struct kd__proc *proc, uint32_t budget);
static uint32_t slice_end(
    kd_lane *lane, struct kd__proc *proc, kd_next next, const kd_error *err);
static uint32_t control(struct kd__proc *proc, kd_pid *from);
static uint32_t control_due(struct kd__proc *proc);
static uint32_t must_end(const struct kd__proc *proc);
static void failure_set(struct kd__proc *proc, const kd_error *err);
static void nonsense_set(struct kd__proc *proc, kd_next next);
static uint32_t wait_for_more(struct kd__proc *proc);
static void overdue_name(kd_lane *lane, struct kd__proc *proc);

int
kd__run_is_ending(struct kd__proc *proc)
{
    return kd__proc_is_alive(proc) &&
           (atomic_load(&proc->deadline) != KD_NEVER ||
               must_end(proc) != KD__END_NONE);
}

/*
 * That it must end is looked for each time: nobody tells the lane, least of all
 * that of a blocking kind, which is not preempted.
 */
uint32_t
kd__run_should_yield(const struct kd__proc *proc)
{
    kd_lane *lane = atomic_load_explicit(&proc->lane, memory_order_relaxed);

    if (must_end(proc) != KD__END_NONE)
        return 2;
    if (lane == NULL)
        return 0; /* It is being created. */
    if (proc->system->is_stepped && kd__clock_now() >= lane->slice_end)
        atomic_store_explicit(&lane->yield, 1, memory_order_relaxed);
    return atomic_load_explicit(&lane->yield, memory_order_relaxed);
}

static kd_lane *
calls_attach(kd_core *core, void *self)
{
    struct kd__host *host = (struct kd__host *)(void *)core;
    KD__SCOPE(host->system->allocator);

    (void)self;
    return kd__lane_new(host);
}

static void
calls_detach(kd_lane *lane)
{
    KD__SCOPE(lane->system->allocator);

    kd__lane_free(lane);
}

static uint32_t
calls_run(kd_lane *lane, void *node, uint32_t budget)
{
    KD__SCOPE(lane->system->allocator);
    struct kd__proc *proc = kd__proc_of_node(node);
    uint32_t result;

    /* The fence of entering is this one's, too: see wake.h. */
    atomic_store_explicit(&proc->run, KD__RUN_ACTIVE, memory_order_relaxed);
    kd__epoch_enter(&lane->system->epoch, &lane->participant);
    kd__lane_enter(lane);
    atomic_store_explicit(&proc->lane, lane, memory_order_relaxed);
    result = slice(lane, proc, budget);
    if (result != KD_RUN_GONE)
        kd__send_gave_room(proc);
    kd__lane_leave(lane);
    kd__epoch_leave(&lane->participant);
    return result;
}

static uint32_t
calls_expired(kd_lane *lane, void *node)
{
    struct kd__proc *proc = kd__proc_of_node(node);

    (void)lane;
    atomic_store(&proc->timer, KD_NEVER);
    /* It runs soon, and what it looks at has left the cache while it slept. */
    __builtin_prefetch(proc->self, 1);
    kd__table_fetch(&proc->system->table, proc->pid.serial);
    return (uint32_t)kd__wake_state(proc);
}

static void
calls_preempt(kd_lane *lane)
{
    atomic_store_explicit(&lane->yield, 1, memory_order_relaxed);
    if (lane->system->signal != 0)
        pthread_kill(lane->thread, lane->system->signal);
}

/*
 * The record of whatever the lane runs is kept by visiting the epoch before
 * looking; see lane.h. It may return from its call, and even end, at any
 * moment: telling an end is decided by kd__proc::told.
 */
static void
calls_overdue(kd_lane *lane)
{
    KD__SCOPE(lane->system->allocator);
    struct kd__guest *guest = kd__epoch_visit(&lane->system->epoch);
    struct kd__proc *proc = atomic_load(&lane->current);
    kd_time now = kd__clock_now();
    uint32_t end;
    kd_pid from;

    if (proc == NULL)
        goto out;
    overdue_name(lane, proc);
    end = must_end(proc);
    if (end == KD__END_NONE)
        goto out;
    kd__interrupt(proc);
    if (lane->overdue_since == 0)
        lane->overdue_since = now;
    if (now - lane->overdue_since < STUCK_NS)
        goto out;
    kd__lock_take(&proc->lock);
    from = proc->end_from;
    kd__lock_drop(&proc->lock);
    kd__exit_stuck(proc, end, from, lane->overdue_since);
out:
    kd__epoch_depart(guest);
}

static uint32_t
calls_blocking(kd_lane *lane)
{
    struct kd__guest *guest = kd__epoch_visit(&lane->system->epoch);
    struct kd__proc *proc = atomic_load(&lane->current);
    uint32_t blocking = proc != NULL && (kd__proc_code(proc)->kind->flags &
                                            KD_WORKER_BLOCKING) != 0;

    kd__epoch_depart(guest);
    return blocking;
}

const kd_host_calls kd__run_calls = {
    .size = sizeof(kd_host_calls),
    .attach = calls_attach,
    .detach = calls_detach,
    .run = calls_run,
    .expired = calls_expired,
    .preempt = calls_preempt,
    .overdue = calls_overdue,
    .blocking = calls_blocking,
    .giving = kd__lane_giving,
};

static uint32_t
slice(kd_lane *lane, struct kd__proc *proc, uint32_t budget)
{
    kd_pid from = KD_PID_NONE_INIT;
    uint32_t end = control(proc, &from);
    kd_error err;
    kd_next next;

    if (end != KD__END_NONE || atomic_load(&proc->told) != 0) {
        kd__exit_force(lane, proc, end, from);
        kd__exit(lane, proc);
        return KD_RUN_GONE;
    }
    atomic_store_explicit(&lane->yield, 0, memory_order_relaxed);
    if (lane->system->is_stepped)
        lane->slice_end = kd__clock_now() + SLICE_NS;
    kd__lane_begin(lane, proc);
    kd__error_init(&err);
    next = kd__proc_code(proc)->kind->run(proc->self, &proc->pub, budget, &err);
    kd__lane_end(lane);
    kd__signals_return(&proc->signals);
    return slice_end(lane, proc, next, &err);
}

/*
 * The first cause that was recorded counts: a forced end before a result. When
 * the end was told already, whatever `run` wants next is too late.
 */
static uint32_t
slice_end(
    kd_lane *lane, struct kd__proc *proc, kd_next next, const kd_error *err)
{
    const int is_told = atomic_load(&proc->told) != 0;
    kd_pid nobody = KD_PID_NONE_INIT;

    if (next == KD_NEXT_WAIT && !is_told)
        return wait_for_more(proc);
    if (next == KD_NEXT_READY && !is_told) {
        atomic_store(&proc->run, KD__RUN_QUEUED);
        return KD_RUN_AGAIN;
    }
    if (atomic_load(&proc->end) != KD__END_NONE)
        kd__exit_force(lane, proc, KD__END_TERMINATE, nobody);
    else if (next == KD_NEXT_FAIL)
        failure_set(proc, err);
    else if (next > KD_NEXT_FAIL)
        nonsense_set(proc, next);
    kd__exit(lane, proc);
    return KD_RUN_GONE;
}

/* Handle what has come; returns why the process must end, if so. */
static uint32_t
control(struct kd__proc *proc, kd_pid *from)
{
    struct kd__signal *signal;

    if (atomic_load(&proc->end) == KD__END_TERMINATE)
        return KD__END_TERMINATE;
    kd__bond_fetch(proc);
    while ((signal = kd__signals_next(&proc->signals)) != NULL) {
        if (signal->type != KD_SIGNAL_LINK_DOWN ||
            atomic_load_explicit(&proc->trap, memory_order_relaxed)) {
            kd__signals_deliver(&proc->signals, signal);
            continue;
        }
        *from = signal->from;
        kd__signal_free(signal);
        return KD__END_LINK;
    }
    return control_due(proc);
}

static uint32_t
control_due(struct kd__proc *proc)
{
    uint32_t end = atomic_load(&proc->end);
    kd_time deadline = atomic_load(&proc->deadline);
    kd_time now;

    if (end != KD__END_NONE)
        return KD__END_TERMINATE;
    if (deadline == KD_NEVER && proc->request_due == KD_NEVER)
        return KD__END_NONE;
    now = kd__system_now(proc->system);
    if (deadline <= now)
        return KD__END_TERMINATE;
    if (proc->request_due <= now)
        proc->request_due = kd__bond_expire(proc, now);
    return KD__END_NONE;
}

/*
 * For any thread: as far as can be told without handling signals. Kinds ask it
 * in their inner loops, so the clock is read for a deadline alone.
 */
static uint32_t
must_end(const struct kd__proc *proc)
{
    kd_time deadline = atomic_load(&proc->deadline);

    if (atomic_load(&proc->end) != KD__END_NONE ||
        (deadline != KD_NEVER && deadline <= kd__system_now(proc->system)))
        return KD__END_TERMINATE;
    if ((atomic_load(&proc->hints) & KD__HINT_LINK) != 0 &&
        !atomic_load(&proc->trap))
        return KD__END_LINK;
    return KD__END_NONE;
}

/* What kd_proc_fail() has set, or the sentence, or that there was neither. */
static void
failure_set(struct kd__proc *proc, const kd_error *err)
{
    kd_error silence = KD_ERROR_INIT;

    proc->failed = 1;
    kd__buf_release(proc->value);
    proc->value = NULL;
    if (proc->error != NULL)
        return;
    if (err->code == KD_OK) {
        kd__error(&silence, KD_EINTERNAL, "failed without an error");
        err = &silence;
    }
    proc->error = kd__failure_from(err);
}

/* For whoever wrote the kind. */
static void
nonsense_set(struct kd__proc *proc, kd_next next)
{
    const kd_api *api = proc->system->api;
    kd_error err = KD_ERROR_INIT;

    kd__error(&err, KD_EPLUGIN,
        "kind %s: run returned %u, which is none of KD_NEXT_ "
        "(kindred/worker.h)",
        api->entry_kind(kd__proc_code(proc)->entry), (unsigned)next);
    failure_set(proc, &err);
    proc->system->breach(proc->system->arg, KD_LOG_ERROR, proc, "orders",
        "run has returned what is none of KD_NEXT_");
}

/* The timer first, while we still have the token. */
static uint32_t
wait_for_more(struct kd__proc *proc)
{
    kd_time due = atomic_load(&proc->deadline);
    uint8_t state = KD__RUN_ACTIVE;

    if (proc->wake < due)
        due = proc->wake;
    if (proc->request_due < due)
        due = proc->request_due;
    if (due != atomic_load(&proc->timer)) {
        atomic_store(&proc->timer, due);
        proc->host->kind->timer(proc->host->self, kd__proc_node(proc), due);
    }
    if (atomic_compare_exchange_strong(&proc->run, &state, KD__RUN_IDLE))
        return KD_RUN_WAIT;
    atomic_store(&proc->run, KD__RUN_QUEUED);
    return KD_RUN_AGAIN;
}

/*
 * Named once a slice, and not while the thread has not even run the signal
 * handler: then it is the machine that keeps it from running.
 */
static void
overdue_name(kd_lane *lane, struct kd__proc *proc)
{
    uint64_t slices = atomic_load(&lane->slices);

    if (lane->overdue_slice != slices) {
        lane->overdue_slice = slices;
        lane->overdue_since = 0;
        lane->overdue_named = 0;
    }
    if (lane->overdue_named ||
        (kd__proc_code(proc)->kind->flags & KD_WORKER_BLOCKING) != 0 ||
        (lane->system->signal != 0 && atomic_load(&lane->heard) != slices))
        return;
    lane->overdue_named = 1;
    lane->system->breach(lane->system->arg, KD_LOG_WARN, proc, "slice",
        "has held a thread for 100 ms in one call");
}
