/* SPDX-License-Identifier: MIT */
/*
 * Cancels and terminations against exits (semantics C4 to C10, X6): many
 * cancel one process, with various deadlines, while it ends by itself or does
 * not heed them. Each process ends once.
 */

#include "../unit/actors.h"

#include "../unit/harness.h"

#define TARGETS    5000
#define CANCELLERS 4

static struct actors actors;
static kd_pid targets[TARGETS];
static atomic_long wrong;
static atomic_long too_late;
static atomic_long unread;
static uint64_t seed;

/* By its number: ends soon by itself, heeds its cancel, or is deaf. */
static kd_next
target_run(void *state, kd_proc *proc, int64_t number, kd_error *err)
{
    int *rounds = state;
    uint64_t mine = seed + (uint64_t)number;
    uint64_t manner = actors_random(&mine) % 3;
    kd_signal signal;

    (void)err;
    if (manner == 0)
        return (*rounds)++ < 3 ? KD_NEXT_READY : KD_NEXT_DONE;
    if (manner == 2)
        return KD_NEXT_WAIT;
    while (kd_proc_signal(proc, &signal) == KD_OK) {
        if (signal.type == KD_SIGNAL_CANCEL)
            return KD_NEXT_DONE;
        atomic_fetch_add(&unread, 1);
    }
    return KD_NEXT_WAIT;
}

static kd_next
canceller_run(void *state, kd_proc *proc, int64_t number, kd_error *err)
{
    uint64_t mine = seed ^ (uint64_t)number * 31;
    kd_pid target = targets[number / CANCELLERS];
    kd_time delay = actors_random(&mine) % 2000000;
    kd_status status;

    (void)state;
    (void)err;
    if (number % CANCELLERS == 0)
        status = kd_proc_terminate(proc, target, NULL);
    else
        status = kd_proc_cancel(proc, target,
            proc->api->now_ns(proc->api) + delay, 0, "stress", NULL);
    if (status == KD_EGONE)
        atomic_fetch_add(&too_late, 1);
    else if (status != KD_OK)
        atomic_fetch_add(&wrong, 1);
    return KD_NEXT_DONE;
}

static const struct actor_role roles[] = {
    {"target", sizeof(int), target_run},
    {"canceller", 1, canceller_run},
    {NULL, 0, NULL},
};

/* (semantics C4, C6, C7, C10, X6) */
static void
test_cancel_when_the_target_ends_then_it_ends_once(void)
{
    seed = actors_seed("stress_cancel_exit");
    actors_start(&actors, roles, 4);
    for (long i = 0; i < TARGETS; i++) {
        targets[i] = actors_spawn(&actors, "target", i);
        for (long k = 0; k < CANCELLERS; k++)
            actors_spawn(&actors, "canceller", i * CANCELLERS + k);
    }
    actors_await(&actors.ended, TARGETS * (1 + CANCELLERS));
    CU_ASSERT_EQUAL(atomic_load(&wrong), 0);
    CU_ASSERT_EQUAL(atomic_load(&unread), 0);
    CU_ASSERT(atomic_load(&actors.failed) <= TARGETS);
    printf("(%ld too late, %ld by force) ", atomic_load(&too_late),
        atomic_load(&actors.failed));
    CU_ASSERT_EQUAL(actors_stop(&actors, 30), KD_OK);
    CU_ASSERT_EQUAL(atomic_load(&actors.live), 0);
    CU_ASSERT_EQUAL(atomic_load(&actors.ended), TARGETS * (1 + CANCELLERS));
}

static const struct test_case tests[] = {
    TEST(test_cancel_when_the_target_ends_then_it_ends_once),
};

TEST_MAIN("stress_cancel_exit")
