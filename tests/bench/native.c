/* SPDX-License-Identifier: MIT */
/*
 * What processes of C cost: spawning, memory, messages, links and monitors.
 *
 *     native [-n N] [-w WORKERS] [WORKLOAD...]
 *
 * How the workloads are meant, so that anyone's program measures the same,
 * stands at each; see also bench.h. The processes have no more state than they
 * need, and none if they need none: what is measured is the host.
 */

#include "bench.h"

#include <kindred/embed.h>
#include <kindred/term.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

#define SENDERS  8
#define RING     1000
#define CHILDREN 100
#define MANY     120
#define SPINNERS 4

/* Latenesses that are kept; what comes after is dropped. */
#define LATE_ROOM 20000000

struct role {
    const char *name;
    size_t state_size;
    kd_next (*run)(void *state, kd_proc *proc, int64_t number);
};

/* Zeroed state behind it; a role without state has its role for instance. */
struct instance {
    const struct role *role;
    int64_t number;
    _Alignas(16) char state[];
};

static kd_runtime *runtime;
static long n_wanted;
static _Atomic long n_gone;     /* Instances destroyed since the run began. */
static _Atomic long n_expected; /* The run is over when so many are. */
static _Atomic kd_time began;
static _Atomic kd_time ended;
static _Atomic long n_idle; /* Processes that have run and wait. */
static double *late_us;
static size_t late_room;
static _Atomic long n_late;
static sem_t over;

static kd_time
now(const kd_proc *proc)
{
    return proc->api->now_ns(proc->api);
}

/* --- What processes do --------------------------------------------------- */

static kd_pid
spawn(kd_proc *proc, const char *id, uint32_t flags)
{
    kd_spawn what = {.size = sizeof(what), .flags = flags, .entry = id};
    kd_error err = KD_ERROR_INIT;
    kd_pid pid = KD_PID_NONE_INIT;

    what.args = what.context = kd_payload_none();
    if (kd_proc_spawn(proc, &what, &pid, &err) != KD_OK)
        bench_fail("spawn", err.text);
    return pid;
}

static kd_pid
spawn_with(kd_proc *proc, const char *id, uint32_t flags, int64_t number)
{
    kd_spawn what = {.size = sizeof(what), .flags = flags, .entry = id};
    kd_error err = KD_ERROR_INIT;
    kd_pid pid = KD_PID_NONE_INIT;
    kd_writer w = {0};

    kd_write_array(&w, 1);
    kd_write_int(&w, number);
    what.args = kd_payload_make(KD_FORMAT_TERM, w.data, w.len);
    what.context = kd_payload_none();
    if (kd_proc_spawn(proc, &what, &pid, &err) != KD_OK)
        bench_fail("spawn", err.text);
    kd_writer_free(&w);
    return pid;
}

/* A message of one small integer, 0 to 127. */
static kd_status
tell(kd_proc *proc, kd_pid to, unsigned char number)
{
    kd_payload payload = kd_payload_make(KD_FORMAT_TERM, &number, 1);

    return kd_proc_send(proc, to, "n", 1, 0, &payload, NULL);
}

static void
send(kd_proc *proc, kd_pid to, unsigned char number)
{
    kd_status status = tell(proc, to, number);

    if (status != KD_OK)
        bench_fail("send", kd_status_text(status));
}

/* Takes one message, if there is one; its number or -1. */
static int
receive(kd_proc *proc, kd_pid *from)
{
    kd_message *message = kd_proc_next(proc);
    int number;

    if (message == NULL)
        return -1;
    number = *(const unsigned char *)message->payload.data;
    if (from != NULL)
        *from = message->from;
    kd_proc_release(proc, message);
    return number;
}

static void
note_late(kd_time ns)
{
    size_t at = (size_t)atomic_fetch_add(&n_late, 1);

    if (at < late_room)
        late_us[at] = (double)ns / 1e3;
}

/* The run is over when this many more processes have gone. */
static void
begin(const kd_proc *proc, long n)
{
    atomic_store(&n_expected, n);
    atomic_store(&began, now(proc));
}

static kd_next
nothing_run(void *state, kd_proc *proc, int64_t number)
{
    (void)state;
    (void)proc;
    (void)number;
    return KD_NEXT_DONE;
}

static kd_next
waiter_run(void *state, kd_proc *proc, int64_t number)
{
    (void)state;
    (void)number;
    return receive(proc, NULL) < 0 ? KD_NEXT_WAIT : KD_NEXT_DONE;
}

/* spawn_exit: one spawner; from the first spawn until all have gone. */
static kd_next
spawner_run(void *state, kd_proc *proc, int64_t number)
{
    long *n = state;

    (void)number;
    if (*n == 0)
        begin(proc, n_wanted + 1);
    while (*n < n_wanted) {
        spawn(proc, "b:nothing", 0);
        ++*n;
        if (kd_proc_should_yield(proc))
            return KD_NEXT_READY;
    }
    return KD_NEXT_DONE;
}

/* idle_memory: they are spawned, have run and wait for a message. */
static kd_next
idler_run(void *state, kd_proc *proc, int64_t number)
{
    (void)state;
    (void)proc;
    (void)number;
    if (atomic_fetch_add(&n_idle, 1) + 1 == n_wanted)
        sem_post(&over);
    return KD_NEXT_WAIT;
}

