/* SPDX-License-Identifier: MIT */
/*
 * Telling that a process has started up; see ready.h.
 */

#include "proc/ready.h"

#include "proc/bond.h"

#include <sched.h>

void
kd__ready(struct kd__proc *proc)
{
    const struct kd__observer *observer = proc->observer;

    if (proc->in_create || atomic_load_explicit(&proc->ready,
                               memory_order_relaxed) != KD__READY_NO)
        return;
    atomic_store(&proc->ready, KD__READY_TELLING);
    if (atomic_load(&proc->told) == 0) {
        kd__bond_signal(proc, KD__BOND_READY);
        if (observer != NULL && observer->ready != NULL)
            observer->ready(observer->arg, proc->pid);
    }
    atomic_store(&proc->ready, KD__READY_TOLD);
}

void
kd__ready_settle(struct kd__proc *proc)
{
    while (atomic_load(&proc->ready) == KD__READY_TELLING)
        sched_yield();
}
