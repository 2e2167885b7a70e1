/* SPDX-License-Identifier: MIT */
/*
 * Its kind is of a class that nobody knows.
 */

#include "echo.h"

static const kd_kind kind = {
    .size = sizeof(kd_kind),
    .cls = 3,
    .id = "test.kind_class",
    .help = "A test",
    .impl = &echo_worker,
};
static const kd_kind *const kinds[] = {&kind, NULL};

static const kd_plugin plugin = {
    ECHO_PLUGIN,
    .name = "test.kind_class",
    .kinds = kinds,
};

ECHO_QUERY
