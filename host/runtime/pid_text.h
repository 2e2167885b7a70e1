/* SPDX-License-Identifier: MIT */
/*
 * Pids as text: `{host id|0x1f}` (semantics P1).
 */
#ifndef KD_RUNTIME_PID_TEXT_H
#define KD_RUNTIME_PID_TEXT_H

#include "proc/proc.h"

/* As kd_api::pid_text and kd_api::pid_parse. */
size_t kd__pid_text(
    const struct kd__system *system, kd_pid pid, char text[KD_PID_TEXT]);
kd_status kd__pid_parse(
    const struct kd__system *system, const char *text, size_t len, kd_pid *pid);

#endif
