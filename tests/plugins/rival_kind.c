/* SPDX-License-Identifier: MIT */
/*
 * Has a kind of its own and one that good.c has too.
 */

#include "echo.h"

static const kd_kind first = {ECHO_KIND("test.rival")};
static const kd_kind second = {ECHO_KIND("test.echo")};
static const kd_kind *const kinds[] = {&first, &second, NULL};

static const kd_plugin plugin = {
    ECHO_PLUGIN,
    .name = "test.rival_kind",
    .kinds = kinds,
};

ECHO_QUERY
