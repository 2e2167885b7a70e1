/* SPDX-License-Identifier: MIT */
/*
 * The runtime's memory, for plugins.
 */

#include "base/scope.h"
#include "runtime/runtime.h"

static uint32_t
call_is_foreign(const kd_api *api)
{
    return kd__runtime_of(api)->config.allocator != NULL;
}

static void *
call_realloc(const kd_api *api, void *block, size_t size)
{
    KD__SCOPE(kd__runtime_of(api)->config.allocator);

    return kd__realloc(block, size);
}

static void
call_free(const kd_api *api, void *block)
{
    KD__SCOPE(kd__runtime_of(api)->config.allocator);

    kd__free(block);
}

const kd_memory kd__memory_calls = {
    .size = sizeof(kd_memory),
    .is_foreign = call_is_foreign,
    .realloc = call_realloc,
    .free = call_free,
};
