/* SPDX-License-Identifier: MIT */
/*
 * What processes of C cost: spawning, memory, messages, links and monitors.
 *
 *     native [WORKLOAD [N [WORKERS]]]
 *
 * prints a line of JSON for each workload, of RUNS runs after one that is not
 * counted. Each workload runs in a program of its own, so that none sees the
 * memory of another. How they are meant, so that anyone's program measures the
 * same, stands at each. The processes have no more state than they need, and
 * none if they need none: what is measured is the host.
 */

#include <kindred/embed.h>
#include <kindred/term.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define RUNS     5
#define SENDERS  8
#define RING     1000
#define CHILDREN 100

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
static char dir[] = "/tmp/kindred-bench-XXXXXX";
static long n_wanted;
static int n_workers = 2;
static _Atomic long n_gone;     /* Instances destroyed since the run began. */
static _Atomic long n_expected; /* The run is over when so many are. */
static _Atomic kd_time began;
static _Atomic kd_time ended;
static _Atomic long n_idle; /* Processes that have run and wait. */
static sem_t over;

static void
fail(const char *what, const char *why)
{
    fprintf(stderr, "native: %s: %s\n", what, why);
    exit(1);
}

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
        fail("spawn", err.text);
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
        fail("spawn", err.text);
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
        fail("send", kd_status_text(status));
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
static kd_time lateness[KILLS];
static _Atomic long n_late;

