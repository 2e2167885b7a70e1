/* SPDX-License-Identifier: MIT */
/*
 * Its list of kinds is missing.
 */

#include "echo.h"

static const kd_plugin plugin = {
    ECHO_PLUGIN,
    .name = "test.no_kinds",
};

ECHO_QUERY
