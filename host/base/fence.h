/* SPDX-License-Identifier: MIT */
/*
 * What this thread has stored is seen by all before it reads anything more:
 * the two sides of "I say what I do first and look at what you do then", each
 * of which has a fence, cannot both miss the other (C11, 7.17.4). One fence
 * does for all stores before it, where sequentially consistent ones would
 * cost the same each.
 */
#ifndef KD_BASE_FENCE_H
#define KD_BASE_FENCE_H

#include "base/sanitizer.h"

#include <stdatomic.h>

static inline void
kd__fence(void)
{
#if KD__SANITIZE_THREAD
    /* It knows no fences, and compilers say so. An exchange is one on the
     * processors it exists for. */
    _Atomic int here = 0;

    atomic_exchange(&here, 1);
#else
    atomic_thread_fence(memory_order_seq_cst);
#endif
}

#endif
