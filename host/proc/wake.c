/* SPDX-License-Identifier: MIT */
/*
 * One column of the table of run states; run.c has the other moves, which only
 * the holder of the token makes.
 */

#include "proc/wake.h"

static const uint8_t woken[] = {
    [KD__RUN_IDLE] = KD__RUN_QUEUED,
    [KD__RUN_QUEUED] = KD__RUN_QUEUED,
    [KD__RUN_ACTIVE] = KD__RUN_WOKEN,
    [KD__RUN_WOKEN] = KD__RUN_WOKEN,
    [KD__RUN_OVER] = KD__RUN_OVER,
};

void
kd__wake(struct kd__proc *proc)
{
    if (kd__wake_state(proc))
        proc->host->kind->ready(proc->host->self, kd__proc_node(proc), 0);
}

int
kd__wake_state(struct kd__proc *proc)
{
    uint8_t state = atomic_load(&proc->run);

    while (woken[state] != state) {
        if (atomic_compare_exchange_weak(&proc->run, &state, woken[state]))
            return state == KD__RUN_IDLE;
    }
    return 0;
}

void
kd__wake_at_once(struct kd__proc *proc)
{
    kd__wake(proc);
    kd__interrupt(proc);
}

/*
 * Who is not active sees what came before it blocks, see wake.h. An end closes
 * the record, under the lock, before the instance is destroyed.
 */
void
kd__interrupt(struct kd__proc *proc)
{
    const kd_worker_kind *kind = kd__proc_code(proc)->kind;
    uint8_t state = atomic_load(&proc->run);

    if (!KD_HAS(kd_worker_kind, kind, interrupt) || kind->interrupt == NULL ||
        (state != KD__RUN_ACTIVE && state != KD__RUN_WOKEN))
        return;
    kd__lock_take(&proc->lock);
    if (!proc->closed)
        kind->interrupt(proc->self);
    kd__lock_drop(&proc->lock);
}
