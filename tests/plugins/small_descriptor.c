/* SPDX-License-Identifier: MIT */
/*
 * Says that its descriptor ends before `init`.
 */

#include "echo.h"

ECHO_KINDS("test.small_descriptor");

static const kd_plugin plugin = {
    .stamp = {KD_ABI_MAGIC, KD_ABI_MAJOR, KD_ABI_MINOR, KD_ABI_TARGET, 0,
        offsetof(kd_plugin, init)},
    .name = "test.small_descriptor",
    .version = "1.0",
    .help = "A test",
    .kinds = kinds,
};

ECHO_QUERY
