/* SPDX-License-Identifier: MIT */
/*
 * What processes of Lua cost. The workloads are in lua/; see bench.h.
 *
 *     lua [-n N] [-w WORKERS] [WORKLOAD...]
 *
 * A Lua program measures itself where it can see the end of what it measures.
 * Where it cannot, it tells a native process when it began, and the end is seen
 * from here: when the table of processes has no more than before.
 */

#include "bench.h"

#include "runtime/pid_text.h"
#include "runtime/runtime.h"

#include <kindred/embed.h>
#include <kindred/term.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define POLL_NS 100000
/* While what this program computes is measured: as rarely as Erlang's does. */
#define SELDOM_NS 1000000
#define LATE_MAX  20000
#define STOP_NS   UINT64_C(60000000000)

/* What one of a crowd may take, and how many are made where not all fit. */
#define IDLE_LEN 16000
#define FEWER    300000

static kd_runtime *runtime;
static sem_t told; /* "begin" has come. */
static sem_t over; /* The first process has ended. */
static _Atomic int64_t begun_ns;
static double lateness_ms[LATE_MAX]; /* Of a sample of the sleepers. */
static _Atomic size_t n_late;
static struct bench_found result;
static char *app;
static char gate[KD_PID_TEXT];

/* --- The gate: a native process that hears of begins ---------------------- */

static kd_status
gate_create(void *state, void *prepared, kd_proc *proc, const kd_payload *args,
    void **self, kd_error *err)
{
    (void)state;
    (void)prepared;
    (void)proc;
    (void)args;
    (void)err;
    *self = &told;
    return KD_OK;
}

static void
hear(const kd_message *message)
{
    kd_reader reader =
        kd_reader_make(message->payload.data, message->payload.len);
    kd_item item;
    size_t at;

    if (kd_reader_next(&reader, &item) != KD_TERM_INT)
        bench_fail("gate", "not an integer");
    if (strcmp(message->topic, "begin") == 0) {
        atomic_store(&begun_ns, item.integer);
        sem_post(&told);
    } else if ((at = atomic_fetch_add(&n_late, 1)) < LATE_MAX) {
        lateness_ms[at] = (double)item.integer / 1e6;
    }
}

static kd_next
gate_run(void *self, kd_proc *proc, uint32_t budget, kd_error *err)
{
    kd_signal signal = {.size = sizeof(signal)};
    kd_message *message;

    (void)self;
    (void)budget;
    (void)err;
    if (kd_proc_signal(proc, &signal) == KD_OK)
        return KD_NEXT_DONE; /* The runtime stops. */
    while ((message = kd_proc_next(proc)) != NULL) {
        hear(message);
        kd_proc_release(proc, message);
    }
    return KD_NEXT_WAIT;
}

static void
gate_destroy(void *self, kd_proc *proc)
{
    (void)self;
    (void)proc;
}

static const kd_worker_kind gate_worker = {
    .size = sizeof(kd_worker_kind),
    .create = gate_create,
    .run = gate_run,
    .destroy = gate_destroy,
};

static const kd_kind gate_kind = {
    .size = sizeof(kd_kind),
    .flags = KD_KIND_LIMITS,
    .cls = KD_CLASS_WORKER,
    .id = "bench.gate",
    .help = "hears when something has begun",
    .impl = &gate_worker,
};

static const kd_kind *const gate_kinds[] = {&gate_kind, NULL};

static const kd_plugin gate_plugin = {
    .stamp = KD_STAMP_INIT,
    .name = "bench.gate",
    .version = "1",
    .help = "to measure Lua processes",
    .kinds = gate_kinds,
};

/* --- The runtime --------------------------------------------------------- */

static void
gate_open(void)
{
    kd_spawn what = {.size = sizeof(what), .entry = "bench:gate"};
    kd_error err = KD_ERROR_INIT;
    kd_pid pid;

    what.host = "bench:processes";
    what.args = what.context = kd_payload_none();
    if (kd_runtime_spawn(runtime, &what, NULL, NULL, &pid, &err) != KD_OK)
        bench_fail("gate", err.text);
    kd__pid_text(&runtime->system, pid, gate);
}

static void
start(long n)
{
    kd_config config = {.size = sizeof(config),
        .preempt_signal = SIGURG,
        .log_level = KD_LOG_ERROR,
        .diagnostic = bench_diagnostic};
    char workers[32];
    const char *env[] = {workers, NULL};
    kd_error err = KD_ERROR_INIT;

    (void)n;
    sem_init(&told, 0, 0);
    sem_init(&over, 0, 0);
    snprintf(workers, sizeof(workers), "WORKERS=%d", bench_workers);
    config.env = env;
    if (kd_runtime_new(&config, &runtime, &err) != KD_OK ||
        kd_runtime_search(runtime, &err) != KD_OK ||
        kd_runtime_add(runtime, &gate_plugin, &err) != KD_OK ||
        kd_runtime_open(runtime, app, &err) != KD_OK ||
        kd_runtime_start(runtime, &err) != KD_OK)
        bench_fail("runtime", err.text);
    gate_open();
}

