/* SPDX-License-Identifier: MIT */
/*
 * Who waits for room in a mailbox is told when what was refused has it, and
 * only then. One thread runs all: who does what when is fixed.
 */

#include "actors.h"

#include "expect.h"
#include "harness.h"
#include "proc/proc.h"

/* Of the mailbox; each message counts 64 bytes more than its payload. */
#define ROOM 2000

static struct actors actors;
static atomic_long given; /* Messages that the reader has given back. */
static atomic_long asked; /* Times that a writer has begun to wait. */
static atomic_long told;  /* Times that one was told that there is room. */
static atomic_long never; /* Writers that need not wait. */
static kd_pid reader;
static struct kd__proc *reader_proc;

/* What another's message counts while it is being refused. */
#define PHANTOM ((uint64_t)1 << 40 | 1500)

static kd_payload
payload_of(int64_t len)
{
    static const char bytes[2 * ROOM];

    return kd_payload_make(KD_FORMAT_BYTES, bytes, (size_t)len);
}

/* Gives back one message for each cancel, which takes no room. */
static kd_next
reader_run(void *state, kd_proc *proc, int64_t number, kd_error *err)
{
    kd_signal signal = {.size = sizeof(signal)};

    (void)state;
    (void)number;
    (void)err;
    reader_proc = kd__proc_of(proc);
    while (kd_proc_signal(proc, &signal) == KD_OK) {
        kd_proc_release(proc, kd_proc_next(proc));
        atomic_fetch_add(&given, 1);
    }
    return KD_NEXT_WAIT;
}

/* Sends as many bytes as its number, once there is room. */
static kd_next
writer_run(void *state, kd_proc *proc, int64_t number, kd_error *err)
{
    kd_payload payload = payload_of(number);
    kd_signal signal = {.size = sizeof(signal)};
    kd_status status;

    (void)state;
    (void)err;
    while (kd_proc_signal(proc, &signal) == KD_OK) {
        EXPECT(signal.type == KD_SIGNAL_ROOM);
        atomic_fetch_add(&told, 1);
    }
    status = kd_proc_send(proc, reader, "x", 1, 0, &payload, NULL);
    if (status == KD_OK)
        return KD_NEXT_DONE;
    EXPECT(status == KD_EFULL);
    status = kd_proc_when_room(proc, reader, NULL);
    if (status == KD_ETOOBIG) {
        atomic_fetch_add(&never, 1);
        return KD_NEXT_DONE;
    }
    EXPECT(status == KD_OK);
    atomic_fetch_add(&asked, 1);
    return KD_NEXT_WAIT;
}

/* Counts no more, as the reader has seen it do, and is refused. */
static kd_next
phantom_run(void *state, kd_proc *proc, int64_t number, kd_error *err)
{
    kd_payload payload = payload_of(number);

    (void)state;
    (void)err;
    atomic_fetch_sub(&reader_proc->mailbox.sent, PHANTOM);
    EXPECT(kd_proc_send(proc, reader, "x", 1, 0, &payload, NULL) == KD_EFULL);
    return KD_NEXT_DONE;
}

static kd_next
selfish_run(void *state, kd_proc *proc, int64_t number, kd_error *err)
{
    (void)state;
    (void)number;
    (void)err;
    EXPECT(kd_proc_when_room(proc, kd_proc_self(proc), NULL) == KD_EINVAL);
    return KD_NEXT_DONE;
}

static const struct actor_role roles[] = {
    {"reader", 1, reader_run},
    {"writer", 1, writer_run},
    {"phantom", 1, phantom_run},
    {"selfish", 1, selfish_run},
    {NULL, 0, NULL},
};

static const char entries[] =
    "- {name: narrow, kind: test.actor, role: reader,"
    " limits: {mailbox_bytes: 2000, mailbox_messages: 4}}\n";

static void
put(int64_t len)
{
    kd_payload payload = payload_of(len);

    CU_ASSERT_EQUAL(
        actors.api->send(actors.api, reader, "x", 1, 0, &payload, NULL), KD_OK);
}

