/* SPDX-License-Identifier: MIT */
/*
 * Runs of workloads, and what is told of them.
 */

#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define TIMEOUT_S 1800

/* Idle is who computes less than this in each of several periods. */
#define IDLE_PERIOD_NS 50000000
#define IDLE_PERIODS   4
#define IDLE_CPU_S     0.002

static int measure_apart(
    const struct bench *bench, const struct bench_workload *workload, long n);
static void measure(
    const struct bench *bench, const struct bench_workload *workload, long n);
static void print(const char *kind, const struct bench_workload *workload,
    const struct bench_found *found, int runs, long n);
static int refuse(const struct bench_workload *workload);
static int is_wanted(const char *name, char **names);
static int has(const struct bench *bench, const char *name);
static long count(const char *text);
static void usage(const struct bench *bench);
static double clock_seconds(clockid_t clock);

int bench_workers = 2;
static int is_quick; /* One small run: whether it works, not what it costs. */

int
bench_main(int argc, char **argv, const struct bench *bench)
{
    long n = 0;
    int failed = 0;
    int option;

    while ((option = getopt(argc, argv, "n:qw:")) != -1) {
        if (option == 'q' && (is_quick = 1))
            continue;
        if (option == 'n' && (n = count(optarg)) > 0)
            continue;
        if (option == 'w' && (bench_workers = (int)count(optarg)) > 0)
            continue;
        usage(bench);
        return 2;
    }
    /* No failure: another program may have it. */
    for (char **name = argv + optind; *name != NULL; name++) {
        if (!has(bench, *name))
            fprintf(
                stderr, "bench: no workload %s in %s\n", *name, bench->kind);
    }
    for (size_t i = 0; i < bench->n_workloads; i++) {
        if (!is_wanted(bench->workloads[i].name, argv + optind))
            continue;
        failed |= n != 0 && n < bench->workloads[i].least
                      ? refuse(&bench->workloads[i])
                      : measure_apart(bench, &bench->workloads[i], n);
    }
    return failed;
}

void
bench_fail(const char *what, const char *why)
{
    fprintf(stderr, "bench: %s: %s\n", what, why);
    _exit(1);
}

void
bench_diagnostic(void *arg, uint32_t level, const char *line)
{
    (void)arg;
    (void)level;
    fprintf(stderr, "%s\n", line);
}

double
bench_resident_bytes(void)
{
    FILE *file = fopen("/proc/self/statm", "r");
    long pages = 0;

    if (file == NULL || fscanf(file, "%*s %ld", &pages) != 1)
        bench_fail("/proc/self/statm", "cannot be read");
    fclose(file);
    return (double)pages * (double)sysconf(_SC_PAGESIZE);
}

double
bench_cpu_seconds(void)
{
    return clock_seconds(CLOCK_PROCESS_CPUTIME_ID);
}

int64_t
bench_clock_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

void
bench_wait_idle(void)
{
    const struct timespec period = {0, IDLE_PERIOD_NS};
    double before = bench_cpu_seconds();
    int quiet = 0;

    while (quiet < IDLE_PERIODS) {
        double now;

        nanosleep(&period, NULL);
        now = bench_cpu_seconds();
        quiet = now - before < IDLE_CPU_S ? quiet + 1 : 0;
        before = now;
    }
}

void
bench_wait_until(int64_t clock_ns)
{
    const struct timespec due = {clock_ns / 1000000000, clock_ns % 1000000000};

    while (clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &due, NULL) != 0)
        continue;
}

static int
compare(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;

    return (x > y) - (x < y);
}

double
bench_quantile(double *values, size_t n, double part)
{
    size_t at = (size_t)((double)n * part);

    qsort(values, n, sizeof(values[0]), compare);
    return values[at < n ? at : n - 1];
}

static int
refuse(const struct bench_workload *workload)
{
    fprintf(stderr, "bench: %s: SIZE must be at least %ld\n", workload->name,
        workload->least);
    return 1;
}

