/* SPDX-License-Identifier: MIT */
/*
 * Requests that the module `supervisor` never sends: a supervisor answers each
 * that is malformed with an error, once, and lives on (semantics S17 to S20).
 * And answers that are larger than the asker's limit.
 */

#include "actors.h"

#include "expect.h"
#include "harness.h"

#include <string.h>

static struct actors actors;

/* The one child is `a`. */
static const char *const topics[] = {
    "@supervisor.start_child",
    "@supervisor.terminate_child",
    "@supervisor.restart_child",
    "@supervisor.delete_child",
};

#define BYTES(literal)                                                         \
    {                                                                          \
        literal, sizeof(literal) - 1                                           \
    }

static const struct {
    const char *data;
    size_t len;
} bodies[] = {
    BYTES(""),                     /* Nothing. */
    BYTES("\xc0"),                 /* No array. */
    BYTES("\x90"),                 /* Without arguments. */
    BYTES("\x91"),                 /* Cut short. */
    BYTES("\xdd\xff\xff\xff\xff"), /* Cut short by far. */
    BYTES("\x91\x07"),             /* A number. */
    BYTES("\x91\xa1"),             /* A string that is cut short. */
    BYTES("\x91\xa1z"),            /* Nobody's id. */
    BYTES("\x91\x81"),             /* A record that is cut short. */
    BYTES("\x91\x81\x01\x01"),     /* One whose key is a number. */
    BYTES("\x91\x81\xa2id\xc1"),   /* One whose value is none. */
    BYTES("\x91\xc1"),             /* What no term begins with. */
};

#define N_TOPICS (sizeof(topics) / sizeof(topics[0]))
#define N_BODIES (sizeof(bodies) / sizeof(bodies[0]))

struct asker {
    kd_pid supervisor;
    int has_asked;
    size_t n_answers;
};

static void
ask(kd_proc *proc, struct asker *asker)
{
    kd_spawn spawn = {.size = sizeof(spawn), .entry = "t:crew"};
    kd_ref ref;

    spawn.args = spawn.context = kd_payload_none();
    spawn.flags = KD_SPAWN_OWN | KD_SPAWN_MONITOR;
    EXPECT(kd_proc_spawn(proc, &spawn, &asker->supervisor, NULL) == KD_OK);
    for (size_t i = 0; i < N_TOPICS; i++) {
        for (size_t j = 0; j < N_BODIES; j++) {
            kd_payload body =
                kd_payload_make(KD_FORMAT_TERM, bodies[j].data, bodies[j].len);

            /* It is no request, and nobody wants an answer. */
            EXPECT(kd_proc_send(proc, asker->supervisor, topics[i],
                       strlen(topics[i]), 0, &body, NULL) == KD_OK);
            EXPECT(kd_proc_request(proc, asker->supervisor, topics[i], &body,
                       KD_NEVER, &ref, NULL) == KD_OK);
        }
    }
}

static int
is_error(const kd_message *message)
{
    kd_reader r = kd_reader_make(message->payload.data, message->payload.len);
    kd_item item;

    return (message->flags & KD_MESSAGE_REPLY) != 0 &&
           kd_reader_next(&r, &item) == KD_TERM_EXT &&
           item.integer == KD_TERM_EXT_ERROR;
}

static kd_next
asker_run(void *state, kd_proc *proc, int64_t number, kd_error *err)
{
    struct asker *asker = state;
    kd_message *message;
    kd_signal signal;

    (void)number;
    (void)err;
    if (!asker->has_asked)
        ask(proc, asker);
    asker->has_asked = 1;
    while ((message = kd_proc_next(proc)) != NULL) {
        EXPECT(is_error(message));
        kd_proc_release(proc, message);
        asker->n_answers++;
    }
    EXPECT(kd_proc_signal(proc, &signal) == KD_ENOTFOUND);
    if (asker->n_answers < N_TOPICS * N_BODIES)
        return KD_NEXT_WAIT;
    EXPECT(proc->api->pid_alive(proc->api, asker->supervisor));
    return KD_NEXT_DONE;
}

