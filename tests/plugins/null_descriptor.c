/* SPDX-License-Identifier: MIT */
/*
 * Its query returns nothing.
 */

#include <kindred/kindred.h>

const kd_plugin *
kd_plugin_query_v1(void)
{
    return NULL;
}
