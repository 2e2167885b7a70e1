/* SPDX-License-Identifier: MIT */
/*
 * Its kind has a flag that nobody knows.
 */

#include "echo.h"

static const kd_kind kind = {
    ECHO_KIND("test.kind_flags"),
    .flags = 0x80,
};
static const kd_kind *const kinds[] = {&kind, NULL};

static const kd_plugin plugin = {
    ECHO_PLUGIN,
    .name = "test.kind_flags",
    .kinds = kinds,
};

ECHO_QUERY
