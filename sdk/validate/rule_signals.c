/* SPDX-License-Identifier: MIT */
/*
 * Signals come of whatever happens to others, and later hosts have types that
 * this plugin has not heard of: it ignores these.
 */

#include "rule.h"

#include <string.h>

#define UNKNOWN 4711

static void
put(kd_proc *proc, uint32_t type)
{
    kd_signal signal;

    memset(&signal, 0, sizeof(signal));
    signal.size = (uint32_t)sizeof(signal);
    signal.type = type;
    signal.from = kd_fake_pid(proc);
    signal.ref = UNKNOWN;
    signal.value = kd_payload_none();
    signal.error = kd_payload_none();
    signal.deadline_ns = KD_NEVER;
    signal.fd = -1;
    kd_fake_signal(proc, &signal);
}

static void
run(struct subject *subject)
{
    static const uint32_t types[] = {KD_SIGNAL_EXIT, KD_SIGNAL_ROOM,
        KD_SIGNAL_REPLY_FAILED, KD_SIGNAL_READY, KD_SIGNAL_FD, UNKNOWN};
    kd_proc *proc;
    size_t i;

    for (i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
        if (is_blocking(subject) || (proc = spawn(subject)) == NULL)
            return;
        kd_fake_run(proc, 1000); /* Its start-up is its own affair. */
        if (kd_fake_ended(proc) != KD_FAKE_LIVES)
            continue;
        put(proc, types[i]);
        kd_fake_run(proc, 1000);
        if (types[i] == UNKNOWN && kd_fake_ended(proc) != KD_FAKE_LIVES)
            broken(subject, "a signal of an unknown type ends it");
    }
}

const struct rule rule_signals = {"signals",
    "signals of any type are borne, unknown ones ignored", KD_CLASS_WORKER,
    run};
