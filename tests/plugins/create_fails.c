/* SPDX-License-Identifier: MIT */
/*
 * No instance of its kind can be made.
 */

#include "echo.h"

static kd_status
create(void *state, void *prepared, kd_proc *proc, const kd_payload *args,
    void **self, kd_error *err)
{
    (void)state;
    (void)prepared;
    (void)proc;
    (void)args;
    (void)self;
    err->code = KD_EINVAL;
    err->text[0] = 'n';
    err->text[1] = 'o';
    err->text[2] = '\0';
    return KD_EINVAL;
}

static const kd_worker_kind worker = {
    .size = sizeof(kd_worker_kind),
    .create = create,
    .run = echo_run,
    .destroy = echo_destroy,
};

static const kd_kind kind = {
    .size = sizeof(kd_kind),
    .cls = KD_CLASS_WORKER,
    .id = "test.create_fails",
    .help = "A test",
    .impl = &worker,
};
static const kd_kind *const kinds[] = {&kind, NULL};

static const kd_plugin plugin = {
    ECHO_PLUGIN,
    .name = "test.create_fails",
    .kinds = kinds,
};

ECHO_QUERY
