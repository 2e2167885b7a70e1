/* SPDX-License-Identifier: MIT */
/*
 * Bears the name of good.c, and another kind.
 */

#include "echo.h"

ECHO_KINDS("test.same_name");

static const kd_plugin plugin = {
    ECHO_PLUGIN,
    .name = "test.good",
    .kinds = kinds,
};

ECHO_QUERY
