/* SPDX-License-Identifier: MIT */
/*
 * Values of options that are quantities.
 */
#ifndef KD_ENTRY_QUANTITY_H
#define KD_ENTRY_QUANTITY_H

#include "entry/value.h"

kd__value_check kd__quantity_int;
kd__value_check kd__quantity_float;
kd__value_check kd__quantity_duration;
kd__value_check kd__quantity_size;

/* A number in the place of `raw`; NULL without memory. */
struct kd__node *kd__quantity_make(struct kd__check *check,
    const struct kd__node *raw, uint32_t type, int64_t integer, double number);

#endif
