/* SPDX-License-Identifier: MIT */
/*
 * One slice of a process, and the threads that run slices.
 */
#ifndef KD_PROC_RUN_H
#define KD_PROC_RUN_H

#include "proc/proc.h"

/* A thread that runs processes of a host: what kd_lane is. */
struct kd_lane {
    struct kd__system *system;
    struct kd__host *host;
    pthread_t thread;
    struct kd__participant participant;
    _Atomic(struct kd__proc *) current; /* In a slice; NULL between. */
    _Atomic uint32_t yield;             /* The slice should end. */
    _Atomic uint64_t slices;            /* How many it has begun. */
    /* Of the thread that calls overdue. */
    uint64_t overdue_slice; /* The one it has named in the log. */
    kd_time overdue_since;  /* When that process had to end; 0: need not. */
};

kd_lane *kd__lane_new(struct kd__host *host);
void kd__lane_free(kd_lane *lane);

/* The lane of the calling thread while it is inside a slice, else NULL. Also
 * for the handler of the preemption signal. */
kd_lane *kd__lane_current(void);
/* In the handler: tell the kind whose program was interrupted. */
void kd__lane_interrupted(void);

/*
 * Something came for the process: have it run. The caller has entered the
 * epoch, or has the process's token.
 */
void kd__run_wake(struct kd__proc *proc);

/* The services for hosts: see <kindred/host.h>. */
extern const kd_host_calls kd__run_calls;

/* 0: go on; 1: the slice should end; 2: the process must end. */
uint32_t kd__run_should_yield(const struct kd__proc *proc);

#endif
