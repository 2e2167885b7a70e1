/* SPDX-License-Identifier: MIT */
/*
 * Alarms: the one timer of each process, in wheels that several threads use.
 *
 * Who may do what
 *
 *     set, drop   The thread that runs the process; so never two at once for
 *                 one alarm.
 *     fire        Any thread, for any wheel: its worker between two slices, or
 *                 the watcher for a worker that is held up in one. One at a
 *                 time for one wheel.
 *
 * An alarm's home is the wheel it is in, or is being fired from. Only set
 * makes an alarm at home somewhere, so to the thread that runs the process
 * "no home" is a lasting answer. It becomes homeless under its home's lock:
 * by drop, by set when it moves to another wheel, or by fire.
 *
 * Firing and the end of a process. fire takes a few alarms out of the wheel,
 * names them in `firing`, gives up the lock, makes the call, takes the lock,
 * and only then clears `firing` and their homes. drop looks under the same
 * lock: if the alarm is in the wheel it is taken out and will not fire; if it
 * is named in `firing`, drop waits until it no longer is. In both cases nobody
 * touches the alarm once drop has returned. The call is short, and must not
 * want a lock that is held around drop.
 *
 * Firing and set. An alarm that is set while it is fired elsewhere is put
 * back into the wheel it is fired from, and keeps its home. So the call for
 * the old time may come after a set to another: late, but never for a process
 * that has gone.
 *
 * Moving an alarm to a later time, or taking it back, only notes the time; it
 * is moved when it comes up. Programs set the same time-out again and again.
 */
#ifndef KH_ALARM_H
#define KH_ALARM_H

#include "wheel.h"

#include <kindred/types.h>
#include <pthread.h>
#include <stdatomic.h>

#define ALARM_TICK_NS 100000u
/* So many at the most are fired in one call. */
#define ALARM_BATCH 16u

/* All zero: not set. */
struct alarm {
    struct wheel_timer timer;
    kd_time due_ns; /* Not before the timer's tick. */
    _Atomic(struct alarms *) home;
};

/* One wheel with its lock. */
struct alarms {
    pthread_mutex_t lock;
    struct alarm *firing[ALARM_BATCH];
    unsigned n_firing;
    _Atomic kd_time soon_ns; /* There is nothing to do before. */
    struct wheel wheel;
};

/* What fire does with alarms; without the lock. */
typedef void (*alarm_fired)(
    void *arg, struct alarm *const *alarms, unsigned count);

void kh__alarms_init(struct alarms *alarms, kd_time now_ns);
void kh__alarms_fini(struct alarms *alarms);

/* Set, move or (KD_NEVER) take back; `own` is the wheel of this thread. */
void kh__alarm_set(struct alarms *own, struct alarm *alarm, kd_time due_ns);
/* Forget it: when this returns, nobody touches it any more. */
void kh__alarm_drop(struct alarm *alarm);

/*
 * Fire what is due, about `max` at the most. Returns how many; 0 also when
 * another thread is at it.
 */
unsigned kh__alarms_fire(struct alarms *alarms, kd_time now_ns, unsigned max,
    alarm_fired fired, void *arg);

/* When there is something to do next, by a look at the wheel itself. */
kd_time kh__alarms_next(struct alarms *alarms);

static inline int
kh__alarms_are_due(struct alarms *alarms, kd_time now_ns)
{
    return now_ns >=
           atomic_load_explicit(&alarms->soon_ns, memory_order_relaxed);
}

#endif
