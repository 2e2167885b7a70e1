/* SPDX-License-Identifier: MIT */
/*
 * The memory of one Lua state: an arena with a limit.
 */
#ifndef KL_HEAP_H
#define KL_HEAP_H

#include <stddef.h>

struct kl__heap {
    size_t used;  /* Bytes handed out. */
    size_t limit; /* limits.memory of the entry. */
};

#endif
