/* SPDX-License-Identifier: MIT */
/*
 * Its kind is too short.
 */

#include "echo.h"

static const kd_kind kind = {
    .size = sizeof(kd_kind) - 8,
    .cls = KD_CLASS_WORKER,
    .id = "test.kind_size",
    .help = "A test",
    .impl = &echo_worker,
};
static const kd_kind *const kinds[] = {&kind, NULL};

static const kd_plugin plugin = {
    ECHO_PLUGIN,
    .name = "test.kind_size",
    .kinds = kinds,
};

ECHO_QUERY
