/* SPDX-License-Identifier: MIT */
/*
 * The loop of a worker thread: pick a process, give it a slice, see to the
 * clock now and then.
 *
 * Reading the clock costs as much as a short slice, so it is read every few
 * slices, after one that was spent, and when the watcher says that a
 * millisecond has passed.
 */

#include "runner.h"

#include "seek.h"
#include "work.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* At most so many slices without a look at the clock. */
#define LOOK_EVERY 16u
/* So often the others' queue comes before the own; a prime, as in Go. */
#define FETCH_EVERY 61u
/* The same among slices that were spent: 61 of them take too long. */
#define FETCH_EVERY_SPENT 2u
/*
 * A turn of a runtime that is stepped is over after so many slices as well: the
 * embedder's clock may stand still. They are counted, for it to do the same in
 * every run. What it costs is one more way through the queue.
 */
#define TURN_SLICES 256u
/* Alarms that are fired in one go even when the queue is full. */
#define FIRE_MIN 16u
/*
 * Who was woken by alarms sleeps at least so long before the next, and then
 * fires all that have come up. Sleeping and waking cost the kernel about 10
 * microseconds, a process that only wakes and waits again a few tenths of one:
 * a hundred thousand alarms within a second are some 2,500 awakenings, not
 * twenty thousand. One that comes after a pause is not held back.
 */
#define REST_NS 400000u
/* What waits since this long ago is worth waking somebody for. */
#define HELP_NS 100000u
/* A runner whose processes were moved, or who has got others', lets so much
 * time pass before it moves its own: who runs where must be known first. */
#define SETTLE_NS 1000000u

/*
 * Whose thread this is: how `ready` inside a run finds its queue. One word of
 * the loader's reserve: a block of this module's own would be allocated at a
 * thread's first look, and LeakSanitizer misreads such blocks by their address.
 */
static _Thread_local struct runner *current
    __attribute__((tls_model("initial-exec")));

static void *runner_main(void *arg);
static void attend(struct runner *runner);
static void *pick_ready(struct runner *runner);
static void run(struct runner *runner, void *node);

struct runner *
kh__runner_new(struct pool *pool, unsigned index)
{
    struct runner *runner =
        aligned_alloc(_Alignof(struct runner), sizeof(*runner));

    if (runner == NULL)
        return NULL;
    memset(runner, 0, sizeof(*runner));
    runner->pool = pool;
    runner->index = index;
    runner->random = index;
    kh__inject_init(&runner->guests);
    return runner;
}

void
kh__runner_free(struct runner *runner)
{
    if (runner != NULL)
        kh__inject_fini(&runner->guests);
    free(runner);
}

int
kh__runner_start(struct runner *runner)
{
    int code;

    runner->spins = 1;
    runner->until_look = 0;
    runner->turn_is_over = 0;
    runner->was_spent = 0;
    atomic_store(&runner->orders, 0);
    atomic_store(&runner->awaits_stand_in, 0);
    atomic_store(&runner->state, RUNNER_COMES);
    code = pthread_create(&runner->thread, NULL, runner_main, runner);
    if (code != 0)
        atomic_store(&runner->state, RUNNER_NONE);
    return code;
}

void
kh__runner_order(struct runner *runner, uint32_t order)
{
    atomic_fetch_or(&runner->orders, order);
    kh__park_wake(&runner->sleeper.park);
}

void
kh__runner_join(struct runner *runner)
{
    if (atomic_load(&runner->state) == RUNNER_NONE)
        return;
    pthread_join(runner->thread, NULL);
    atomic_store(&runner->state, RUNNER_NONE);
}

/* Returns 0 without memory for a lane. */
int
kh__runner_enter(struct runner *runner)
{
    struct pool *pool = runner->pool;

    if (runner->lane == NULL)
        runner->lane = pool->calls->attach(pool->core, pool);
    if (runner->lane == NULL)
        return 0;
    current = runner;
    runner->until_look = 0;
    return 1;
}

void
kh__runner_leave(struct runner *runner)
{
    (void)runner;
    current = NULL;
}

int
kh__runner_turn(struct runner *runner)
{
    void *node;

    if (runner->until_look == 0)
        attend(runner);
    runner->until_look--;
    node = pick_ready(runner);
    if (node != NULL)
        run(runner, node);
    return node != NULL;
}

struct runner *
kh__runner_current(const struct pool *pool)
{
    struct runner *runner = current;

    return runner != NULL && runner->pool == pool ? runner : NULL;
}

int
kh__runner_ready(const struct pool *pool, void *node, uint32_t how)
{
    struct runner *runner = kh__runner_current(pool);

    if (runner == NULL || (kh__runner_orders(runner) & RUNNER_LOST) != 0)
        return 0;
    if (how & KD_READY_NEW)
        kh__work_push(runner, node);
    else
        kh__work_set_next(runner, node);
    /* Who has taken its place meanwhile may have looked before. */
    if ((kh__runner_orders(runner) & RUNNER_LOST) != 0)
        kh__work_hand_over(runner);
    return 1;
}

