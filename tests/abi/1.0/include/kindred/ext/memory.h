/* SPDX-License-Identifier: MIT */
/*
 * The library's memory, for plugins that want theirs to come from where the
 * embedder says (kd_config::allocator, embed.h). An optional service of the
 * host:
 *
 *     const kd_memory *memory = api->service(api, KD_MEMORY);
 *
 * NULL: there is none, and malloc is as good.
 */
#ifndef KINDRED_EXT_MEMORY_H
#define KINDRED_EXT_MEMORY_H

#include <kindred/api.h>

KD_BEGIN_DECLS

/** The id of the service. */
#define KD_MEMORY "kindred.memory/1"

/** The service. Read-only. */
typedef struct kd_memory {
    uint32_t size; /**< sizeof(kd_memory) as the host has it. */
    uint32_t reserved;
    /** Nonzero: memory is an embedder's, not malloc's. [any & !may-block] */
    uint32_t (*is_foreign)(const kd_api *api);
    /** As realloc() for a `size` that is not 0. [any & !may-block] */
    void *(*realloc)(const kd_api *api, void *block, size_t size);
    /** As free(). [any & !may-block] */
    void (*free)(const kd_api *api, void *block);
} kd_memory;
KD_ABI_STRUCT(kd_memory, 32);

KD_END_DECLS

#endif