/* What it asks for is more than it may get: it is told so, if there is room for
 * that, and learns of it by its timeout otherwise (semantics M11). */
static kd_next
narrow_run(void *state, kd_proc *proc, int64_t number, kd_error *err)
{
    struct asker *asker = state;
    kd_time due = number == 0 ? KD_NEVER : proc->api->now_ns(proc->api);
    kd_spawn spawn = {.size = sizeof(spawn), .entry = "t:crowd"};
    kd_message *message;
    kd_signal signal;
    kd_ref ref;

    (void)err;
    if (!asker->has_asked) {
        spawn.args = spawn.context = kd_payload_none();
        spawn.flags = KD_SPAWN_OWN;
        EXPECT(kd_proc_spawn(proc, &spawn, &asker->supervisor, NULL) == KD_OK);
        EXPECT(
            kd_proc_request(proc, asker->supervisor,
                "@supervisor.which_children", NULL, due, &ref, NULL) == KD_OK);
        asker->has_asked = 1;
        return KD_NEXT_WAIT;
    }
    message = kd_proc_next(proc);
    if (message != NULL) {
        EXPECT(number == 0 && is_error(message));
        EXPECT(memmem(message->payload.data, message->payload.len,
                   "message too large", 17) != NULL);
        kd_proc_release(proc, message);
        return KD_NEXT_DONE;
    }
    if (kd_proc_signal(proc, &signal) != KD_OK)
        return KD_NEXT_WAIT;
    EXPECT(number == 1 && signal.type == KD_SIGNAL_REPLY_FAILED);
    return KD_NEXT_DONE;
}

static kd_next
child_run(void *state, kd_proc *proc, int64_t number, kd_error *err)
{
    kd_signal signal;

    (void)state;
    (void)number;
    (void)err;
    while (kd_proc_signal(proc, &signal) == KD_OK) {
        if (signal.type == KD_SIGNAL_CANCEL)
            return KD_NEXT_DONE;
    }
    return KD_NEXT_WAIT;
}

static const struct actor_role roles[] = {
    {"asker", sizeof(struct asker), asker_run},
    {"child", 1, child_run},
    {"narrow", sizeof(struct asker), narrow_run},
    {NULL, 0, NULL},
};

static const char entries[] =
    "- {name: crew, kind: supervisor.one_for_one,"
    " children: [{id: a, process: child}]}\n"
    "- {name: crowd, kind: supervisor.one_for_one,"
    " children: [{id: a, process: child, count: 50}]}\n"
    "- {name: narrow0, kind: test.actor, role: narrow,"
    " limits: {message_bytes: 512}}\n"
    "- {name: narrow1, kind: test.actor, role: narrow,"
    " limits: {message_bytes: 16}}\n";

static void
play(const char *entry, int64_t number)
{
    actors_start_with(&actors, roles, 2, entries);
    actors_spawn(&actors, entry, number);
    actors_await(&actors.ended, 1);
    CU_ASSERT_EQUAL(atomic_load(&actors.failed), 0);
    CU_ASSERT_EQUAL(actors_stop(&actors, 30), KD_OK);
    CU_ASSERT_EQUAL(atomic_load(&actors.live), 0);
    CU_ASSERT_EQUAL(atomic_load(&wrong), 0);
}

static void
test_requests_when_malformed_then_each_is_answered_with_an_error(void)
{
    play("asker", 0);
}

static void
test_answer_when_too_large_for_the_asker_then_it_is_told(void)
{
    play("narrow0", 0);
}

static void
test_answer_when_too_large_to_be_told_then_the_deadline_holds(void)
{
    play("narrow1", 1);
}

static const struct test_case tests[] = {
    TEST(test_requests_when_malformed_then_each_is_answered_with_an_error),
    TEST(test_answer_when_too_large_for_the_asker_then_it_is_told),
    TEST(test_answer_when_too_large_to_be_told_then_the_deadline_holds),
};

TEST_MAIN("supervisor_requests")
