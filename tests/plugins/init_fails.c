/* SPDX-License-Identifier: MIT */
/*
 * Well formed, but it cannot get ready.
 */

#include "echo.h"

ECHO_KINDS("test.init_fails");

static kd_status
fail(const kd_api *api, void **state, kd_error *err)
{
    static const char text[] = "no coffee";
    size_t i;

    (void)api;
    *state = err;
    err->code = KD_EUNAVAIL;
    for (i = 0; i < sizeof(text); i++)
        err->text[i] = text[i];
    return KD_EUNAVAIL;
}

static const kd_plugin plugin = {
    ECHO_PLUGIN,
    .name = "test.init_fails",
    .kinds = kinds,
    .init = fail,
};

ECHO_QUERY
