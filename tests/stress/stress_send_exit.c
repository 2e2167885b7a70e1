/* SPDX-License-Identifier: MIT */
/*
 * Sends against exits (semantics D4, M1, X5): receivers end while they are
 * written to, and what a process sent before its end is there when its end is
 * seen.
 */

#include "../unit/actors.h"

#include "../unit/harness.h"

#define WATCHERS 5000
#define LETTERS  20

static struct actors actors;
static atomic_long lost;
static atomic_long out_of_order;
static atomic_long refused;
static atomic_long wrong;
static uint64_t seed;

struct watcher {
    kd_pid child;
    int began;
    int64_t next; /* The number that must come next. */
};

struct writer {
    kd_pid parent;
    int has_parent;
};

/* Writes to its parent, then ends in one way or another. */
static kd_next
writer_run(void *state, kd_proc *proc, int64_t number, kd_error *err)
{
    struct writer *writer = state;
    uint64_t mine = seed + (uint64_t)number;
    kd_message *message = kd_proc_next(proc);

    if (message == NULL)
        return KD_NEXT_WAIT;
    writer->parent = message->from;
    kd_proc_release(proc, message);
    for (int64_t i = 0; i < LETTERS; i++)
        actors_send(proc, writer->parent, i);
    if (actors_random(&mine) % 2 == 0)
        return KD_NEXT_DONE;
    err->code = KD_EINTERNAL;
    strcpy(err->text, "writer");
    return KD_NEXT_FAIL;
}

static void
mail_take(struct watcher *watcher, kd_proc *proc)
{
    kd_message *message;

    while ((message = kd_proc_next(proc)) != NULL) {
        if (actors_number(message) != watcher->next++)
            atomic_fetch_add(&out_of_order, 1);
        kd_proc_release(proc, message);
    }
}

static kd_next
watcher_run(void *state, kd_proc *proc, int64_t number, kd_error *err)
{
    struct watcher *watcher = state;
    kd_signal signal;
    kd_status status;

    (void)err;
    if (!watcher->began) {
        watcher->began = 1;
        actors_child(proc, "writer", number, KD_SPAWN_MONITOR, &watcher->child);
        actors_send(proc, watcher->child, 0);
        return KD_NEXT_WAIT;
    }
    if (kd_proc_signal(proc, &signal) == KD_OK) {
        mail_take(watcher, proc);
        if (watcher->next != LETTERS)
            atomic_fetch_add(&lost, 1);
        status = actors_send(proc, watcher->child, 1);
        if (status != KD_EGONE)
            atomic_fetch_add(&wrong, 1);
        return KD_NEXT_DONE;
    }
    mail_take(watcher, proc);
    /* While the child ends: taken or refused, never anything else. */
    status = actors_send(proc, watcher->child, 2);
    if (status == KD_EGONE)
        atomic_fetch_add(&refused, 1);
    else if (status != KD_OK)
        atomic_fetch_add(&wrong, 1);
    return KD_NEXT_WAIT;
}

static const struct actor_role roles[] = {
    {"writer", sizeof(struct writer), writer_run},
    {"watcher", sizeof(struct watcher), watcher_run},
    {NULL, 0, NULL},
};

/* (semantics D4, M1, X5) */
static void
test_send_when_the_receiver_ends_then_nothing_is_lost(void)
{
    seed = actors_seed("stress_send_exit");
    actors_start(&actors, roles, 4);
    for (long i = 0; i < WATCHERS; i++)
        actors_spawn(&actors, "watcher", i);
    actors_await(&actors.ended, WATCHERS);
    CU_ASSERT_EQUAL(atomic_load(&lost), 0);
    CU_ASSERT_EQUAL(atomic_load(&out_of_order), 0);
    CU_ASSERT_EQUAL(atomic_load(&wrong), 0);
    CU_ASSERT_EQUAL(atomic_load(&actors.failed), 0);
    printf("(%ld refused) ", atomic_load(&refused));
    CU_ASSERT_EQUAL(actors_stop(&actors, 30), KD_OK);
    CU_ASSERT_EQUAL(atomic_load(&actors.live), 0);
}

static const struct test_case tests[] = {
    TEST(test_send_when_the_receiver_ends_then_nothing_is_lost),
};

TEST_MAIN("stress_send_exit")
