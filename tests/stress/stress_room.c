/* SPDX-License-Identifier: MIT */
/*
 * Releases against those who wait for room: readers with room for four
 * messages on threads of their own, and writers on others who fill it, wait to
 * be told of room, and go on. One who is not told waits for ever.
 */

#include "../unit/actors.h"

#include "../unit/harness.h"

#include <sched.h>

#define READERS 8
#define LASTING 2
#define WRITERS 2
#define LETTERS 50000

static const char entries[] =
    "- {name: far, kind: process.host, host: {workers: 1}, "
    "lifecycle: {auto_start: true}}\n"
    "- {name: narrow, kind: test.actor, role: reader, limits: "
    "{mailbox_messages: 4}}\n"
    "- {name: blocking, kind: test.blocking, role: lasting, limits: "
    "{mailbox_messages: 4}}\n";

static struct actors actors;
static atomic_long waits;
static atomic_long wrong;

struct reader {
    int began;
    long received;
};

struct writer {
    kd_pid reader;
    int began;
    int64_t sent;
};

/* Whether all has been received. */
static int
read_all(struct reader *reader, kd_proc *proc)
{
    kd_message *message;
    kd_signal signal = {.size = sizeof(signal)};
    kd_pid writer;

    for (int i = 0; !reader->began && i < WRITERS; i++) {
        actors_child(proc, "writer", i, 0, &writer);
        actors_send(proc, writer, 0);
    }
    reader->began = 1;
    while (kd_proc_signal(proc, &signal) == KD_OK)
        continue;
    while ((message = kd_proc_next(proc)) != NULL) {
        reader->received++;
        kd_proc_release(proc, message);
    }
    return reader->received == WRITERS * LETTERS;
}

static kd_next
reader_run(void *state, kd_proc *proc, int64_t number, kd_error *err)
{
    (void)number;
    (void)err;
    return read_all(state, proc) ? KD_NEXT_DONE : KD_NEXT_WAIT;
}

/* All in one call, as kinds that block may. */
static kd_next
lasting_run(void *state, kd_proc *proc, int64_t number, kd_error *err)
{
    (void)number;
    (void)err;
    while (!read_all(state, proc))
        sched_yield();
    return KD_NEXT_DONE;
}

static kd_next
writer_run(void *state, kd_proc *proc, int64_t number, kd_error *err)
{
    struct writer *writer = state;
    kd_signal signal = {.size = sizeof(signal)};
    kd_message *message = kd_proc_next(proc);
    kd_status status = KD_OK;

    (void)number;
    (void)err;
    if (message != NULL) {
        writer->began = 1;
        writer->reader = message->from;
        kd_proc_release(proc, message);
    }
    while (kd_proc_signal(proc, &signal) == KD_OK)
        continue;
    while (writer->began && writer->sent < LETTERS && status == KD_OK) {
        status = actors_send(proc, writer->reader, writer->sent);
        if (status == KD_OK)
            writer->sent++;
    }
    if (writer->sent == LETTERS)
        return KD_NEXT_DONE;
    if (status == KD_EFULL) {
        atomic_fetch_add(&waits, 1);
        status = kd_proc_when_room(proc, writer->reader, NULL);
    }
    if (status != KD_OK)
        atomic_fetch_add(&wrong, 1);
    return KD_NEXT_WAIT;
}

static const struct actor_role roles[] = {
    {"reader", sizeof(struct reader), reader_run},
    {"lasting", sizeof(struct reader), lasting_run},
    {"writer", sizeof(struct writer), writer_run},
    {NULL, 0, NULL},
};

static void
play(const char *role, int readers)
{
    atomic_store(&waits, 0);
    actors_start_with(&actors, roles, 2, entries);
    for (int i = 0; i < readers; i++)
        actors_spawn_on(&actors, "t:far", role, i, 0);
    actors_await(&actors.ended, readers);
    CU_ASSERT_EQUAL(atomic_load(&actors.failed), 0);
    CU_ASSERT_EQUAL(atomic_load(&wrong), 0);
    printf("(%ld waits) ", atomic_load(&waits));
    CU_ASSERT(atomic_load(&waits) > 0);
    CU_ASSERT_EQUAL(actors_stop(&actors, 30), KD_OK);
    CU_ASSERT_EQUAL(atomic_load(&actors.live), 0);
}

static void
test_room_when_readers_release_then_no_writer_is_forgotten(void)
{
    play("narrow", READERS);
}

static void
test_room_when_a_call_lasts_then_no_writer_is_forgotten(void)
{
    play("blocking", LASTING);
}

static const struct test_case tests[] = {
    TEST(test_room_when_readers_release_then_no_writer_is_forgotten),
    TEST(test_room_when_a_call_lasts_then_no_writer_is_forgotten),
};

TEST_MAIN("stress_room")
