/* SPDX-License-Identifier: MIT */
/*
 * Its descriptor is longer than the host knows: that is allowed.
 */

#include "echo.h"

ECHO_KINDS("test.large_descriptor");

static const struct {
    kd_plugin plugin;
    uint64_t later;
} newer = {
    .plugin =
        {
            .stamp = {KD_ABI_MAGIC, KD_ABI_MAJOR, KD_ABI_MINOR, KD_ABI_TARGET,
                0, sizeof(newer)},
            .name = "test.large_descriptor",
            .version = "1.0",
            .help = "A test",
            .kinds = kinds,
        },
    .later = 1,
};

const kd_plugin *
kd_plugin_query_v1(void)
{
    return &newer.plugin;
}
