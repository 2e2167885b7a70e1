/* SPDX-License-Identifier: MIT */
/*
 * A bit in the stamp that nobody knows.
 */

#include "echo.h"

ECHO_KINDS("test.reserved_stamp");

static const kd_plugin plugin = {
    .stamp = {KD_ABI_MAGIC, KD_ABI_MAJOR, KD_ABI_MINOR, KD_ABI_TARGET, 1,
        sizeof(kd_plugin)},
    .name = "test.reserved_stamp",
    .version = "1.0",
    .help = "A test",
    .kinds = kinds,
};

ECHO_QUERY
