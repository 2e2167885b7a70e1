/* SPDX-License-Identifier: MIT */
/*
 * A `run` has a budget: about a tenth of a millisecond. However much mail there
 * is, it returns soon, or everybody else on its thread waits. The bound is a
 * hundred times that, so that a busy machine breaks no rule.
 */

#include "rule.h"

#include <time.h>

#define MANY     5000
#define BOUND_NS INT64_C(20000000)

static int64_t
cpu_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void
run(struct subject *subject)
{
    kd_proc *proc = is_blocking(subject) ? NULL : spawn(subject);
    const kd_pid nobody = KD_PID_NONE_INIT;
    int64_t begin, took, longest = 0;
    size_t i;

    if (is_blocking(subject))
        skipped(subject, "its runs may block");
    if (proc == NULL)
        return;
    kd_fake_run(proc, 1000); /* Its start-up is its own affair. */
    for (i = 0; i < MANY; i++)
        kd_fake_send(proc, nobody, "hello", 0, NULL);
    for (i = 0; i < 100 && kd_fake_ready(proc); i++) {
        kd_fake_forget(subject->fake);
        begin = cpu_ns();
        kd_fake_run(proc, 1000);
        took = cpu_ns() - begin;
        if (took > longest)
            longest = took;
    }
    if (longest > BOUND_NS)
        broken(subject,
            "with a full mailbox a run takes %lld ms for a budget of 1000: "
            "count, or ask kd_proc_should_yield()",
            (long long)(longest / 1000000));
}

const struct rule rule_slice = {"slice",
    "a run keeps to its budget, however much mail there is", KD_CLASS_WORKER,
    run};
