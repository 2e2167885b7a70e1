/* SPDX-License-Identifier: MIT */
/*
 * Lanes: the threads of hosts, as the library sees them.
 */
#ifndef KD_PROC_LANE_H
#define KD_PROC_LANE_H

#include "base/block.h"
#include "proc/proc.h"

/*
 * A thread that runs processes of a host: what kd_lane is.
 *
 * `current` is read by other threads too, which enter the epoch first. Its
 * stores are cheap; only a process that ends pays for a sequentially
 * consistent one, before it retires (kd__lane_forget). So a visitor who has
 * still read the process has entered before that store, and whoever moves the
 * epoch on afterwards sees him inside.
 */
struct kd_lane {
    struct kd__system *system;
    struct kd__host *host;
    pthread_t thread;
    kd_lane **here; /* The thread's own, which the handler reads. */
    struct kd__blocks **blocks_here; /* The thread's kd__blocks_here. */
    struct kd__participant participant;
    _Atomic(struct kd__proc *) current; /* In a slice; NULL between. */
    _Atomic uint32_t yield;             /* The slice should end. */
    uint32_t given; /* Messages and children, of this slice. */
    uint32_t votes; /* For the next, who gets most of what is given, */
    const struct kd__proc *favourite; /* and may have been freed; */
    const kd_lane *gives_to;          /* where it ran last. */
    kd_pid link_from;        /* Of the last end by a link: whose failure, */
    kd_buf *link_error;      /* and what it is called; or NULL. */
    kd_time slice_end;       /* Where slices look at the clock themselves. */
    _Atomic uint64_t slices; /* How many it has begun. */
    _Atomic uint64_t heard;  /* The last one in which a signal arrived. */
    /* Of the thread that calls overdue. */
    uint64_t overdue_slice;   /* The one that the next two are about. */
    kd_time overdue_since;    /* When that process had to end; 0: need not. */
    uint32_t overdue_named;   /* It has been named in the log. */
    struct kd__blocks blocks; /* In a slice, the thread's cache. */
};

kd_lane *kd__lane_new(struct kd__host *host);
void kd__lane_free(kd_lane *lane);

/*
 * The slice on this thread, if any, has given somebody something to do: a
 * message, or its birth. After some of those it should end, so that they are
 * seen to while they lie in this processor's cache.
 */
void kd__lane_gave(const struct kd__proc *to);

/* See kd_host_calls::giving. */
const kd_lane *kd__lane_giving(kd_lane *lane);

/* In the handler: tell the kind whose program was interrupted. */
void kd__lane_interrupted(void);

/* The lane's thread is inside kd_host_calls::run, and no longer. */
static inline void
kd__lane_enter(kd_lane *lane)
{
    *lane->here = lane;
    *lane->blocks_here = KD__BLOCK_CACHE ? &lane->blocks : NULL;
}

static inline void
kd__lane_leave(kd_lane *lane)
{
    *lane->here = NULL;
    *lane->blocks_here = NULL;
}

/* A call of the kind's run begins and ends. */
static inline void
kd__lane_begin(kd_lane *lane, struct kd__proc *proc)
{
    uint64_t slices = atomic_load_explicit(&lane->slices, memory_order_relaxed);

    lane->given = 0;
    atomic_store_explicit(&lane->slices, slices + 1, memory_order_relaxed);
    atomic_store_explicit(&lane->current, proc, memory_order_release);
}

static inline void
kd__lane_end(kd_lane *lane)
{
    atomic_store_explicit(&lane->current, NULL, memory_order_release);
}

/* What the lane has run last is about to retire. */
static inline void
kd__lane_forget(kd_lane *lane)
{
    atomic_store(&lane->current, NULL);
}

#endif
