/* SPDX-License-Identifier: MIT */
/*
 * When is it safe to free a process record that others may be looking at?
 *
 * Epoch-based reclamation, after K. Fraser, "Practical lock-freedom" (2004).
 * A thread enters before it follows a pid to a record and leaves afterwards.
 * What is retired while the global epoch is e can still be in the hands of
 * threads that entered in e or before; the epoch moves on only when everybody
 * inside has seen the current one, so at e + 2 all of those have left and it
 * is freed. Entering costs a store and a fence; nobody waits for anybody.
 *
 * Threads that run processes have a participant of their own. All others
 * borrow a guest's for the call, under that guest's lock.
 */
#ifndef KD_PROC_EPOCH_H
#define KD_PROC_EPOCH_H

#include "base/fence.h"
#include "base/list.h"

#include <kindred/status.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>

#define KD__EPOCH_GUESTS 8

/* Embedded in whatever can be retired. */
struct kd__retired {
    struct kd__retired *next;
    void (*free)(struct kd__retired *retired);
    uint64_t epoch;
};

struct kd__participant {
    _Atomic uint64_t inside; /* 0: outside; else epoch << 1 | 1. */
    struct kd__list hook;    /* Guarded by kd__epoch::lock. */
    /* The thread's own, in the order of retiring. */
    struct kd__retired *first;
    struct kd__retired *last;
    size_t count;
};

struct kd__guest {
    struct kd__participant participant;
    pthread_mutex_t lock; /* Held by the thread that borrows it. */
};

struct kd__epoch {
    _Atomic uint64_t now;
    pthread_mutex_t lock; /* Guards the list, and moving on. */
    struct kd__list participants;
    struct kd__guest guests[KD__EPOCH_GUESTS];
};

kd_status kd__epoch_init(struct kd__epoch *epoch);
/* Frees all that is retired. Nobody is inside, all have been removed. */
void kd__epoch_fini(struct kd__epoch *epoch);
/* The same, but it can be used on. */
void kd__epoch_flush(struct kd__epoch *epoch);
/* Frees what guests have retired and nobody can have any more. */
void kd__epoch_collect(struct kd__epoch *epoch);

void kd__epoch_add(
    struct kd__epoch *epoch, struct kd__participant *participant);
/* What it has retired and not yet freed passes to a guest. */
void kd__epoch_remove(
    struct kd__epoch *epoch, struct kd__participant *participant);

/* Seen before anything is read inside. What the caller has stored is, too. */
static inline void
kd__epoch_enter(struct kd__epoch *epoch, struct kd__participant *participant)
{
    uint64_t now = atomic_load(&epoch->now);

    atomic_store_explicit(
        &participant->inside, now << 1 | 1, memory_order_release);
    kd__fence();
}

static inline void
kd__epoch_leave(struct kd__participant *participant)
{
    atomic_store_explicit(&participant->inside, 0, memory_order_release);
}

/* Enter as a guest, and leave again. May be nested in an entered thread. */
struct kd__guest *kd__epoch_visit(struct kd__epoch *epoch);
void kd__epoch_depart(struct kd__guest *guest);

/* Free it when nobody can have it any more. The caller is inside. */
void kd__epoch_retire(struct kd__epoch *epoch,
    struct kd__participant *participant, struct kd__retired *retired,
    void (*free_it)(struct kd__retired *retired));

#endif
