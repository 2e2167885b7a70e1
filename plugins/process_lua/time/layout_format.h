/* SPDX-License-Identifier: MIT */
/*
 * Writing a time by a layout.
 */
#ifndef KL_LAYOUT_FORMAT_H
#define KL_LAYOUT_FORMAT_H

#include "time/time_value.h"

#include <lauxlib.h>

void kl__layout_format(luaL_Buffer *to, const struct kl__time *time,
    const char *layout, size_t len);

#endif
