/* SPDX-License-Identifier: MIT */
/*
 * The pure parts of process.program: lines and MessagePack values out of bytes
 * that come in pieces of any size, arguments, orders, ends.
 */

#include "harness.h"

#include "process_program/args.h"
#include "process_program/lines.h"
#include "process_program/msgpack.h"
#include "process_program/order.h"
#include "process_program/outcome.h"

#include <errno.h>
#include <signal.h>
#include <string.h>

/* The lines of a text that comes `step` bytes at a time, each in brackets. */
static const char *
lines_of(const char *text, size_t len, size_t max, size_t step)
{
    static char all[512];
    size_t at = 0, have = 0, scanned = 0;
    struct kp_line line;

    all[0] = '\0';
    for (;;) {
        while (kp__lines_next(
            text + at, have - at, max, have == len, &scanned, &line)) {
            snprintf(all + strlen(all), sizeof(all) - strlen(all), "[%.*s]",
                (int)line.len, text + at);
            at += line.used;
        }
        if (have == len)
            return all;
        have += step < len - have ? step : len - have;
    }
}

static void
check_lines(const char *text, size_t max, const char *wanted)
{
    size_t len = strlen(text);

    for (size_t step = 1; step <= len + 1; step++)
        CU_ASSERT_STRING_EQUAL(lines_of(text, len, max, step), wanted);
}

/* (semantics E5) */
static void
test_lines_when_cut_anywhere_then_the_same(void)
{
    check_lines("", 10, "");
    check_lines("a\nb\r\n\n\r\nlast", 10, "[a][b][][][last]");
    check_lines("one\n", 10, "[one]");
    check_lines("a\rb\r\r\nc\r", 10, "[a\rb\r][c\r]");
    check_lines("\n", 10, "[]");
}

/* (semantics E5) */
static void
test_lines_when_too_long_then_in_pieces(void)
{
    check_lines("abcdefgh\nij\n", 3, "[abc][def][gh][ij]");
    check_lines("abc\nabc\r\nabcd\r\nabc", 3, "[abc][abc][abc][d][abc]");
    check_lines("abcdef", 3, "[abc][def]");
    check_lines("abcdef\r\n", 3, "[abc][def]");
    check_lines("abcdef\r", 3, "[abc][def][\r]");
    check_lines("xyz", 1, "[x][y][z]");
}

/* Where the value at the start of the bytes ends, coming `step` at a time; -1:
 * none, -2: too long, -3: not whole. */
static long
value_end(const void *bytes, size_t len, size_t max, size_t step)
{
    const unsigned char *data = bytes;
    struct kp_msgpack value = {0};
    size_t have = 0;

    for (;;) {
        have += step < len - have ? step : len - have;
        switch (kp__msgpack_next(&value, data, have, max)) {
        case KP_MSGPACK_WHOLE:
            return (long)value.at;
        case KP_MSGPACK_BAD:
            return -1;
        case KP_MSGPACK_LONG:
            CU_ASSERT(value.at > max);
            return -2;
        default:
            if (have == len)
                return -3;
        }
    }
}

static void
check_value(const void *bytes, size_t len, size_t max, long wanted)
{
    for (size_t step = 1; step <= len + 1; step++)
        CU_ASSERT_EQUAL(value_end(bytes, len, max, step), wanted);
}

#define CHECK_VALUE(bytes, wanted)                                             \
    check_value(bytes, sizeof(bytes) - 1, 1000, wanted)

