/* SPDX-License-Identifier: MIT */
/*
 * Built from later headers, for any host of its major.
 */

#include "echo.h"

ECHO_KINDS("test.newer_minor");

static const kd_plugin plugin = {
    .stamp = {KD_ABI_MAGIC, KD_ABI_MAJOR, KD_ABI_MINOR + 1, KD_ABI_TARGET, 0,
        sizeof(kd_plugin)},
    .name = "test.newer_minor",
    .version = "1.0",
    .help = "A test",
    .kinds = kinds,
};

ECHO_QUERY
