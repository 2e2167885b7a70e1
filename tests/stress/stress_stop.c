/* SPDX-License-Identifier: MIT */
/*
 * A stop in the middle of spawning (semantics O5, P6): processes spawn without
 * end while the host begins to drain. Whoever was spawned gets its cancel,
 * nobody is forgotten until the deadline, and spawning is refused at last.
 */

#include "../unit/actors.h"

#include "../unit/harness.h"

#define ROUNDS   40
#define BREEDERS 4

static struct actors actors;
static atomic_long spawned;
static atomic_long heeded;
static atomic_long refused;
static atomic_long wrong;

static kd_next
child_run(void *state, kd_proc *proc, int64_t number, kd_error *err)
{
    kd_signal signal;

    (void)state;
    (void)number;
    (void)err;
    if (kd_proc_signal(proc, &signal) != KD_OK)
        return KD_NEXT_WAIT;
    atomic_fetch_add(&wrong, signal.type != KD_SIGNAL_CANCEL);
    atomic_fetch_add(&heeded, 1);
    return KD_NEXT_DONE;
}

/* It is cancelled as well, and does not heed that until it is refused. */
static kd_next
breeder_run(void *state, kd_proc *proc, int64_t number, kd_error *err)
{
    kd_status status;
    kd_pid child;

    (void)state;
    (void)number;
    (void)err;
    do {
        status = actors_child(proc, "child", 0, 0, &child);
        if (status == KD_OK)
            atomic_fetch_add(&spawned, 1);
    } while (status == KD_OK && !kd_proc_should_yield(proc));
    if (status == KD_OK)
        return KD_NEXT_READY;
    atomic_fetch_add(&wrong, status != KD_EUNAVAIL);
    atomic_fetch_add(&refused, 1);
    return KD_NEXT_DONE;
}

static const struct actor_role roles[] = {
    {"child", 1, child_run},
    {"breeder", 1, breeder_run},
    {NULL, 0, NULL},
};

/* (semantics O5, P6) */
static void
test_stop_when_processes_are_spawned_then_all_are_cancelled(void)
{
    uint64_t seed = actors_seed("stress_stop");
    long all;

    for (long i = 1; i <= ROUNDS; i++) {
        atomic_store(&spawned, 0);
        atomic_store(&heeded, 0);
        actors_start(&actors, roles, 3);
        for (int k = 0; k < BREEDERS; k++)
            actors_spawn(&actors, "breeder", k);
        all = (long)(actors_random(&seed) % 3000);
        while (atomic_load(&spawned) < all)
            continue;
        CU_ASSERT_EQUAL(actors_stop(&actors, 60), KD_OK);
        CU_ASSERT_EQUAL(atomic_load(&heeded), atomic_load(&spawned));
        CU_ASSERT_EQUAL(atomic_load(&refused), i * BREEDERS);
        CU_ASSERT_EQUAL(atomic_load(&actors.live), 0);
    }
    CU_ASSERT_EQUAL(atomic_load(&wrong), 0);
}

static const struct test_case tests[] = {
    TEST(test_stop_when_processes_are_spawned_then_all_are_cancelled),
};

TEST_MAIN("stress_stop")
