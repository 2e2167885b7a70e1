/* SPDX-License-Identifier: MIT */
/*
 * A plugin without a fault, with a service for others.
 */

#include "echo.h"

ECHO_KINDS("test.echo");

static const int service = 42;
static const kd_offer offer = {
    .size = sizeof(kd_offer),
    .id = "test.service/1",
    .table = &service,
};
static const kd_offer *const offers[] = {&offer, NULL};

static const kd_plugin plugin = {
    ECHO_PLUGIN,
    .name = "test.good",
    .kinds = kinds,
    .offers = offers,
};

ECHO_QUERY
