/* SPDX-License-Identifier: MIT */
/*
 * That all is quiet is no matter of time: everybody must have answered several
 * pings, one after the other, and have begun two slices since the first one,
 * while nothing that is counted has happened, neither before the last look at
 * them nor during it. What was on its way to anybody before has then been seen:
 * signals come before the mail of a slice.
 */

#include "clerk.h"

#include "account.h"
#include "audit.h"
#include "native.h"
#include "recorder.h"
#include "teller.h"

#include <kindred/term.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MS          UINT64_C(1000000)
#define LOOK_NS     (2 * MS)
#define LATE_NS     (10000 * MS)
#define PATIENCE_NS (120000 * MS) /* Then something hangs. */
#define ROUNDS      3             /* Of pings without anything in between. */

enum phase { BEGIN, PLAY, ASK, LISTEN, CLOSE, END, N_PHASES };

static const char *const supervisors[] = {"few", "many"};
#define SUPERVISORS (sizeof(supervisors) / sizeof(supervisors[0]))

struct clerk {
    enum phase phase;
    kd_time patience;
    kd_pid supervisors[SUPERVISORS];
    int n_supervisors; /* Alive. */
    int n_tellers;     /* Alive. */
    int n_rounds;      /* ASK: so many without anything in between. */
    long n_asked;      /* LISTEN */
    long n_answered;
    int64_t round; /* What pings say, so that an old answer is seen. */
    long done;     /* As the counters were at the last ping. */
    kd_ref refs[SUPERVISORS]; /* What they were asked in this round. */
    int64_t n_active;         /* Children, as they say. */
};

static kd_next begin(struct clerk *c, kd_proc *proc);
static kd_next play(struct clerk *c, kd_proc *proc);
static kd_next ask(struct clerk *c, kd_proc *proc);
static kd_next listen(struct clerk *c, kd_proc *proc);
static kd_next close_all(struct clerk *c, kd_proc *proc);
static kd_next end(struct clerk *c, kd_proc *proc);

static kd_next (*const phases[N_PHASES])(struct clerk *c, kd_proc *proc) = {
    [BEGIN] = begin,
    [PLAY] = play,
    [ASK] = ask,
    [LISTEN] = listen,
    [CLOSE] = close_all,
    [END] = end,
};

static kd_time
now(const kd_proc *proc)
{
    return proc->api->now_ns(proc->api);
}

static kd_next
look_again(kd_proc *proc)
{
    kd_proc_wake_at(proc, now(proc) + LOOK_NS);
    return KD_NEXT_WAIT;
}

static kd_next
enter(struct clerk *c, kd_proc *proc, enum phase phase)
{
    c->phase = phase;
    c->patience = now(proc) + PATIENCE_NS;
    return KD_NEXT_READY;
}

/* A hang is seen here, with what is missing. */
static void
be_patient(const struct clerk *c, const kd_proc *proc)
{
    if (now(proc) < c->patience)
        return;
    printf("phase %d hangs: %ld births, %ld deaths, %ld of %ld answered, "
           "%d tellers, %d supervisors\n",
        (int)c->phase, atomic_load(&account_sums.births),
        atomic_load(&account_sums.deaths), c->n_answered, c->n_asked,
        c->n_tellers, c->n_supervisors);
    fflush(stdout);
    abort();
}

static kd_pid
spawn(kd_proc *proc, const char *entry, unsigned host, const char *name)
{
    kd_spawn what = {.size = sizeof(what), .flags = KD_SPAWN_MONITOR};
    kd_error err = KD_ERROR_INIT;
    kd_pid pid = KD_PID_NONE_INIT;
    char id[32], host_id[32];

    snprintf(id, sizeof(id), "random:%s", entry);
    snprintf(host_id, sizeof(host_id), "random:host-%u", host % NATIVE_HOSTS);
    what.entry = id;
    what.host = host_id;
    what.name = name;
    what.args = what.context = kd_payload_none();
    if (kd_proc_spawn(proc, &what, &pid, &err) != KD_OK) {
        complain("%s: %s", entry, err.text);
        abort();
    }
    return pid;
}

static void
spawn_supervisor(struct clerk *c, kd_proc *proc, unsigned i)
{
    c->supervisors[i] = spawn(proc, supervisors[i], i + 1, supervisors[i]);
    c->n_supervisors++;
}

