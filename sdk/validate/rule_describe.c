/* SPDX-License-Identifier: MIT */
/*
 * `describe` writes one line, into the room it is given and no byte further.
 */

#include "rule.h"

#include <string.h>

#define ROOM 24

static void
describe(struct subject *subject, void *self)
{
    char text[ROOM * 2];

    memset(text, 'x', sizeof(text));
    worker_of(subject)->describe(self, text, ROOM);
    if (memchr(text, '\0', ROOM) == NULL)
        broken(subject, "describe leaves its text without an end");
    else if (strchr(text, '\n') != NULL)
        broken(subject, "describe writes more than one line");
    if (text[ROOM] != 'x')
        broken(subject, "describe writes beyond the room it has");
}

static void
run(struct subject *subject)
{
    const kd_worker_kind *worker = worker_of(subject);
    kd_proc *proc;

    if (!KD_HAS(kd_worker_kind, worker, describe) || worker->describe == NULL)
        return;
    proc = spawn(subject);
    if (proc == NULL)
        return;
    describe(subject, kd_fake_self(proc));
    if (!is_blocking(subject) && kd_fake_run(proc, 1000) == KD_NEXT_WAIT)
        describe(subject, kd_fake_self(proc));
}

const struct rule rule_describe = {"describe",
    "describe writes one line within its room", KD_CLASS_WORKER, run};
