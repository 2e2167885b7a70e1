/* SPDX-License-Identifier: MIT */
/*
 * A tree of supervisors under constant random killing (semantics S5, S9, S10,
 * S11, S12, S13, S15, S18).
 *
 *     chaos [--seconds N] [--children N] [--workers N] [--seed N]
 *
 * Children are Lua and native processes, on five levels. They are killed in
 * several ways, and now and then a supervisor is. Afterwards every death must
 * have led to a restart or to the end of a supervisor, nobody may have been
 * started while he lived, everything must run again, the supervisors must have
 * counted as many restarts as there were, stopping must go in reverse order,
 * and nothing may be left. Status 0 if all of it is so.
 *
 * Without options it takes a few seconds and is a test; `make chaos` takes a
 * minute. The same seed chooses the same victims by the same dice, but what
 * they are doing just then is up to the threads.
 */

#include "driver.h"
#include "leaf.h"
#include "tree.h"

#include <getopt.h>
#include <kindred/embed.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#ifdef __SANITIZE_THREAD__
#define CHILDREN 1000
#else
#define CHILDREN 10000
#endif
#define SECONDS 2
#define SECOND  UINT64_C(1000000000)
#define MIB     (1 << 20)

#define CROWD_BYTES (48L * MIB)
#define DEATH_BYTES 32L

static long n_children = CHILDREN;
static long n_seconds = SECONDS;
static long n_workers = 2;
static uint64_t seed;
static kd_runtime *runtime;
static char dir[] = "/tmp/kindred-chaos-XXXXXX";
static sem_t over;

static void
fail(const char *what, const char *why)
{
    fprintf(stderr, "chaos: %s: %s\n", what, why);
    exit(1);
}

