/* SPDX-License-Identifier: MIT */
/*
 * Takes two messages, releases neither, and ends.
 */

#include "echo.h"

static kd_next
run(void *self, kd_proc *proc, uint32_t budget, kd_error *err)
{
    (void)self;
    (void)budget;
    (void)err;
    kd_proc_next(proc);
    kd_proc_next(proc);
    return KD_NEXT_DONE;
}

static const kd_worker_kind worker = {
    .size = sizeof(kd_worker_kind),
    .create = echo_create,
    .run = run,
    .destroy = echo_destroy,
};

static const kd_kind kind = {
    .size = sizeof(kd_kind),
    .cls = KD_CLASS_WORKER,
    .id = "test.hoarder",
    .help = "A test",
    .impl = &worker,
};
static const kd_kind *const kinds[] = {&kind, NULL};

static const kd_plugin plugin = {
    ECHO_PLUGIN,
    .name = "test.hoarder_plugin",
    .kinds = kinds,
};

ECHO_QUERY
