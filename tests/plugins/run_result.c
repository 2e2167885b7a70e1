/* SPDX-License-Identifier: MIT */
/*
 * Its run returns a next step that is in no list.
 */

#include "echo.h"

static kd_next
run(void *self, kd_proc *proc, uint32_t budget, kd_error *err)
{
    (void)self;
    (void)proc;
    (void)budget;
    (void)err;
    return 99;
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
    .id = "test.run_result",
    .help = "A test",
    .impl = &worker,
};
static const kd_kind *const kinds[] = {&kind, NULL};

static const kd_plugin plugin = {
    ECHO_PLUGIN,
    .name = "test.run_result",
    .kinds = kinds,
};

ECHO_QUERY