kd_time
kh__runner_now(struct runner *runner)
{
    runner->now_ns = kh__pool_now(runner->pool);
    return runner->now_ns;
}

int
kh__runner_alarms_are_due(struct runner *runner)
{
    return kh__alarms_are_due(runner->alarms, runner->now_ns) ||
           kh__duty_is_due(&runner->pool->duty, runner->now_ns);
}

static void
alarms_expired(void *arg, struct alarm *const *alarms, unsigned count)
{
    struct runner *runner = arg;
    struct node *node;
    unsigned i;

    /* Who has slept has left the cache; they come back together. */
    for (i = 0; i < count; i++)
        node_fetch(node_of_alarm(alarms[i]));
    for (i = 0; i < count; i++) {
        node = node_of_alarm(alarms[i]);
        if (runner->pool->calls->expired(runner->lane, node))
            kh__work_append(runner, node);
    }
}

/*
 * As many as the queue has room for: a million at once come bit by bit. They
 * wake nobody, since most of them take less time than that; but the next look
 * at the clock, after the first of them, tells whether they are such. There is
 * no rest before the wheel has been turned as far as the clock.
 */
static void
fire_alarms(struct runner *runner)
{
    struct duty *duty = &runner->pool->duty;
    kd_time now_ns = runner->now_ns;
    unsigned waiting = kh__run_queue_len(&runner->queue);
    unsigned room = RUN_QUEUE_SIZE - waiting;
    unsigned fired;

    if (room < FIRE_MIN)
        room = FIRE_MIN;
    fired =
        kh__alarms_fire(runner->alarms, now_ns, room, alarms_expired, runner);
    /* As in pool_timer(): who has its wheel now may sleep already. */
    if (fired != 0 && (kh__runner_orders(runner) & RUNNER_LOST) != 0)
        kh__duty_review(duty);
    if (fired < room && kh__duty_is_due(duty, now_ns))
        fired +=
            kh__duty_fire(duty, now_ns, room - fired, alarms_expired, runner);
    if (fired == 0)
        return;
    if (!kh__runner_alarms_are_due(runner))
        runner->rest_ns = runner->now_ns + REST_NS;
    if (waiting == 0)
        runner->until_look = 1;
}

/* Whether others may help; the last look at the clock was so long ago. */
static void
weigh(struct runner *runner, kd_time since_ns)
{
    uint64_t run = atomic_load_explicit(&runner->run, memory_order_relaxed);
    const struct chatter_seen seen = {since_ns, (run - runner->run_before) / 2,
        runner->was_spent,
        kh__run_queue_has_passed(&runner->queue, runner->waits_before)};

    runner->run_before = run;
    if (seen.is_served)
        runner->waits_before = kh__run_queue_end(&runner->queue);
    atomic_store_explicit(&runner->keeps,
        kh__chatter_look(&runner->chatter, &seen), memory_order_relaxed);
}

/*
 * Where a queue is kept, its processes and those whom they write to are best on
 * one thread. Who hardly ever waits is not brought there by its wake-ups.
 */
static void
come_together(struct runner *runner)
{
    const kd_host_calls *calls = runner->pool->calls;
    const kd_lane *lane = NULL;

    if (kh__inject_len(&runner->guests) != 0) {
        kh__work_welcome(runner);
        kh__chatter_join(&runner->chatter);
        atomic_store_explicit(&runner->keeps, 1, memory_order_relaxed);
        runner->settled_ns = runner->now_ns + SETTLE_NS;
    }
    if (runner->now_ns >= runner->settled_ns && runner->was_spent &&
        atomic_load_explicit(&runner->keeps, memory_order_relaxed) &&
        KD_HAS(kd_host_calls, calls, giving))
        lane = calls->giving(runner->lane);
    if (lane == NULL)
        return;
    kh__work_move(runner, lane);
    runner->settled_ns = runner->now_ns + SETTLE_NS;
}

/* See to the clock. */
static void
attend(struct runner *runner)
{
    kd_time last_ns = runner->now_ns;

    atomic_fetch_and(&runner->orders, ~RUNNER_LOOK);
    runner->until_look = LOOK_EVERY;
    kh__runner_now(runner);
    weigh(runner, runner->now_ns - last_ns);
    come_together(runner);
    if (runner->now_ns - last_ns >= HELP_NS)
        kh__work_share(runner);
    if (runner->now_ns >= runner->turn_end_ns)
        runner->turn_is_over = 1;
    if (kh__runner_alarms_are_due(runner))
        fire_alarms(runner);
}

/*
 * What a timer or another thread woke waits there, while those that spin come
 * back to the own queue for ever.
 */
static int
others_come_first(struct runner *runner)
{
    runner->turns++;
    return runner->turns % FETCH_EVERY == 0 ||
           (runner->was_spent && runner->turns % FETCH_EVERY_SPENT == 0);
}

