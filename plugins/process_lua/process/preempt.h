/* SPDX-License-Identifier: MIT */
/*
 * Stopping Lua code: a count hook, armed by a signal handler when a slice is
 * over, or always set where no signal comes.
 */
#ifndef KL_PREEMPT_H
#define KL_PREEMPT_H

#include <lua.h>

struct kl__process;

/* As kd_worker_kind::preempt: async-signal-safe. */
void kl__preempt(struct kl__process *p);

/*
 * Make a state the innermost, just before it runs. Returns 0 if it must not:
 * the slice is over, and the task can stop right here.
 */
int kl__preempt_enter(struct kl__process *p, lua_State *L);

/* Look at the clock where nobody sends signals; sets `stop`. */
void kl__preempt_count(struct kl__process *p);

/*
 * For a C function that may take long, at its start: where nobody sends
 * signals, a row of such calls must not be longer than a slice for the few
 * instructions between them. A state without a process is left alone.
 */
void kl__preempt_call(lua_State *L);

/*
 * The program has given another process something to do. Where that has been
 * much in one slice the host wants it to end, before what is given has left the
 * processor's cache; it sends no signal for that.
 */
void kl__preempt_gave(struct kl__process *p);

/* Have the hook called at the very next instruction. */
void kl__preempt_now(struct kl__process *p);

/* Set the hook as it has to be for the innermost. */
void kl__preempt_arm(struct kl__process *p, lua_State *L);

#endif
