/* SPDX-License-Identifier: MIT */
/*
 * The terminal of a process: who has it, what it reads and writes, and how a
 * read that waits is ended (semantics B2).
 */

#include "actors.h"

#include "expect.h"
#include "harness.h"
#include "text_check.h"

#include "runtime/input.h"

#include <kindred/ext/terminal.h>
#include <pthread.h>
#include <string.h>

static struct actors one;

/* The input: comes `chunk` bytes a call, or all of it when `gate` opens. */
static const char *input_text;
static size_t input_chunk;
static atomic_int input_is_gated;
static sem_t gate;
static atomic_long input_calls;

/* What readers got, with `|` behind each piece, and what was written. */
static char got[256];
static char written[256];
static sem_t asked;

static size_t
on_input(void *arg, char *data, size_t room)
{
    size_t n = strlen(input_text);

    (void)arg;
    atomic_fetch_add(&input_calls, 1);
    while (input_is_gated && sem_wait(&gate) != 0)
        continue;
    n = strlen(input_text);
    if (n > input_chunk)
        n = input_chunk;
    if (n > room)
        n = room;
    memcpy(data, input_text, n);
    input_text += n;
    return n;
}

static void
on_input_end(void *arg)
{
    (void)arg;
    input_is_gated = 0;
    sem_post(&gate);
}

static void
on_plain(void *arg, const char *data, size_t len)
{
    (void)arg;
    strncat(written, data, len);
}

static void
on_error(void *arg, const char *data, size_t len)
{
    (void)arg;
    strcat(written, "!");
    strncat(written, data, len);
}

static void
tune(kd_config *config)
{
    config->input = on_input;
    config->input_end = on_input_end;
    config->output = on_plain;
    config->error_output = on_error;
}

static void
start(const struct actor_role *roles, const char *text, size_t chunk)
{
    input_text = text;
    input_chunk = chunk;
    input_is_gated = 0;
    got[0] = written[0] = '\0';
    /* The end of the test before has opened it. */
    while (sem_trywait(&gate) == 0 || sem_trywait(&asked) == 0)
        continue;
    atomic_store(&input_calls, 0);
    actors_start_tuned(&one, roles, 2, "", tune);
}

static const kd_terminal *
terminal_of(const kd_proc *proc)
{
    return proc->api->service(proc->api, KD_TERMINAL);
}

struct reader {
    int has_asked;
    kd_ref ref;
};

/* Reads lines, or with a number as many bytes, until the end. */
static kd_next
reader_run(void *state, kd_proc *proc, int64_t number, kd_error *err)
{
    const kd_terminal *terminal = terminal_of(proc);
    struct reader *reader = state;
    kd_message *message;

    for (;;) {
        message = kd_proc_next(proc);
        if (message != NULL) {
            const kd_payload payload = message->payload;

            EXPECT((message->flags & KD_MESSAGE_REPLY) != 0);
            EXPECT(message->ref == reader->ref);
            EXPECT(strcmp(message->topic, KD_TERMINAL_TOPIC) == 0);
            if (payload.format == KD_FORMAT_BYTES)
                strncat(got, payload.data, payload.len);
            strcat(got, payload.format == KD_FORMAT_NONE ? "END" : "|");
            kd_proc_release(proc, message);
            if (payload.format == KD_FORMAT_NONE)
                return KD_NEXT_DONE;
        } else if (reader->has_asked) {
            return KD_NEXT_WAIT;
        }
        EXPECT(terminal->read(proc, number == 0 ? KD_TERMINAL_LINE : 0,
                   (size_t)number, &reader->ref, err) == KD_OK);
        reader->has_asked = 1;
        sem_post(&asked);
    }
}

static const struct actor_role readers[] = {
    {"reader", sizeof(struct reader), reader_run},
    {NULL, 0, NULL},
};

