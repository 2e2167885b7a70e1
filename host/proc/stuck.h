/* SPDX-License-Identifier: MIT */
/*
 * Processes that have ended for all others while a call into them does not
 * return (semantics X12). They are in no table any more; whoever cannot stop
 * because of them finds them here, to name them.
 */
#ifndef KD_PROC_STUCK_H
#define KD_PROC_STUCK_H

#include "base/lock.h"

#include <kindred/types.h>

struct kd__code;
struct kd__proc;

struct kd__stuck {
    struct kd__stuck *next;
    kd_pid pid;
    const struct kd__code *code;
    kd_time since; /* When it had to end. */
};

struct kd__stuck_list {
    struct kd__lock lock;
    struct kd__stuck *first; /* The oldest. */
};

void kd__stuck_init(struct kd__stuck_list *list);
void kd__stuck_fini(struct kd__stuck_list *list);

/* Without memory it is not in the list, only counted. */
void kd__stuck_add(struct kd__proc *proc, kd_time since);
void kd__stuck_remove(const struct kd__proc *proc);

/* Copy the oldest. 0: there is none. */
int kd__stuck_oldest(struct kd__stuck_list *list, struct kd__stuck *oldest);

#endif
