/* SPDX-License-Identifier: MIT */
/*
 * See host_fake.h. States as in the real library: whoever makes an idle one
 * queued hands it to the host; a wake-up of a running one is seen at the end
 * of its slice.
 */

#include "host_fake.h"

#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static struct fake *
fake_of(kd_core *core)
{
    return (struct fake *)(void *)core;
}

static const kd_host_kind *
kind(void)
{
    return &kh__pool_kind;
}

kd_time
fake_now(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (kd_time)ts.tv_sec * 1000000000u + (kd_time)ts.tv_nsec;
}

static kd_time
api_now(const kd_api *api)
{
    (void)api;
    return fake_now();
}

static const kd_node *
api_get(const kd_entry *entry, const char *path)
{
    const struct fake *fake = (const struct fake *)(const void *)entry;

    return strcmp(path, "host.workers") == 0 ? &fake->workers : NULL;
}

static void
fault(struct fake *fake)
{
    atomic_fetch_add(&fake->faults, 1);
}

static void
check_signals(struct fake *fake)
{
    sigset_t mask;
    int is_blocked;

    pthread_sigmask(SIG_SETMASK, NULL, &mask);
    is_blocked = sigismember(&mask, SIGTERM) && sigismember(&mask, SIGALRM) &&
                 sigismember(&mask, SIGCHLD) && sigismember(&mask, SIGPIPE);
    if (!is_blocked)
        fault(fake);
}

static kd_lane *
call_attach(kd_core *core, void *self)
{
    struct fake *fake = fake_of(core);
    kd_lane *lane;

    if (self != fake->host)
        fault(fake);
    check_signals(fake);
    if (atomic_fetch_add(&fake->attached, 1) + 1 == fake->attach_fails) {
        atomic_fetch_add(&fake->detached, 1);
        return NULL;
    }
    lane = calloc(1, sizeof(*lane));
    if (lane != NULL)
        lane->fake = fake;
    return lane;
}

static void
call_detach(kd_lane *lane)
{
    atomic_fetch_add(&lane->fake->detached, 1);
    free(lane);
}

static uint32_t
run_end(struct fake_proc *proc, uint32_t next)
{
    unsigned running = FAKE_RUNNING;

    if (next == KD_RUN_WAIT &&
        atomic_compare_exchange_strong(&proc->state, &running, FAKE_IDLE))
        return KD_RUN_WAIT;
    atomic_store(&proc->state, FAKE_QUEUED);
    return KD_RUN_AGAIN;
}

static uint32_t
call_run(kd_lane *lane, void *node, uint32_t budget)
{
    struct fake_proc *proc = node;
    uint32_t next;

    if (budget == 0 ||
        atomic_exchange(&proc->state, FAKE_RUNNING) != FAKE_QUEUED ||
        atomic_fetch_add(&proc->inside, 1) != 0)
        fault(lane->fake);
    atomic_store(&lane->preempts, 0);
    proc->lane = lane;
    atomic_fetch_add(&proc->runs, 1);
    next = atomic_load(&proc->script)(proc);
    /* Gone: its memory may be, too. */
    if (next == KD_RUN_GONE)
        return next;
    atomic_fetch_sub(&proc->inside, 1);
    return run_end(proc, next);
}

/* Returns whether it is queued by this. */
static int
mark_woken(struct fake_proc *proc)
{
    unsigned state = atomic_load(&proc->state);
    unsigned next;

    for (;;) {
        if (state != FAKE_IDLE && state != FAKE_RUNNING)
            return 0;
        next = state == FAKE_IDLE ? FAKE_QUEUED : FAKE_AGAIN;
        if (atomic_compare_exchange_weak(&proc->state, &state, next))
            return next == FAKE_QUEUED;
    }
}

static uint32_t
call_expired(kd_lane *lane, void *node)
{
    struct fake_proc *proc = node;

    if (atomic_load(&proc->state) == FAKE_GONE)
        fault(lane->fake);
    atomic_fetch_add(&proc->expiries, 1);
    return (uint32_t)mark_woken(proc);
}

static void
call_preempt(kd_lane *lane)
{
    atomic_fetch_add(&lane->preempts, 1);
}

static void
call_overdue(kd_lane *lane)
{
    atomic_fetch_add(&lane->overdues, 1);
    atomic_fetch_add(&lane->fake->overdues, 1);
}

static uint32_t
call_blocking(kd_lane *lane)
{
    return atomic_load(&lane->is_blocking);
}

static const kd_lane *
call_giving(kd_lane *lane)
{
    return lane->gives_to;
}

kd_status
fake_init(struct fake *fake, int workers, kd_error *err)
{
    kd_host_info info = {.size = sizeof(info)};
    kd_status status;

    memset(fake, 0, sizeof(*fake));
    fake->api.size = sizeof(fake->api);
    fake->api.now_ns = api_now;
    fake->api.entry_get = api_get;
    fake->workers.type = KD_NODE_INT;
    fake->workers.integer = workers;
    fake->calls = (kd_host_calls){.size = sizeof(kd_host_calls),
        .attach = call_attach,
        .detach = call_detach,
        .run = call_run,
        .expired = call_expired,
        .preempt = call_preempt,
        .overdue = call_overdue,
        .blocking = call_blocking,
        .giving = call_giving};
    fake->state.api = &fake->api;
    status = kind()->create(&fake->state, (kd_core *)(void *)fake, &fake->calls,
        (const kd_entry *)(const void *)fake, &info, &fake->host, err);
    if (status == KD_OK &&
        info.node_size > sizeof(((struct fake_proc *)0)->node))
        fault(fake);
    return status;
}

kd_status
fake_start(struct fake *fake, kd_error *err)
{
    return kind()->start(fake->host, err);
}

void
fake_stop(struct fake *fake)
{
    kind()->stop(fake->host);
    if (atomic_load(&fake->attached) != atomic_load(&fake->detached))
        fault(fake);
}

void
fake_fini(struct fake *fake)
{
    kind()->destroy(fake->host);
}

void
fake_enter(struct fake *fake, struct fake_proc *proc, fake_script script)
{
    memset(proc, 0, sizeof(*proc));
    proc->fake = fake;
    proc->script = script;
    proc->due_ns = KD_NEVER;
    kind()->enter(fake->host, proc->node);
}

void
fake_wake(struct fake_proc *proc, uint32_t how)
{
    if (mark_woken(proc))
        kind()->ready(proc->fake->host, proc->node, how);
}

void
fake_timer(struct fake_proc *proc, kd_time due_ns)
{
    proc->due_ns = due_ns;
    kind()->timer(proc->fake->host, proc->node, due_ns);
}

void
fake_leave(struct fake_proc *proc)
{
    kind()->leave(proc->fake->host, proc->node);
    atomic_store(&proc->state, FAKE_GONE);
}

void
fake_await(_Atomic unsigned long *counter, unsigned long value)
{
    while (atomic_load(counter) < value)
        sched_yield();
}

void
fake_await_threads(struct fake *fake, unsigned count)
{
    while (atomic_load(&fake->attached) - atomic_load(&fake->detached) != count)
        sched_yield();
}
