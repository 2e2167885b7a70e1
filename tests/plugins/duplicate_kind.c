/* SPDX-License-Identifier: MIT */
/*
 * Has one kind twice.
 */

#include "echo.h"

static const kd_kind first = {ECHO_KIND("test.twin")};
static const kd_kind second = {ECHO_KIND("test.twin")};
static const kd_kind *const kinds[] = {&first, &second, NULL};

static const kd_plugin plugin = {
    ECHO_PLUGIN,
    .name = "test.duplicate_kind",
    .kinds = kinds,
};

ECHO_QUERY
