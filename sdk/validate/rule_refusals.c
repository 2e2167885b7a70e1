/* SPDX-License-Identifier: MIT */
/*
 * Every service may refuse: a mailbox is full, a process is gone, memory is
 * out. A kind that meets a refusal goes on or fails with an error; it does not
 * crash, spin or lose what it holds.
 */

#include "rule.h"

#define LATEST 4

static void
refuse(struct subject *subject, uint32_t what, kd_status code, size_t after)
{
    kd_proc *proc;
    size_t i;

    kd_fake_refuse(subject->fake, what, code, after);
    proc = kd_fake_spawn(subject->fake, subject->entry, subject->args, NULL);
    for (i = 0; proc != NULL && odd_mail(proc, i); i++)
        kd_fake_run(proc, 1000);
    for (i = 0; proc != NULL && i < 100 && kd_fake_ready(proc); i++)
        kd_fake_run(proc, 1000);
    if (proc != NULL && kd_fake_ready(proc))
        broken(
            subject, "it spins when a service says %s", kd_status_text(code));
    if (proc != NULL)
        kd_fake_end(proc);
    kd_fake_refuse(subject->fake, what, KD_OK, 0);
}

static void
run(struct subject *subject)
{
    static const kd_status codes[] = {
        KD_ENOMEM, KD_EFULL, KD_EGONE, KD_ELIMIT, KD_ETOOBIG, KD_EUNAVAIL};
    uint32_t what;
    size_t i, after;

    if (is_blocking(subject) || spawn(subject) == NULL)
        return;
    for (what = KD_FAKE_SEND; what <= KD_FAKE_ANY; what++) {
        for (i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
            for (after = 0; after < LATEST; after++)
                refuse(subject, what, codes[i], after);
        }
    }
}

const struct rule rule_refusals = {
    "refusals", "it bears every service saying no", KD_CLASS_WORKER, run};
