/* SPDX-License-Identifier: MIT */
/*
 * Its worker has a flag that nobody knows.
 */

#include "echo.h"

static const kd_worker_kind worker = {
    .size = sizeof(kd_worker_kind),
    .flags = 0x40,
    .create = echo_create,
    .run = echo_run,
    .destroy = echo_destroy,
};

static const kd_kind kind = {
    .size = sizeof(kd_kind),
    .cls = KD_CLASS_WORKER,
    .id = "test.impl_flags",
    .help = "A test",
    .impl = &worker,
};
static const kd_kind *const kinds[] = {&kind, NULL};

static const kd_plugin plugin = {
    ECHO_PLUGIN,
    .name = "test.impl_flags",
    .kinds = kinds,
};

ECHO_QUERY
