/* SPDX-License-Identifier: MIT */
/*
 * One step: the runner's loop without its sleep, until there is nothing to do
 * or the time is over. What remains keeps the descriptor readable.
 */

#include "step.h"

#include "runner.h"
#include "work.h"

#include <errno.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

int
kh__step_init(struct pool *pool)
{
    struct step *step = &pool->step;

    if (step->fd < 0)
        step->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (step->fd >= 0)
        atomic_store(&step->is_on, 1);
    return step->fd;
}

void
kh__step_fini(struct pool *pool)
{
    if (pool->step.fd >= 0)
        close(pool->step.fd);
    pool->step.fd = -1;
}

void
kh__step_poke(struct pool *pool)
{
    struct step *step = &pool->step;
    uint64_t one = 1;

    if (!atomic_load(&step->is_on) || atomic_exchange(&step->is_poked, 1))
        return;
    while (write(step->fd, &one, sizeof(one)) < 0 && errno == EINTR)
        continue;
}

/* First the mark, then the look at the queues: nothing is missed. */
static void
unpoke(struct step *step)
{
    uint64_t count;
    ssize_t len;

    if (!atomic_load(&step->is_poked))
        return;
    while ((len = read(step->fd, &count, sizeof(count))) < 0 && errno == EINTR)
        continue;
    /* Else who has set the mark is yet to write. */
    if (len > 0)
        atomic_store(&step->is_poked, 0);
}

static int
has_work(struct pool *pool, struct runner *runner)
{
    return kh__run_queue_len(&runner->queue) != 0 ||
           atomic_load(&runner->next) != NULL ||
           kh__inject_len(&pool->inject) != 0;
}

/* The loop is held for so long by its own clock, whatever processes see. */
static kd_time
clock_now(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (kd_time)ts.tv_sec * 1000000000u + (kd_time)ts.tv_nsec;
}

void
kh__step(struct pool *pool, kd_time max_ns)
{
    struct runner *runner = pool->runners[0];
    kd_time now = clock_now();
    kd_time end = max_ns > KD_NEVER - now ? KD_NEVER : now + max_ns;

    kh__runner_now(runner);
    runner->alarms = &pool->alarms[0];
    if (!kh__runner_enter(runner))
        return;
    unpoke(&pool->step);
    while (kh__runner_turn(runner) && clock_now() < end)
        continue;
    kh__runner_leave(runner);
    if (has_work(pool, runner))
        kh__step_poke(pool);
}

kd_time
kh__step_due(struct pool *pool)
{
    struct runner *runner = pool->runners[0];

    if (has_work(pool, runner))
        return 0;
    return atomic_load_explicit(&pool->alarms[0].soon_ns, memory_order_relaxed);
}

void
kh__step_end(struct pool *pool)
{
    struct runner *runner = pool->runners[0];

    if (runner->lane != NULL)
        pool->calls->detach(runner->lane);
    runner->lane = NULL;
}
