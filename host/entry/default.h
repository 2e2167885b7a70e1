/* SPDX-License-Identifier: MIT */
/*
 * Defaults of options.
 */
#ifndef KD_ENTRY_DEFAULT_H
#define KD_ENTRY_DEFAULT_H

#include "entry/check.h"

/*
 * The value of an option that is absent from `owner`; NULL when it has none,
 * or when that it is required, or its kind's mistake, was reported.
 */
struct kd__node *kd__default_value(struct kd__check *check,
    const kd_option *option, const struct kd__node *owner);

#endif
