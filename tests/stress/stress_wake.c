/* SPDX-License-Identifier: MIT */
/*
 * Messages against the begin of a slice (host/proc/wake.h): one comes just as
 * the receiver's next slice begins, with nothing to be seen in it, and it waits
 * afterwards. A message whose sender and receiver miss each other stays where
 * it is.
 */

#include "../unit/actors.h"

#include "../unit/harness.h"

#define LETTERS 200000
/* Longer than the next message needs to come. */
#define PAUSES 512

static struct actors actors;
static atomic_long received;
static uint64_t seed;

static void
pause_for(uint64_t pauses)
{
    for (volatile uint64_t i = 0; i < pauses; i++)
        continue;
}

static kd_next
receiver_run(void *state, kd_proc *proc, int64_t number, kd_error *err)
{
    kd_message *message = kd_proc_next(proc);

    (void)state;
    (void)number;
    (void)err;
    if (message == NULL)
        return KD_NEXT_WAIT;
    kd_proc_release(proc, message);
    if (atomic_fetch_add(&received, 1) + 1 == LETTERS)
        return KD_NEXT_DONE;
    pause_for(actors_random(&seed) % PAUSES);
    return KD_NEXT_READY;
}

static const struct actor_role roles[] = {
    {"receiver", 0, receiver_run},
    {NULL, 0, NULL},
};

static void
test_wake_when_a_slice_begins_then_no_message_is_left(void)
{
    kd_payload nothing = kd_payload_none();
    long refused = 0;
    kd_pid pid;

    seed = actors_seed("stress_wake");
    actors_start(&actors, roles, 1);
    pid = actors_spawn(&actors, "receiver", 0);
    for (long i = 0; i < LETTERS; i++) {
        actors_await(&received, i);
        if (actors.api->send(actors.api, pid, "n", 1, 0, &nothing, NULL) !=
            KD_OK)
            refused++;
    }
    actors_await(&actors.ended, 1);
    CU_ASSERT_EQUAL(refused, 0);
    CU_ASSERT_EQUAL(actors_stop(&actors, 30), KD_OK);
    CU_ASSERT_EQUAL(atomic_load(&actors.live), 0);
}

static const struct test_case tests[] = {
    TEST(test_wake_when_a_slice_begins_then_no_message_is_left),
};

TEST_MAIN("stress_wake")
