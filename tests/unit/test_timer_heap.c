/* SPDX-License-Identifier: MIT */
/*
 * The heap of timers, against a list that is searched from end to end.
 *
 * Nothing fires early, and an armed timer can wake a process (semantics Z3,
 * H12).
 */

#include "harness.h"

#include "process_lua/process/process.h"

#include <time.h>

#define MANY 500

struct item {
    struct kl__timer timer;
    kd_time wanted_ns; /* 0: not armed. */
    uint64_t order;
};

/* A process that has timers and nothing else. */
static struct {
    struct kl__process p;
    kd_proc_calls calls;
    kd_proc proc;
    kd_api api;
    kd_time now_ns;
    kd_time told_ns;
    unsigned n_told;
    struct item items[MANY];
    uint64_t orders;
    unsigned n_fired;
    unsigned n_early;
    unsigned n_unordered;
    kd_time again_ns; /* What a timer that fires sets itself to, or 0. */
} t;

static void
wake_at(kd_proc *proc, kd_time due_ns)
{
    (void)proc;
    t.told_ns = due_ns;
    t.n_told++;
}

static kd_time
now(const kd_api *api)
{
    (void)api;
    return t.now_ns;
}

static void
start(void)
{
    memset(&t, 0, sizeof(t));
    t.calls.wake_at = wake_at;
    t.api.now_ns = now;
    t.proc.calls = &t.calls;
    t.proc.api = &t.api;
    t.p.proc = &t.proc;
    t.p.api = &t.api;
    t.now_ns = 1;
}

static int
is_due_before(const struct item *a, const struct item *b)
{
    return a->wanted_ns < b->wanted_ns ||
           (a->wanted_ns == b->wanted_ns && a->order < b->order);
}

static void
fire(struct kl__process *p, struct kl__timer *timer)
{
    struct item *item = (struct item *)(void *)timer;
    int i;

    t.n_fired++;
    t.n_early += item->wanted_ns == 0 || item->wanted_ns > t.now_ns;
    for (i = 0; i < MANY; i++) {
        const struct item *other = &t.items[i];

        if (other->wanted_ns != 0 && is_due_before(other, item))
            t.n_unordered++;
    }
    item->wanted_ns = t.again_ns;
    if (t.again_ns != 0) {
        item->order = ++t.orders;
        kl__timer_set(p, timer, t.again_ns);
    }
}

static void
set(int i, kd_time due_ns)
{
    struct item *item = &t.items[i];

    item->timer.fire = fire;
    item->wanted_ns = due_ns;
    item->order = ++t.orders;
    CU_ASSERT_EQUAL(kl__timer_set(&t.p, &item->timer, due_ns), 0);
}

static void
stop(int i)
{
    int was_armed = t.items[i].wanted_ns != 0;

    CU_ASSERT_EQUAL(kl__timer_stop(&t.p, &t.items[i].timer), was_armed);
    t.items[i].wanted_ns = 0;
}

static void
fire_all(kd_time now_ns)
{
    int i;

    t.now_ns = now_ns;
    kl__timers_fire(&t.p, now_ns);
    for (i = 0; i < MANY; i++)
        CU_ASSERT_FALSE(
            t.items[i].wanted_ns != 0 && t.items[i].wanted_ns <= now_ns);
    CU_ASSERT_EQUAL(t.n_early, 0);
    CU_ASSERT_EQUAL(t.n_unordered, 0);
}

static void
test_timer_when_due_fires_and_not_before(void)
{
    start();
    set(0, 100);
    fire_all(99);
    CU_ASSERT_EQUAL(t.n_fired, 0);
    CU_ASSERT_EQUAL(t.p.tasks.external, 1);
    fire_all(100);
    CU_ASSERT_EQUAL(t.n_fired, 1);
    CU_ASSERT_EQUAL(t.p.tasks.external, 0);
    fire_all(200);
    CU_ASSERT_EQUAL(t.n_fired, 1);
    kl__timers_fini(&t.p);
}

static void
test_timers_when_due_together_fire_as_they_were_set(void)
{
    int i;

    start();
    for (i = 0; i < MANY; i++)
        set(i, 100);
    for (i = 0; i < MANY; i += 3)
        set(i, 100);
    fire_all(100);
    CU_ASSERT_EQUAL(t.n_fired, MANY);
    kl__timers_fini(&t.p);
}

