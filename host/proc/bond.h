/* SPDX-License-Identifier: MIT */
/*
 * Bonds: what ties two processes so that the end of one is told to the other.
 *
 * A bond has two ends, each on a list of its process:
 *
 *     type      end 0                end 1                told when
 *     monitor   watcher, `watching`  target, `watchers`   the target ends
 *     link      either, `links`      other, `links`       either one fails
 *     request   asker, `watching`    target, `watchers`   the target ends
 *     room      waiter, `watching`   target, `watchers`   room, or its end
 *     ready     spawner, `watching`  child, `watchers`    the child is ready
 *     own       spawner, `watching`  child, `watchers`    never; see below
 *
 * A call (KD_SPAWN_CALL) is a monitor with a number: what is done to monitors
 * by type and number 0 passes it by. An own tells nobody: when its end 0 ends,
 * the other is marked to be ended by force.
 *
 * One allocation holds both ends and the signal by which the survivor is told,
 * so telling can neither fail nor allocate. Only one of the two is ever told.
 *
 * The one rule that makes it right: a bond is put on both lists and taken off
 * both while the locks of both processes are held. So for everybody who holds
 * one lock, a bond on that process's list exists, and the process at its other
 * end has not finished telling: its record is there. The order of locks is
 * that of addresses; who must let go of one to take both, looks again.
 *
 * A process that ends closes first (kd__proc::closed): from then on nothing is
 * added, and its exit takes bond after bond off the lists until they are empty
 * (kd__bond_sweep). A process is told by a push onto its control queue, while
 * both locks are held: so an end is told before the bond is gone, and undoing
 * a bond, which finds either the bond or its signal, misses neither. For that
 * an ending process stays in the table until it has told everybody.
 *
 * Undoing follows semantics W9: a signal that has arrived but was not yet
 * handled is void. Only the process itself undoes what it receives, and it is
 * the only reader of its queue.
 */
#ifndef KD_PROC_BOND_H
#define KD_PROC_BOND_H

#include "proc/proc.h"

#define KD__BOND_MONITOR KD_SIGNAL_EXIT
#define KD__BOND_LINK    KD_SIGNAL_LINK_DOWN
#define KD__BOND_REQUEST KD_SIGNAL_REPLY_FAILED
#define KD__BOND_ROOM    KD_SIGNAL_ROOM
#define KD__BOND_READY   KD_SIGNAL_READY
#define KD__BOND_OWN     0x100u /* No signal's number. */

struct kd__end {
    struct kd__list hook;  /* On a list of `proc`. */
    struct kd__proc *proc; /* Whose end it is. */
    struct kd__bond *bond;
};

struct kd__bond {
    struct kd__signal signal; /* First: freeing the signal frees the bond. */
    struct kd__end end[2];
    kd_time due; /* Of a request. */
};

/*
 * Tie `proc`, whose token the caller has, to a living process.
 *
 * KD_OK; KD_EGONE: it has ended; KD_EEXIST: tied by such a bond already (but
 * not for requests); KD_ENOMEM. To itself: KD_OK, without effect.
 */
kd_status kd__bond_add(struct kd__proc *proc, kd_pid target, uint32_t type);

/*
 * Tie a child that cannot run yet as KD_SPAWN_ `flags` want it, by all of the
 * bonds or by none. KD_OK; KD_EGONE: either has ended; KD_ENOMEM.
 */
kd_status kd__bond_child(
    struct kd__proc *proc, struct kd__proc *child, uint32_t flags);

/* A request, which has a number and a deadline. Returns as above. */
kd_status kd__bond_request(
    struct kd__proc *proc, kd_pid target, kd_ref ref, kd_time due);

/* Undo it, and make void what has arrived of it: also the hint. */
void kd__bond_remove(struct kd__proc *proc, kd_pid target, uint32_t type);

/*
 * Fetch signals, of which links' failures are handled or made void at once: the
 * hint and `end_from`, which come under the lock with their signal, then speak
 * of such as come later. Without the lock a hint could outlive its signal, and
 * end a process that had trapped it.
 */
void kd__bond_fetch(struct kd__proc *proc);

/* Take back a request that could not be sent. */
void kd__bond_unask(struct kd__proc *proc, kd_pid target, kd_ref ref);

/*
 * Take the asker's bond off: the request is being answered. KD_OK, or
 * KD_ENOTFOUND when nobody waits for that answer.
 */
kd_status kd__bond_answer(struct kd__proc *proc, kd_pid asker, kd_ref ref);

/*
 * End the requests of this process that are due, each with a signal for the
 * kind; returns the earliest deadline of the others.
 */
kd_time kd__bond_expire(struct kd__proc *proc, kd_time now);

/* Tell all who are tied to this process by bonds of this type, room or ready:
 * by one signal each, and then they are tied no more. */
void kd__bond_signal(struct kd__proc *proc, uint32_t type);

/* The processes that this one owns (KD_SPAWN_OWN): their number, and the first
 * `room` of their pids. Any thread that has entered the epoch. */
size_t kd__bond_owned(struct kd__proc *proc, kd_pid *pids, size_t room);

/* The processes linked to this one, likewise. */
size_t kd__bond_linked(struct kd__proc *proc, kd_pid *pids, size_t room);

/* What the exit of a process tells. */
struct kd__obituary {
    kd_buf *value; /* Of a normal end, or NULL. */
    kd_buf *error; /* Of a failure, or NULL. */
    kd_buf *gone;  /* For those whose request it never answered. */
    int64_t at_ns;
};

/*
 * Tell everybody: first the watchers, then, on failure, the links; then drop
 * the rest. The process has closed. Returns how many learnt of it by a monitor
 * or a link.
 */
size_t kd__bond_sweep(
    struct kd__proc *proc, const struct kd__obituary *obituary);

#endif
