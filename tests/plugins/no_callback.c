/* SPDX-License-Identifier: MIT */
/*
 * Its worker cannot be run.
 */

#include "echo.h"

static const kd_worker_kind worker = {
    .size = sizeof(kd_worker_kind),
    .create = echo_create,
    .destroy = echo_destroy,
};

static const kd_kind kind = {
    .size = sizeof(kd_kind),
    .cls = KD_CLASS_WORKER,
    .id = "test.no_callback",
    .help = "A test",
    .impl = &worker,
};
static const kd_kind *const kinds[] = {&kind, NULL};

static const kd_plugin plugin = {
    ECHO_PLUGIN,
    .name = "test.no_callback",
    .kinds = kinds,
};

ECHO_QUERY
