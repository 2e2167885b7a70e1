/* SPDX-License-Identifier: MIT */
/*
 * One thread that runs processes: a worker, or the stand-in for one.
 *
 * A turn begins with a process from the queue. Those that it wakes run next,
 * on the same thread and in the same turn, through the place `next`; when the
 * turn's time is over they go to the end of the queue like everybody.
 */
#ifndef KH_RUNNER_H
#define KH_RUNNER_H

#include "alarm.h"
#include "chatter.h"
#include "idle.h"
#include "inject.h"
#include "run_queue.h"

#include <kindred/host.h>

/* What a slice and a turn may take. */
#define RUNNER_SLICE_NS 1000000u
/* The same, in steps (kd_worker_kind::run). */
#define RUNNER_BUDGET 10000u

/* Orders to a runner, obeyed between two slices. */
#define RUNNER_LOOK 1u /* Look at the clock. */
#define RUNNER_LOST 2u /* A stand-in has your place: hand over and end. */
#define RUNNER_STOP 4u /* End. */

/* States of its thread. */
#define RUNNER_NONE  0u /* There is none. */
#define RUNNER_COMES 1u /* Made, not at work. */
#define RUNNER_LIVE  2u /* Has a lane that others may use. */
#define RUNNER_GOES  3u /* Is about to end. */
#define RUNNER_GONE  4u /* Can be joined. */

struct pool;

/* What the watcher remembers of a runner; see watch.c. */
struct watched {
    uint64_t run;
    kd_time since_ns;   /* When it was first seen in this run. */
    kd_time preempt_ns; /* When it was last asked to end its slice. */
    kd_time overdue_ns; /* When the library was last told. */
};

struct runner {
    struct pool *pool;
    kd_lane *lane;
    struct alarms *alarms; /* A worker's own; a stand-in has its victim's. */
    kd_time now_ns;        /* As of the last look at the clock. */
    kd_time turn_end_ns;
    kd_time rest_ns;     /* It does not wake for alarms before. */
    unsigned until_look; /* Slices until the next look. */
    unsigned turns;
    unsigned spins; /* How often to look around in vain before it stops. */
    uint32_t random;
    int turn_is_over;
    unsigned turn_slices; /* Of a pool that is stepped: in this turn. */
    int was_spent;        /* The last slice was, to its end. */
    int is_searching;     /* Counted in idle.searching. */
    struct chatter chatter;
    uint64_t run_before;   /* As of the last look. */
    uint32_t waits_before; /* All in its queue before here wait since a look. */
    kd_time settled_ns;    /* Before, it does not move to another runner. */
    _Atomic(void *) next;
    _Atomic uint64_t run; /* Counts up at each begin and end; odd: inside. */

    _Alignas(64) _Atomic uint32_t orders;
    _Atomic int keeps;        /* Its queue is better left to it. */
    _Atomic uint64_t old_run; /* The watcher: this run has taken too long. */
    struct sleeper sleeper;
    struct run_queue queue;
    struct inject guests; /* From other runners, see kh__work_move(). */

    struct watched watched; /* The watcher's. */
    pthread_t thread;
    unsigned index;
    _Atomic unsigned state;
    struct runner *victim;       /* Stand-in: whose place it shall take... */
    uint64_t victim_run;         /* ...if he still is in this run. */
    _Atomic int awaits_stand_in; /* One was made for it; no second. */
};

/* NULL without memory. */
struct runner *kh__runner_new(struct pool *pool, unsigned index);
void kh__runner_free(struct runner *runner);

/* Make its thread. Returns 0, or what pthread_create() says. */
int kh__runner_start(struct runner *runner);
/* Give an order and wake it for that. Any thread. */
void kh__runner_order(struct runner *runner, uint32_t order);
/* Wait for its thread to end, if there is one. */
void kh__runner_join(struct runner *runner);

/*
 * For a pool that is stepped: this thread is the runner until it leaves. One
 * turn runs one process. Returns 0 when there is none. The lane remains.
 */
int kh__runner_enter(struct runner *runner);
int kh__runner_turn(struct runner *runner);
void kh__runner_leave(struct runner *runner);

/* The runner of this thread, if it is one of this pool. */
struct runner *kh__runner_current(const struct pool *pool);
/*
 * A process became ready. Returns 0 if this thread is no runner of this pool,
 * or one that has lost its place.
 */
int kh__runner_ready(const struct pool *pool, void *node, uint32_t how);
/* Look at the clock. */
kd_time kh__runner_now(struct runner *runner);
/* Whether alarms were due then that it sees to: its own, and sleepers'. */
int kh__runner_alarms_are_due(struct runner *runner);

static inline uint32_t
kh__runner_orders(struct runner *runner)
{
    return atomic_load_explicit(&runner->orders, memory_order_acquire);
}

/* Whether the watcher has found that it is in one run for too long. */
static inline int
kh__runner_is_held(struct runner *runner)
{
    uint64_t run = atomic_load_explicit(&runner->run, memory_order_relaxed);

    return run % 2 != 0 &&
           run == atomic_load_explicit(&runner->old_run, memory_order_relaxed);
}

#endif
