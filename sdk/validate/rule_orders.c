/* SPDX-License-Identifier: MIT */
/*
 * A process may end at any point: before its first run, after some, and in any
 * order with others of its entry. Each `create` gets one `destroy`.
 */

#include "rule.h"

#define SEVERAL 5

static void
end_after(struct subject *subject, size_t runs)
{
    kd_proc *proc = spawn(subject);

    while (proc != NULL && runs-- > 0)
        kd_fake_run(proc, 1000);
    if (proc != NULL)
        kd_fake_end(proc);
}

static void
run(struct subject *subject)
{
    kd_proc *several[SEVERAL];
    size_t runs, i;

    for (runs = 0; runs < 3 && (runs == 0 || !is_blocking(subject)); runs++)
        end_after(subject, runs);
    for (i = 0; i < SEVERAL; i++) {
        several[i] = spawn(subject);
        if (several[i] == NULL)
            return;
    }
    for (i = 0; i < SEVERAL && !is_blocking(subject); i++)
        kd_fake_run(several[i], 1000);
    for (i = 0; i < SEVERAL; i++)
        kd_fake_end(several[(i * 3) % SEVERAL]);
}

const struct rule rule_orders = {"orders",
    "an instance can be ended before, between and after runs", KD_CLASS_WORKER,
    run};
