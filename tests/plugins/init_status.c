/* SPDX-License-Identifier: MIT */
/*
 * Its init returns a status that is in no list.
 */

#include "echo.h"

ECHO_KINDS("test.init_status");

static kd_status
surprise(const kd_api *api, void **state, kd_error *err)
{
    (void)api;
    (void)state;
    (void)err;
    return 4711;
}

static const kd_plugin plugin = {
    ECHO_PLUGIN,
    .name = "test.init_status",
    .kinds = kinds,
    .init = surprise,
};

ECHO_QUERY
