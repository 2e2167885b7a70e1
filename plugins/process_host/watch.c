/* SPDX-License-Identifier: MIT */
/*
 * Looks every millisecond while any worker is awake; like sysmon of the Go
 * scheduler, but it sleeps as soon as there is nothing to watch: when all
 * workers sleep, and have since the last look. For being woken costs more than
 * one look does, and workers that alarms wake all the time sleep in between.
 *
 * A runner counts its runs, so a look that finds the same run as the last one
 * has found a slice that takes long; no slice pays for that with a look at the
 * clock. A slice that is held is asked to end: each millisecond if somebody
 * waits, else now and then, since the library may want to end the process. At
 * 100 ms, or at once when the process is of a blocking kind, a stand-in gets
 * the worker's place, and the held thread ends when the call returns.
 */

#include "watch.h"

#include "pool.h"
#include "runner.h"
#include "work.h"

#define TICK_NS    1000000u
#define LAZY_NS    5000000u
#define OVERDUE_NS 100000000u
/* Alarms of a held worker that are fired in one look. */
#define FIRE_MAX 1024u

void
kh__watch_init(struct watch *watch)
{
    pthread_mutex_init(&watch->lock, NULL);
    watch->lane = NULL;
    atomic_init(&watch->park.word, 0);
    atomic_init(&watch->is_dozing, 0);
    atomic_init(&watch->is_stopping, 0);
}

void
kh__watch_fini(struct watch *watch)
{
    pthread_mutex_destroy(&watch->lock);
}

void
kh__watch_poke(struct watch *watch)
{
    if (atomic_load(&watch->is_dozing) && atomic_exchange(&watch->is_dozing, 0))
        kh__park_wake(&watch->park);
}

static void
alarms_expired(void *arg, struct alarm *const *alarms, unsigned count)
{
    struct pool *pool = arg;
    void *node;
    unsigned i;

    for (i = 0; i < count; i++) {
        node = node_of_alarm(alarms[i]);
        if (pool->calls->expired(pool->watch.lane, node))
            kh__work_inject(pool, &node, 1);
    }
}

/* A run that was not there at the last look. */
static void
remember(struct runner *runner, uint64_t run, kd_time now_ns)
{
    struct watched *watched = &runner->watched;

    if (watched->run != run || run % 2 != 0)
        atomic_fetch_or(&runner->orders, RUNNER_LOOK);
    watched->run = run;
    watched->since_ns = now_ns;
    watched->preempt_ns = now_ns;
    watched->overdue_ns = now_ns;
}

/* Let others have what waits for a runner that is held. */
static void
relieve(struct pool *pool, struct runner *runner, kd_time now_ns)
{
    atomic_store_explicit(
        &runner->old_run, runner->watched.run, memory_order_relaxed);
    if (kh__alarms_are_due(runner->alarms, now_ns)) {
        kh__alarms_fire(runner->alarms, now_ns, FIRE_MAX, alarms_expired, pool);
        kh__duty_review(&pool->duty);
    }
    if (kh__work_waits(pool))
        kh__idle_wake(&pool->idle);
}

static void
urge(struct pool *pool, struct runner *runner, kd_time now_ns)
{
    kd_time pause_ns = kh__work_waits(pool) ? TICK_NS : LAZY_NS;

    if (now_ns - runner->watched.preempt_ns < pause_ns)
        return;
    runner->watched.preempt_ns = now_ns;
    pool->calls->preempt(runner->lane);
}

static void
send_stand_in(struct pool *pool, struct runner *victim)
{
    struct runner *runner;

    if (atomic_load(&victim->awaits_stand_in))
        return;
    runner = kh__pool_spare(pool);
    if (runner == NULL)
        return;
    runner->alarms = victim->alarms;
    runner->victim = victim;
    runner->victim_run = victim->watched.run;
    atomic_store(&victim->awaits_stand_in, 1);
    if (kh__runner_start(runner) != 0)
        atomic_store(&victim->awaits_stand_in, 0);
}