static void
test_cut_when_bytes_are_there_then_the_next_piece(void)
{
    static const struct {
        const char *data;
        int is_line;
        size_t most;
        int is_at_end;
        size_t cut;
        size_t given;
    } cases[] = {
        {"abc", 0, 10, 0, 3, 3},
        {"abc", 0, 2, 0, 2, 2},
        {"abc", 1, 10, 0, 0, 0},
        {"abc", 1, 10, 1, 3, 3},
        {"abc\nd", 1, 10, 0, 4, 3},
        {"abc\r\nd", 1, 10, 0, 5, 3},
        {"\n", 1, 10, 0, 1, 0},
        {"\r\n", 1, 10, 0, 2, 0},
        {"\rx\n", 1, 10, 0, 3, 2},
        /* A line that just fits, and its end; and one that does not. */
        {"abc", 1, 3, 0, 0, 0},
        {"abc\r", 1, 3, 0, 0, 0},
        {"abc\n", 1, 3, 0, 4, 3},
        {"abc\r\n", 1, 3, 0, 5, 3},
        {"abcd\n", 1, 3, 0, 3, 3},
        {"abcde", 1, 3, 0, 3, 3},
        {"abcd", 1, 3, 1, 3, 3},
    };
    size_t i;

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        size_t given = 0;
        size_t cut = kd__input_cut(cases[i].data, strlen(cases[i].data),
            cases[i].is_line, cases[i].most, cases[i].is_at_end, &given);

        CU_ASSERT_EQUAL(cut, cases[i].cut);
        if (cut > 0)
            CU_ASSERT_EQUAL(given, cases[i].given);
        if (cut != cases[i].cut)
            printf("case %zu\n", i);
    }
}

static void
test_read_when_lines_come_in_pieces_then_whole_lines(void)
{
    start(readers, "one\r\ntwo\n\nlast", 3);
    actors_spawn_as(&one, "reader", 0, KD_SPAWN_TERMINAL);
    actors_await(&one.ended, 1);
    CU_ASSERT_EQUAL(actors_stop(&one, 5), KD_OK);
    check_text("lines", got, "one|two||last|END");
    CU_ASSERT_EQUAL(atomic_load(&wrong), 0);
}

static void
test_read_when_bytes_are_wanted_then_what_comes(void)
{
    start(readers, "one\ntwo", 5);
    actors_spawn_as(&one, "reader", 3, KD_SPAWN_TERMINAL);
    actors_await(&one.ended, 1);
    CU_ASSERT_EQUAL(actors_stop(&one, 5), KD_OK);
    check_text("bytes", got, "one|\nt|wo|END");
    CU_ASSERT_EQUAL(atomic_load(&wrong), 0);
}

/* Nothing is taken from a terminal that nobody reads. */
static void
test_input_when_nobody_reads_then_not_called(void)
{
    start(readers, "one\n", 5);
    CU_ASSERT_EQUAL(actors_stop(&one, 5), KD_OK);
    CU_ASSERT_EQUAL(atomic_load(&input_calls), 0);
}

static void
test_stop_when_a_read_waits_then_it_is_told_of_the_end(void)
{
    start(readers, "", 5);
    input_is_gated = 1;
    actors_spawn_as(&one, "reader", 0, KD_SPAWN_TERMINAL);
    actors_await(&input_calls, 1);
    CU_ASSERT_EQUAL(actors_stop(&one, 60), KD_OK);
    check_text("end", got, "END");
    CU_ASSERT_EQUAL(atomic_load(&one.ended), 1);
    CU_ASSERT_EQUAL(atomic_load(&one.failed), 0);
}

static void
test_read_when_its_process_has_ended_then_the_next_gets_it(void)
{
    kd_pid first;

    start(readers, "mine\n", 5);
    input_is_gated = 1;
    first = actors_spawn_as(&one, "reader", 0, KD_SPAWN_TERMINAL);
    actors_await(&input_calls, 1);
    CU_ASSERT_EQUAL(one.api->terminate(one.api, first, NULL), KD_OK);
    actors_await(&one.ended, 1);
    actors_spawn_as(&one, "reader", 0, KD_SPAWN_TERMINAL);
    while (sem_wait(&asked) != 0 || sem_wait(&asked) != 0)
        continue;
    input_is_gated = 0;
    sem_post(&gate);
    actors_await(&one.ended, 2);
    CU_ASSERT_EQUAL(actors_stop(&one, 5), KD_OK);
    check_text("second", got, "mine|END");
}