static kd_next
crowd_run(void *state, kd_proc *proc, int64_t number)
{
    long *n = state;

    (void)number;
    while (*n < n_wanted) {
        spawn(proc, "b:idler", 0);
        ++*n;
        if (kd_proc_should_yield(proc))
            return KD_NEXT_READY;
    }
    return KD_NEXT_DONE;
}

/* pingpong: half a round trip. */
static kd_next
pong_run(void *state, kd_proc *proc, int64_t number)
{
    kd_pid from;
    int n;

    (void)state;
    (void)number;
    while ((n = receive(proc, &from)) >= 0) {
        if (n == 0)
            return KD_NEXT_DONE;
        send(proc, from, 1);
    }
    return KD_NEXT_WAIT;
}

struct ping {
    kd_pid pong;
    long n;
};

static kd_next
ping_run(void *state, kd_proc *proc, int64_t number)
{
    struct ping *p = state;

    (void)number;
    if (p->n == 0) {
        p->pong = spawn(proc, "b:pong", 0);
        begin(proc, 2);
        send(proc, p->pong, 1);
        p->n = 2;
        return KD_NEXT_WAIT;
    }
    while (receive(proc, NULL) >= 0) {
        p->n += 2;
        send(proc, p->pong, p->n < n_wanted);
        if (p->n >= n_wanted)
            return KD_NEXT_DONE;
    }
    return KD_NEXT_WAIT;
}

/* ring: one token goes round; a hop. */
static _Atomic long hops;
static kd_pid ring[RING];

static kd_next
member_run(void *state, kd_proc *proc, int64_t number)
{
    int n = receive(proc, NULL);

    (void)state;
    if (n < 0)
        return KD_NEXT_WAIT;
    if (n == 1)
        atomic_store_explicit(&hops,
            atomic_load_explicit(&hops, memory_order_relaxed) + 1,
            memory_order_relaxed);
    if (n == 1 && atomic_load_explicit(&hops, memory_order_relaxed) == n_wanted)
        n = 0;
    if (n == 0) { /* And so round, until the next has gone already. */
        tell(proc, ring[(number + 1) % RING], 0);
        return KD_NEXT_DONE;
    }
    send(proc, ring[(number + 1) % RING], 1);
    return KD_NEXT_WAIT;
}

static kd_next
ring_run(void *state, kd_proc *proc, int64_t number)
{
    (void)state;
    (void)number;
    atomic_store(&hops, 0);
    for (long i = 0; i < RING; i++)
        ring[i] = spawn_with(proc, "b:member", 0, i);
    begin(proc, RING + 1);
    send(proc, ring[0], 1);
    return KD_NEXT_DONE;
}

/* fanin: eight senders, one receiver; small integers. */
struct sender {
    long n;
};

static kd_pid receiver;

static kd_next
sender_run(void *state, kd_proc *proc, int64_t number)
{
    struct sender *s = state;

    (void)number;
    while (s->n < n_wanted / SENDERS) {
        s->n++;
        send(proc, receiver, 1);
        if (kd_proc_should_yield(proc))
            return KD_NEXT_READY;
    }
    return KD_NEXT_DONE;
}

static kd_next
fanin_run(void *state, kd_proc *proc, int64_t number)
{
    long *n = state;

    (void)number;
    if (*n == 0) {
        receiver = kd_proc_self(proc);
        begin(proc, SENDERS + 1);
        for (int i = 0; i < SENDERS; i++)
            spawn(proc, "b:sender", 0);
        *n = 1;
    }
    while (receive(proc, NULL) >= 0) {
        if (++*n == n_wanted / SENDERS * SENDERS + 1)
            return KD_NEXT_DONE;
        if (*n % 256 == 0 && kd_proc_should_yield(proc))
            return KD_NEXT_READY;
    }
    return KD_NEXT_WAIT;
}

/* link_chain: the head fails, until the last has gone. */
static _Atomic long chain_length;
static kd_pid chain_head;

static kd_next
chain_run(void *state, kd_proc *proc, int64_t number)
{
    int *step = state;

    (void)number;
    if ((*step)++ == 0) {
        if (atomic_fetch_add(&chain_length, 1) == 0)
            chain_head = kd_proc_self(proc);
        if (atomic_load(&chain_length) < n_wanted)
            spawn(proc, "b:chain", KD_SPAWN_LINK);
        else
            send(proc, chain_head, 1);
        return KD_NEXT_WAIT;
    }
    if (receive(proc, NULL) < 0)
        return KD_NEXT_WAIT;
    begin(proc, n_wanted);
    return KD_NEXT_FAIL;
}

/* link_star: the hub fails, until all have gone. */
static kd_next
star_run(void *state, kd_proc *proc, int64_t number)
{
    long *n = state;

    (void)number;
    while (*n < n_wanted) {
        spawn(proc, "b:waiter", KD_SPAWN_LINK);
        ++*n;
        if (kd_proc_should_yield(proc))
            return KD_NEXT_READY;
    }
    begin(proc, n_wanted + 1);
    return KD_NEXT_FAIL;
}

