/* SPDX-License-Identifier: MIT */
/*
 * spawn_linked against the parent's death (semantics P4, W5, X6): parents
 * spawn linked children and fail, or are terminated in the middle of it. No
 * child survives, and no process is left.
 */

#include "../unit/actors.h"

#include "../unit/harness.h"

#define PARENTS  4000
#define CHILDREN 8
#define CHAIN    100000

static struct actors actors;
static kd_pid parents[PARENTS];
static atomic_long spawned;
static atomic_long wrong;
static uint64_t seed;

static kd_next
child_run(void *state, kd_proc *proc, int64_t number, kd_error *err)
{
    (void)state;
    (void)proc;
    (void)number;
    (void)err;
    return KD_NEXT_WAIT;
}

static kd_next
parent_run(void *state, kd_proc *proc, int64_t number, kd_error *err)
{
    int *n = state;
    uint64_t mine = seed + (uint64_t)number;
    kd_pid child;

    if (actors_child(proc, "child", 0, KD_SPAWN_LINK, &child) == KD_OK)
        atomic_fetch_add(&spawned, 1);
    else
        atomic_fetch_add(&wrong, 1);
    if (++*n < CHILDREN)
        return KD_NEXT_READY;
    if (actors_random(&mine) % 2 == 0)
        return KD_NEXT_WAIT; /* The killer will see to it. */
    err->code = KD_EINTERNAL;
    strcpy(err->text, "parent");
    return KD_NEXT_FAIL;
}

static kd_next
killer_run(void *state, kd_proc *proc, int64_t number, kd_error *err)
{
    (void)state;
    (void)err;
    kd_proc_terminate(proc, parents[number], NULL);
    return KD_NEXT_DONE;
}

/* Each makes the next; the last one fails. */
static kd_next
chain_run(void *state, kd_proc *proc, int64_t number, kd_error *err)
{
    int *began = state;
    kd_pid child;

    if ((*began)++)
        return KD_NEXT_WAIT;
    if (number > 0) {
        actors_child(proc, "chain", number - 1, KD_SPAWN_LINK, &child);
        return KD_NEXT_WAIT;
    }
    err->code = KD_EINTERNAL;
    strcpy(err->text, "end of the chain");
    return KD_NEXT_FAIL;
}

static const struct actor_role roles[] = {
    {"child", 1, child_run},
    {"parent", sizeof(int), parent_run},
    {"killer", 1, killer_run},
    {"chain", sizeof(int), chain_run},
    {NULL, 0, NULL},
};

/* (semantics P4, W5) */
static void
test_spawn_linked_when_the_parent_fails_then_no_child_is_left(void)
{
    for (long i = 0; i < PARENTS; i++) {
        parents[i] = actors_spawn(&actors, "parent", i);
        actors_spawn(&actors, "killer", i);
    }
    actors_await(&actors.ended, 2 * PARENTS);
    actors_await(&actors.live, 0);
    CU_ASSERT_EQUAL(atomic_load(&actors.failed), PARENTS);
    CU_ASSERT_EQUAL(atomic_load(&wrong), 0);
    printf("(%ld children) ", atomic_load(&spawned));
}

/* As deep as this, without touching the C stack (semantics W5, X6). */
static void
test_chain_when_its_end_fails_then_all_of_it_is_gone(void)
{
    actors_spawn(&actors, "chain", CHAIN);
    actors_await(&actors.ended, 2 * PARENTS + 1);
    actors_await(&actors.live, 0);
    CU_ASSERT_EQUAL(atomic_load(&actors.failed), PARENTS + 1);
}

static void
test_stop_when_all_is_over_then_nothing_is_left(void)
{
    CU_ASSERT_EQUAL(actors_stop(&actors, 30), KD_OK);
    CU_ASSERT_EQUAL(atomic_load(&actors.live), 0);
}

static const struct test_case tests[] = {
    TEST(test_spawn_linked_when_the_parent_fails_then_no_child_is_left),
    TEST(test_chain_when_its_end_fails_then_all_of_it_is_gone),
    TEST(test_stop_when_all_is_over_then_nothing_is_left),
};

int
main(void)
{
    seed = actors_seed("stress_spawn_linked");
    actors_start(&actors, roles, 4);
    return harness_run(
        "stress_spawn_linked", tests, sizeof(tests) / sizeof(tests[0]));
}