static int
is_wanted(const char *name, char **names)
{
    if (*names == NULL)
        return 1;
    while (*names != NULL && strcmp(*names, name) != 0)
        names++;
    return *names != NULL;
}

static int
has(const struct bench *bench, const char *name)
{
    for (size_t i = 0; i < bench->n_workloads; i++) {
        if (strcmp(bench->workloads[i].name, name) == 0)
            return 1;
    }
    return 0;
}

/* A number from 1 to a thousand million; else 0. */
static long
count(const char *text)
{
    char *end;
    long n = strtol(text, &end, 10);

    return end == text || *end != '\0' || n < 1 || n > 1000000000 ? 0 : n;
}

static void
usage(const struct bench *bench)
{
    fprintf(stderr,
        "usage: %s [-q] [-n SIZE] [-w THREADS] [WORKLOAD...]\n"
        "-q: one run of a hundredth, to see whether it works\n"
        "all workloads, with their own sizes:\n",
        bench->kind);
    for (size_t i = 0; i < bench->n_workloads; i++)
        fprintf(stderr, "  %-18s %9ld  %s\n", bench->workloads[i].name,
            bench->workloads[i].n, bench->workloads[i].unit);
}

/* Returns 0, or not when it could not be measured. */
static int
measure_apart(
    const struct bench *bench, const struct bench_workload *workload, long n)
{
    int status = 1;
    pid_t child = fork();

    if (child == 0) {
        alarm(TIMEOUT_S);
        if (n == 0 && is_quick)
            n = (workload->n + 99) / 100;
        measure(bench, workload, n == 0 ? workload->n : n);
        exit(0);
    }
    if (child > 0)
        waitpid(child, &status, 0);
    if (status != 0)
        fprintf(stderr, "bench: %s failed\n", workload->name);
    return status != 0;
}

static void
measure(
    const struct bench *bench, const struct bench_workload *workload, long n)
{
    struct bench_found found[BENCH_RUNS];
    int is_once = workload->is_single || is_quick;
    int runs = is_once ? 1 : BENCH_RUNS;

    memset(found, 0, sizeof(found));
    bench->start(n);
    if (!is_once)
        workload->run(workload, n, &found[0]);
    for (int i = 0; i < runs; i++)
        workload->run(workload, n, &found[i]);
    bench->stop();
    print(bench->kind, workload, found, runs, n);
}

/* Whether a run has a maximum of its own, which is told instead. */
static int
has_max(const struct bench_workload *workload)
{
    for (int e = 0; e < BENCH_EXTRAS && workload->extras[e] != NULL; e++) {
        if (strcmp(workload->extras[e], "max") == 0)
            return 1;
    }
    return 0;
}

static void
print(const char *kind, const struct bench_workload *workload,
    const struct bench_found *found, int runs, long n)
{
    double values[BENCH_RUNS];

    for (int i = 0; i < runs; i++)
        values[i] = found[i].value;
    printf("{\"runtime\": \"kindred\", \"workload\": \"%s\", \"kind\": "
           "\"%s\", \"unit\": \"%s\", \"median\": %.5g, ",
        workload->name, kind, workload->unit,
        bench_quantile(values, (size_t)runs, 0.5));
    printf("\"min\": %.5g, \"runs\": %d, \"n\": %ld", values[0], runs, n);
    if (!has_max(workload))
        printf(", \"max\": %.5g", values[runs - 1]);
    for (int e = 0; e < BENCH_EXTRAS && workload->extras[e] != NULL; e++) {
        for (int i = 0; i < runs; i++)
            values[i] = found[i].extras[e];
        printf(", \"%s\": %.5g", workload->extras[e],
            bench_quantile(values, (size_t)runs, 0.5));
    }
    printf("}\n");
    fflush(stdout);
}

static double
clock_seconds(clockid_t clock)
{
    struct timespec now;

    clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}
