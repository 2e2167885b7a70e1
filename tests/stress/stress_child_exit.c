/* SPDX-License-Identifier: MIT */
/*
 * Children with calls, owners and readiness against exits (semantics B3, P7,
 * S6, W9): parents have such children and end, by themselves or by force, at
 * any moment; children are ready, end or wait. No child outlives its owner,
 * each call is told of once, and readiness once and before the end.
 */

#include "../unit/actors.h"

#include "../unit/harness.h"

#define PARENTS  4000
#define CHILDREN 6

static struct actors actors;
static kd_pid parents[PARENTS];
static atomic_long wrong;
static atomic_long calls;
static atomic_long readies;
static uint64_t seed;

struct parent {
    uint32_t n;
    uint32_t seen_end;
    kd_pid child[CHILDREN];
    uint32_t ready[CHILDREN];
    uint32_t ended[CHILDREN];
};

/* By its number: is ready at once or later, or never; ends or waits. */
static kd_next
child_run(void *state, kd_proc *proc, int64_t number, kd_error *err)
{
    int *rounds = state;
    uint64_t mine = seed + (uint64_t)number * 977;
    uint64_t manner = actors_random(&mine) % 6;

    (void)err;
    if (manner < 4 && *rounds >= (int)(manner % 2))
        kd_proc_ready(proc);
    if ((*rounds)++ < 2)
        return KD_NEXT_READY;
    return manner % 3 == 0 ? KD_NEXT_WAIT : KD_NEXT_DONE;
}

/* A signal of a child of ours, which comes in the right order, and once. */
static void
parent_take(struct parent *p, const kd_signal *signal)
{
    uint32_t i = 0;

    while (i < p->n && !kd_pid_equal(p->child[i], signal->from))
        i++;
    if (i == p->n) {
        atomic_fetch_add(&wrong, 1);
    } else if (signal->type == KD_SIGNAL_READY) {
        atomic_fetch_add(&wrong, p->ready[i]++ != 0 || p->ended[i] != 0);
        atomic_fetch_add(&readies, 1);
    } else {
        atomic_fetch_add(&wrong, signal->type != KD_SIGNAL_EXIT ||
                                     signal->ref == 0 || p->ended[i]++ != 0);
        atomic_fetch_add(&calls, 1);
        p->seen_end++;
    }
}

static kd_next
parent_run(void *state, kd_proc *proc, int64_t number, kd_error *err)
{
    struct parent *p = state;
    uint64_t mine = seed + (uint64_t)number;
    uint64_t manner = actors_random(&mine) % 3;
    kd_signal signal;

    while (kd_proc_signal(proc, &signal) == KD_OK)
        parent_take(p, &signal);
    if (p->n < CHILDREN) {
        if (actors_child(proc, "child", number * CHILDREN + p->n,
                KD_SPAWN_CALL | KD_SPAWN_OWN | KD_SPAWN_READY |
                    (actors_random(&mine) % 2 == 0 ? KD_SPAWN_MONITOR : 0),
                &p->child[p->n]) != KD_OK)
            atomic_fetch_add(&wrong, 1);
        /* Its call stays when a monitor is undone, however late. */
        kd_proc_unmonitor(proc, p->child[p->n], NULL);
        p->n++;
        return KD_NEXT_READY;
    }
    if (manner == 0)
        return KD_NEXT_WAIT; /* The killer will see to it. */
    if (manner == 1 && p->seen_end == 0)
        return KD_NEXT_WAIT; /* Or it is seen to end, one at least. */
    err->code = KD_EINTERNAL;
    strcpy(err->text, "parent");
    return manner == 1 ? KD_NEXT_DONE : KD_NEXT_FAIL;
}

static kd_next
killer_run(void *state, kd_proc *proc, int64_t number, kd_error *err)
{
    uint32_t *rounds = state;
    uint64_t mine = seed ^ (uint64_t)number * 31;

    (void)err;
    if ((*rounds)++ < actors_random(&mine) % 64)
        return KD_NEXT_READY;
    kd_proc_terminate(proc, parents[number], NULL);
    return KD_NEXT_DONE;
}

static const struct actor_role roles[] = {
    {"child", sizeof(int), child_run},
    {"parent", sizeof(struct parent), parent_run},
    {"killer", sizeof(uint32_t), killer_run},
    {NULL, 0, NULL},
};

/* (semantics B3, P7, S6, W9) */
static void
test_child_when_its_owner_ends_then_it_does_and_is_told_of_once(void)
{
    seed = actors_seed("stress_child_exit");
    actors_start(&actors, roles, 4);
    for (long i = 0; i < PARENTS; i++) {
        parents[i] = actors_spawn(&actors, "parent", i);
        actors_spawn(&actors, "killer", i);
    }
    actors_await(&actors.ended, 2 * PARENTS);
    actors_await(&actors.live, 0);
    CU_ASSERT_EQUAL(atomic_load(&wrong), 0);
    CU_ASSERT(atomic_load(&calls) > 0);
    CU_ASSERT(atomic_load(&readies) > 0);
    printf(
        "(%ld calls, %ld ready) ", atomic_load(&calls), atomic_load(&readies));
    CU_ASSERT_EQUAL(actors_stop(&actors, 30), KD_OK);
}

static const struct test_case tests[] = {
    TEST(test_child_when_its_owner_ends_then_it_does_and_is_told_of_once),
};

TEST_MAIN("stress_child_exit")