static void
stop(void)
{
    kd_error err = KD_ERROR_INIT;

    if (kd_runtime_stop(runtime, STOP_NS, &err) != KD_OK)
        bench_fail("kd_runtime_stop", err.text);
    kd_runtime_free(runtime, NULL);
}

/*
 * How many processes can be found, counted up to `most`. A slot is given back
 * later than its process is gone, so free slots tell nothing. It goes on where
 * it stopped last: polling does not pass again over all that have ended.
 */
static size_t
live(size_t most)
{
    static uint32_t at;
    struct kd__table *table = &runtime->system.table;
    uint32_t n_slots;
    size_t n = 0;

    kd__lock_take(&table->lock);
    n_slots = table->n_slots;
    kd__lock_drop(&table->lock);
    for (uint32_t i = 0; i < n_slots && n < most; i++) {
        at = at + 1 < n_slots ? at + 1 : 0;
        if (kd__table_find(table, at) != NULL)
            n++;
    }
    return n;
}

static void
read_figures(const kd_exit *exit)
{
    kd_reader reader = kd_reader_make(exit->value.data, exit->value.len);
    kd_item item;
    double *to = &result.value;
    double *end = result.extras + BENCH_EXTRAS;
    uint32_t type;

    while ((type = kd_reader_next(&reader, &item)) != KD_TERM_END && to < end) {
        if (type == KD_TERM_FLOAT)
            *to = item.number;
        else if (type == KD_TERM_INT)
            *to = (double)item.integer;
        else
            continue;
        to = to == &result.value ? result.extras : to + 1;
    }
}

/* An error is a map with its message somewhere in it: shown as it is. */
static void
on_end(void *arg, const kd_exit *exit)
{
    (void)arg;
    if (exit->failed) {
        fwrite(exit->error.data, 1, exit->error.len, stderr);
        bench_fail("workload", exit->trace == NULL ? "" : exit->trace);
    }
    read_figures(exit);
    sem_post(&over);
}

static void
begin(const char *workload, long n, int64_t arm_ns)
{
    kd_spawn what = {.size = sizeof(what), .entry = "bench:run"};
    kd_error err = KD_ERROR_INIT;
    kd_writer w = {0};
    kd_pid pid;

    memset(&result, 0, sizeof(result));
    what.host = "bench:processes";
    what.context = kd_payload_none();
    kd_write_array(&w, 4);
    kd_write_string(&w, workload, strlen(workload));
    kd_write_int(&w, n);
    kd_write_string(&w, gate, strlen(gate));
    kd_write_int(&w, arm_ns);
    what.args = kd_payload_make(KD_FORMAT_TERM, w.data, w.len);
    if (kd_runtime_spawn(runtime, &what, on_end, NULL, &pid, &err) != KD_OK)
        bench_fail("kd_runtime_spawn", err.text);
    kd_writer_free(&w);
}

static void
wait_for(sem_t *semaphore)
{
    while (sem_wait(semaphore) != 0)
        continue;
}

static void
wait_for_live(size_t n, long poll_ns)
{
    const struct timespec period = {0, poll_ns};

    while (live(n + 1) > n)
        nanosleep(&period, NULL);
}

/* --- Runs ---------------------------------------------------------------- */

/* The program says what it found. */
static void
run_itself(
    const struct bench_workload *workload, long n, struct bench_found *found)
{
    size_t before = live(SIZE_MAX);

    begin(workload->id, n, 0);
    wait_for(&over);
    *found = result;
    wait_for_live(before, POLL_NS);
}

/* From when the program said until all have gone. */
static void
run_until_gone(
    const struct bench_workload *workload, long n, struct bench_found *found)
{
    size_t before = live(SIZE_MAX);
    int64_t ended_ns;

    begin(workload->id, n, 0);
    wait_for(&told);
    wait_for_live(before, POLL_NS);
    ended_ns = bench_clock_ns();
    wait_for(&over);
    found->value =
        workload->figure((double)(ended_ns - atomic_load(&begun_ns)), n);
}

/* They have run and wait for a message when nothing more happens. */
static void
run_idle(
    const struct bench_workload *workload, long n, struct bench_found *found)
{
    double before = bench_resident_bytes();

    begin(workload->id, n, 0);
    wait_for(&over);
    bench_wait_idle();
    found->value = (bench_resident_bytes() - before) / (double)n;
}

/* Whether all are armed and idle before the second in which they are due. */
static int
arm_sleepers(const char *id, long n, int64_t time_ns)
{
    atomic_store(&n_late, 0);
    begin(id, n, time_ns);
    wait_for(&told);
    wait_for(&over);
    bench_wait_idle();
    return bench_clock_ns() < atomic_load(&begun_ns);
}

