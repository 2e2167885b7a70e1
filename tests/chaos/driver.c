/* SPDX-License-Identifier: MIT */
/*
 * One process and its phases. It waits for the tree to grow, kills at random
 * until the time is over, waits until the tree has healed, has it audited from
 * inside, and tells it to stop.
 *
 * That it has healed is no matter of time: every child must have answered a
 * question that was sent behind all else that we sent it, and nobody may have
 * been born since the question.
 */

#include "driver.h"

#include "leaf.h"

#include <kindred/term.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define MS          UINT64_C(1000000)
#define LOOK_NS     (10 * MS)
#define KILL_NS     (MS / 2) /* Between bursts */
#define BURST       100      /* of so many. */
#define SIEGE       100      /* Bursts at the children of one supervisor, */
#define SIEGE_WIDTH 25       /* the first so many of them; */
#define SIEGE_ONE   64       /* one burst in so many begins that. */
#define PATIENCE_NS (120000 * MS) /* Then something hangs. */

enum phase { GROW, KILL, ASK, LISTEN, AUDIT, STOP, N_PHASES };

struct driver {
    enum phase phase;
    kd_pid top;
    kd_pid auditor;
    uint64_t seed;
    kd_time until;    /* KILL */
    kd_pid besieged;  /* KILL: whose children are killed, */
    int siege_left;   /* for so many bursts more. */
    kd_time patience; /* GROW, ASK, LISTEN */
    kd_time stopped_at;
    long n_asked; /* LISTEN */
    long n_answered;
    long births; /* When they were asked. */
    kd_pid *pids;
};

struct driver_plan driver_plan;
struct driver_report driver_report;

static kd_next grow(struct driver *d, kd_proc *proc);
static kd_next kill_some(struct driver *d, kd_proc *proc);
static kd_next ask(struct driver *d, kd_proc *proc);
static kd_next listen(struct driver *d, kd_proc *proc);
static kd_next wait(struct driver *d, kd_proc *proc);

static kd_next (*const phases[N_PHASES])(struct driver *d, kd_proc *proc) = {
    [GROW] = grow,
    [KILL] = kill_some,
    [ASK] = ask,
    [LISTEN] = listen,
    [AUDIT] = wait,
    [STOP] = wait,
};

long
driver_resident(void)
{
    FILE *file = fopen("/proc/self/statm", "r");
    long pages = 0;

    if (file == NULL || fscanf(file, "%*s %ld", &pages) != 1)
        abort();
    fclose(file);
    return pages * sysconf(_SC_PAGESIZE);
}

static kd_time
now(const kd_proc *proc)
{
    return proc->api->now_ns(proc->api);
}

