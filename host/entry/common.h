/* SPDX-License-Identifier: MIT */
/*
 * Options that are the host's own: kinds only say whether they want them.
 */
#ifndef KD_ENTRY_COMMON_H
#define KD_ENTRY_COMMON_H

#include <kindred/option.h>

extern const kd_option kd__common_meta;      /* every entry has it */
extern const kd_option kd__common_lifecycle; /* KD_KIND_LIFECYCLE; L1 */
extern const kd_option kd__common_limits;    /* KD_KIND_LIMITS; K2 */

/* One element of lifecycle.requires or lifecycle.depends_on. */
extern const kd_option kd__common_requirement;

#endif
