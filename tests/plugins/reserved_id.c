/* SPDX-License-Identifier: MIT */
/*
 * Its kind has a name that is not for third parties.
 */

#include "echo.h"

ECHO_KINDS("process.mine");

static const kd_plugin plugin = {
    ECHO_PLUGIN,
    .name = "test.reserved_id",
    .kinds = kinds,
};

ECHO_QUERY