/* A reader with one message of each length. */
static void
setup(int64_t first, int64_t second)
{
    const int64_t lens[] = {first, second};

    atomic_store(&given, 0);
    atomic_store(&asked, 0);
    atomic_store(&told, 0);
    atomic_store(&never, 0);
    actors_start_with(&actors, roles, 1, entries);
    reader = actors_spawn_on(&actors, "t:host", "narrow", 0, 0);
    for (int i = 0; i < 2 && lens[i] >= 0; i++)
        put(lens[i]);
}

static void
teardown(void)
{
    CU_ASSERT_EQUAL(atomic_load(&wrong), 0);
    CU_ASSERT_EQUAL(actors_stop(&actors, 30), KD_OK);
}

static void
have_it_give(void)
{
    long before = atomic_load(&given);

    actors.api->cancel(
        actors.api, reader, KD_NEVER, KD_CANCEL_TOLD, NULL, NULL);
    actors_await(&given, before + 1);
}

/* A writer waits until so many messages are given back, and no longer. */
static void
play(int64_t first, int64_t second, int64_t len, int gives)
{
    setup(first, second);
    actors_spawn(&actors, "writer", len);
    actors_await(&asked, 1);
    while (gives-- > 0)
        have_it_give();
    actors_await(&actors.ended, 1);
    CU_ASSERT_EQUAL(atomic_load(&asked), 1);
    teardown();
}

/* (semantics D5) */
static void
test_room_when_half_is_not_enough_then_told_when_all_is_free(void)
{
    play(300, 300, 1500, 2);
}

static void
test_room_when_half_is_enough_then_told_when_half_is_free(void)
{
    play(1200, 300, 900, 1);
}

/* Half of the messages, and on the one thread who was told has run before. */
static void
test_room_when_many_small_ones_are_there_then_told_when_half_is_free(void)
{
    setup(1, 1);
    put(1);
    put(1);
    actors_spawn(&actors, "writer", 1);
    actors_await(&asked, 1);
    have_it_give();
    actors_spawn(&actors, "selfish", 0);
    actors_await(&actors.ended, 1);
    CU_ASSERT_EQUAL(atomic_load(&told), 0);
    have_it_give();
    actors_await(&actors.ended, 2);
    teardown();
}

static void
test_room_when_there_never_is_enough_then_nobody_waits(void)
{
    setup(-1, -1);
    actors_spawn(&actors, "writer", ROOM);
    actors_await(&actors.ended, 1);
    CU_ASSERT_EQUAL(atomic_load(&never), 1);
    teardown();
}

/* What is being refused counts for a moment; who looks then sees no room. */
static void
test_room_when_seen_beside_one_that_is_refused_then_told_after_that(void)
{
    setup(1500, -1);
    actors_spawn(&actors, "writer", 900);
    actors_await(&asked, 1);
    atomic_fetch_add(&reader_proc->mailbox.sent, PHANTOM);
    have_it_give();
    actors_spawn(&actors, "phantom", ROOM);
    actors_await(&actors.ended, 2);
    CU_ASSERT_EQUAL(atomic_load(&asked), 1);
    teardown();
}

static void
test_room_of_ones_own_is_not_waited_for(void)
{
    setup(-1, -1);
    actors_spawn(&actors, "selfish", 0);
    actors_await(&actors.ended, 1);
    teardown();
}

static const struct test_case tests[] = {
    TEST(test_room_when_half_is_not_enough_then_told_when_all_is_free),
    TEST(test_room_when_half_is_enough_then_told_when_half_is_free),
    TEST(test_room_when_many_small_ones_are_there_then_told_when_half_is_free),
    TEST(test_room_when_there_never_is_enough_then_nobody_waits),
    TEST(test_room_when_seen_beside_one_that_is_refused_then_told_after_that),
    TEST(test_room_of_ones_own_is_not_waited_for),
};

TEST_MAIN("room")
