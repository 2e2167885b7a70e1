/* SPDX-License-Identifier: MIT */
/*
 * The options of process.program (semantics E1).
 */
#ifndef KP_OPTIONS_H
#define KP_OPTIONS_H

#include <kindred/option.h>

#define KP_N_OPTIONS 9
extern const kd_option kp__options[KP_N_OPTIONS];

#endif
