/* SPDX-License-Identifier: MIT */
/*
 * The options of a kind, as help: from the tables that check its entries.
 */
#ifndef KD_CLI_OPTIONS_TABLE_H
#define KD_CLI_OPTIONS_TABLE_H

#include "cli/columns.h"

#include <kindred/option.h>

/*
 * Add a row for an option, and for each option in it: dotted name, type,
 * default, help. Returns 0, or -1 without memory.
 */
int kd__options_table_add(struct kd__columns *table, const kd_option *option);

#endif
