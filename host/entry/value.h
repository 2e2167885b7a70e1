/* SPDX-License-Identifier: MIT */
/*
 * Values of options that have no parts and are no quantities: one function a
 * type.
 */
#ifndef KD_ENTRY_VALUE_H
#define KD_ENTRY_VALUE_H

#include "entry/check.h"

typedef struct kd__node *kd__value_check(struct kd__check *check,
    const kd_option *option, const struct kd__node *raw);

kd__value_check kd__value_bool;
kd__value_check kd__value_string;
kd__value_check kd__value_choice;
kd__value_check kd__value_source;
kd__value_check kd__value_entry;
kd__value_check kd__value_any;

#endif
