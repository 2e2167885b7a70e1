/* SPDX-License-Identifier: MIT */
/*
 * The one exit path, for every cause.
 *
 *     1. It closes: it gets no mail, no signal and no bond; for everybody it
 *        is as if it could not be found.
 *     2. Its names are free, and its place among those that its host's limit
 *        counts: who learns of the end can start another.
 *     3. Monitors are told, then, on a failure, links. It stays in the table
 *        until then: who unlinks meanwhile must find the bond (bond.h).
 *     4. Its observer is told; a failure that nobody saw is logged.
 *     5. Descriptors are taken back, the instance is destroyed, the host
 *        forgets it, the record retires.
 *
 * Whoever has the run token does all of it. A cascade along links is no
 * recursion: each process that is told is woken, and ends in a slice of its
 * own.
 *
 * A call that does not return holds the token. Then the thread that watches
 * its lane does 1 to 4 in its place (kd__exit_stuck), and 5 waits for the
 * return. kd__proc::told decides between the two: 0 nobody, 1 somebody is at
 * it, 2 done.
 */
#ifndef KD_PROC_EXIT_H
#define KD_PROC_EXIT_H

#include "proc/lane.h"

/* The errors of a system that are always the same. KD_OK, KD_ENOMEM. */
kd_status kd__exit_init(struct kd__system *system);
void kd__exit_fini(struct kd__system *system);

/* End a process whose token the caller has; the node is gone afterwards. */
void kd__exit(kd_lane *lane, struct kd__proc *proc);

/* Set the failure of a forced end; what the program has said is dropped. */
void kd__exit_force(
    kd_lane *lane, struct kd__proc *proc, uint32_t end, kd_pid from);

/*
 * 1 to 4 for a process whose call does not return, for who has entered the
 * epoch. If it has returned meanwhile, it is woken for 5.
 */
void kd__exit_stuck(
    struct kd__proc *proc, uint32_t end, kd_pid from, kd_time since);

/* Undo kd__proc_new for one that was not started. */
void kd__exit_unstarted(struct kd__proc *proc);

#endif
