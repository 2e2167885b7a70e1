/* SPDX-License-Identifier: MIT */
/*
 * Its stamp is none.
 */

#include "echo.h"

ECHO_KINDS("test.wrong_magic");

static const kd_plugin plugin = {
    .stamp = {0x12345678, KD_ABI_MAJOR, KD_ABI_MINOR, KD_ABI_TARGET, 0,
        sizeof(kd_plugin)},
    .name = "test.wrong_magic",
    .version = "1.0",
    .help = "A test",
    .kinds = kinds,
};

ECHO_QUERY
