/* SPDX-License-Identifier: MIT */
/*
 * Finding things in a runtime.
 */

#include "runtime/runtime.h"

#include <string.h>

struct kd__host *
kd__runtime_host(const kd_runtime *runtime, const char *id)
{
    for (uint32_t i = 0; i < runtime->system.n_hosts; i++) {
        if (strcmp(runtime->hosts[i].id, id) == 0)
            return &runtime->hosts[i];
    }
    return NULL;
}
