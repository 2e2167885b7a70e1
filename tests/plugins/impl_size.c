/* SPDX-License-Identifier: MIT */
/*
 * Its worker is too short.
 */

#include "echo.h"

static const kd_worker_kind worker = {
    .size = offsetof(kd_worker_kind, destroy),
    .create = echo_create,
    .run = echo_run,
    .destroy = echo_destroy,
};

static const kd_kind kind = {
    .size = sizeof(kd_kind),
    .cls = KD_CLASS_WORKER,
    .id = "test.impl_size",
    .help = "A test",
    .impl = &worker,
};
static const kd_kind *const kinds[] = {&kind, NULL};

static const kd_plugin plugin = {
    ECHO_PLUGIN,
    .name = "test.impl_size",
    .kinds = kinds,
};

ECHO_QUERY