/* monitor_storm: from telling the first of them to end until the last EXIT has
 * been received. */
struct storm {
    long n;
    long told;
    long seen;
    kd_pid *pids;
};

static kd_next
storm_run(void *state, kd_proc *proc, int64_t number)
{
    struct storm *s = state;
    kd_signal signal;

    (void)number;
    if (s->pids == NULL)
        s->pids = malloc((size_t)n_wanted * sizeof(s->pids[0]));
    while (s->n < n_wanted) {
        s->pids[s->n++] = spawn(proc, "b:waiter", KD_SPAWN_MONITOR);
        if (kd_proc_should_yield(proc))
            return KD_NEXT_READY;
    }
    if (s->told == 0)
        begin(proc, n_wanted + 1);
    while (s->told < n_wanted) {
        send(proc, s->pids[s->told++], 1);
        if (kd_proc_should_yield(proc))
            return KD_NEXT_READY;
    }
    while (kd_proc_signal(proc, &signal) == KD_OK)
        s->seen++;
    if (s->seen < n_wanted)
        return KD_NEXT_WAIT;
    free(s->pids);
    return KD_NEXT_DONE;
}

/* restart: what a supervisor costs without its policy. 100 children, linked
 * and monitored; each that starts is killed at once by another process. */
struct restarter {
    int is_begun;
    long n;
    long seen;
    kd_pid killer;
};

static kd_pid victims[CHILDREN];

static kd_next
killer_run(void *state, kd_proc *proc, int64_t number)
{
    int n;

    (void)state;
    (void)number;
    while ((n = receive(proc, NULL)) >= 0) {
        if (n == 127)
            return KD_NEXT_DONE;
        kd_proc_terminate(proc, victims[n], NULL);
    }
    return KD_NEXT_WAIT;
}

static void
victim_start(struct restarter *r, kd_proc *proc, int i)
{
    victims[i] = spawn(proc, "b:waiter", KD_SPAWN_LINK | KD_SPAWN_MONITOR);
    if (r->n++ < n_wanted)
        send(proc, r->killer, (unsigned char)i);
}

static kd_next
restarter_run(void *state, kd_proc *proc, int64_t number)
{
    struct restarter *r = state;
    kd_signal signal;
    int i;

    (void)number;
    if (!r->is_begun) {
        r->is_begun = 1;
        kd_proc_set_trap(proc, 1);
        r->killer = spawn(proc, "b:killer", 0);
        begin(proc, n_wanted + CHILDREN + 2);
        for (i = 0; i < CHILDREN; i++)
            victim_start(r, proc, i);
    }
    while (kd_proc_signal(proc, &signal) == KD_OK) {
        if (signal.type != KD_SIGNAL_EXIT)
            continue;
        i = 0;
        while (!kd_pid_equal(victims[i], signal.from))
            i++;
        victim_start(r, proc, i);
        r->seen++;
    }
    if (r->seen < n_wanted)
        return KD_NEXT_WAIT;
    send(proc, r->killer, 127);
    return KD_NEXT_FAIL;
}

/* kill_to_run: one at a time, from the kill until the new child's code runs. */
#define KILLS 1000

static kd_pid reviver;
static _Atomic kd_time killed_at;

static kd_next
phoenix_run(void *state, kd_proc *proc, int64_t number)
{
    kd_time at = atomic_exchange(&killed_at, 0);

    (void)state;
    (void)number;
    if (at != 0)
        note_late(now(proc) - at);
    send(proc, reviver, 1);
    return KD_NEXT_WAIT;
}

static kd_next
reviver_run(void *state, kd_proc *proc, int64_t number)
{
    kd_pid *child = state;
    kd_signal signal;

    (void)number;
    if (kd_pid_is_none(*child)) {
        reviver = kd_proc_self(proc);
        kd_proc_set_trap(proc, 1);
        begin(proc, n_wanted + 2);
        *child = spawn(proc, "b:phoenix", KD_SPAWN_LINK | KD_SPAWN_MONITOR);
    }
    while (kd_proc_signal(proc, &signal) == KD_OK) {
        if (signal.type == KD_SIGNAL_EXIT)
            *child = spawn(proc, "b:phoenix", KD_SPAWN_LINK | KD_SPAWN_MONITOR);
    }
    if (receive(proc, NULL) < 0)
        return KD_NEXT_WAIT;
    if (atomic_load(&n_late) == n_wanted)
        return KD_NEXT_FAIL;
    atomic_store(&killed_at, now(proc));
    kd_proc_terminate(proc, *child, NULL);
    return KD_NEXT_WAIT;
}

/*
 * restart_rate, restart_latency: the same two by supervisor.one_for_one. Each
 * child says that it runs, and is killed for it, until n have been killed and
 * all run again; then the supervisor is told to end.
 */
static _Atomic kd_time revived_at;

static kd_next
victim_run(void *state, kd_proc *proc, int64_t number)
{
    (void)state;
    (void)number;
    send(proc, reviver, 1);
    return KD_NEXT_WAIT;
}

struct slayer {
    kd_pid supervisor;
    long n;
};

