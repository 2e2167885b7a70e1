/* SPDX-License-Identifier: MIT */
/*
 * What a caller hands in may be of later headers than ours, and so longer than
 * what we know of. Then the rest of it must be zero: otherwise something is
 * asked for that would not be done.
 */
#ifndef KD_BASE_SIZED_H
#define KD_BASE_SIZED_H

#include <stddef.h>
#include <stdint.h>

/* Whether a struct of `size` bytes has as much as it had in 1.0, and is zero
 * behind the `known` ones. */
static inline int
kd__sized_check(const void *at, uint32_t size, uint32_t first, size_t known)
{
    const unsigned char *bytes = at;

    if (size < first)
        return 0;
    for (size_t i = known; i < size; i++) {
        if (bytes[i] != 0)
            return 0;
    }
    return 1;
}

/* The same, of a struct that says its size itself. */
#define KD__SIZED(type, at)                                                    \
    kd__sized_check(at, (at)->size, KD_FIRST_SIZE(type), sizeof(type))

#endif
