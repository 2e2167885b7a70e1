/* SPDX-License-Identifier: MIT */
/*
 * The kind around a kind. What its calls do stands in recorder_calls.c.
 */

#include "recorder.h"

#include "recorder_calls.h"

#include <stdlib.h>

struct recorder {
    const kd_worker_kind *kind; /* The inner one. */
    void *self;                 /* Its instance. */
    struct account *account;
};

atomic_long recorder_live;

/* Whose slice this thread is in. */
static _Thread_local struct account *current;

struct account *
recorder_account(void)
{
    return current;
}

kd_status
recorder_create(const kd_worker_kind *kind, void *state, void *prepared,
    kd_proc *proc, const kd_payload *args, void **self, kd_error *err)
{
    struct recorder *recorder = calloc(1, sizeof(*recorder));
    kd_status status;

    if (recorder == NULL)
        return KD_ENOMEM;
    recorder->kind = kind;
    status = kind->create(state, prepared, proc, args, &recorder->self, err);
    if (status != KD_OK) {
        free(recorder);
        return status;
    }
    recorder->account = account_new(kd_proc_self(proc), kd_proc_parent(proc));
    recorder_calls_born(recorder->account);
    proc->calls = recorder_calls();
    atomic_fetch_add(&recorder_live, 1);
    *self = recorder;
    return KD_OK;
}

kd_next
recorder_run(void *self, kd_proc *proc, uint32_t budget, kd_error *err)
{
    struct recorder *recorder = self;
    struct account *account = recorder->account;

    current = account;
    account->is_drained = 0;
    if (atomic_fetch_add(&account->slices, 1) == 0) {
        atomic_fetch_or(
            &account->links, kd_proc_trap(proc) ? TRAP_WAS_ON : TRAP_WAS_OFF);
        account_show(account);
    }
    account->last = KD_NEXT_READY;
    account->last = recorder->kind->run(recorder->self, proc, budget, err);
    current = NULL;
    return account->last;
}

void
recorder_preempt(void *self)
{
    const struct recorder *recorder = self;

    if (recorder->kind->preempt != NULL)
        recorder->kind->preempt(recorder->self);
}

void
recorder_destroy(void *self, kd_proc *proc)
{
    struct recorder *recorder = self;

    recorder->kind->destroy(recorder->self, proc);
    /* First this: who sees it over sees too that something has happened. */
    atomic_fetch_add(&account_sums.done, 1);
    atomic_store(&recorder->account->is_over, 1);
    atomic_fetch_add(&account_sums.deaths, 1);
    atomic_fetch_sub(&recorder_live, 1);
    free(recorder);
}