static void
test_timer_when_stopped_does_not_fire(void)
{
    start();
    set(0, 100);
    set(1, 100);
    stop(0);
    stop(0);
    fire_all(100);
    CU_ASSERT_EQUAL(t.n_fired, 1);
    stop(1);
    CU_ASSERT_EQUAL(t.p.tasks.external, 0);
    kl__timers_fini(&t.p);
}

static void
test_timer_when_moved_counts_once(void)
{
    start();
    set(0, 100);
    set(0, 300);
    fire_all(299);
    CU_ASSERT_EQUAL(t.n_fired, 0);
    set(0, 301);
    set(0, 300);
    fire_all(300);
    CU_ASSERT_EQUAL(t.n_fired, 1);
    CU_ASSERT_EQUAL(t.p.tasks.external, 0);
    kl__timers_fini(&t.p);
}

static void
test_timer_when_it_sets_itself_fires_once_a_slice(void)
{
    start();
    set(0, 100);
    t.again_ns = 150;
    fire_all(120);
    CU_ASSERT_EQUAL(t.n_fired, 1);
    CU_ASSERT_EQUAL(t.p.tasks.external, 1);
    t.again_ns = 0;
    fire_all(150);
    CU_ASSERT_EQUAL(t.n_fired, 2);
    kl__timers_fini(&t.p);
}

static void
test_host_when_earliest_changes_is_told_once(void)
{
    start();
    kl__timers_tell(&t.p);
    CU_ASSERT_EQUAL(t.n_told, 0);
    set(0, 100);
    set(1, 200);
    CU_ASSERT_EQUAL(t.n_told, 0);
    kl__timers_tell(&t.p);
    kl__timers_tell(&t.p);
    CU_ASSERT_EQUAL(t.n_told, 1);
    CU_ASSERT_EQUAL(t.told_ns, 100);
    fire_all(100);
    kl__timers_tell(&t.p);
    CU_ASSERT_EQUAL(t.told_ns, 200);
    set(0, 150);
    kl__timers_tell(&t.p);
    CU_ASSERT_EQUAL(t.told_ns, 150);
    stop(0);
    stop(1);
    kl__timers_tell(&t.p);
    CU_ASSERT_EQUAL(t.told_ns, KD_NEVER);
    CU_ASSERT_EQUAL(t.n_told, 4);
    kl__timers_fini(&t.p);
}

static void
test_due_when_far_away_is_never(void)
{
    start();
    t.now_ns = KD_NEVER - 10;
    CU_ASSERT_EQUAL(kl__timer_due(&t.p, 5), KD_NEVER - 5);
    CU_ASSERT_EQUAL(kl__timer_due(&t.p, INT64_MAX), KD_NEVER);
}

static uint64_t
next_random(uint64_t *state)
{
    *state = *state * UINT64_C(6364136223846793005) + 1442695040888963407u;
    return *state >> 33;
}

static void
test_timers_when_set_and_stopped_at_random_fire_in_order(void)
{
    const char *given = getenv("SEED");
    uint64_t seed = (uint64_t)(given == NULL ? time(NULL) : atoll(given));
    uint64_t state = seed;
    int round, i;

    printf("seed %llu ", (unsigned long long)seed);
    start();
    for (round = 0; round < 2000; round++) {
        for (i = 0; i < 10; i++) {
            int which = (int)(next_random(&state) % MANY);

            if (next_random(&state) % 4 == 0)
                stop(which);
            else
                set(which, t.now_ns + 1 + next_random(&state) % 300);
        }
        fire_all(t.now_ns + next_random(&state) % 20);
    }
    fire_all(t.now_ns + 1000);
    CU_ASSERT(t.n_fired > 1000);
    CU_ASSERT_EQUAL(t.p.tasks.external, 0);
    kl__timers_fini(&t.p);
}

static const struct test_case tests[] = {
    TEST(test_timer_when_due_fires_and_not_before),
    TEST(test_timers_when_due_together_fire_as_they_were_set),
    TEST(test_timer_when_stopped_does_not_fire),
    TEST(test_timer_when_moved_counts_once),
    TEST(test_timer_when_it_sets_itself_fires_once_a_slice),
    TEST(test_host_when_earliest_changes_is_told_once),
    TEST(test_due_when_far_away_is_never),
    TEST(test_timers_when_set_and_stopped_at_random_fire_in_order),
};

TEST_MAIN("timer_heap")
