/* SPDX-License-Identifier: MIT */
/*
 * Links against exits (semantics W4 to W9, X6): victims fail at random moments
 * while others link to them, trap or not, and unlink again.
 *
 * Whatever the order, a linker either hears that the victim is gone, or gets
 * its failure exactly once; and who has unlinked in time gets nothing.
 */

#include "../unit/actors.h"

#include "../unit/harness.h"

#define PAIRS 20000
#define KINDS 3 /* Plain, trapping, and trapping that unlinks. */

static struct actors actors;
static kd_pid victims[PAIRS];
static atomic_long unlinked_then_told;
static atomic_long told_twice;
static atomic_long told;
static atomic_long too_late;
static uint64_t seed;

struct linker {
    int began;
    int downs;
    int unlinked;
    int rounds;
};

static kd_next
victim_run(void *state, kd_proc *proc, int64_t number, kd_error *err)
{
    int *rounds = state;
    uint64_t mine = seed + (uint64_t)number;

    (void)proc;
    if ((*rounds)++ < (int)(actors_random(&mine) % 4))
        return KD_NEXT_READY;
    err->code = KD_EINTERNAL;
    strcpy(err->text, "victim");
    return KD_NEXT_FAIL;
}

static void
signals_take(struct linker *linker, kd_proc *proc)
{
    kd_signal signal;

    while (kd_proc_signal(proc, &signal) == KD_OK) {
        if (signal.type != KD_SIGNAL_LINK_DOWN)
            continue;
        atomic_fetch_add(&told, 1);
        if (linker->unlinked)
            atomic_fetch_add(&unlinked_then_told, 1);
        if (linker->downs++ > 0)
            atomic_fetch_add(&told_twice, 1);
    }
}

static kd_next
linker_run(void *state, kd_proc *proc, int64_t number, kd_error *err)
{
    struct linker *linker = state;
    kd_pid victim = victims[number / KINDS];

    (void)err;
    signals_take(linker, proc);
    if (!linker->began) {
        linker->began = 1;
        kd_proc_set_trap(proc, number % KINDS != 0);
        if (kd_proc_link(proc, victim, NULL) != KD_OK) {
            atomic_fetch_add(&too_late, 1);
            return KD_NEXT_DONE;
        }
        if (number % KINDS != 2)
            return KD_NEXT_WAIT;
        kd_proc_unlink(proc, victim, NULL);
        linker->unlinked = 1;
    }
    if (linker->unlinked)
        return linker->rounds++ < 8 ? KD_NEXT_READY : KD_NEXT_DONE;
    return linker->downs > 0 ? KD_NEXT_DONE : KD_NEXT_WAIT;
}

static const struct actor_role roles[] = {
    {"victim", sizeof(int), victim_run},
    {"linker", sizeof(struct linker), linker_run},
    {NULL, 0, NULL},
};

/* (semantics W5, W6, W9, X6) */
static void
test_link_when_the_target_fails_then_it_is_told_once(void)
{
    long ended = 0;

    seed = actors_seed("stress_link_exit");
    actors_start(&actors, roles, 4);
    for (long i = 0; i < PAIRS; i++) {
        victims[i] = actors_spawn(&actors, "victim", i);
        for (long k = 0; k < KINDS; k++)
            actors_spawn(&actors, "linker", i * KINDS + k);
        ended += 1 + KINDS;
    }
    actors_await(&actors.ended, ended);
    CU_ASSERT_EQUAL(atomic_load(&unlinked_then_told), 0);
    CU_ASSERT_EQUAL(atomic_load(&told_twice), 0);
    /* Plain linkers fail with their victims, and nobody else does. */
    CU_ASSERT(atomic_load(&actors.failed) >= PAIRS);
    CU_ASSERT(atomic_load(&actors.failed) <= 2 * PAIRS);
    CU_ASSERT(atomic_load(&told) <= PAIRS);
    printf("(%ld told, %ld too late) ", atomic_load(&told),
        atomic_load(&too_late));
    CU_ASSERT_EQUAL(actors_stop(&actors, 30), KD_OK);
    CU_ASSERT_EQUAL(atomic_load(&actors.live), 0);
}

static const struct test_case tests[] = {
    TEST(test_link_when_the_target_fails_then_it_is_told_once),
};

TEST_MAIN("stress_link_exit")
