/* SPDX-License-Identifier: MIT */
/*
 * Moves processes between queues, and decides when that should wake somebody.
 */

#include "work.h"

#include "step.h"

void
kh__work_inject(struct pool *pool, void *const *nodes, size_t count)
{
    kh__inject_push(&pool->inject, nodes, count);
    kh__idle_wake(&pool->idle);
    kh__step_poke(pool);
}

/* A full queue gives away its older half, so that the order stays. */
static void
overflow(struct runner *runner, void *node)
{
    void *nodes[RUN_QUEUE_HALF];
    unsigned count = kh__run_queue_grab(&runner->queue, nodes);

    kh__inject_push(&runner->pool->inject, nodes, count);
    while (!kh__run_queue_push(&runner->queue, node)) {
        count = kh__run_queue_grab(&runner->queue, nodes);
        kh__inject_push(&runner->pool->inject, nodes, count);
    }
}

void
kh__work_append(struct runner *runner, void *node)
{
    if (!kh__run_queue_push(&runner->queue, node))
        overflow(runner, node);
}

/*
 * One that waits is not worth waking anybody: this runner will have it soon.
 * A sleeper who lies down at this moment is missed; the watcher makes up for
 * that.
 */
void
kh__work_share(struct runner *runner)
{
    unsigned count;

    if (!kh__idle_may_wake(&runner->pool->idle) ||
        atomic_load_explicit(&runner->keeps, memory_order_relaxed))
        return;
    count = kh__run_queue_len(&runner->queue);
    if (atomic_load_explicit(&runner->next, memory_order_relaxed) != NULL)
        count++;
    if (count >= 2)
        kh__idle_wake(&runner->pool->idle);
}

void
kh__work_push(struct runner *runner, void *node)
{
    kh__work_append(runner, node);
    kh__work_share(runner);
}

void
kh__work_set_next(struct runner *runner, void *node)
{
    void *old = atomic_load_explicit(&runner->next, memory_order_relaxed);

    /* Others only ever empty the place, so an empty one stays empty. */
    if (old == NULL) {
        atomic_store_explicit(&runner->next, node, memory_order_release);
        return;
    }
    old = atomic_exchange_explicit(&runner->next, node, memory_order_acq_rel);
    if (old != NULL)
        kh__work_push(runner, old);
}

/* Keep the first, queue the others. */
static void *
keep(struct runner *runner, void *const *nodes, size_t count)
{
    size_t i;

    for (i = 1; i < count; i++)
        kh__work_push(runner, nodes[i]);
    return count == 0 ? NULL : nodes[0];
}

void *
kh__work_fetch(struct runner *runner, size_t max)
{
    struct pool *pool = runner->pool;
    void *nodes[WORK_FETCH_MAX];
    size_t share = kh__inject_len(&pool->inject);

    if (share == 0)
        return NULL;
    share = share / pool->n_workers + 1;
    if (share > max)
        share = max;
    return keep(runner, nodes, kh__inject_take(&pool->inject, nodes, share));
}

static uint32_t
random_next(struct runner *runner)
{
    runner->random = runner->random * 1664525u + 1013904223u;
    return runner->random >> 8;
}

/* Whether others may take from its queue; most are empty, and are only read
 * then. */
static int
shares(struct runner *runner)
{
    return kh__run_queue_len(&runner->queue) != 0 &&
           (!atomic_load_explicit(&runner->keeps, memory_order_relaxed) ||
               kh__runner_is_held(runner));
}

static void *
steal_queue(struct runner *runner, struct runner *victim)
{
    void *nodes[RUN_QUEUE_HALF];

    if (!shares(victim))
        return NULL;
    return keep(runner, nodes, kh__run_queue_grab(&victim->queue, nodes));
}

/* What waits for nobody but one who is held. */
static void *
steal_held(struct runner *runner, struct runner *victim)
{
    void *nodes[RUN_QUEUE_HALF];
    void *node = NULL;

    if (kh__runner_is_held(victim))
        node = kh__work_take_next(victim);
    if (node == NULL && kh__runner_is_held(victim))
        node = keep(runner, nodes,
            kh__inject_take(&victim->guests, nodes, RUN_QUEUE_HALF));
    return node;
}

