/* SPDX-License-Identifier: MIT */
/*
 * A worker kind that does nothing, for tests that only look at what a plugin
 * describes.
 */
#ifndef TESTS_ANY_WORKER_H
#define TESTS_ANY_WORKER_H

#include <kindred/worker.h>

static inline kd_status
any_create(void *state, void *prepared, kd_proc *proc, const kd_payload *args,
    void **self, kd_error *err)
{
    (void)state;
    (void)prepared;
    (void)proc;
    (void)args;
    (void)self;
    (void)err;
    return KD_OK;
}

static inline kd_next
any_run(void *self, kd_proc *proc, uint32_t budget, kd_error *err)
{
    (void)self;
    (void)proc;
    (void)budget;
    (void)err;
    return KD_NEXT_DONE;
}

static inline void
any_destroy(void *self, kd_proc *proc)
{
    (void)self;
    (void)proc;
}

static const kd_worker_kind any_worker = {
    .size = sizeof(kd_worker_kind),
    .create = any_create,
    .run = any_run,
    .destroy = any_destroy,
};

#endif
