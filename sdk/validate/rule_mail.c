/* SPDX-License-Identifier: MIT */
/*
 * Anybody may send anything: unknown topics, payloads of any format, terms that
 * are cut short. Mail that is never given back fills the mailbox in the end.
 */

#include "rule.h"

#define MANY 500

static void
run(struct subject *subject)
{
    kd_proc *proc = spawn(subject);
    const kd_pid nobody = KD_PID_NONE_INIT;
    size_t i;

    if (proc == NULL || is_blocking(subject))
        return;
    for (i = 0; odd_mail(proc, i); i++)
        kd_fake_run(proc, 1000);
    for (i = 0; i < 100 && kd_fake_ready(proc); i++)
        kd_fake_run(proc, 1000);
    if (kd_fake_ended(proc) != KD_FAKE_LIVES)
        proc = spawn(subject);
    for (i = 0; proc != NULL && i < MANY; i++) {
        kd_fake_request(proc, nobody, "@kindred-validate", NULL, i + 1);
        kd_fake_run(proc, 1000);
    }
    if (proc != NULL && kd_fake_ended(proc) == KD_FAKE_LIVES &&
        kd_fake_held(proc) >= MANY)
        broken(subject,
            "%zu messages on an unknown topic beginning with @ "
            "are taken and never released",
            kd_fake_held(proc));
}

const struct rule rule_mail = {"mail",
    "mail of any topic and format is borne, and released", KD_CLASS_WORKER,
    run};
