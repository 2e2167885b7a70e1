/* SPDX-License-Identifier: MIT */
/*
 * Whether a struct of a plugin is at least as large as all hosts know it.
 */
#ifndef KD_LOAD_SIZE_CHECK_H
#define KD_LOAD_SIZE_CHECK_H

#include "base/error.h"

static inline kd_status
kd__size_check(const char *what, uint32_t size, size_t least, kd_error *err)
{
    if (size >= least && size % 8 == 0)
        return KD_OK;
    return kd__error(err, KD_EPLUGIN, "size of %s is %lu, host knows %lu", what,
        (unsigned long)size, (unsigned long)least);
}

#endif