static void *
pick_own(struct runner *runner)
{
    void *node = NULL;

    if (others_come_first(runner))
        node = kh__work_fetch(runner, 1);
    return node != NULL ? node : kh__run_queue_pop(&runner->queue);
}

static void *
pick_other(struct runner *runner)
{
    void *node = pick_own(runner);

    return node != NULL ? node : kh__seek_work(runner);
}

/* The process to run now, or NULL: there is none. */
static void *
pick_ready(struct runner *runner)
{
    void *node = kh__work_take_next(runner);

    runner->turn_slices++;
    if (node != NULL && !runner->turn_is_over &&
        runner->turn_slices < TURN_SLICES)
        return node;
    if (node != NULL)
        kh__work_push(runner, node);
    runner->turn_is_over = 0;
    runner->turn_slices = 0;
    runner->turn_end_ns = runner->now_ns + RUNNER_SLICE_NS;
    node = pick_own(runner);
    return node != NULL ? node : kh__work_fetch(runner, WORK_FETCH_MAX);
}

/* The process to run now, or NULL: ask again, unless there are orders. */
static void *
pick(struct runner *runner)
{
    void *node = kh__work_take_next(runner);

    if (node != NULL && runner->turn_is_over) {
        kh__work_push(runner, node);
        node = NULL;
    }
    if (node == NULL) {
        node = pick_other(runner);
        runner->turn_is_over = 0;
        runner->turn_end_ns = runner->now_ns + RUNNER_SLICE_NS;
    }
    if (node != NULL && runner->is_searching)
        kh__seek_end(runner);
    return node;
}

static void
run(struct runner *runner, void *node)
{
    uint64_t number = atomic_load_explicit(&runner->run, memory_order_relaxed);
    void *waits = kh__run_queue_peek(&runner->queue);
    uint32_t next;

    if (waits != NULL)
        node_fetch(waits);
    atomic_store_explicit(&runner->run, number + 1, memory_order_relaxed);
    next = runner->pool->calls->run(runner->lane, node, RUNNER_BUDGET);
    atomic_store_explicit(&runner->run, number + 2, memory_order_relaxed);
    runner->was_spent = next == KD_RUN_AGAIN;
    if (!runner->was_spent)
        return;
    kh__work_push(runner, node);
    runner->until_look = 0;
}

static void
serve(struct runner *runner)
{
    uint32_t orders;
    void *node;

    for (;;) {
        orders = kh__runner_orders(runner);
        if (orders & (RUNNER_LOST | RUNNER_STOP))
            break;
        if (orders != 0 || runner->until_look == 0)
            attend(runner);
        runner->until_look--;
        if ((node = pick(runner)) != NULL)
            run(runner, node);
    }
    if (runner->is_searching)
        kh__seek_end(runner);
    kh__work_hand_over(runner);
    /* Of those that sleep one must have the duty, see duty.h. */
    kh__idle_wake(&runner->pool->idle);
}

/*
 * A stand-in takes the place of a worker that is still held: what waits for
 * him, and his alarms. If he returns at this very moment, he ends after one
 * more slice, or wakes for that if he lies down.
 */
static int
replace(struct runner *runner)
{
    struct runner *victim = runner->victim;
    uint64_t run = atomic_load_explicit(&victim->run, memory_order_relaxed);
    int is_held = run == runner->victim_run;

    if (is_held) {
        kh__runner_order(victim, RUNNER_LOST);
        kh__work_hand_over(victim);
    }
    return is_held;
}

static int
begin(struct runner *runner)
{
    struct pool *pool = runner->pool;
    const char *role = runner->victim == NULL ? "worker" : "standin";
    char name[16];
    int is_fit;

    snprintf(name, sizeof(name), "kd-%s-%u", role, runner->index % 10000u);
    pthread_setname_np(pthread_self(), name);
    current = runner;
    runner->lane = pool->calls->attach(pool->core, pool);
    if (runner->victim == NULL)
        return kh__gate_pass(&pool->gate, runner->lane != NULL);
    is_fit = runner->lane != NULL && replace(runner);
    /* Who has lost its place may have ended, and be another's stand-in. */
    if (!is_fit)
        atomic_store(&runner->victim->awaits_stand_in, 0);
    return is_fit;
}

/* The watcher must have let go of the lane before it ends. */
static void
end(struct runner *runner)
{
    struct pool *pool = runner->pool;

    pthread_mutex_lock(&pool->watch.lock);
    atomic_store(&runner->state, RUNNER_GOES);
    pthread_mutex_unlock(&pool->watch.lock);
    if (runner->lane != NULL)
        pool->calls->detach(runner->lane);
    current = NULL;
    atomic_store(&runner->state, RUNNER_GONE);
    kh__watch_poke(&pool->watch);
}

static void *
runner_main(void *arg)
{
    struct runner *runner = arg;

    if (begin(runner)) {
        atomic_store(&runner->state, RUNNER_LIVE);
        serve(runner);
    }
    end(runner);
    return NULL;
}
