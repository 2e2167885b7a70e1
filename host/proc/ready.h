/* SPDX-License-Identifier: MIT */
/*
 * Readiness: a process says once that it has started up, and whoever asked for
 * that learns it: its spawner by a signal, its observer by a call.
 *
 * The observer hears nothing after its `ended`. Both come from the process's
 * thread, but for a process whose call does not return: another thread tells
 * its end (exit.h). So each of the two sets its mark first, kd__proc::ready or
 * kd__proc::told, and looks for the other's then; all four are sequentially
 * consistent, so the end waits for a telling that goes on, or it is not told.
 */
#ifndef KD_PROC_READY_H
#define KD_PROC_READY_H

#include "proc/proc.h"

/* The process is ready. Its token is the caller's; again: without effect. */
void kd__ready(struct kd__proc *proc);

/* The end of the process is about to be observed: until this returns, somebody
 * may be telling that it is ready, afterwards nobody. */
void kd__ready_settle(struct kd__proc *proc);

#endif
