/* SPDX-License-Identifier: MIT */
/*
 * `create` and `run` wait for nothing: everybody else on their thread would
 * wait too. By the clock on the wall, of which the shortest of several counts,
 * so that a busy machine breaks no rule.
 */

#include "rule.h"

#include <time.h>

#define TRIES    5
#define BOUND_NS INT64_C(20000000)

static int64_t
wall_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void
keep_least(int64_t *least, int64_t begin)
{
    int64_t took = wall_ns() - begin;

    if (took < *least)
        *least = took;
}

static void
judge(struct subject *subject, const char *what, int64_t least, const char *how)
{
    if (least > BOUND_NS && least < INT64_MAX)
        broken(subject, "%s takes %lld ms: %s", what,
            (long long)(least / 1000000), how);
}

static void
run(struct subject *subject)
{
    int64_t create = INT64_MAX, first = INT64_MAX, later = INT64_MAX, begin;
    kd_proc *proc;
    size_t i;

    for (i = 0; i < TRIES; i++) {
        begin = wall_ns();
        proc = spawn(subject);
        if (proc == NULL)
            return;
        keep_least(&create, begin);
        if (is_blocking(subject))
            continue;
        begin = wall_ns();
        kd_fake_run(proc, 1000);
        keep_least(&first, begin);
        begin = wall_ns();
        kd_fake_run(proc, 1000);
        keep_least(&later, begin);
    }
    judge(subject, "create", create, "it is on the spawner's thread");
    judge(subject, "the first run", first,
        "declare KD_WORKER_BLOCKING, or wait by kd_proc_watch()");
    judge(subject, "a run without mail", later,
        "declare KD_WORKER_BLOCKING, or wait by kd_proc_watch()");
}

const struct rule rule_prompt = {"prompt",
    "create and run return at once: they wait for nothing", KD_CLASS_WORKER,
    run};
