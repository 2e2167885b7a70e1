/* SPDX-License-Identifier: MIT */
/*
 * Its option is a list of lists of lists, without an end.
 */

#include "echo.h"

static const kd_option option = {
    .size = sizeof(kd_option),
    .type = KD_OPTION_LIST,
    .name = "list",
    .help = "A list of itself",
    .item = &option,
};

static const kd_kind kind = {
    ECHO_KIND("test.option_endless"),
    .options = &option,
    .n_options = 1,
};
static const kd_kind *const kinds[] = {&kind, NULL};

static const kd_plugin plugin = {
    ECHO_PLUGIN,
    .name = "test.option_endless",
    .kinds = kinds,
};

ECHO_QUERY