static kd_next
slayer_run(void *state, kd_proc *proc, int64_t number)
{
    struct slayer *s = state;
    kd_pid from;

    (void)number;
    if (kd_pid_is_none(s->supervisor)) {
        reviver = kd_proc_self(proc);
        begin(proc, n_wanted + CHILDREN + 1);
        s->supervisor = spawn(proc, "b:supervisor", 0);
    }
    while (receive(proc, &from) >= 0) {
        if (s->n++ < n_wanted)
            kd_proc_terminate(proc, from, NULL);
    }
    if (s->n < n_wanted + CHILDREN)
        return KD_NEXT_WAIT;
    atomic_store(&revived_at, now(proc));
    kd_proc_cancel(proc, s->supervisor, KD_NEVER, 0, NULL, NULL);
    return KD_NEXT_DONE;
}

static kd_next
striker_run(void *state, kd_proc *proc, int64_t number)
{
    struct slayer *s = state;
    kd_pid from;

    (void)number;
    if (kd_pid_is_none(s->supervisor)) {
        reviver = kd_proc_self(proc);
        begin(proc, n_wanted + 2);
        s->supervisor = spawn(proc, "b:lone_supervisor", 0);
    }
    if (receive(proc, &from) < 0)
        return KD_NEXT_WAIT;
    if (atomic_load(&n_late) == n_wanted) {
        kd_proc_cancel(proc, s->supervisor, KD_NEVER, 0, NULL, NULL);
        return KD_NEXT_DONE;
    }
    atomic_store(&killed_at, now(proc));
    kd_proc_terminate(proc, from, NULL);
    return KD_NEXT_WAIT;
}

/* bin1k, bin64k: a buffer goes back and forth; each reads it, and sends the
 * same on: it is shared, since nobody can write to it. */
static kd_next
hold_run(void *state, kd_proc *proc, int64_t number)
{
    kd_message *message;

    (void)state;
    (void)number;
    while ((message = kd_proc_next(proc)) != NULL) {
        kd_reader reader =
            kd_reader_make(message->payload.data, message->payload.len);
        kd_item item;

        if (kd_reader_next(&reader, &item) != KD_TERM_STRING) {
            kd_proc_release(proc, message);
            return KD_NEXT_DONE;
        }
        if (kd_proc_send(proc, message->from, "n", 1, 0, &message->payload,
                NULL) != KD_OK)
            bench_fail("send", "bin");
        kd_proc_release(proc, message);
    }
    return KD_NEXT_WAIT;
}

static kd_next
throw_run(struct ping *p, kd_proc *proc, size_t len)
{
    kd_message *message;

    if (p->n == 0) {
        kd_payload payload;
        kd_writer w = {0};
        char *text = calloc(1, len);
        kd_buf *buf;

        kd_write_string(&w, text, len);
        buf = proc->api->buf_copy(proc->api, KD_FORMAT_TERM, w.data, w.len);
        payload = proc->api->buf_payload(buf);
        free(text);
        kd_writer_free(&w);
        p->pong = spawn(proc, "b:hold", 0);
        begin(proc, 2);
        kd_proc_send(proc, p->pong, "n", 1, 0, &payload, NULL);
        proc->api->buf_release(buf);
        p->n = 2;
        return KD_NEXT_WAIT;
    }
    while ((message = kd_proc_next(proc)) != NULL) {
        p->n += 2;
        if (p->n >= n_wanted)
            send(proc, p->pong, 0);
        else
            kd_proc_send(proc, p->pong, "n", 1, 0, &message->payload, NULL);
        kd_proc_release(proc, message);
        if (p->n >= n_wanted)
            return KD_NEXT_DONE;
    }
    return KD_NEXT_WAIT;
}

static kd_next
throw1k_run(void *state, kd_proc *proc, int64_t number)
{
    (void)number;
    return throw_run(state, proc, 1024);
}

static kd_next
throw64k_run(void *state, kd_proc *proc, int64_t number)
{
    (void)number;
    return throw_run(state, proc, 65536);
}

/* big: each sends its pings to random others, and answers theirs. */
struct talker {
    long sent;
    long answered;
    unsigned random;
    int is_begun;
};

static kd_pid talkers[MANY];
static _Atomic long n_satisfied; /* Talkers whose pings have been answered. */

static void
listen(struct talker *t, kd_proc *proc, long pings)
{
    kd_pid from;
    int n;

    while ((n = receive(proc, &from)) >= 0) {
        if (n == 1)
            tell(proc, from, 0);
        else if (n == 2)
            t->is_begun = 1;
        else if (n == 0 && ++t->answered == pings)
            atomic_fetch_add(&n_satisfied, 1);
    }
}

static kd_next
talker_run(void *state, kd_proc *proc, int64_t number)
{
    struct talker *t = state;
    long pings = n_wanted / 2 / MANY;

    listen(t, proc, pings);
    if (!t->is_begun)
        return KD_NEXT_WAIT;
    t->random += (unsigned)number;
    while (t->sent < pings) {
        t->random = t->random * 1103515245 + 12345;
        send(proc, talkers[(t->random >> 16) % MANY], 1);
        t->sent++;
        if (kd_proc_should_yield(proc))
            return KD_NEXT_READY;
    }
    listen(t, proc, pings);
    if (atomic_load(&n_satisfied) < MANY)
        return KD_NEXT_WAIT;
    /* Whoever sees that all are tells the next, and so round. */
    tell(proc, talkers[(number + 1) % MANY], 3);
    return KD_NEXT_DONE;
}

