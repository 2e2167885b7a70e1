/* SPDX-License-Identifier: MIT */
/*
 * The timers of one process: an intrusive heap by due time.
 *
 * The host gives a process one wake-up, which is kept at the earliest of
 * these. Nodes lie in what they are timers of, which lives as long as they are
 * armed. Each armed one is a reason for which the process can be woken
 * (kl__task_external).
 */
#ifndef KL_TIMER_H
#define KL_TIMER_H

#include <kindred/types.h>
#include <stddef.h>

struct kl__process;

struct kl__timer {
    kd_time due_ns;
    size_t index;   /* Place in the heap, from 1; 0: not armed. */
    uint64_t order; /* Those due at the same time fire as they were set. */
    /* Called by the driver between Lua code, on the main thread's stack. */
    void (*fire)(struct kl__process *p, struct kl__timer *timer);
};

struct kl__timers {
    struct kl__timer **heap; /* `one`, or from malloc. */
    struct kl__timer *one;   /* Most processes have one timer at a time. */
    size_t cap;
    uint64_t orders; /* How often any was set. */
    size_t count;
    kd_time told_ns; /* What the host was told last; 0: nothing yet. */
};

/* The time in `ns` from now, which is positive; KD_NEVER beyond 584 years. */
kd_time kl__timer_due(const struct kl__process *p, int64_t ns);
/* Arm, or move. Returns 0, or -1 without memory and then changes nothing. */
int kl__timer_set(
    struct kl__process *p, struct kl__timer *timer, kd_time due_ns);
/* Disarm. Returns whether it was armed. */
int kl__timer_stop(struct kl__process *p, struct kl__timer *timer);
/*
 * Fire all that are due; called by the driver at the start of a slice. A timer
 * is no longer armed when it fires, and may be set again by what it calls, but
 * only to a time that is not due yet.
 */
void kl__timers_fire(struct kl__process *p, kd_time now_ns);
/* Tell the host the earliest due time, if it changed; end of a slice. */
void kl__timers_tell(struct kl__process *p);
void kl__timers_fini(struct kl__process *p);

#endif
