/* SPDX-License-Identifier: MIT */
/*
 * The protocol in alarm.h, over the wheel in wheel.h.
 */

#include "alarm.h"

#include <sched.h>

/* Timers that are sorted anew in one go; bounds how long the lock is held. */
#define STEPS_MAX 256u

/* Round up: nothing fires early. */
static uint64_t
tick_of_due(kd_time due_ns)
{
    return due_ns / ALARM_TICK_NS + (due_ns % ALARM_TICK_NS != 0);
}

static kd_time
time_of_tick(uint64_t tick)
{
    return tick > KD_NEVER / ALARM_TICK_NS ? KD_NEVER : tick * ALARM_TICK_NS;
}

static int
is_linked(const struct alarm *alarm)
{
    return alarm->timer.link != NULL;
}

void
kh__alarms_init(struct alarms *alarms, kd_time now_ns)
{
    pthread_mutex_init(&alarms->lock, NULL);
    alarms->n_firing = 0;
    atomic_init(&alarms->soon_ns, KD_NEVER);
    kh__wheel_init(&alarms->wheel, now_ns / ALARM_TICK_NS);
}

void
kh__alarms_fini(struct alarms *alarms)
{
    pthread_mutex_destroy(&alarms->lock);
}

static void
set_soon(struct alarms *alarms, kd_time soon_ns)
{
    atomic_store_explicit(&alarms->soon_ns, soon_ns, memory_order_relaxed);
}

static int
is_firing(const struct alarms *alarms, const struct alarm *alarm)
{
    unsigned i;

    for (i = 0; i < alarms->n_firing; i++) {
        if (alarms->firing[i] == alarm)
            return 1;
    }
    return 0;
}

/* Link it; the lock is held. */
static void
insert(struct alarms *alarms, struct alarm *alarm)
{
    uint64_t tick = tick_of_due(alarm->due_ns);
    kd_time at_ns = time_of_tick(tick);

    kh__wheel_add(&alarms->wheel, &alarm->timer, tick);
    if (at_ns < atomic_load_explicit(&alarms->soon_ns, memory_order_relaxed))
        set_soon(alarms, at_ns);
}

/* Give a homeless alarm a home. */
static void
settle(struct alarms *own, struct alarm *alarm)
{
    pthread_mutex_lock(&own->lock);
    insert(own, alarm);
    atomic_store_explicit(&alarm->home, own, memory_order_release);
    pthread_mutex_unlock(&own->lock);
}

/*
 * Move it within its home, whose lock is held. Returns 0 when it is homeless
 * now and wants another.
 */
static int
move(struct alarms *home, struct alarms *own, struct alarm *alarm)
{
    int lies_earlier =
        is_linked(alarm) && tick_of_due(alarm->due_ns) >= alarm->timer.tick;

    if (lies_earlier || alarm->due_ns == KD_NEVER)
        return 1;
    if (is_linked(alarm))
        kh__wheel_remove(&home->wheel, &alarm->timer);
    if (home == own || is_firing(home, alarm)) {
        insert(home, alarm);
        return 1;
    }
    atomic_store_explicit(&alarm->home, NULL, memory_order_relaxed);
    return 0;
}

void
kh__alarm_set(struct alarms *own, struct alarm *alarm, kd_time due_ns)
{
    struct alarms *home =
        atomic_load_explicit(&alarm->home, memory_order_acquire);
    int settled = 0;

    if (home != NULL) {
        pthread_mutex_lock(&home->lock);
        alarm->due_ns = due_ns;
        /* It may have been fired meanwhile. */
        if (atomic_load_explicit(&alarm->home, memory_order_relaxed) != NULL)
            settled = move(home, own, alarm);
        pthread_mutex_unlock(&home->lock);
    }
    if (settled || due_ns == KD_NEVER)
        return;
    alarm->due_ns = due_ns;
    settle(own, alarm);
}

void
kh__alarm_drop(struct alarm *alarm)
{
    struct alarms *home =
        atomic_load_explicit(&alarm->home, memory_order_acquire);

    if (home == NULL)
        return;
    pthread_mutex_lock(&home->lock);
    if (is_linked(alarm))
        kh__wheel_remove(&home->wheel, &alarm->timer);
    while (is_firing(home, alarm)) {
        pthread_mutex_unlock(&home->lock);
        sched_yield();
        pthread_mutex_lock(&home->lock);
    }
    atomic_store_explicit(&alarm->home, NULL, memory_order_relaxed);
    pthread_mutex_unlock(&home->lock);
}

/* The next alarm that is really due, or NULL; the lock is held. */
static struct alarm *
take(struct alarms *alarms, uint64_t now, unsigned *steps)
{
    struct wheel_timer *timer;
    struct alarm *alarm;

    while ((timer = kh__wheel_take(&alarms->wheel, now, steps)) != NULL) {
        alarm = (struct alarm *)(void *)timer;
        if (alarm->due_ns == KD_NEVER) {
            atomic_store_explicit(&alarm->home, NULL, memory_order_release);
        } else if (tick_of_due(alarm->due_ns) > now) {
            kh__wheel_add(&alarms->wheel, timer, tick_of_due(alarm->due_ns));
        } else {
            return alarm;
        }
    }
    return NULL;
}

/* The call, without the lock; afterwards each is homeless unless set anew. */
static void
fire(struct alarms *alarms, alarm_fired fired, void *arg)
{
    struct alarm *alarm;
    unsigned i;

    pthread_mutex_unlock(&alarms->lock);
    fired(arg, alarms->firing, alarms->n_firing);
    pthread_mutex_lock(&alarms->lock);
    for (i = 0; i < alarms->n_firing; i++) {
        alarm = alarms->firing[i];
        if (!is_linked(alarm))
            atomic_store_explicit(&alarm->home, NULL, memory_order_release);
    }
    alarms->n_firing = 0;
}

/* Name the next ones that are due as firing; returns how many. */
static unsigned
gather(struct alarms *alarms, uint64_t now, unsigned max, unsigned *steps)
{
    struct alarm *alarm;
    unsigned count = 0;

    if (max > ALARM_BATCH)
        max = ALARM_BATCH;
    while (count < max && (alarm = take(alarms, now, steps)) != NULL)
        alarms->firing[count++] = alarm;
    alarms->n_firing = count;
    return count;
}

unsigned
kh__alarms_fire(struct alarms *alarms, kd_time now_ns, unsigned max,
    alarm_fired fired, void *arg)
{
    uint64_t now = now_ns / ALARM_TICK_NS;
    unsigned steps = STEPS_MAX;
    unsigned count = 0;
    unsigned n;

    pthread_mutex_lock(&alarms->lock);
    if (alarms->n_firing != 0)
        goto out;
    /* Another thread may have read the clock later and fired before us. */
    if (now < alarms->wheel.tick)
        now = alarms->wheel.tick;
    while ((n = gather(alarms, now, max - count, &steps)) != 0) {
        fire(alarms, fired, arg);
        count += n;
    }
    set_soon(alarms, time_of_tick(kh__wheel_next(&alarms->wheel)));
out:
    pthread_mutex_unlock(&alarms->lock);
    return count;
}

kd_time
kh__alarms_next(struct alarms *alarms)
{
    kd_time next_ns;

    pthread_mutex_lock(&alarms->lock);
    /* The wheel may want to be turned before any alarm is due. */
    next_ns = time_of_tick(kh__wheel_next(&alarms->wheel));
    set_soon(alarms, next_ns);
    pthread_mutex_unlock(&alarms->lock);
    return next_ns;
}
