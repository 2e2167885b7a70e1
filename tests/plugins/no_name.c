/* SPDX-License-Identifier: MIT */
/*
 * Its name is missing.
 */

#include "echo.h"

ECHO_KINDS("test.no_name");

static const kd_plugin plugin = {
    ECHO_PLUGIN,
    .kinds = kinds,
};

ECHO_QUERY