static kd_next
begin(struct clerk *c, kd_proc *proc)
{
    const kd_api *api = proc->api;

    recorder_open(api, proc->calls);
    api->name_register(api, "clerk", 5, kd_proc_self(proc), NULL);
    for (unsigned i = 0; i < SUPERVISORS; i++)
        spawn_supervisor(c, proc, i);
    for (unsigned i = 0; i < NATIVE_HOSTS; i++)
        spawn(proc, "teller", i, NULL);
    c->n_tellers = NATIVE_HOSTS;
    return enter(c, proc, PLAY);
}

/* A supervisor may be ended like anybody; another takes its place. */
static void
take_signals(struct clerk *c, kd_proc *proc)
{
    kd_signal signal = {.size = sizeof(signal)};
    unsigned i;

    while (kd_proc_signal(proc, &signal) == KD_OK) {
        if (signal.type != KD_SIGNAL_EXIT)
            continue;
        for (i = 0; i < SUPERVISORS; i++) {
            if (kd_pid_equal(signal.from, c->supervisors[i]))
                break;
        }
        if (i == SUPERVISORS) {
            c->n_tellers--;
            continue;
        }
        c->n_supervisors--;
        if (c->phase < CLOSE)
            spawn_supervisor(c, proc, i);
    }
}

static void
end_supervisor(const struct clerk *c, kd_proc *proc)
{
    kd_proc_terminate(
        proc, c->supervisors[teller_plan.seed % SUPERVISORS], NULL);
}

static kd_next
play(struct clerk *c, kd_proc *proc)
{
    be_patient(c, proc);
    if (c->n_tellers > 0)
        return look_again(proc);
    end_supervisor(c, proc);
    return enter(c, proc, ASK);
}

/* Deadlines that are still to come are unrest; so are requests, for a time. */
static int
is_waiting(kd_time at)
{
    const struct account *a;

    for (a = account_first(); a != NULL; a = a->next) {
        if (atomic_load(&a->is_over))
            continue;
        if (atomic_load(&a->deadline) != KD_NEVER ||
            (atomic_load(&a->n_asked) > 0 &&
                at < atomic_load(&a->due) + LATE_NS))
            return 1;
    }
    return 0;
}

static long
all_done(void)
{
    return atomic_load(&account_sums.done) + atomic_load(&account_sums.births) +
           atomic_load(&account_sums.deaths);
}

/* Whether everybody who lives has begun two slices since it was first asked. */
static int
is_fresh(void)
{
    const struct account *a;

    for (a = account_first(); a != NULL; a = a->next) {
        if (!atomic_load(&a->is_over) &&
            atomic_load(&a->slices) < a->slices_asked + 2)
            return 0;
    }
    return 1;
}

/* One that lives: others may have left children that trap links. */
static int
has_supervisor(const struct clerk *c, const struct account *child)
{
    for (unsigned i = 0; i < SUPERVISORS; i++) {
        if (kd_pid_equal(child->supervisor, c->supervisors[i]))
            return 1;
    }
    return 0;
}

/* How many children supervisors believe to have, and how many there are. */
static void
check_count(const struct clerk *c)
{
    const struct account *a;
    int64_t n = 0;

    for (a = account_first(); a != NULL; a = a->next)
        n += !atomic_load(&a->is_over) && has_supervisor(c, a);
    if (n != c->n_active)
        complain("supervisors have %lld children, and think they have %lld",
            (long long)n, (long long)c->n_active);
}

/* A supervisor handles ends before it answers. */
static void
ask_supervisors(struct clerk *c, kd_proc *proc)
{
    const kd_payload none = kd_payload_none();

    c->n_active = 0;
    for (unsigned i = 0; i < SUPERVISORS; i++) {
        c->refs[i] = 0;
        c->n_asked += kd_proc_request(proc, c->supervisors[i],
                          "@supervisor.count_children", &none, KD_NEVER,
                          &c->refs[i], NULL) == KD_OK;
    }
}

static void
ping(struct clerk *c, kd_proc *proc)
{
    const int is_first = c->n_rounds == 0;
    kd_writer w = {0};
    kd_payload payload;
    struct account *a;

    c->n_asked = c->n_answered = 0;
    kd_write_int(&w, ++c->round);
    payload = kd_writer_payload(&w);
    for (a = account_first(); a != NULL; a = a->next) {
        if (atomic_load(&a->is_over))
            continue;
        if (is_first)
            a->slices_asked = atomic_load(&a->slices);
        if (kd_proc_send(proc, a->pid, "ping", 4, 0, &payload, NULL) == KD_OK)
            c->n_asked++;
    }
    kd_writer_free(&w);
    ask_supervisors(c, proc);
}