/* (semantics E5) */
static void
test_msgpack_when_of_any_type_then_its_end_is_found(void)
{
    CHECK_VALUE("\x01\x02", 1);
    CHECK_VALUE("\xe0", 1);
    CHECK_VALUE("\xc0", 1);
    CHECK_VALUE("\xc3", 1);
    CHECK_VALUE("\xcc\x80", 2);
    CHECK_VALUE("\xcd\x01\x00", 3);
    CHECK_VALUE("\xce\x01\x00\x00\x00", 5);
    CHECK_VALUE("\xcf\xff\x00\x00\x00\x00\x00\x00\x00", 9);
    CHECK_VALUE("\xd0\x80\x00", 2);
    CHECK_VALUE("\xd1\x80\x00", 3);
    CHECK_VALUE("\xd2\x80\x00\x00\x00", 5);
    CHECK_VALUE("\xd3\x80\x00\x00\x00\x00\x00\x00\x00", 9);
    CHECK_VALUE("\xca\x3f\x80\x00\x00", 5);
    CHECK_VALUE("\xcb\x3f\xf0\x00\x00\x00\x00\x00\x00", 9);
    CHECK_VALUE("\xa3"
                "abc"
                "d",
        4);
    CHECK_VALUE("\xd9\x03"
                "abc",
        5);
    CHECK_VALUE("\xda\x00\x03"
                "abc",
        6);
    CHECK_VALUE("\xdb\x00\x00\x00\x03"
                "abc",
        8);
    CHECK_VALUE("\xc4\x02"
                "ab",
        4);
    CHECK_VALUE("\xc5\x00\x02"
                "ab",
        5);
    CHECK_VALUE("\xc6\x00\x00\x00\x02"
                "ab",
        7);
    CHECK_VALUE("\x90", 1);
    CHECK_VALUE("\x93\x01\xa1"
                "a\x90\x01",
        5);
    CHECK_VALUE("\xdc\x00\x01\xc0", 4);
    CHECK_VALUE("\xdd\x00\x00\x00\x01\xc0", 6);
    CHECK_VALUE("\x81\xa1"
                "k\x81\x01\x02",
        6);
    CHECK_VALUE("\xde\x00\x01\xc2\x01", 5);
    CHECK_VALUE("\xdf\x00\x00\x00\x01\x01\x01", 7);
    CHECK_VALUE("\xd8\x02"
                "0123456789abcdef",
        18);
    CHECK_VALUE("\xc7\x0b\x01\x81\xa7message\xc0", -3);
    CHECK_VALUE("\xc7\x0a\x01\x81\xa7message\xc0", 13);
}

/* (semantics E5) */
static void
test_msgpack_when_cut_short_then_more_is_wanted(void)
{
    CHECK_VALUE("", -3);
    CHECK_VALUE("\xa3"
                "ab",
        -3);
    CHECK_VALUE("\x92\x01", -3);
    CHECK_VALUE("\xdb\x00\x00", -3);
    CHECK_VALUE("\x81\x01", -3);
}

/* Also what is MessagePack but cannot travel (semantics E5, M9, M10). */
static void
test_msgpack_when_none_then_bad(void)
{
    CHECK_VALUE("\xc1", -1);
    CHECK_VALUE("\x92\x01\xc1", -1);
    CHECK_VALUE("\x81\xc0\x01", -1);
    CHECK_VALUE("\x81\x90\x01", -1);
    CHECK_VALUE("\x81\xcb\x7f\xf8\x00\x00\x00\x00\x00\x00\x01", -1);
    CHECK_VALUE("\xd6\xff\x00\x00\x00\x00", -1);
    CHECK_VALUE("\xd4\x02\x00", -1);
    CHECK_VALUE("\xd4\x01\xc0", -1);
    CHECK_VALUE("\xd5\x01\x80\x00", -1);
    CHECK_VALUE("\xd6\x01\x81\x01\x01\x01", -1);
}

/* What it claims is enough: nothing is kept for it (semantics E5, E8). */
static void
test_msgpack_when_it_claims_too_much_then_long_at_once(void)
{
    CHECK_VALUE("\xdb\xff\xff\xff\xff", -2);
    CHECK_VALUE("\xdd\xff\xff\xff\xff", -2);
    CHECK_VALUE("\xdf\xff\xff\xff\xff", -2);
    CHECK_VALUE("\xc9\xff\xff\xff\xff\x01", -2);
    check_value("\xa4"
                "abcd",
        5, 5, 5);
    check_value("\xa5"
                "abcde",
        6, 5, -2);
    check_value("\x95\x01\x01\x01\x01\x01", 6, 5, -2);
}

