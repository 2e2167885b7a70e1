/* SPDX-License-Identifier: MIT */
/*
 * Kinds under watch, for KD_CONFIG_CHECKED: who calls for a process must have
 * it, and what he gives back must be his.
 *
 * Each code gets a kind of its own, around that of the plugin, whose instances
 * know which thread is inside a call for them and what messages they hold;
 * their processes get services that ask there first. So a runtime that is not
 * checked has none of this in its way.
 */
#ifndef KD_RUNTIME_CHECKED_H
#define KD_RUNTIME_CHECKED_H

#include "proc/proc.h"

/* Put a watched kind in place of the code's own. KD_OK, KD_ENOMEM. */
kd_status kd__checked_wrap(struct kd__code *code);
/* And back. For any code. */
void kd__checked_unwrap(struct kd__code *code);

#endif
