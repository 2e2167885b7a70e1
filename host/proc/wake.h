/* SPDX-License-Identifier: MIT */
/*
 * Who has the run token of a process, and how something that comes for the
 * process makes it run.
 *
 *     state     something comes         slice begins   slice ends, waits again
 *     idle      queued (and ready())    -              -                   -
 *     queued    queued                  active         -                   -
 *     active    woken                   -              idle queued woken woken
 * -              queued              queued over      over                    -
 * -                   -
 *
 * Whoever brings something pushes it first and looks at the state then; the
 * slice sets the state first and looks for things then. The first side is
 * sequentially consistent, the second has a fence between the two, so one of
 * them sees the other.
 */
#ifndef KD_PROC_WAKE_H
#define KD_PROC_WAKE_H

#include "proc/proc.h"

/*
 * Something came for the process: have it run. The caller has entered the
 * epoch, or has the process's token.
 */
void kd__wake(struct kd__proc *proc);

/*
 * The same for what does not wait behind a call that blocks: a signal, or that
 * the process must end. No process is locked by the caller.
 */
void kd__wake_at_once(struct kd__proc *proc);

/* Have a call that is under way return soon, if the kind can. */
void kd__interrupt(struct kd__proc *proc);

/* As kd__wake(), but for the host: nonzero when it is queued now. */
int kd__wake_state(struct kd__proc *proc);

#endif
