/* SPDX-License-Identifier: MIT */
/*
 * Of another major, though its symbol says otherwise.
 */

#include "echo.h"

ECHO_KINDS("test.wrong_major");

static const kd_plugin plugin = {
    .stamp = {KD_ABI_MAGIC, KD_ABI_MAJOR + 1, KD_ABI_MINOR, KD_ABI_TARGET, 0,
        sizeof(kd_plugin)},
    .name = "test.wrong_major",
    .version = "1.0",
    .help = "A test",
    .kinds = kinds,
};

ECHO_QUERY
