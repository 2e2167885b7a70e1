/* SPDX-License-Identifier: MIT */
/*
 * A cancel may come at any point: before the first run, between any two, and
 * twice. The process ends by itself soon after; one that does not is ended by
 * force at the deadline, and whoever waits for it waits until then.
 */

#include "rule.h"

#define POINTS 6
#define SLICES 1000

static void
cancel_after(struct subject *subject, size_t runs, size_t times)
{
    kd_proc *proc = spawn(subject);
    kd_time deadline;
    size_t i;

    for (i = 0; proc != NULL && i < runs; i++) {
        odd_mail(proc, i);
        kd_fake_run(proc, 1000);
    }
    if (proc == NULL || kd_fake_ended(proc) != KD_FAKE_LIVES)
        return;
    deadline = proc->api->now_ns(proc->api) + UINT64_C(5000000000);
    while (times-- > 0)
        kd_fake_cancel(proc, "kindred-validate", deadline);
    for (i = 0; i < SLICES && kd_fake_ended(proc) == KD_FAKE_LIVES; i++) {
        kd_fake_advance(subject->fake, 1000000);
        kd_fake_run(proc, 1000);
    }
    if (kd_fake_ended(proc) == KD_FAKE_LIVES)
        broken(subject,
            "cancelled after %zu runs, it has not ended %d runs later", runs,
            SLICES);
}

static void
run(struct subject *subject)
{
    size_t runs;

    for (runs = 0; runs < POINTS && (runs == 0 || !is_blocking(subject));
         runs++)
        cancel_after(subject, runs, 1 + runs % 2);
}

const struct rule rule_cancel = {"cancel",
    "a cancel at any point ends it soon, without force", KD_CLASS_WORKER, run};