static kd_next
big_run(void *state, kd_proc *proc, int64_t number)
{
    (void)state;
    (void)number;
    atomic_store(&n_satisfied, 0);
    begin(proc, MANY + 1);
    for (long i = 0; i < MANY; i++)
        talkers[i] = spawn_with(proc, "b:talker", 0, i);
    for (long i = 0; i < MANY; i++)
        send(proc, talkers[i], 2);
    return KD_NEXT_DONE;
}

/* sleepers: due at random within one second, which begins when all have been
 * armed. */
static _Atomic kd_time first_due;

struct sleeper {
    kd_time due;
};

static kd_next
sleeper_run(void *state, kd_proc *proc, int64_t number)
{
    struct sleeper *s = state;
    kd_time at;

    if (s->due == 0) {
        s->due = atomic_load(&first_due) + (kd_time)number;
        kd_proc_wake_at(proc, s->due);
        return KD_NEXT_WAIT;
    }
    at = now(proc);
    if (at < s->due)
        return KD_NEXT_WAIT;
    note_late(at - s->due);
    return KD_NEXT_DONE;
}

static kd_next
dormitory_run(void *state, kd_proc *proc, int64_t number)
{
    long *n = state;

    (void)number;
    while (*n < n_wanted) {
        spawn_with(proc, "b:sleeper", 0, random() % 1000000000);
        ++*n;
        if (kd_proc_should_yield(proc))
            return KD_NEXT_READY;
    }
    return KD_NEXT_DONE;
}

/* fairness: four that never wait, on two threads, and a ping-pong beside. */
static _Atomic int is_spinning;

static kd_next
spin_run(void *state, kd_proc *proc, int64_t number)
{
    (void)state;
    (void)number;
    while (atomic_load_explicit(&is_spinning, memory_order_relaxed)) {
        if (kd_proc_should_yield(proc))
            return KD_NEXT_READY;
    }
    return KD_NEXT_DONE;
}

struct fair {
    kd_pid pong;
    kd_time sent;
    kd_time last;
};

static kd_next
fair_run(void *state, kd_proc *proc, int64_t number)
{
    struct fair *f = state;
    kd_time at = now(proc);

    (void)number;
    if (kd_pid_is_none(f->pong)) {
        atomic_store(&is_spinning, 1);
        begin(proc, SPINNERS + 2);
        f->pong = spawn(proc, "b:pong", 0);
        for (int i = 0; i < SPINNERS; i++)
            spawn(proc, "b:spin", 0);
        f->last = at + (kd_time)n_wanted * UINT64_C(1000000000);
    } else if (receive(proc, NULL) >= 0) {
        note_late((at - f->sent) / 2);
    } else {
        return KD_NEXT_WAIT;
    }
    f->sent = now(proc);
    send(proc, f->pong, f->sent < f->last);
    if (f->sent < f->last)
        return KD_NEXT_WAIT;
    atomic_store(&is_spinning, 0);
    return KD_NEXT_DONE;
}

/* scale: what one more spawn, send, link and end cost beside n that live, all
 * of which have run and wait. */
#define SCALE_OPS     1000
#define SCALE_LOOK_NS 10000000u

struct scale {
    long n;
    int has_asked;
    kd_pid *crowd;
    kd_pid more[SCALE_OPS];
    long seen;
    kd_time began;
};

static double scale_ns[BENCH_EXTRAS + 1];

static kd_next
sink_run(void *state, kd_proc *proc, int64_t number)
{
    int n;

    (void)state;
    (void)number;
    while ((n = receive(proc, NULL)) >= 0) {
        if (n == 0)
            return KD_NEXT_DONE;
    }
    atomic_fetch_add(&n_idle, 1);
    return KD_NEXT_WAIT;
}

static void
scale_note(struct scale *s, kd_proc *proc, int which)
{
    scale_ns[which] = (double)(now(proc) - s->began) / SCALE_OPS;
    s->began = now(proc);
}

static void
scale_ask(struct scale *s, kd_proc *proc)
{
    s->has_asked = 1;
    s->began = now(proc);
    for (int i = 0; i < SCALE_OPS; i++)
        s->more[i] = spawn(proc, "b:sink", 0);
    scale_note(s, proc, 0);
    for (int i = 0; i < SCALE_OPS; i++)
        send(proc, s->crowd[random() % n_wanted], 1);
    scale_note(s, proc, 1);
    for (int i = 0; i < SCALE_OPS; i++)
        kd_proc_link(proc, s->more[i], NULL);
    scale_note(s, proc, 2);
    for (int i = 0; i < SCALE_OPS; i++)
        kd_proc_terminate(proc, s->more[i], NULL);
}