static void
read_options(int argc, char **argv)
{
    static const struct option options[] = {
        {"seconds", required_argument, NULL, 's'},
        {"children", required_argument, NULL, 'c'},
        {"workers", required_argument, NULL, 'w'},
        {"seed", required_argument, NULL, 'r'},
        {NULL, 0, NULL, 0},
    };
    const char *text = getenv("SEED");
    int found;

    seed = (uint64_t)time(NULL) * 2654435761u;
    if (text != NULL)
        seed = strtoull(text, NULL, 10);
    while ((found = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (found == 's')
            n_seconds = atol(optarg);
        else if (found == 'c')
            n_children = atol(optarg);
        else if (found == 'w')
            n_workers = atol(optarg);
        else if (found == 'r')
            seed = strtoull(optarg, NULL, 10);
        else
            exit(2);
    }
    if (n_seconds < 1 || n_children < 100 || n_workers < 1)
        fail("options", "at least 1 second, 100 children, 1 worker");
}

static void
on_diagnostic(void *arg, uint32_t level, const char *line)
{
    (void)arg;
    (void)level;
    printf("%s\n", line);
}

static void
write_tree(void)
{
    char path[sizeof(dir) + 16];
    struct tree tree;
    FILE *file;

    if (mkdtemp(dir) == NULL)
        fail("mkdtemp", dir);
    snprintf(path, sizeof(path), "%s/_index.yaml", dir);
    file = fopen(path, "w");
    if (file == NULL)
        fail("fopen", path);
    tree = tree_write(file, n_children, (unsigned)n_workers);
    fclose(file);
    driver_plan.n_children = tree.n_children;
    driver_plan.n_supervisors = tree.n_supervisors;
    driver_plan.kill_ns = (uint64_t)n_seconds * SECOND;
    driver_plan.seed = seed;
}

static void
remove_tree(void)
{
    char path[sizeof(dir) + 16];

    snprintf(path, sizeof(path), "%s/_index.yaml", dir);
    unlink(path);
    rmdir(dir);
}

static void
start(void)
{
    kd_config config = {.size = sizeof(config),
        .preempt_signal = SIGURG,
        .diagnostic = on_diagnostic};
    kd_error err = KD_ERROR_INIT;
    const kd_plugin *plugin;

    if (kd_runtime_new(&config, &runtime, &err) != KD_OK ||
        kd_runtime_search(runtime, &err) != KD_OK)
        fail("runtime", err.text);
    plugin = leaf_plugin(runtime, &driver_worker);
    if (plugin == NULL)
        fail("plugins", "none has process.lua");
    write_tree();
    ledger_init(kd_runtime_api(runtime), (size_t)driver_plan.n_children);
    if (kd_runtime_add(runtime, plugin, &err) != KD_OK ||
        kd_runtime_open(runtime, dir, &err) != KD_OK ||
        kd_runtime_start(runtime, &err) != KD_OK)
        fail("application", err.text);
    remove_tree();
}

static void
on_ended(void *arg, const kd_exit *exit)
{
    (void)arg;
    (void)exit;
    sem_post(&over);
}

static void
run_driver(void)
{
    kd_spawn what = {
        .size = sizeof(what), .entry = "chaos:driver", .host = "chaos:host"};
    kd_error err = KD_ERROR_INIT;
    kd_pid pid;

    sem_init(&over, 0, 0);
    what.args = what.context = kd_payload_none();
    if (kd_runtime_spawn(runtime, &what, on_ended, NULL, &pid, &err) != KD_OK)
        fail("driver", err.text);
    while (sem_wait(&over) != 0)
        continue;
}

static void
stop(void)
{
    kd_error err = KD_ERROR_INIT;

    if (kd_runtime_stop(runtime, 30 * SECOND, &err) != KD_OK)
        fail("kd_runtime_stop", err.text);
    if (kd_runtime_free(runtime, NULL) != KD_OK)
        fail("kd_runtime_free", "busy");
    if (atomic_load(&leaf_live) != 0)
        ledger_complain("%ld children are left", atomic_load(&leaf_live));
}

/*
 * Memory goes up when many fall and are made again at once, and stays there. A
 * leak goes up with each death; the least that could be forgotten of one is
 * larger than this. Sanitizers look for leaks themselves, and keep what was
 * freed.
 */
static void
check_memory(const struct driver_report *report)
{
#if !defined(__SANITIZE_THREAD__) && !defined(__SANITIZE_ADDRESS__)
    const long may_be =
        report->early_bytes + CROWD_BYTES + DEATH_BYTES * report->sums.deaths;

    if (report->late_bytes > may_be)
        ledger_complain("resident memory has grown from %ld to %ld bytes",
            report->early_bytes, report->late_bytes);
#else
    (void)report;
#endif
}

static void
print_report(const struct driver_report *report)
{
    const struct ledger_sums *sums = &report->sums;

    printf("%ld kills; %ld deaths = %ld restarts + %ld with their supervisor\n"
           "supervisors that ended: %ld killed, %ld gave up, %ld pulled down, "
           "%ld stopped, %ld unseen\n"
           "healed after %ld rounds; %ld restarts counted by those that live\n"
           "resident: %ld MiB early, %ld MiB at the end\n"
           "stopped in %.2f s\n",
        report->kills, sums->deaths, sums->restarts, sums->fallen,
        report->killed, report->gave_up, report->pulled, report->stopped,
        report->unseen, report->rounds, sums->standing,
        report->early_bytes / MIB, report->late_bytes / MIB,
        report->stop_seconds);
}

int
main(int argc, char **argv)
{
    long wrong;

    setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
    read_options(argc, argv);
    start();
    printf("chaos: SEED=%llu, %ld children under %ld supervisors on %ld "
           "threads, %ld s\n",
        (unsigned long long)seed, driver_plan.n_children,
        driver_plan.n_supervisors, n_workers, n_seconds);
    run_driver();
    if (driver_report.kills == 0 || driver_report.sums.restarts == 0)
        ledger_complain("nobody was killed");
    check_memory(&driver_report);
    print_report(&driver_report);
    stop();
    wrong = ledger_wrong();
    ledger_fini();
    printf(wrong == 0 ? "all is well\n" : "%ld things are wrong\n", wrong);
    return wrong == 0 ? 0 : 1;
}