/* A run that was there at the last look already. */
static void
see_to_held(struct pool *pool, struct runner *runner, kd_time now_ns)
{
    struct watched *watched = &runner->watched;
    int is_blocking = pool->calls->blocking(runner->lane) != 0;
    int is_overdue = now_ns - watched->overdue_ns >= OVERDUE_NS;
    int is_lost = (kh__runner_orders(runner) & RUNNER_LOST) != 0;

    if (is_overdue) {
        watched->overdue_ns = now_ns;
        pool->calls->overdue(runner->lane);
    }
    if (!is_lost)
        relieve(pool, runner, now_ns);
    else
        kh__work_hand_over(runner);
    if (!is_blocking && (!is_lost || is_overdue))
        urge(pool, runner, now_ns);
    if (!is_lost && (is_blocking || now_ns - watched->since_ns >= OVERDUE_NS))
        send_stand_in(pool, runner);
}

/* Returns whether it is at work for nobody. */
static int
look(struct pool *pool, struct runner *runner, kd_time now_ns)
{
    uint64_t run;

    if (atomic_load(&runner->state) == RUNNER_GONE)
        kh__runner_join(runner);
    if (atomic_load(&runner->state) != RUNNER_LIVE)
        return 0;
    run = atomic_load_explicit(&runner->run, memory_order_relaxed);
    if (run != runner->watched.run)
        pool->watch.moved++;
    if (run % 2 == 0 || run != runner->watched.run)
        remember(runner, run, now_ns);
    else
        see_to_held(pool, runner, now_ns);
    return (kh__runner_orders(runner) & RUNNER_LOST) != 0;
}

/* Returns how many runners are lost. */
static unsigned
look_at_all(struct pool *pool, kd_time now_ns)
{
    unsigned lost = 0;
    unsigned i;

    pool->watch.moved = 0;
    pthread_mutex_lock(&pool->watch.lock);
    for (i = 0; i < kh__pool_runners(pool); i++)
        lost += (unsigned)look(pool, pool->runners[i], now_ns);
    pthread_mutex_unlock(&pool->watch.lock);
    return lost;
}

/* Who is awake has had time for sleepers' alarms, unless it is held. */
static void
see_to_sleepers(struct pool *pool, kd_time now_ns)
{
    if (kh__duty_is_due(&pool->duty, now_ns - TICK_NS))
        kh__duty_fire(&pool->duty, now_ns, FIRE_MAX, alarms_expired, pool);
}

static int
all_sleep(struct pool *pool)
{
    return atomic_load(&pool->idle.asleep) >= pool->n_workers &&
           !atomic_load(&pool->watch.is_stopping);
}

/* The workers sleep; those that are lost are looked at for overdue, and for
 * what has come to them late. */
static void
doze(struct pool *pool, kd_time until_ns)
{
    struct watch *watch = &pool->watch;

    atomic_store(&watch->is_dozing, 1);
    if (all_sleep(pool))
        kh__park_wait(&watch->park, until_ns);
    atomic_store(&watch->is_dozing, 0);
}

static void
serve(struct pool *pool)
{
    struct watch *watch = &pool->watch;
    kd_time now_ns;
    unsigned lost;

    while (!atomic_load(&watch->is_stopping)) {
        now_ns = kh__pool_now(pool);
        lost = look_at_all(pool, now_ns);
        see_to_sleepers(pool, now_ns);
        if (all_sleep(pool) && pool->watch.moved == 0)
            doze(pool, lost == 0 ? KD_NEVER : now_ns + OVERDUE_NS);
        else
            kh__park_wait(&watch->park, now_ns + TICK_NS);
    }
}

static void *
watch_main(void *arg)
{
    struct pool *pool = arg;
    struct watch *watch = &pool->watch;

    pthread_setname_np(pthread_self(), "kd-watcher");
    watch->lane = pool->calls->attach(pool->core, pool);
    if (kh__gate_pass(&pool->gate, watch->lane != NULL))
        serve(pool);
    if (watch->lane != NULL)
        pool->calls->detach(watch->lane);
    return NULL;
}

int
kh__watch_start(struct pool *pool)
{
    atomic_store(&pool->watch.is_stopping, 0);
    return pthread_create(&pool->watch.thread, NULL, watch_main, pool);
}

void
kh__watch_stop(struct watch *watch)
{
    atomic_store(&watch->is_stopping, 1);
    kh__park_wake(&watch->park);
    pthread_join(watch->thread, NULL);
}
