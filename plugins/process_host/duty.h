/* SPDX-License-Identifier: MIT */
/*
 * Duty: of the workers that sleep, one wakes for the alarms of all.
 *
 * To be woken costs more than most alarms do, and what many wheels hold comes
 * up in fewer awakenings than if each worker slept for its own. As with Go's
 * schedulers, of which one at a time waits for the first timer of all
 * (sched.pollUntil), and Linux, where the timers of idle processors move to
 * another (kernel/time/timer_migration.c).
 *
 * A worker entrusts its wheel when it lies down and takes it back when it
 * wakes. The first to lie down has the duty and sleeps until the first alarm of
 * all that are entrusted; who comes with an earlier one takes the duty over,
 * and the others sleep without an end. Once the one on duty is awake, whoever
 * is sees to these wheels as to its own, between two slices; the watcher, when
 * nobody has for a millisecond. Who lies down next has the duty again. So as
 * long as all sleep one of them has it. A worker that ends wakes another, since
 * it may have had the duty.
 *
 * An alarm that comes into an entrusted wheel wakes nobody by itself. It can be
 * set only while another thread fires the wheel, or by a worker that has lost
 * its place to the sleeper: these two review the duty afterwards.
 */
#ifndef KH_DUTY_H
#define KH_DUTY_H

#include "alarm.h"
#include "idle.h"

struct duty {
    pthread_mutex_t lock;
    struct sleeper *first;   /* All that sleep, each with its wheel. */
    struct sleeper *holder;  /* Has the duty, or NULL: nobody has. */
    kd_time until_ns;        /* When the holder wakes. */
    _Atomic kd_time soon_ns; /* See to the wheels then; KD_NEVER: no need. */
};

void kh__duty_init(struct duty *duty);
void kh__duty_fini(struct duty *duty);

/* Entrust a wheel. Returns until when to sleep, not before `earliest_ns`. */
kd_time kh__duty_sleep(struct duty *duty, struct sleeper *sleeper,
    struct alarms *alarms, kd_time earliest_ns);
/* Take it back. */
void kh__duty_wake(struct duty *duty, struct sleeper *sleeper);

/* As kh__alarms_fire(), for all wheels that are entrusted. */
unsigned kh__duty_fire(struct duty *duty, kd_time now_ns, unsigned max,
    alarm_fired fired, void *arg);
/* Alarms may have come into an entrusted wheel. */
void kh__duty_review(struct duty *duty);

static inline int
kh__duty_is_due(struct duty *duty, kd_time now_ns)
{
    return now_ns >= atomic_load_explicit(&duty->soon_ns, memory_order_relaxed);
}

#endif
