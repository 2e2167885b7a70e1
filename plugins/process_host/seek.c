/* SPDX-License-Identifier: MIT */
/*
 * Waking a thread costs some 30 microseconds, so one that was just busy waits
 * about as long for more before it sleeps: one of them at a time, and only as
 * long as that has paid lately. Who is woken by timers alone soon learns that
 * looking around is in vain, until a wake-up comes that he has just missed.
 */

#include "seek.h"

#include "work.h"

/* So often in vain, and it stops to look around. */
#define SPINS_MAX 8u
/* Pauses between two looks. */
#define PAUSES 32

static void
pause_short(void)
{
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#else
    atomic_signal_fence(memory_order_seq_cst);
#endif
}

static void *
take_any(struct runner *runner)
{
    void *node = kh__work_fetch(runner, WORK_FETCH_MAX);

    return node != NULL ? node : kh__work_steal(runner);
}

/* Whether something else than others' work calls the runner. */
static int
is_called(struct runner *runner)
{
    return kh__runner_orders(runner) != 0 ||
           (runner->now_ns >= runner->rest_ns &&
               kh__runner_alarms_are_due(runner));
}

static void *
look_around(struct runner *runner)
{
    kd_time end_ns = kh__runner_now(runner) + runner->pool->spin_ns;
    void *node;
    int i;

    while (runner->now_ns < end_ns && !is_called(runner)) {
        for (i = 0; i < PAUSES; i++)
            pause_short();
        if ((node = take_any(runner)) != NULL) {
            runner->spins = SPINS_MAX;
            return node;
        }
        kh__runner_now(runner);
    }
    runner->spins--;
    return NULL;
}

static void
sleep_long(struct runner *runner)
{
    struct duty *duty = &runner->pool->duty;
    struct sleeper *sleeper = &runner->sleeper;
    kd_time until_ns =
        kh__duty_sleep(duty, sleeper, runner->alarms, runner->rest_ns);

    kh__park_wait(&sleeper->park, until_ns);
    kh__duty_wake(duty, sleeper);
}

static void
lie_down(struct runner *runner)
{
    struct pool *pool = runner->pool;
    kd_time begin_ns = runner->now_ns;
    int waits;

    kh__idle_enter(&pool->idle, &runner->sleeper, runner->is_searching);
    /* What came before it was listed came without a wake-up. */
    waits = kh__work_waits(pool);
    if (!waits && kh__runner_orders(runner) == 0)
        sleep_long(runner);
    runner->is_searching = kh__idle_leave(&pool->idle, &runner->sleeper);
    /* Nobody else was woken for it, and its own alarms may come first. */
    if (waits && !runner->is_searching)
        runner->is_searching = kh__idle_search(&pool->idle);
    kh__watch_poke(&pool->watch);
    runner->until_look = 0;
    if (runner->is_searching &&
        kh__runner_now(runner) - begin_ns < 2 * pool->spin_ns)
        runner->spins = SPINS_MAX;
}

void *
kh__seek_work(struct runner *runner)
{
    struct idle *idle = &runner->pool->idle;
    void *node = take_any(runner);

    if (node != NULL)
        return node;
    if (!runner->is_searching)
        runner->is_searching = kh__idle_search(idle);
    if (runner->is_searching && runner->spins != 0)
        node = look_around(runner);
    if (node == NULL)
        lie_down(runner);
    return node;
}

void
kh__seek_end(struct runner *runner)
{
    struct pool *pool = runner->pool;

    runner->is_searching = 0;
    if (kh__idle_search_end(&pool->idle) && kh__work_waits(pool))
        kh__idle_wake(&pool->idle);
}
