/* SPDX-License-Identifier: MIT */
/*
 * Knows only a major that this host does not.
 */

#include "echo.h"

KD_EXPORT const kd_worker_kind *kd_plugin_query_v2(void);

const kd_worker_kind *
kd_plugin_query_v2(void)
{
    return &echo_worker;
}
