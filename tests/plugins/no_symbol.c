/* SPDX-License-Identifier: MIT */
/*
 * A shared object, but no plugin.
 */

#include "echo.h"

extern const kd_worker_kind *no_symbol(void);

const kd_worker_kind *
no_symbol(void)
{
    return &echo_worker;
}