static void
run_sleepers(
    const struct bench_workload *workload, long n, struct bench_found *found)
{
    static int64_t arm_ns; /* What it takes; the machine tells. */
    size_t before = live(SIZE_MAX);
    double cpu_s;
    size_t late;

    if (arm_ns == 0)
        arm_ns = INT64_C(2000000000) + n * 10000;
    while (!arm_sleepers(workload->id, n, arm_ns)) {
        wait_for_live(before, POLL_NS);
        arm_ns *= 2;
    }
    bench_wait_until(atomic_load(&begun_ns));
    cpu_s = bench_cpu_seconds();
    wait_for_live(before, SELDOM_NS);
    found->value = bench_cpu_seconds() - cpu_s;
    bench_wait_idle();
    late = atomic_load(&n_late);
    found->extras[0] = bench_quantile(lateness_ms, late, 0.5);
    found->extras[1] = bench_quantile(lateness_ms, late, 0.99);
}

static double
each(double ns, long n)
{
    return ns / (double)n;
}

static double
milliseconds(double ns, long n)
{
    (void)n;
    return ns / 1e6;
}

#define LATE                                                                   \
    {                                                                          \
        "late_p50_ms", "late_p99_ms"                                           \
    }
#define SCALE                                                                  \
    {                                                                          \
        "send_ns", "link_ns", "exit_ns"                                        \
    }

static struct bench_workload workloads[] = {
    {"spawn_exit", "ns/process", 100000, .run = run_until_gone,
        .id = "spawn_exit", .figure = each},
    {"idle_memory", "bytes/process", 100000, .is_single = 1, .run = run_idle,
        .id = "idle_ten"},
    {"idle_memory_60", "bytes/process", 100000, .is_single = 1, .run = run_idle,
        .id = "idle_sixty"},
    {"pingpong", "ns/message", 1000000, .run = run_itself, .id = "pingpong"},
    {"ring", "ns/message", 1000000, .run = run_itself, .id = "ring"},
    {"pingpong_inbox", "ns/message", 500000, .run = run_itself,
        .id = "pingpong_inbox"},
    {"ring_inbox", "ns/message", 500000, .run = run_itself, .id = "ring_inbox"},
    {"fanin", "messages/s", 4000000, .run = run_itself, .id = "fanin"},
    {"big", "messages/s", 4800000, .least = 240, .run = run_itself,
        .id = "big"},
    {"map10", "ns/message", 300000, .run = run_itself, .id = "map10"},
    {"bin1k", "ns/message", 500000, .run = run_itself, .id = "bin1k"},
    {"bin64k", "ns/message", 50000, .run = run_itself, .id = "bin64k"},
    {"link_chain", "ms", 100000, .run = run_until_gone, .id = "link_chain",
        .figure = milliseconds},
    {"link_star", "ms", 100000, .run = run_until_gone, .id = "link_star",
        .figure = milliseconds},
    {"monitor_storm", "ms", 100000, .run = run_itself, .id = "monitor_storm"},
    {"restart_rate", "restarts/s", 1000, .run = run_itself,
        .id = "restart_rate"},
    {"restart_latency", "us", 1000, .run = run_itself, .id = "restart_latency"},
    {"sleepers_100k", "cpu-s", 100000, .extras = LATE, .run = run_sleepers,
        .id = "sleepers"},
    {"sleepers", "cpu-s", 1000000, .is_crowd = 1, .extras = LATE,
        .run = run_sleepers, .id = "sleepers"},
    {"fairness", "us", 3, .extras = {"p99", "max"}, .run = run_itself,
        .id = "fairness"},
    {"scale_1k", "ns/spawn", 1000, .is_single = 1, .extras = SCALE,
        .run = run_itself, .id = "scale"},
    {"scale_10k", "ns/spawn", 10000, .is_single = 1, .extras = SCALE,
        .run = run_itself, .id = "scale"},
    {"scale_100k", "ns/spawn", 100000, .is_single = 1, .extras = SCALE,
        .run = run_itself, .id = "scale"},
    {"scale_1m", "ns/spawn", 1000000, .is_single = 1, .is_crowd = 1,
        .extras = SCALE, .run = run_itself, .id = "scale"},
};

/* A million take more memory than many machines have; `n` says how many. */
static void
fit(void)
{
    double room =
        (double)sysconf(_SC_AVPHYS_PAGES) * (double)sysconf(_SC_PAGESIZE);

    for (size_t i = 0; i < sizeof(workloads) / sizeof(workloads[0]); i++) {
        if (workloads[i].is_crowd && (double)workloads[i].n * IDLE_LEN > room)
            workloads[i].n = FEWER;
    }
}

int
main(int argc, char **argv)
{
    struct bench bench = {.kind = "lua",
        .workloads = workloads,
        .n_workloads = sizeof(workloads) / sizeof(workloads[0]),
        .start = start,
        .stop = stop};

    app = getenv("BENCH_APP");
    if (app == NULL)
        bench_fail("BENCH_APP", "not set: the folder tests/bench/lua");
    fit();
    return bench_main(argc, argv, &bench);
}
