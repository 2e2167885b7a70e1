/* SPDX-License-Identifier: MIT */
/*
 * What the benchmarks have in common: workloads, their runs, a line of JSON.
 *
 * Each workload runs in a program of its own, so that none sees the memory of
 * another: after one run that is not counted, BENCH_RUNS that are.
 */
#ifndef BENCH_BENCH_H
#define BENCH_BENCH_H

#include <stddef.h>
#include <stdint.h>

#define BENCH_RUNS   5
#define BENCH_EXTRAS 3

/* What a run found: its figure, and what else is told of it. */
struct bench_found {
    double value;
    double extras[BENCH_EXTRAS];
};

struct bench_workload {
    const char *name;
    const char *unit;
    long n;
    long least;    /* With fewer there is nothing to measure; 0: any. */
    int is_crowd;  /* May be more than the machine has memory for. */
    int is_single; /* One run: it cannot be done twice, or takes long. */
    const char *extras[BENCH_EXTRAS]; /* Their names; NULL: no more. */
    void (*run)(const struct bench_workload *workload, long n,
        struct bench_found *found);
    /* For the program's own use. */
    const char *id;
    double (*figure)(double value, long n);
};

struct bench {
    const char *kind; /* "native", "lua" */
    const struct bench_workload *workloads;
    size_t n_workloads;
    void (*start)(long n);
    void (*stop)(void);
};

extern int bench_workers; /* Threads of the host. */

/* [-n N] [-w WORKERS] [WORKLOAD...]; what main returns. */
int bench_main(int argc, char **argv, const struct bench *bench);

_Noreturn void bench_fail(const char *what, const char *why);
/* kd_config::diagnostic: to stderr. */
void bench_diagnostic(void *arg, uint32_t level, const char *line);
double bench_resident_bytes(void);
double bench_cpu_seconds(void);
/* Of the wall, since 1970. */
int64_t bench_clock_ns(void);
/* Until this program has computed nothing for a while. */
void bench_wait_idle(void);
void bench_wait_until(int64_t clock_ns);
/* The value below which this part of them is; sorts them. */
double bench_quantile(double *values, size_t n, double part);

#endif