static kd_next
scale_run(void *state, kd_proc *proc, int64_t number)
{
    struct scale *s = state;
    kd_signal signal;

    (void)number;
    if (s->crowd == NULL) {
        s->crowd = malloc((size_t)n_wanted * sizeof(s->crowd[0]));
        kd_proc_set_trap(proc, 1);
        atomic_store(&n_idle, 0);
        begin(proc, n_wanted + SCALE_OPS + 1);
    }
    while (s->n < n_wanted) {
        s->crowd[s->n++] = spawn(proc, "b:sink", 0);
        if (kd_proc_should_yield(proc))
            return KD_NEXT_READY;
    }
    if (atomic_load(&n_idle) < n_wanted) {
        kd_proc_wake_at(proc, now(proc) + SCALE_LOOK_NS);
        return KD_NEXT_WAIT;
    }
    if (!s->has_asked)
        scale_ask(s, proc);
    while (kd_proc_signal(proc, &signal) == KD_OK)
        s->seen += signal.type == KD_SIGNAL_LINK_DOWN;
    if (s->seen < SCALE_OPS)
        return KD_NEXT_WAIT;
    scale_note(s, proc, 3);
    for (long i = 0; i < n_wanted; i++)
        send(proc, s->crowd[i], 0);
    free(s->crowd);
    return KD_NEXT_DONE;
}

static const struct role roles[] = {
    {"hold", 0, hold_run},
    {"ping1k", sizeof(struct ping), throw1k_run},
    {"ping64k", sizeof(struct ping), throw64k_run},
    {"talker", sizeof(struct talker), talker_run},
    {"big", 0, big_run},
    {"sleeper", sizeof(struct sleeper), sleeper_run},
    {"dormitory", sizeof(long), dormitory_run},
    {"spin", 0, spin_run},
    {"fair", sizeof(struct fair), fair_run},
    {"sink", 0, sink_run},
    {"scale", sizeof(struct scale), scale_run},
    {"nothing", 0, nothing_run},
    {"waiter", 0, waiter_run},
    {"spawner", sizeof(long), spawner_run},
    {"idler", 0, idler_run},
    {"crowd", sizeof(long), crowd_run},
    {"pong", 0, pong_run},
    {"ping", sizeof(struct ping), ping_run},
    {"member", sizeof(long), member_run},
    {"ring", 0, ring_run},
    {"sender", sizeof(struct sender), sender_run},
    {"fanin", sizeof(long), fanin_run},
    {"chain", sizeof(int), chain_run},
    {"star", sizeof(long), star_run},
    {"storm", sizeof(struct storm), storm_run},
    {"killer", 0, killer_run},
    {"restarter", sizeof(struct restarter), restarter_run},
    {"phoenix", 0, phoenix_run},
    {"reviver", sizeof(kd_pid), reviver_run},
    {"victim", 0, victim_run},
    {"slayer", sizeof(struct slayer), slayer_run},
    {"striker", sizeof(struct slayer), striker_run},
    {NULL, 0, NULL},
};

/* --- The kind ----------------------------------------------------------- */

static int
is_role(const void *self)
{
    const char *at = self;

    return at >= (const char *)roles &&
           at < (const char *)roles + sizeof(roles);
}

static kd_status
bench_prepare(void *state, const kd_entry *entry, const kd_check *check,
    void **prepared, kd_error *err)
{
    const char *id = kd_runtime_api(runtime)->entry_id(entry);
    const struct role *role = roles;

    (void)state;
    (void)check;
    (void)err;
    while (strcmp(role->name, strchr(id, ':') + 1) != 0)
        role++;
    *prepared = (void *)(uintptr_t)role;
    return KD_OK;
}

static kd_status
bench_create(void *state, void *prepared, kd_proc *proc, const kd_payload *args,
    void **self, kd_error *err)
{
    const struct role *role = prepared;
    struct instance *instance;
    kd_reader reader;
    kd_item item;

    (void)state;
    (void)proc;
    (void)err;
    *self = prepared;
    if (role->state_size == 0)
        return KD_OK;
    instance = calloc(1, sizeof(*instance) + role->state_size);
    if (instance == NULL)
        return KD_ENOMEM;
    instance->role = role;
    reader = kd_reader_make(args->data, args->len);
    kd_reader_next(&reader, &item);
    if (kd_reader_next(&reader, &item) == KD_TERM_INT)
        instance->number = item.integer;
    *self = instance;
    return KD_OK;
}

static kd_next
bench_run(void *self, kd_proc *proc, uint32_t budget, kd_error *err)
{
    struct instance *instance = self;

    (void)budget;
    err->code = KD_ECONFLICT;
    if (is_role(self))
        return ((const struct role *)self)->run(NULL, proc, 0);
    return instance->role->run(instance->state, proc, instance->number);
}

static void
bench_destroy(void *self, kd_proc *proc)
{
    if (!is_role(self))
        free(self);
    if (atomic_fetch_add(&n_gone, 1) + 1 == atomic_load(&n_expected)) {
        atomic_store(&ended, now(proc));
        sem_post(&over);
    }
}

static const kd_worker_kind bench_worker = {
    .size = sizeof(kd_worker_kind),
    .prepare = bench_prepare,
    .create = bench_create,
    .run = bench_run,
    .destroy = bench_destroy,
};

static const kd_kind bench_kind = {
    .size = sizeof(kd_kind),
    .flags = KD_KIND_LIMITS,
    .cls = KD_CLASS_WORKER,
    .id = "bench.native",
    .help = "a C function as a process",
    .impl = &bench_worker,
};