/* (semantics M10) */
static void
test_msgpack_when_deep_then_up_to_64_levels(void)
{
    char deep[70];

    memset(deep, '\x91', sizeof(deep));
    deep[64] = '\x01';
    check_value(deep, 65, 1000, 65);
    deep[64] = '\x91';
    deep[65] = '\x01';
    check_value(deep, 66, 1000, -1);
}

static kd_payload
payload_of(const kd_writer *w)
{
    return kd_payload_make(KD_FORMAT_TERM, w->data, w->len);
}

/* (semantics E2) */
static void
test_args_when_strings_and_numbers_then_text(void)
{
    static const char wanted[] = "a b\0\0"
                                 "-7\0"
                                 "1.5\0"
                                 "2.0\0"
                                 "1e+100";
    struct kp_args args = {0};
    kd_error err = KD_ERROR_INIT;
    kd_writer w = {0};
    kd_payload payload;

    kd_write_array(&w, 6);
    kd_write_text(&w, "a b");
    kd_write_text(&w, "");
    kd_write_int(&w, -7);
    kd_write_float(&w, 1.5);
    kd_write_float(&w, 2);
    kd_write_float(&w, 1e100);
    payload = payload_of(&w);
    CU_ASSERT_EQUAL(kp__args_read(&args, &payload, &err), KD_OK);
    CU_ASSERT_EQUAL(args.count, 6);
    CU_ASSERT_EQUAL(args.text.len, sizeof(wanted));
    CU_ASSERT(memcmp(args.text.data, wanted, sizeof(wanted)) == 0);
    kd_writer_free(&args.text);
    kd_writer_free(&w);
    payload = kd_payload_none();
    args.count = 0;
    CU_ASSERT_EQUAL(kp__args_read(&args, &payload, &err), KD_OK);
    CU_ASSERT_EQUAL(args.count, 0);
}

/* (semantics E2) */
static void
test_args_when_anything_else_then_refused(void)
{
    struct kp_args args = {0};
    kd_error err = KD_ERROR_INIT;
    kd_writer w = {0};
    kd_payload payload;

    kd_write_array(&w, 2);
    kd_write_text(&w, "fine");
    kd_write_map(&w, 0);
    payload = payload_of(&w);
    CU_ASSERT_EQUAL(kp__args_read(&args, &payload, &err), KD_EINVAL);
    CU_ASSERT_STRING_EQUAL(err.text,
        "arguments of a program are strings and numbers: args[2] is a table");
    w.len = 0;
    kd_write_array(&w, 1);
    kd_write_string(&w, "a\0b", 3);
    payload = payload_of(&w);
    CU_ASSERT_EQUAL(kp__args_read(&args, &payload, &err), KD_EINVAL);
    CU_ASSERT(strstr(err.text, "args[1] is a string with a zero byte") != NULL);
    kd_writer_free(&args.text);
    kd_writer_free(&w);
}

static int
read_order(struct kp_order *order, uint32_t n_args, uint32_t n_env,
    const char *strings, size_t len)
{
    static char data[200];
    struct kp_order_head head = {n_args, n_env};

    memcpy(data, &head, sizeof(head));
    memcpy(data + sizeof(head), strings, len);
    return kp__order_read(order, data, sizeof(head) + len);
}