void *
kh__work_steal(struct runner *runner)
{
    struct pool *pool = runner->pool;
    unsigned count = kh__pool_runners(pool);
    unsigned start = random_next(runner) % count;
    void *node = NULL;
    unsigned i;

    for (i = 0; node == NULL && i < count; i++)
        node = steal_queue(runner, pool->runners[(start + i) % count]);
    for (i = 0; node == NULL && i < count; i++)
        node = steal_held(runner, pool->runners[(start + i) % count]);
    return node;
}

/* Whether it has little else to do than what they give it, and comes to it. */
static int
is_open(struct runner *runner)
{
    return !kh__runner_is_held(runner) &&
           (kh__run_queue_len(&runner->queue) <= 1 ||
               atomic_load_explicit(&runner->keeps, memory_order_relaxed));
}

/* The runner at work on this lane, or NULL. Under the watch's lock. */
static struct runner *
runner_on(struct pool *pool, const kd_lane *lane)
{
    unsigned count = kh__pool_runners(pool);
    unsigned i;

    for (i = 0; i < count; i++) {
        if (atomic_load(&pool->runners[i]->state) == RUNNER_LIVE &&
            pool->runners[i]->lane == lane)
            return pool->runners[i];
    }
    return NULL;
}

/*
 * Guests come first and the look for RUNNER_LOST then; who gives that order
 * does so first and then has the guests handed over. So one of the two does it.
 */
static void
move_to(struct runner *runner, struct runner *to)
{
    void *nodes[RUN_QUEUE_HALF];
    unsigned count;

    while ((count = kh__run_queue_grab(&runner->queue, nodes)) != 0)
        kh__inject_push(&to->guests, nodes, count);
    kh__runner_order(to, RUNNER_LOOK);
    if ((kh__runner_orders(to) & RUNNER_LOST) != 0)
        kh__work_hand_over(to);
}

/* The lock keeps `to` alive. Who cannot have it at once tries another time. */
void
kh__work_move(struct runner *runner, const kd_lane *lane)
{
    struct pool *pool = runner->pool;
    struct runner *to;

    if (pthread_mutex_trylock(&pool->watch.lock) != 0)
        return;
    to = runner_on(pool, lane);
    if (to != NULL && is_open(to))
        move_to(runner, to);
    pthread_mutex_unlock(&pool->watch.lock);
}

void
kh__work_welcome(struct runner *runner)
{
    void *nodes[RUN_QUEUE_HALF];
    size_t count;
    size_t i;

    while ((count = kh__inject_take(&runner->guests, nodes, RUN_QUEUE_HALF)) !=
           0) {
        for (i = 0; i < count; i++)
            kh__work_append(runner, nodes[i]);
    }
}

void
kh__work_hand_over(struct runner *runner)
{
    void *nodes[RUN_QUEUE_HALF];
    void *next = kh__work_take_next(runner);
    size_t count;

    if (next != NULL)
        kh__work_inject(runner->pool, &next, 1);
    while ((count = kh__run_queue_grab(&runner->queue, nodes)) != 0)
        kh__work_inject(runner->pool, nodes, count);
    while (
        (count = kh__inject_take(&runner->guests, nodes, RUN_QUEUE_HALF)) != 0)
        kh__work_inject(runner->pool, nodes, count);
}

static int
has_work(struct runner *runner)
{
    if (shares(runner))
        return 1;
    return kh__runner_is_held(runner) &&
           (atomic_load_explicit(&runner->next, memory_order_relaxed) != NULL ||
               kh__inject_len(&runner->guests) != 0);
}

int
kh__work_waits(struct pool *pool)
{
    unsigned count = kh__pool_runners(pool);
    unsigned i;

    if (kh__inject_len(&pool->inject) != 0)
        return 1;
    for (i = 0; i < count; i++) {
        if (has_work(pool->runners[i]))
            return 1;
    }
    return 0;
}