static const kd_kind *const bench_kinds[] = {&bench_kind, NULL};

static const kd_plugin bench_plugin = {
    .stamp = KD_STAMP_INIT,
    .name = "bench.native",
    .version = "1",
    .help = "processes to measure",
    .kinds = bench_kinds,
};

/* --- Runs ---------------------------------------------------------------- */

static void
runtime_start(long n)
{
    kd_config config = {.size = sizeof(config),
        .preempt_signal = SIGURG,
        .diagnostic = bench_diagnostic};
    kd_error err = KD_ERROR_INIT;
    kd_text index = {.size = sizeof(index), .path = "_index.yaml"};
    char *text = NULL;
    FILE *file = open_memstream(&text, &index.len);

    n_wanted = n;
    sem_init(&over, 0, 0);
    late_room = n > LATE_ROOM ? (size_t)n : LATE_ROOM;
    late_us = malloc(late_room * sizeof(late_us[0]));
    if (late_us == NULL || file == NULL)
        bench_fail("malloc", "no memory");

    fprintf(file,
        "namespace: b\nentries:\n- {name: host, kind: process.host, host: "
        "{workers: %d}, lifecycle: {auto_start: true, stop_timeout: 1s}}\n",
        bench_workers);
    for (const struct role *role = roles; role->name != NULL; role++)
        fprintf(file,
            "- {name: %s, kind: bench.native, limits: {mailbox_messages: "
            "8000000, mailbox_bytes: 4GiB}}\n",
            role->name);
    fprintf(file,
        "- {name: supervisor, kind: supervisor.one_for_one, restarts: {max: "
        "1000000000}, children: [{id: v, process: b:victim, count: %d, "
        "shutdown: brutal}]}\n"
        "- {name: lone_supervisor, kind: supervisor.one_for_one, restarts: "
        "{max: 1000000000}, children: [{id: v, process: b:phoenix, shutdown: "
        "brutal}]}\n",
        CHILDREN);
    if (fclose(file) != 0)
        bench_fail("fclose", "no memory");
    index.text = text;
    if (kd_runtime_new(&config, &runtime, &err) != KD_OK ||
        kd_runtime_search(runtime, &err) != KD_OK ||
        kd_runtime_add(runtime, &bench_plugin, &err) != KD_OK ||
        kd_runtime_open_texts(runtime, "bench", &index, 1, &err) != KD_OK ||
        kd_runtime_start(runtime, &err) != KD_OK)
        bench_fail("runtime", err.text);
    free(text);
}

static void
runtime_stop(void)
{
    kd_error err = KD_ERROR_INIT;

    if (kd_runtime_stop(runtime, 30000000000u, &err) != KD_OK)
        bench_fail("kd_runtime_stop", err.text);
    kd_runtime_free(runtime, NULL);
}

static void
main_spawn(const char *id)
{
    kd_spawn what = {.size = sizeof(what), .entry = id, .host = "b:host"};
    kd_error err = KD_ERROR_INIT;
    kd_pid pid;

    what.args = what.context = kd_payload_none();
    if (kd_runtime_spawn(runtime, &what, NULL, NULL, &pid, &err) != KD_OK)
        bench_fail("kd_runtime_spawn", err.text);
}

/* Nanoseconds of one run. */
static double
run_once(const char *id)
{
    atomic_store(&n_gone, 0);
    atomic_store(&n_expected, 0);
    atomic_store(&chain_length, 0);
    atomic_store(&n_late, 0);
    main_spawn(id);
    while (sem_wait(&over) != 0)
        continue;
    return (double)(atomic_load(&ended) - atomic_load(&began));
}

static void
run(const struct bench_workload *workload, long n, struct bench_found *found)
{
    found->value = workload->figure(run_once(workload->id), n);
}

static void
run_idle(
    const struct bench_workload *workload, long n, struct bench_found *found)
{
    double before = bench_resident_bytes();

    main_spawn(workload->id);
    while (sem_wait(&over) != 0)
        continue;
    bench_wait_idle();
    found->value = (bench_resident_bytes() - before) / (double)n;
}

/* The median of all kills of one run. */
static void
run_kills(
    const struct bench_workload *workload, long n, struct bench_found *found)
{
    run_once(workload->id);
    found->value = bench_quantile(late_us, (size_t)n, 0.5);
}

/* Until all run again; how they stop then is not counted. */
static void
run_restarts(
    const struct bench_workload *workload, long n, struct bench_found *found)
{
    run_once(workload->id);
    found->value = workload->figure(
        (double)(atomic_load(&revived_at) - atomic_load(&began)), n);
}

/* Whether all are armed and idle before the second in which they are due. */
static int
arm_sleepers(const char *id, long n, kd_time time_ns)
{
    const kd_api *api = kd_runtime_api(runtime);

    atomic_store(&n_gone, 0);
    atomic_store(&n_late, 0);
    atomic_store(&n_expected, n + 1);
    atomic_store(&first_due, api->now_ns(api) + time_ns);
    main_spawn(id);
    bench_wait_idle();
    return api->now_ns(api) < atomic_load(&first_due);
}