/* splitmix64, by Sebastiano Vigna: any seed will do. */
static uint64_t
next_chance(struct driver *d)
{
    uint64_t z = (d->seed += 0x9e3779b97f4a7c15u);

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static kd_pid
spawn(kd_proc *proc, const char *id, const char *name)
{
    kd_spawn what = {.size = sizeof(what),
        .flags = KD_SPAWN_MONITOR,
        .entry = id,
        .name = name};
    kd_error err = KD_ERROR_INIT;
    kd_pid pid = KD_PID_NONE_INIT;

    what.args = what.context = kd_payload_none();
    if (kd_proc_spawn(proc, &what, &pid, &err) != KD_OK) {
        printf("%s: %s\n", id, err.text);
        exit(1);
    }
    return pid;
}

static kd_next
sleep_on(kd_proc *proc, uint64_t ns)
{
    kd_proc_wake_at(proc, now(proc) + ns);
    return KD_NEXT_WAIT;
}

/* A tree that does not heal is seen whole: by its own log, at SIGABRT's core.
 */
static void
be_patient(const struct driver *d, const kd_proc *proc)
{
    if (now(proc) < d->patience)
        return;
    printf("phase %d: %zu of %ld children live, %ld asked, %ld answered\n",
        (int)d->phase,
        ledger_living(d->pids, (size_t)driver_plan.n_children + 1),
        driver_plan.n_children, d->n_asked, d->n_answered);
    exit(1);
}

static int
is_whole(struct driver *d)
{
    return (long)ledger_living(d->pids, (size_t)driver_plan.n_children + 1) ==
           driver_plan.n_children;
}

/* Each supervisor is watched, to know how it ends; or is killed at once. */
static void
watch_parents(kd_proc *proc, int kills)
{
    kd_pid pid;

    while (pid = ledger_next_parent(), !kd_pid_is_none(pid)) {
        if (kd_proc_monitor(proc, pid, NULL) != KD_OK)
            driver_report.unseen++;
        else if (kills)
            kd_proc_terminate(proc, pid, NULL);
    }
}

/* The worst for memory comes first: every supervisor falls at once. What is
 * needed beyond that is a leak. */
static kd_next
grow(struct driver *d, kd_proc *proc)
{
    be_patient(d, proc);
    if (!is_whole(d))
        return sleep_on(proc, LOOK_NS);
    watch_parents(proc, 1);
    d->until = now(proc) + driver_plan.kill_ns;
    d->phase = KILL;
    return KD_NEXT_READY;
}

/* One of the last to be born anywhere; or of one family, until its supervisor
 * gives up. */
static kd_pid
choose(struct driver *d)
{
    const uint64_t chance = next_chance(d);

    if (d->siege_left > 0)
        return ledger_child(d->besieged, 1 + (int64_t)(chance % SIEGE_WIDTH));
    return (chance >> 40 & 0x3ff) == 0 ? ledger_parent(chance)
                                       : ledger_recent(chance);
}

/* Mostly by force; also by a message, which may come too late, and gently. */
static void
kill_one(struct driver *d, kd_proc *proc)
{
    const uint64_t chance = next_chance(d);
    const kd_payload none = kd_payload_none();
    kd_status status;
    const kd_pid victim = choose(d);

    if (kd_pid_is_none(victim) || kd_pid_equal(victim, d->top))
        return;
    switch (chance >> 50 & 0xf) {
    case 0:
    case 1:
        status = kd_proc_send(proc, victim, "error", 5, 0, &none, NULL);
        break;
    case 2:
    case 3:
        status = kd_proc_send(proc, victim, "end", 3, 0, &none, NULL);
        break;
    case 4:
        status = kd_proc_cancel(proc, victim, KD_NEVER, 0, "chaos", NULL);
        break;
    case 5:
        status = kd_proc_cancel(proc, victim, now(proc), 0, "chaos", NULL);
        break;
    default:
        status = kd_proc_terminate(proc, victim, NULL);
        break;
    }
    driver_report.kills += status == KD_OK;
}

static kd_next
kill_some(struct driver *d, kd_proc *proc)
{
    const kd_time at = now(proc);

    watch_parents(proc, 0);
    if (driver_report.early_bytes == 0 &&
        at + driver_plan.kill_ns / 5 * 4 >= d->until)
        driver_report.early_bytes = driver_resident();
    if (at >= d->until) {
        d->patience = at + PATIENCE_NS;
        d->phase = ASK;
        return KD_NEXT_READY;
    }
    if (d->siege_left > 0) {
        d->siege_left--;
    } else if (next_chance(d) % SIEGE_ONE == 0) {
        d->besieged = ledger_parent(next_chance(d));
        d->siege_left = SIEGE;
    }
    for (int i = 0; i < BURST; i++)
        kill_one(d, proc);
    return sleep_on(proc, KILL_NS);
}

static kd_next
ask(struct driver *d, kd_proc *proc)
{
    const kd_payload none = kd_payload_none();
    long n;

    be_patient(d, proc);
    watch_parents(proc, 0);
    d->births = ledger_births();
    n = (long)ledger_living(d->pids, (size_t)driver_plan.n_children + 1);
    if (n != driver_plan.n_children)
        return sleep_on(proc, LOOK_NS);
    driver_report.rounds++;
    d->n_asked = d->n_answered = 0;
    for (long i = 0; i < n; i++)
        d->n_asked +=
            kd_proc_send(proc, d->pids[i], "ping", 4, 0, &none, NULL) == KD_OK;
    d->phase = LISTEN;
    return sleep_on(proc, LOOK_NS);
}

/* Who dies meanwhile does not answer: then all are asked again. */
static kd_next
listen(struct driver *d, kd_proc *proc)
{
    kd_message *message;

    be_patient(d, proc);
    while ((message = kd_proc_next(proc)) != NULL) {
        d->n_answered++;
        kd_proc_release(proc, message);
    }
    if (ledger_births() != d->births || d->n_asked != driver_plan.n_children) {
        d->phase = ASK;
        return sleep_on(proc, LOOK_NS);
    }
    if (d->n_answered < d->n_asked)
        return sleep_on(proc, LOOK_NS);
    driver_report.late_bytes = driver_resident();
    d->auditor = spawn(proc, "chaos:audit", NULL);
    d->phase = AUDIT;
    return KD_NEXT_WAIT;
}

static kd_next
wait(struct driver *d, kd_proc *proc)
{
    (void)d;
    (void)proc;
    return KD_NEXT_WAIT;
}

static int
says(const kd_payload *payload, const char *words)
{
    return payload->len > 0 &&
           memmem(payload->data, payload->len, words, strlen(words)) != NULL;
}

/* What the supervisors themselves say of the tree. */
static void
take_audit(struct driver *d, kd_proc *proc, const kd_signal *signal)
{
    long leaves = 0, supervisors = 0, restarts = 0, amiss = 0;
    char text[200];

    snprintf(text, sizeof(text), "%.*s", (int)signal->value.len,
        (const char *)signal->value.data);
    driver_report.sums = ledger_sum();
    if (strchr(text, ':') == NULL ||
        sscanf(strchr(text, ':'), ": %ld %ld %ld %ld", &leaves, &supervisors,
            &restarts, &amiss) != 4)
        ledger_complain("no audit: %.*s", (int)signal->error.len,
            (const char *)signal->error.data);
    if (leaves != driver_plan.n_children ||
        supervisors != driver_plan.n_supervisors || amiss != 0)
        ledger_complain("audit: %ld children, %ld supervisors, %ld not running",
            leaves, supervisors, amiss);
    if (restarts != driver_report.sums.standing)
        ledger_complain("supervisors count %ld restarts where %ld were seen",
            restarts, driver_report.sums.standing);
    atomic_store(&leaf_is_closing, 1);
    d->stopped_at = now(proc);
    kd_proc_cancel(proc, d->top, KD_NEVER, 0, NULL, NULL);
    d->phase = STOP;
}

static void
take_top(struct driver *d, kd_proc *proc, const kd_signal *signal)
{
    if (d->phase != STOP || !says(&signal->value, "shutdown"))
        ledger_complain("the top has ended in phase %d: %.*s", (int)d->phase,
            (int)signal->error.len, (const char *)signal->error.data);
    driver_report.stop_seconds = (double)(now(proc) - d->stopped_at) / 1e9;
}

static void
take_supervisor(const struct driver *d, const kd_signal *signal)
{
    const kd_payload *error = &signal->error;

    if (d->phase == STOP)
        return;
    if (signal->error.len == 0)
        driver_report.stopped++;
    else if (says(error, "restart intensity exceeded"))
        driver_report.gave_up++;
    else if (says(error, "process terminated"))
        driver_report.killed++;
    else if (says(error, "linked process failed"))
        driver_report.pulled++;
    else
        ledger_complain("a supervisor has failed: %.*s", (int)error->len,
            (const char *)error->data);
}

static kd_status
create(void *state, void *prepared, kd_proc *proc, const kd_payload *args,
    void **self, kd_error *err)
{
    struct driver *d = calloc(1, sizeof(*d));

    (void)state;
    (void)prepared;
    (void)proc;
    (void)args;
    (void)err;
    if (d != NULL)
        d->pids = calloc((size_t)driver_plan.n_children + 1, sizeof(*d->pids));
    if (d == NULL || d->pids == NULL)
        abort();
    d->seed = driver_plan.seed;
    *self = d;
    return KD_OK;
}

static kd_next
run(void *self, kd_proc *proc, uint32_t budget, kd_error *err)
{
    kd_signal signal = {.size = sizeof(signal)};
    struct driver *d = self;

    (void)budget;
    (void)err;
    if (kd_pid_is_none(d->top)) {
        d->patience = now(proc) + PATIENCE_NS;
        d->top = spawn(proc, "chaos:top", "top");
    }
    while (kd_proc_signal(proc, &signal) == KD_OK) {
        if (signal.type != KD_SIGNAL_EXIT)
            continue;
        if (kd_pid_equal(signal.from, d->top)) {
            take_top(d, proc, &signal);
            return KD_NEXT_DONE;
        }
        if (kd_pid_equal(signal.from, d->auditor))
            take_audit(d, proc, &signal);
        else
            take_supervisor(d, &signal);
    }
    return phases[d->phase](d, proc);
}

static void
destroy(void *self, kd_proc *proc)
{
    struct driver *d = self;

    (void)proc;
    free(d->pids);
    free(d);
}

const kd_worker_kind driver_worker = {
    .size = sizeof(kd_worker_kind),
    .create = create,
    .run = run,
    .destroy = destroy,
};