static kd_next
ask(struct clerk *c, kd_proc *proc)
{
    const long done = all_done();

    be_patient(c, proc);
    if (is_waiting(now(proc)))
        return look_again(proc);
    c->n_rounds = done == c->done ? c->n_rounds + 1 : 0;
    if (c->n_rounds >= ROUNDS && is_fresh() && all_done() == done) {
        audit(proc->api);
        check_count(c);
        for (unsigned i = 0; i < SUPERVISORS; i++)
            kd_proc_cancel(proc, c->supervisors[i], KD_NEVER, 0, "over", NULL);
        return enter(c, proc, CLOSE);
    }
    c->done = done;
    ping(c, proc);
    c->phase = LISTEN;
    return look_again(proc);
}

/* What a program found wrong. */
static void
take_complaint(const kd_message *message)
{
    kd_reader reader =
        kd_reader_make(message->payload.data, message->payload.len);
    kd_item item;

    if (kd_reader_next(&reader, &item) == KD_TERM_STRING)
        complain("%.*s", (int)item.len, (const char *)item.data);
}

/* What a supervisor says to the last question. */
static void
take_count(struct clerk *c, const kd_message *message)
{
    kd_reader reader =
        kd_reader_make(message->payload.data, message->payload.len);
    kd_item item;

    if (message->ref != c->refs[0] && message->ref != c->refs[1])
        return;
    c->n_answered++;
    while (kd_reader_next(&reader, &item) == KD_TERM_MAP ||
           item.type == KD_TERM_STRING || item.type == KD_TERM_INT) {
        if (item.type == KD_TERM_STRING && item.len == 6 &&
            memcmp(item.data, "active", 6) == 0 &&
            kd_reader_next(&reader, &item) == KD_TERM_INT)
            c->n_active += item.integer;
    }
}

static void
take_mail(struct clerk *c, kd_proc *proc)
{
    kd_message *message;

    while ((message = kd_proc_next(proc)) != NULL) {
        if ((message->flags & KD_MESSAGE_REPLY) != 0)
            take_count(c, message);
        else if (kd_message_is(message, "pong"))
            c->n_answered += recorder_integer(&message->payload) == c->round;
        else if (kd_message_is(message, "wrong"))
            take_complaint(message);
        kd_proc_release(proc, message);
    }
}

/* Who dies meanwhile does not answer: then all are asked again. */
static kd_next
listen(struct clerk *c, kd_proc *proc)
{
    be_patient(c, proc);
    if (c->n_answered < c->n_asked && all_done() == c->done)
        return look_again(proc);
    c->phase = ASK;
    return KD_NEXT_READY;
}

/* Supervisors first, so that nobody is started again. */
static kd_next
close_all(struct clerk *c, kd_proc *proc)
{
    struct account *a;

    be_patient(c, proc);
    if (c->n_supervisors > 0)
        return look_again(proc);
    for (a = account_first(); a != NULL; a = a->next) {
        atomic_fetch_add(&a->n_forced, 1);
        kd_proc_terminate(proc, a->pid, NULL);
    }
    return enter(c, proc, END);
}

static kd_next
end(struct clerk *c, kd_proc *proc)
{
    be_patient(c, proc);
    if (atomic_load(&account_sums.births) != atomic_load(&account_sums.deaths))
        return look_again(proc);
    audit_end(proc->api);
    return KD_NEXT_DONE;
}

static kd_status
clerk_create(void *state, void *prepared, kd_proc *proc, const kd_payload *args,
    void **self, kd_error *err)
{
    (void)state;
    (void)prepared;
    (void)proc;
    (void)args;
    (void)err;
    *self = calloc(1, sizeof(struct clerk));
    return *self == NULL ? KD_ENOMEM : KD_OK;
}

static kd_next
clerk_run(void *self, kd_proc *proc, uint32_t budget, kd_error *err)
{
    struct clerk *c = self;

    (void)budget;
    (void)err;
    take_signals(c, proc);
    take_mail(c, proc);
    return phases[c->phase](c, proc);
}

static void
clerk_destroy(void *self, kd_proc *proc)
{
    (void)proc;
    free(self);
}

const kd_worker_kind clerk_worker = {
    .size = sizeof(kd_worker_kind),
    .create = clerk_create,
    .run = clerk_run,
    .destroy = clerk_destroy,
};
