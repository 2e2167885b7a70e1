/* SPDX-License-Identifier: MIT */
/*
 * The default of its option is not of the type of its option.
 */

#include "echo.h"

static const kd_option option = {
    .size = sizeof(kd_option),
    .type = KD_OPTION_DURATION,
    .name = "wait",
    .help = "How long to wait",
    .def = "soon",
};

static const kd_kind kind = {
    ECHO_KIND("test.option_default"),
    .options = &option,
    .n_options = 1,
};
static const kd_kind *const kinds[] = {&kind, NULL};

static const kd_plugin plugin = {
    ECHO_PLUGIN,
    .name = "test.option_default",
    .kinds = kinds,
};

ECHO_QUERY
