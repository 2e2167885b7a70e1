/* SPDX-License-Identifier: MIT */
/*
 * Whether a kind's table of options is well formed.
 */
#ifndef KD_LOAD_OPTION_CHECK_H
#define KD_LOAD_OPTION_CHECK_H

#include <kindred/option.h>

/*
 * Check a whole table and what is nested in it. Pure; bounded in depth and
 * number, so that a table which contains itself is refused too.
 *
 * Returns KD_OK, or KD_EPLUGIN with a sentence that names the option by its
 * dotted path.
 */
kd_status kd__option_check(const kd_option *options, size_t n, kd_error *err);

/* The index-th option of a table, whose stride is its first element's size. */
const kd_option *kd__option_at(const kd_option *options, size_t index);

#endif
