/* SPDX-License-Identifier: MIT */
/*
 * Lanes: the threads of hosts, as the library sees them.
 */
#ifndef KD_PROC_LANE_H
#define KD_PROC_LANE_H

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
    _Atomic uint64_t heard; /* The last one in which a signal arrived. */
    /* Of the thread that calls overdue. */
    uint64_t overdue_slice; /* The one that the next two are about. */
    kd_time overdue_since;  /* When that process had to end; 0: need not. */
    uint32_t overdue_named; /* It has been named in the log. */
};

kd_lane *kd__lane_new(struct kd__host *host);
void kd__lane_free(kd_lane *lane);

/* In the handler: tell the kind whose program was interrupted. */
void kd__lane_interrupted(void);

/* The lane is inside a slice from now on, or (NULL) no longer. */
void kd__lane_enter(kd_lane *lane);

#endif
