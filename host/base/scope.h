/* SPDX-License-Identifier: MIT */
/*
 * A thread serves a runtime: its memory comes from there, and the blocks that
 * the thread has in store for another runtime are not for this one.
 */
#ifndef KD_BASE_SCOPE_H
#define KD_BASE_SCOPE_H

#include "base/block.h"
#include "base/memory.h"

/* What the thread served before. */
struct kd__scope {
    const kd_allocator *memory;
    struct kd__blocks *blocks;
};

static inline struct kd__scope
kd__scope_enter(const kd_allocator *memory)
{
    struct kd__scope before = {kd__memory_here, kd__blocks_here};

    if (memory != before.memory) {
        kd__memory_here = memory;
        kd__blocks_here = NULL;
    }
    return before;
}

static inline void
kd__scope_leave(const struct kd__scope *before)
{
    kd__memory_here = before->memory;
    kd__blocks_here = before->blocks;
}

/* From here to the end of the block the thread serves who has this memory. */
#define KD__SCOPE(memory)                                                      \
    const struct kd__scope kd__scope_                                          \
        __attribute__((cleanup(kd__scope_leave), unused)) =                    \
            kd__scope_enter(memory)

#endif
