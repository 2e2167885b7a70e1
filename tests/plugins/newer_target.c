/* SPDX-License-Identifier: MIT */
/*
 * Says that it cannot live with this host.
 */

#include "echo.h"

ECHO_KINDS("test.newer_target");

static const kd_plugin plugin = {
    .stamp = {KD_ABI_MAGIC, KD_ABI_MAJOR, KD_ABI_MINOR, KD_ABI_MINOR + 1, 0,
        sizeof(kd_plugin)},
    .name = "test.newer_target",
    .version = "1.0",
    .help = "A test",
    .kinds = kinds,
};

ECHO_QUERY
