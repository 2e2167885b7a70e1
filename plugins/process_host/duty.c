/* SPDX-License-Identifier: MIT */
/*
 * The list of sleepers. Its lock comes before those of the wheels. One wheel
 * may be entrusted by two: by a worker that has lost its place as it lay down,
 * and by who has it.
 */

#include "duty.h"

#include <stddef.h>

/* Wheels that are seen to in one go; others in the next. */
#define DUE_MAX 16u

static kd_time
first_of_all(const struct duty *duty)
{
    kd_time first_ns = KD_NEVER;
    kd_time soon_ns;
    struct sleeper *each;

    for (each = duty->first; each != NULL; each = each->next_entrusting) {
        soon_ns =
            atomic_load_explicit(&each->alarms->soon_ns, memory_order_relaxed);
        if (soon_ns < first_ns)
            first_ns = soon_ns;
    }
    return first_ns;
}

static void
set_soon(struct duty *duty, kd_time soon_ns)
{
    atomic_store_explicit(&duty->soon_ns, soon_ns, memory_order_relaxed);
}

void
kh__duty_init(struct duty *duty)
{
    pthread_mutex_init(&duty->lock, NULL);
    duty->first = NULL;
    duty->holder = NULL;
    duty->until_ns = KD_NEVER;
    atomic_init(&duty->soon_ns, KD_NEVER);
}

void
kh__duty_fini(struct duty *duty)
{
    pthread_mutex_destroy(&duty->lock);
}

kd_time
kh__duty_sleep(struct duty *duty, struct sleeper *sleeper,
    struct alarms *alarms, kd_time earliest_ns)
{
    kd_time until_ns;

    pthread_mutex_lock(&duty->lock);
    until_ns = kh__alarms_next(alarms);
    sleeper->alarms = alarms;
    sleeper->next_entrusting = duty->first;
    duty->first = sleeper;
    if (duty->holder == NULL)
        until_ns = first_of_all(duty);
    if (until_ns < earliest_ns)
        until_ns = earliest_ns;
    if (duty->holder != NULL && until_ns >= duty->until_ns) {
        until_ns = KD_NEVER;
    } else {
        duty->holder = sleeper;
        duty->until_ns = until_ns;
        set_soon(duty, KD_NEVER);
    }
    pthread_mutex_unlock(&duty->lock);
    return until_ns;
}

void
kh__duty_wake(struct duty *duty, struct sleeper *sleeper)
{
    struct sleeper **at = &duty->first;

    pthread_mutex_lock(&duty->lock);
    while (*at != sleeper)
        at = &(*at)->next_entrusting;
    *at = sleeper->next_entrusting;
    if (duty->holder == sleeper)
        duty->holder = NULL;
    if (duty->holder == NULL)
        set_soon(duty, first_of_all(duty));
    pthread_mutex_unlock(&duty->lock);
}

/* Their owners may wake meanwhile: then two threads see to one wheel. */
unsigned
kh__duty_fire(struct duty *duty, kd_time now_ns, unsigned max,
    alarm_fired fired, void *arg)
{
    struct alarms *due[DUE_MAX];
    struct sleeper *each;
    unsigned n = 0;
    unsigned count = 0;
    unsigned i;

    pthread_mutex_lock(&duty->lock);
    for (each = duty->first; each != NULL && n < DUE_MAX;
         each = each->next_entrusting) {
        if (kh__alarms_are_due(each->alarms, now_ns))
            due[n++] = each->alarms;
    }
    pthread_mutex_unlock(&duty->lock);
    for (i = 0; i < n && count < max; i++)
        count += kh__alarms_fire(due[i], now_ns, max - count, fired, arg);
    kh__duty_review(duty);
    return count;
}

void
kh__duty_review(struct duty *duty)
{
    kd_time first_ns;

    pthread_mutex_lock(&duty->lock);
    first_ns = first_of_all(duty);
    if (duty->holder == NULL)
        set_soon(duty, first_ns);
    else if (first_ns < duty->until_ns)
        kh__park_wake(&duty->holder->park);
    pthread_mutex_unlock(&duty->lock);
}
