/* SPDX-License-Identifier: MIT */
/*
 * What its option and its plugin say of themselves ends in a full stop.
 */

#include "../plugins/echo.h"

static const kd_option options[] = {
    {.size = sizeof(kd_option),
        .type = KD_OPTION_INT,
        .name = "mute",
        .help = "Says nothing."},
};
static const kd_kind kind = {
    ECHO_KIND("test.help"), .options = options, .n_options = 1};
static const kd_kind *const kinds[] = {&kind, NULL};
static const kd_plugin plugin = {
    .stamp = KD_STAMP_INIT,
    .name = "test.help",
    .version = "1.0",
    .help = "A test.",
    .kinds = kinds,
};

ECHO_QUERY