/* Has none, can give none, and says so. */
static kd_next
outsider_run(void *state, kd_proc *proc, int64_t number, kd_error *err)
{
    const kd_terminal *terminal = terminal_of(proc);
    kd_pid child;
    kd_ref ref;

    (void)state;
    (void)number;
    EXPECT(!terminal->has(proc));
    EXPECT(terminal->args(proc).format == KD_FORMAT_NONE);
    EXPECT(terminal->write(proc, "x", 1, 0) == KD_EUNAVAIL);
    EXPECT(terminal->read(proc, 0, 0, &ref, err) == KD_EUNAVAIL);
    EXPECT(strcmp(err->text, "no terminal context") == 0);
    EXPECT(actors_child(proc, "outsider", 0, KD_SPAWN_TERMINAL, &child) ==
           KD_EINVAL);
    return KD_NEXT_DONE;
}

/* Writes to both, between what it prints. */
static kd_next
writer_run(void *state, kd_proc *proc, int64_t number, kd_error *err)
{
    static const unsigned char args[] = {0x91, 7};
    const kd_terminal *terminal = terminal_of(proc);
    const kd_payload payload = terminal->args(proc);

    (void)state;
    (void)err;
    EXPECT(number == 7);
    EXPECT(terminal->has(proc));
    EXPECT(payload.len == sizeof(args) &&
           memcmp(payload.data, args, sizeof(args)) == 0);
    EXPECT(kd_proc_print(proc, "a", 1, 0) == KD_OK);
    EXPECT(terminal->write(proc, "b", 1, KD_TERMINAL_ERROR) == KD_OK);
    EXPECT(terminal->write(proc, "c", 1, 0) == KD_OK);
    EXPECT(terminal->write(
               proc, "d", 1, KD_TERMINAL_ERROR | KD_TERMINAL_BEYOND) == KD_OK);
    EXPECT(terminal->write(proc, "e", 1, 4) == KD_EINVAL);
    EXPECT(kd_proc_print(proc, "f", 1, KD_PRINT_BEYOND | 8) == KD_EINVAL);
    return KD_NEXT_DONE;
}

static const struct actor_role writers[] = {
    {"outsider", 0, outsider_run},
    {"writer", 0, writer_run},
    {NULL, 0, NULL},
};

static void
test_terminal_when_not_given_then_it_says_so(void)
{
    start(writers, "", 1);
    actors_spawn(&one, "outsider", 0);
    actors_await(&one.ended, 1);
    CU_ASSERT_EQUAL(actors_stop(&one, 5), KD_OK);
    CU_ASSERT_EQUAL(atomic_load(&wrong), 0);
}

static void
test_write_when_given_then_in_order_with_print(void)
{
    start(writers, "", 1);
    actors_spawn_as(&one, "writer", 7, KD_SPAWN_TERMINAL);
    actors_await(&one.ended, 1);
    CU_ASSERT_EQUAL(actors_stop(&one, 5), KD_OK);
    check_text("both", written, "a!bc!d");
    CU_ASSERT_EQUAL(atomic_load(&wrong), 0);
}

static const struct test_case tests[] = {
    TEST(test_cut_when_bytes_are_there_then_the_next_piece),
    TEST(test_read_when_lines_come_in_pieces_then_whole_lines),
    TEST(test_read_when_bytes_are_wanted_then_what_comes),
    TEST(test_input_when_nobody_reads_then_not_called),
    TEST(test_stop_when_a_read_waits_then_it_is_told_of_the_end),
    TEST(test_read_when_its_process_has_ended_then_the_next_gets_it),
    TEST(test_terminal_when_not_given_then_it_says_so),
    TEST(test_write_when_given_then_in_order_with_print),
};

int
main(void)
{
    sem_init(&gate, 0, 0);
    sem_init(&asked, 0, 0);
    return harness_run("terminal", tests, sizeof(tests) / sizeof(tests[0]));
}
