/* SPDX-License-Identifier: MIT */
/*
 * From a process's end to the command's status and message (semantics O3).
 */

#include "harness.h"

#include "cli/exit_status.h"

#include <kindred/term.h>
#include <string.h>

static int
status_of(kd_writer *w)
{
    kd_payload value = kd_payload_make(KD_FORMAT_TERM, w->data, w->len);
    int status = kd__exit_status(&value);

    kd_writer_free(w);
    return status;
}

static int
status_of_int(int64_t value)
{
    kd_writer w = {NULL, 0, 0, KD_OK};

    kd_write_int(&w, value);
    return status_of(&w);
}

static void
test_status_of_an_integer_is_itself_up_to_125(void)
{
    CU_ASSERT_EQUAL(status_of_int(0), 0);
    CU_ASSERT_EQUAL(status_of_int(7), 7);
    CU_ASSERT_EQUAL(status_of_int(125), 125);
    CU_ASSERT_EQUAL(status_of_int(126), 1);
    CU_ASSERT_EQUAL(status_of_int(-1), 1);
    CU_ASSERT_EQUAL(status_of_int(INT64_MAX), 1);
}

static void
test_status_of_other_values_is_0_but_for_false(void)
{
    kd_payload none = kd_payload_none();
    kd_writer w = {NULL, 0, 0, KD_OK};

    CU_ASSERT_EQUAL(kd__exit_status(&none), 0);
    kd_write_bool(&w, 0);
    CU_ASSERT_EQUAL(status_of(&w), 1);
    kd_write_bool(&w, 1);
    CU_ASSERT_EQUAL(status_of(&w), 0);
    kd_write_text(&w, "3");
    CU_ASSERT_EQUAL(status_of(&w), 0);
    kd_write_float(&w, 3.0);
    CU_ASSERT_EQUAL(status_of(&w), 0);
    kd_write_nil(&w);
    CU_ASSERT_EQUAL(status_of(&w), 0);
}

static void
check_message(kd_writer *body, const char *want)
{
    kd_writer w = {NULL, 0, 0, KD_OK};
    kd_payload error;
    char *message;

    kd_write_ext(&w, KD_TERM_EXT_ERROR, body->data, body->len);
    error = kd_payload_make(KD_FORMAT_TERM, w.data, w.len);
    message = kd__exit_message(&error);
    CU_ASSERT_STRING_EQUAL(message, want);
    free(message);
    kd_writer_free(&w);
    kd_writer_free(body);
}

static void
test_message_is_found_wherever_it_stands(void)
{
    kd_writer body = {NULL, 0, 0, KD_OK};

    kd_write_map(&body, 3);
    kd_write_text(&body, "kind");
    kd_write_text(&body, "Internal");
    kd_write_text(&body, "details");
    kd_write_map(&body, 1);
    kd_write_text(&body, "message");
    kd_write_text(&body, "not this one");
    kd_write_text(&body, "message");
    kd_write_text(&body, "boom");
    check_message(&body, "boom");
}

static void
test_message_when_there_is_none_is_a_word_for_it(void)
{
    kd_writer body = {NULL, 0, 0, KD_OK};
    kd_payload none = kd_payload_none();
    char *message = kd__exit_message(&none);

    CU_ASSERT_STRING_EQUAL(message, "unknown error");
    free(message);
    kd_write_map(&body, 1);
    kd_write_text(&body, "kind");
    kd_write_text(&body, "Timeout");
    check_message(&body, "Timeout");
    kd_write_raw(&body, "\x83\xc1", 2);
    check_message(&body, "unknown error");
}

static const struct test_case tests[] = {
    TEST(test_status_of_an_integer_is_itself_up_to_125),
    TEST(test_status_of_other_values_is_0_but_for_false),
    TEST(test_message_is_found_wherever_it_stands),
    TEST(test_message_when_there_is_none_is_a_word_for_it),
};

TEST_MAIN("cli_exit_status")
