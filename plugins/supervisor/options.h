/* SPDX-License-Identifier: MIT */
/*
 * The options of supervisors and of child records (semantics S2, S3), as the
 * host checks them in YAML and record.c in what start_child is given.
 */
#ifndef KS_OPTIONS_H
#define KS_OPTIONS_H

#include <kindred/option.h>

/* Words in place of a duration, in `shutdown` and `start_timeout`. */
#define KS_WORD_BRUTAL   "brutal"
#define KS_WORD_INFINITY "infinity"

/* One child record. */
extern const kd_option ks__child_option;

/* Of all supervisors with children in an order. */
#define KS_N_FIXED_OPTIONS 4
extern const kd_option ks__fixed_options[KS_N_FIXED_OPTIONS];

/* Of supervisor.dynamic. */
#define KS_N_DYNAMIC_OPTIONS 4
extern const kd_option ks__dynamic_options[KS_N_DYNAMIC_OPTIONS];

#endif
