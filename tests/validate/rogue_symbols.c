/* SPDX-License-Identifier: MIT */
/*
 * It prints over the program's output, and shows a function of its own.
 */

#include "../plugins/echo.h"

#include <stdio.h>

KD_EXPORT void rogue_greet(void);

void
rogue_greet(void)
{
    puts("hello");
}

ECHO_KINDS("test.symbols");
static const kd_plugin plugin = {
    ECHO_PLUGIN, .name = "test.symbols", .kinds = kinds};

ECHO_QUERY