static void
run_sleepers(
    const struct bench_workload *workload, long n, struct bench_found *found)
{
    static kd_time arm_ns; /* What it takes; the machine tells. */
    const kd_api *api = kd_runtime_api(runtime);
    double cpu_s;

    if (arm_ns == 0)
        arm_ns = UINT64_C(1000000000) + (kd_time)n * 2000;
    while (!arm_sleepers(workload->id, n, arm_ns)) {
        while (sem_wait(&over) != 0)
            continue;
        arm_ns *= 2;
    }
    bench_wait_until(bench_clock_ns() +
                     (int64_t)(atomic_load(&first_due) - api->now_ns(api)));
    cpu_s = bench_cpu_seconds();
    while (sem_wait(&over) != 0)
        continue;
    found->value = bench_cpu_seconds() - cpu_s;
    found->extras[0] = bench_quantile(late_us, (size_t)n, 0.5) / 1e3;
    found->extras[1] = bench_quantile(late_us, (size_t)n, 0.99) / 1e3;
}

/* Half round trips, for so many seconds, beside four that spin. */
static void
run_fairness(
    const struct bench_workload *workload, long n, struct bench_found *found)
{
    size_t count;

    (void)n;
    run_once(workload->id);
    count = (size_t)atomic_load(&n_late);
    found->value = bench_quantile(late_us, count, 0.5);
    found->extras[0] = bench_quantile(late_us, count, 0.99);
    found->extras[1] = bench_quantile(late_us, count, 1);
}

static void
run_scale(
    const struct bench_workload *workload, long n, struct bench_found *found)
{
    (void)n;
    run_once(workload->id);
    found->value = scale_ns[0];
    for (int i = 0; i < BENCH_EXTRAS; i++)
        found->extras[i] = scale_ns[i + 1];
}

static double
each(double value, long n)
{
    return value / (double)n;
}

static double
a_second(double value, long n)
{
    return (double)n * 1e9 / value;
}

static double
milliseconds(double value, long n)
{
    (void)n;
    return value / 1e6;
}

#define LATE                                                                   \
    {                                                                          \
        "late_p50_ms", "late_p99_ms"                                           \
    }
#define SCALE                                                                  \
    {                                                                          \
        "send_ns", "link_ns", "exit_ns"                                        \
    }

static const struct bench_workload workloads[] = {
    {"spawn_exit", "ns/process", 100000, .run = run, .id = "b:spawner",
        .figure = each},
    {"idle_memory", "bytes/process", 100000, .is_single = 1, .run = run_idle,
        .id = "b:crowd"},
    {"pingpong", "ns/message", 1000000, .run = run, .id = "b:ping",
        .figure = each},
    {"ring", "ns/message", 1000000, .run = run, .id = "b:ring", .figure = each},
    {"fanin", "messages/s", 4000000, .run = run, .id = "b:fanin",
        .figure = a_second},
    {"big", "messages/s", 4800000, .least = 2 * MANY, .run = run, .id = "b:big",
        .figure = a_second},
    {"bin1k", "ns/message", 1000000, .run = run, .id = "b:ping1k",
        .figure = each},
    {"bin64k", "ns/message", 1000000, .run = run, .id = "b:ping64k",
        .figure = each},
    {"link_chain", "ms", 100000, .run = run, .id = "b:chain",
        .figure = milliseconds},
    {"link_star", "ms", 100000, .run = run, .id = "b:star",
        .figure = milliseconds},
    {"monitor_storm", "ms", 100000, .run = run, .id = "b:storm",
        .figure = milliseconds},
    {"restart_by_hand", "restarts/s", 100000, .run = run, .id = "b:restarter",
        .figure = a_second},
    {"kill_to_run", "us", KILLS, .run = run_kills, .id = "b:reviver"},
    {"restart_rate", "restarts/s", 1000, .run = run_restarts, .id = "b:slayer",
        .figure = a_second},
    {"restart_rate_100k", "restarts/s", 100000, .run = run_restarts,
        .id = "b:slayer", .figure = a_second},
    {"restart_latency", "us", KILLS, .run = run_kills, .id = "b:striker"},
    {"sleepers_100k", "cpu-s", 100000, .extras = LATE, .run = run_sleepers,
        .id = "b:dormitory"},
    {"sleepers", "cpu-s", 1000000, .extras = LATE, .run = run_sleepers,
        .id = "b:dormitory"},
    {"fairness", "us", 3, .extras = {"p99", "max"}, .run = run_fairness,
        .id = "b:fair"},
    {"scale_1k", "ns/spawn", 1000, .extras = SCALE, .run = run_scale,
        .id = "b:scale"},
    {"scale_10k", "ns/spawn", 10000, .extras = SCALE, .run = run_scale,
        .id = "b:scale"},
    {"scale_100k", "ns/spawn", 100000, .extras = SCALE, .run = run_scale,
        .id = "b:scale"},
    {"scale_1m", "ns/spawn", 1000000, .extras = SCALE, .run = run_scale,
        .id = "b:scale"},
};

int
main(int argc, char **argv)
{
    const struct bench bench = {.kind = "native",
        .workloads = workloads,
        .n_workloads = sizeof(workloads) / sizeof(workloads[0]),
        .start = runtime_start,
        .stop = runtime_stop};

    return bench_main(argc, argv, &bench);
}