static void
test_order_when_whole_then_read_and_else_refused(void)
{
    static const char strings[] = "/tmp\0echo\0hello\0PATH=/bin\0X=";
    struct kp_order order;
    char few[3] = {0};

    CU_ASSERT_EQUAL(read_order(&order, 2, 2, strings, sizeof(strings)), 0);
    CU_ASSERT_STRING_EQUAL(order.folder, "/tmp");
    CU_ASSERT_STRING_EQUAL(order.args[1], "hello");
    CU_ASSERT_PTR_NULL(order.args[2]);
    CU_ASSERT_STRING_EQUAL(order.env[1], "X=");
    CU_ASSERT_PTR_NULL(order.env[2]);
    CU_ASSERT_STRING_EQUAL(kp__order_env(&order, "PATH"), "/bin");
    CU_ASSERT_PTR_NULL(kp__order_env(&order, "PAT"));
    kp__order_free(&order);
    CU_ASSERT_EQUAL(
        read_order(&order, 2, 2, strings, sizeof(strings) - 1), EPROTO);
    CU_ASSERT_EQUAL(read_order(&order, 3, 2, strings, sizeof(strings)), EPROTO);
    CU_ASSERT_EQUAL(read_order(&order, 2, 1, strings, sizeof(strings)), EPROTO);
    CU_ASSERT_EQUAL(read_order(&order, 0, 4, strings, sizeof(strings)), EPROTO);
    CU_ASSERT_EQUAL(
        read_order(&order, UINT32_MAX, UINT32_MAX, strings, sizeof(strings)),
        EPROTO);
    CU_ASSERT_EQUAL(kp__order_read(&order, few, sizeof(few)), EPROTO);
}

/* (semantics E9, E10) */
static void
test_outcome_normal_or_not(void)
{
    static const struct {
        struct kp_outcome outcome;
        int32_t asked;
        int is_normal;
    } cases[] = {
        {{0, 0}, 0, 1},
        {{0, 3}, 0, 0},
        {{0, 3}, SIGTERM, 1},
        {{1, SIGTERM}, 0, 0},
        {{1, SIGTERM}, SIGTERM, 1},
        {{1, SIGTERM}, SIGINT, 0},
        {{1, SIGKILL}, SIGTERM, 0},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        CU_ASSERT_EQUAL(
            kp__outcome_is_normal(&cases[i].outcome, cases[i].asked),
            cases[i].is_normal);
}

static void
check_outcome(struct kp_outcome outcome, const char *sentence)
{
    kd_writer w = {0};
    kd_reader r;
    kd_item item;

    kp__outcome_error(&outcome, &w);
    r = kd_reader_make(w.data, w.len);
    CU_ASSERT_EQUAL(kd_reader_skip(&r), KD_OK);
    CU_ASSERT_PTR_EQUAL(r.at, r.end);
    r = kd_reader_make(w.data, w.len);
    CU_ASSERT_EQUAL(kd_reader_next(&r, &item), KD_TERM_EXT);
    CU_ASSERT(memmem(item.data, item.len, sentence, strlen(sentence)) != NULL);
    CU_ASSERT(memmem(item.data, item.len, "Internal", 8) != NULL);
    CU_ASSERT(memmem(item.data, item.len,
                  outcome.was_killed ? "\xa7"
                                       "details\x81\xa6"
                                       "signal"
                                     : "\xa7"
                                       "details\x81\xa6"
                                       "status",
                  16) != NULL);
    kd_writer_free(&w);
}

/* (semantics E9) */
static void
test_outcome_says_how_it_ended(void)
{
    check_outcome((struct kp_outcome){0, 3}, "exit status 3");
    check_outcome((struct kp_outcome){1, 9}, "killed by signal 9 (KILL)");
    check_outcome((struct kp_outcome){1, 60}, "killed by signal 60");
    CU_ASSERT_EQUAL(kp__signal_number("USR2"), SIGUSR2);
    CU_ASSERT_EQUAL(kp__signal_number("NONE"), 0);
}

static const struct test_case tests[] = {
    TEST(test_lines_when_cut_anywhere_then_the_same),
    TEST(test_lines_when_too_long_then_in_pieces),
    TEST(test_msgpack_when_of_any_type_then_its_end_is_found),
    TEST(test_msgpack_when_cut_short_then_more_is_wanted),
    TEST(test_msgpack_when_none_then_bad),
    TEST(test_msgpack_when_it_claims_too_much_then_long_at_once),
    TEST(test_msgpack_when_deep_then_up_to_64_levels),
    TEST(test_args_when_strings_and_numbers_then_text),
    TEST(test_args_when_anything_else_then_refused),
    TEST(test_order_when_whole_then_read_and_else_refused),
    TEST(test_outcome_normal_or_not),
    TEST(test_outcome_says_how_it_ended),
};

TEST_MAIN("program_parts")
