/* SPDX-License-Identifier: MIT */
/*
 * A process with nothing to do says so: it returns KD_NEXT_WAIT, ends, or asks
 * to be woken later. Runs without a cause are legal and change nothing of that.
 */

#include "rule.h"

static void
run(struct subject *subject)
{
    kd_proc *proc = is_blocking(subject) ? NULL : spawn(subject);
    size_t i;

    if (proc == NULL)
        return;
    if (!kd_fake_settle(subject->fake, 1000))
        broken(subject,
            "it has no mail and returns KD_NEXT_READY a thousand times");
    /* What it watches may have something to say already. */
    for (i = 0; i < 100 && kd_fake_poll(subject->fake, 0) > 0; i++)
        kd_fake_settle(subject->fake, 1000);
    for (i = 0; i < 3; i++)
        kd_fake_run(proc, 1000);
}

const struct rule rule_idle = {"idle",
    "without mail it waits, and bears runs without a cause", KD_CLASS_WORKER,
    run};
