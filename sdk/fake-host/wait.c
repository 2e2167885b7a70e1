/* SPDX-License-Identifier: MIT */
/*
 * Waiting for room: in a mailbox, or in the output. There is none while the
 * mailbox is at its limits, and while the test has the service refuse.
 */

#include "state.h"

#include <stdlib.h>

static int
is_roomy(kd_fake *fake, kd_pid to)
{
    const struct fake_proc *proc = fake_proc_living(fake, to);

    if (kd_pid_is_none(to))
        return !fake_is_full(fake, KD_FAKE_PRINT);
    return proc == NULL ||
           (!fake_mail_is_full(proc) && !fake_is_full(fake, KD_FAKE_SEND));
}

kd_status
fake_wait_add(struct fake_proc *proc, kd_pid to)
{
    struct fake_wait *wait;

    for (wait = proc->waits; wait != NULL; wait = wait->next) {
        if (kd_pid_equal(wait->to, to))
            return KD_OK;
    }
    wait = calloc(1, sizeof(*wait));
    if (wait == NULL)
        return KD_ENOMEM;
    wait->to = to;
    wait->next = proc->waits;
    proc->waits = wait;
    fake_waits_look(proc->fake);
    return KD_OK;
}

static void
look(struct fake_proc *proc)
{
    struct fake_wait **at = &proc->waits, *wait;
    kd_signal signal;

    while ((wait = *at) != NULL) {
        if (!is_roomy(proc->fake, wait->to)) {
            at = &wait->next;
            continue;
        }
        fake_signal_init(&signal, KD_SIGNAL_ROOM, wait->to);
        fake_signal_put(proc, &signal);
        *at = wait->next;
        free(wait);
    }
}

/* Something has changed: whoever waited in vain until now is told. */
void
fake_waits_look(kd_fake *fake)
{
    struct fake_proc *proc;

    for (proc = fake->procs; proc != NULL; proc = proc->next) {
        if (proc->ended == KD_FAKE_LIVES)
            look(proc);
    }
}

void
fake_waits_free(struct fake_proc *proc)
{
    struct fake_wait *wait;

    while ((wait = proc->waits) != NULL) {
        proc->waits = wait->next;
        free(wait);
    }
}
