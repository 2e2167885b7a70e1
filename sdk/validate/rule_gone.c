/* SPDX-License-Identifier: MIT */
/*
 * A process can be told as ended while a call into it still runs: from then on
 * each service answers KD_EGONE, there is no mail, and `run` should return.
 */

#include "rule.h"

static void
run(struct subject *subject)
{
    size_t after;
    kd_proc *proc;

    for (after = 0; after < 12 && !is_blocking(subject); after++) {
        proc = spawn(subject);
        if (proc == NULL)
            return;
        odd_mail(proc, 1);
        kd_fake_refuse(subject->fake, KD_FAKE_ANY, KD_EGONE, after);
        kd_fake_run(proc, 1000);
        kd_fake_end(proc);
        kd_fake_refuse(subject->fake, KD_FAKE_ANY, KD_OK, 0);
    }
}

const struct rule rule_gone = {"gone",
    "it returns when the process is over and a call still runs",
    KD_CLASS_WORKER, run};
