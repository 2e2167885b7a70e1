/* SPDX-License-Identifier: MIT */
/*
 * Shared buffers under watch, for KD_CONFIG_CHECKED: what plugins hold of them
 * is counted apart from what the host holds.
 *
 * So a reference that is given back once too often is not taken from somebody
 * else, and what was never given back has a name. A message under watch brings
 * a buffer of its own around the same bytes, which lives as long as the
 * message unless somebody retains it: who keeps it otherwise is found, whoever
 * else still has those bytes. And a buffer that has gone is known for a while
 * as one that has.
 */
#ifndef KD_RUNTIME_CHECKED_BUF_H
#define KD_RUNTIME_CHECKED_BUF_H

#include "proc/proc.h"

#include <kindred/api.h>
#include <kindred/embed.h>

/* Make a runtime's ledger, and have its calls look there. KD_OK, KD_ENOMEM. */
kd_status kd__checked_buf_begin(kd_runtime *runtime);
/* Its plugins have ended: name what the calls into their processes have left.
 * Nothing, if it has none. */
void kd__checked_buf_end(kd_runtime *runtime);

/* From now on this thread is inside a call into a process; NULL: into none.
 * Returns which it was inside before. */
const struct kd__proc *kd__checked_buf_enter(const struct kd__proc *proc);

/* Whether a payload, or what a spawn is given, is there to be had. If not, the
 * log and `err` say that `call` has got it; both may be NULL. */
int kd__checked_buf_may(
    const char *call, const kd_payload *payload, kd_error *err);
int kd__checked_buf_may_spawn(
    const char *call, const kd_spawn *spawn, kd_error *err);

/* A message that a process is about to get. */
void kd__checked_buf_lend(kd_runtime *runtime, kd_message *message);

#endif