static kd_next
phoenix_run(void *state, kd_proc *proc, int64_t number)
{
    kd_time at = atomic_exchange(&killed_at, 0);

    (void)state;
    (void)number;
    if (at != 0)
        lateness[atomic_fetch_add(&n_late, 1)] = now(proc) - at;
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

static const struct role roles[] = {
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
on_diagnostic(void *arg, uint32_t level, const char *line)
{
    (void)arg;
    (void)level;
    fprintf(stderr, "%s\n", line);
}

static void
runtime_start(void)
{
    kd_config config = {.size = sizeof(config),
        .preempt_signal = SIGURG,
        .diagnostic = on_diagnostic};
    kd_error err = KD_ERROR_INIT;
    char path[sizeof(dir) + 16];
    FILE *file;

    if (mkdtemp(dir) == NULL)
        fail("mkdtemp", dir);
    snprintf(path, sizeof(path), "%s/_index.yaml", dir);
    file = fopen(path, "w");
    if (file == NULL)
        fail("fopen", path);
    fprintf(file,
        "namespace: b\nentries:\n- {name: host, kind: process.host, host: "
        "{workers: %d}, lifecycle: {auto_start: true, stop_timeout: 1s}}\n",
        n_workers);
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
    fclose(file);
    if (kd_runtime_new(&config, &runtime, &err) != KD_OK ||
        kd_runtime_search(runtime, &err) != KD_OK ||
        kd_runtime_add(runtime, &bench_plugin, &err) != KD_OK ||
        kd_runtime_open(runtime, dir, &err) != KD_OK ||
        kd_runtime_start(runtime, &err) != KD_OK)
        fail("runtime", err.text);
    unlink(path);
    rmdir(dir);
}

static void
runtime_stop(void)
{
    kd_error err = KD_ERROR_INIT;

    if (kd_runtime_stop(runtime, 30000000000u, &err) != KD_OK)
        fail("kd_runtime_stop", err.text);
    kd_runtime_free(runtime);
}

static void
main_spawn(const char *id)
{
    kd_spawn what = {.size = sizeof(what), .entry = id, .host = "b:host"};
    kd_error err = KD_ERROR_INIT;
    kd_pid pid;

    what.args = what.context = kd_payload_none();
    if (kd_runtime_spawn(runtime, &what, NULL, NULL, &pid, &err) != KD_OK)
        fail("kd_runtime_spawn", err.text);
}

/* Nanoseconds of one run. */
static double
run(const char *id)
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

static double
resident_bytes(void)
{
    FILE *file = fopen("/proc/self/statm", "r");
    long pages = 0;

    if (file == NULL || fscanf(file, "%*s %ld", &pages) != 1)
        fail("/proc/self/statm", "cannot be read");
    fclose(file);
    return (double)pages * (double)sysconf(_SC_PAGESIZE);
}

static double
run_idle(const char *id)
{
    double before = resident_bytes();

    main_spawn(id);
    while (sem_wait(&over) != 0)
        continue;
    return resident_bytes() - before;
}

static int
compare_times(const void *a, const void *b)
{
    kd_time x = *(const kd_time *)a;
    kd_time y = *(const kd_time *)b;

    return (x > y) - (x < y);
}

/* The median of all kills of one run. */
static double
run_kills(const char *id)
{
    run(id);
    qsort(lateness, (size_t)n_wanted, sizeof(lateness[0]), compare_times);
    return (double)lateness[n_wanted / 2];
}

/* Until all run again; how they stop then is not counted. */
static double
run_restarts(const char *id)
{
    run(id);
    return (double)(atomic_load(&revived_at) - atomic_load(&began));
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

static double
itself(double value, long n)
{
    (void)n;
    return value;
}

static const struct workload {
    const char *name;
    const char *id; /* Of its first process. */
    const char *unit;
    long n;
    double (*run)(const char *id);
    double (*figure)(double value, long n);
} workloads[] = {
    {"spawn_exit", "b:spawner", "ns/process", 100000, run, each},
    {"idle_memory", "b:crowd", "bytes/process", 100000, run_idle, each},
    {"pingpong", "b:ping", "ns/message", 1000000, run, each},
    {"ring", "b:ring", "ns/hop", 1000000, run, each},
    {"fanin", "b:fanin", "messages/s", 4000000, run, a_second},
    {"link_chain", "b:chain", "ms", 100000, run, milliseconds},
    {"link_star", "b:star", "ms", 100000, run, milliseconds},
    {"monitor_storm", "b:storm", "ms", 100000, run, milliseconds},
    {"restart", "b:restarter", "restarts/s", 100000, run, a_second},
    {"kill_to_run", "b:reviver", "ns", KILLS, run_kills, itself},
    {"restart_rate", "b:slayer", "restarts/s", 100000, run_restarts, a_second},
    {"restart_latency", "b:striker", "ns", KILLS, run_kills, itself},
};

static int
compare(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;

    return (x > y) - (x < y);
}

/* Memory can grow only once in a program: that is one run. */
static void
measure(const struct workload *workload, long n)
{
    double figures[RUNS];
    int runs = workload->run == run_idle ? 1 : RUNS;

    n_wanted = n;
    runtime_start();
    if (workload->run != run_idle)
        workload->run(workload->id);
    for (int i = 0; i < runs; i++)
        figures[i] = workload->figure(workload->run(workload->id), n);
    runtime_stop();
    qsort(figures, (size_t)runs, sizeof(figures[0]), compare);
    printf("{\"runtime\": \"kindred\", \"workload\": \"%s\", \"kind\": "
           "\"native\", \"unit\": \"%s\", \"median\": %.1f, \"min\": %.1f, "
           "\"max\": %.1f, \"runs\": %d, \"n\": %ld}\n",
        workload->name, workload->unit, figures[runs / 2], figures[0],
        figures[runs - 1], runs, n);
    fflush(stdout);
}

/* Returns 0, or not when it could not be measured. */
static int
measure_apart(const struct workload *workload, long n)
{
    int status = 1;
    pid_t child = fork();

    if (child == 0) {
        alarm(300);
        sem_init(&over, 0, 0);
        measure(workload, n == 0 ? workload->n : n);
        exit(0);
    }
    if (child > 0)
        waitpid(child, &status, 0);
    if (status != 0)
        fprintf(stderr, "native: %s failed\n", workload->name);
    return status != 0;
}

int
main(int argc, char **argv)
{
    long n = argc > 2 ? atol(argv[2]) : 0;
    int failed = 0;

    if (argc > 3)
        n_workers = atoi(argv[3]);
    for (size_t i = 0; i < sizeof(workloads) / sizeof(workloads[0]); i++) {
        if (argc < 2 || strcmp(argv[1], workloads[i].name) == 0)
            failed |= measure_apart(&workloads[i], n);
    }
    return failed;
}
