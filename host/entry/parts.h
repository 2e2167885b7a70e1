/* SPDX-License-Identifier: MIT */
/*
 * Values of options that have parts: lists, maps, groups.
 */
#ifndef KD_ENTRY_PARTS_H
#define KD_ENTRY_PARTS_H

#include "entry/table.h"
#include "entry/value.h"

kd__value_check kd__parts_list;
kd__value_check kd__parts_map;
kd__value_check kd__parts_group;

/*
 * Check the elements of `raw` against all of the tables, and put the values
 * and what else has a default into `map`.
 */
void kd__parts_tables(struct kd__check *check, const struct kd__table *tables,
    size_t n, const struct kd__node *raw, struct kd__node *map);

#endif
