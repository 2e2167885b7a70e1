/* SPDX-License-Identifier: MIT */
/*
 * Records as the command shows them, for humans and as JSON.
 */

#include "harness.h"

#include "cli/json.h"
#include "cli/log_sink.h"

#include <kindred/term.h>
#include <math.h>
#include <string.h>

/* 2023-11-14 22:13:20.123456789 UTC */
#define WHEN INT64_C(1700000000123456789)

static char *
format(const struct kd__log_sink *log, const kd_log_record *record,
    const char *pid)
{
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);

    CU_ASSERT_PTR_NOT_NULL_FATAL(out);
    kd__log_sink_format(log, out, record, WHEN, pid);
    fclose(out);
    return text;
}

static void
check(int is_json, int has_colour, const kd_log_record *record, const char *pid,
    const char *want)
{
    struct kd__log_sink log = {is_json, has_colour, KD_LOG_INFO};
    char *text = format(&log, record, pid);

    /* The hour is the machine's. */
    CU_ASSERT_STRING_EQUAL(is_json ? text : text + strlen("00:00:00"), want);
    free(text);
}

static void
write_fields(kd_writer *w)
{
    kd_write_map(w, 4);
    kd_write_text(w, "user");
    kd_write_text(w, "ann");
    kd_write_text(w, "note");
    kd_write_text(w, "two words");
    kd_write_text(w, "n");
    kd_write_int(w, -3);
    kd_write_text(w, "list");
    kd_write_array(w, 3);
    kd_write_bool(w, 1);
    kd_write_nil(w);
    kd_write_float(w, 0.5);
}

static void
test_log_for_humans_has_time_level_subject_pid_text(void)
{
    kd_log_record record = {.size = sizeof(record),
        .level = KD_LOG_WARN,
        .subject = "app:pool",
        .text = "too slow"};

    check(0, 0, &record, "{app:h|0x1f}",
        ".123 warn  app:pool {app:h|0x1f}: too slow\n");
    check(0, 0, &record, NULL, ".123 warn  app:pool: too slow\n");
    record.subject = NULL;
    record.level = KD_LOG_ERROR;
    record.file = "a.b";
    record.line = 12;
    check(0, 0, &record, "", ".123 error too slow (a.b:12)\n");
    check(0, 1, &record, "", ".123 \x1b[31merror\x1b[0m too slow (a.b:12)\n");
}

static void
test_log_for_humans_cannot_be_forged(void)
{
    kd_log_record record = {.size = sizeof(record),
        .level = KD_LOG_INFO,
        .text = "one\n12:00:00.000 error two\x1b[2J\n"};

    check(0, 0, &record, NULL,
        ".123 info  one\n    12:00:00.000 error two\\x1b[2J\n");
    record.subject = "app\nnext";
    record.text = "said";
    record.file = "a\nb\x1b";
    record.line = 1;
    check(0, 0, &record, NULL,
        ".123 info  app\n    next: said (a\n    b\\x1b:1)\n");
}

static void
test_log_fields_are_shown_in_both_forms(void)
{
    kd_log_record record = {
        .size = sizeof(record), .level = KD_LOG_INFO, .text = "in"};
    kd_writer w = {NULL, 0, 0, KD_OK};

    write_fields(&w);
    record.fields = kd_payload_make(KD_FORMAT_TERM, w.data, w.len);
    check(0, 0, &record, NULL,
        ".123 info  in user=ann note=\"two words\" n=-3 "
        "list=[true,null,0.5]\n");
    check(1, 0, &record, "{a|0x1}",
        "{\"time\":\"2023-11-14T22:13:20.123456Z\",\"level\":\"info\","
        "\"pid\":\"{a|0x1}\",\"text\":\"in\",\"fields\":{\"user\":\"ann\","
        "\"note\":\"two words\",\"n\":-3,\"list\":[true,null,0.5]}}\n");
    kd_writer_free(&w);
}

static void
test_log_as_json_escapes_and_repairs(void)
{
    kd_log_record record = {.size = sizeof(record),
        .level = KD_LOG_DEBUG,
        .text = "a\"b\\c\n\x01 \xc3\xa9 \xff\xc0\x80",
        .file = "x",
        .line = 3};

    check(1, 0, &record, NULL,
        "{\"time\":\"2023-11-14T22:13:20.123456Z\",\"level\":\"debug\","
        "\"text\":\"a\\\"b\\\\c\\n\\u0001 \xc3\xa9 "
        "\\ufffd\\ufffd\\ufffd\",\"file\":\"x\",\"line\":3}\n");
}

static void
check_term(const kd_payload *payload, const char *want)
{
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);

    CU_ASSERT_PTR_NOT_NULL_FATAL(out);
    kd__json_term(out, payload);
    fclose(out);
    CU_ASSERT_STRING_EQUAL(text, want);
    free(text);
}

static void
test_json_of_malformed_terms_is_null(void)
{
    unsigned char deep[200];
    kd_payload payload;

    memset(deep, 0x91, sizeof(deep)); /* lists of one, without an end */
    payload = kd_payload_make(KD_FORMAT_TERM, deep, sizeof(deep));
    check_term(&payload, "null");
    payload = kd_payload_make(KD_FORMAT_TERM, "\xda\xff\xff", 3);
    check_term(&payload, "null");
    payload = kd_payload_none();
    check_term(&payload, "null");
    payload = kd_payload_make(KD_FORMAT_BYTES, "\x01", 1);
    check_term(&payload, "null");
}

static void
test_json_of_extensions_shows_what_is_in_them(void)
{
    kd_writer body = {NULL, 0, 0, KD_OK};
    kd_writer w = {NULL, 0, 0, KD_OK};
    kd_pid pid = {0, 2, 31};
    kd_payload payload;

    kd_write_map(&body, 1);
    kd_write_text(&body, "message");
    kd_write_text(&body, "boom");
    kd_write_array(&w, 2);
    kd_write_ext(&w, KD_TERM_EXT_ERROR, body.data, body.len);
    kd_write_pid(&w, pid);
    payload = kd_payload_make(KD_FORMAT_TERM, w.data, w.len);
    check_term(&payload, "[{\"message\":\"boom\"},\"0:2:0x1f\"]");
    kd_writer_free(&body);
    kd_writer_free(&w);
}

/* 2^64 - 1, which only others write. */
static const char beyond[] = "\xcf\xff\xff\xff\xff\xff\xff\xff\xff";

static void
test_json_of_numbers_is_null_when_they_are_none(void)
{
    kd_writer w = {NULL, 0, 0, KD_OK};
    kd_payload payload;

    kd_write_array(&w, 5);
    kd_write_raw(&w, beyond, sizeof(beyond) - 1);
    kd_write_float(&w, 0.1);
    kd_write_float(&w, 1.0 / 3);
    kd_write_float(&w, HUGE_VAL);
    kd_write_float(&w, -HUGE_VAL);
    payload = kd_payload_make(KD_FORMAT_TERM, w.data, w.len);
    check_term(
        &payload, "[18446744073709551615,0.1,0.33333333333333331,null,null]");
    kd_writer_free(&w);
}

static void
test_json_of_keys_is_strings(void)
{
    kd_writer w = {NULL, 0, 0, KD_OK};
    kd_payload payload;

    kd_write_map(&w, 6);
    kd_write_int(&w, -1);
    kd_write_int(&w, 1);
    kd_write_raw(&w, beyond, sizeof(beyond) - 1);
    kd_write_int(&w, 2);
    kd_write_float(&w, 0.5);
    kd_write_int(&w, 3);
    kd_write_bool(&w, 1);
    kd_write_int(&w, 4);
    kd_write_array(&w, 1);
    kd_write_int(&w, 5);
    kd_write_int(&w, 6);
    kd_write_text(&w, "k");
    kd_write_map(&w, 0);
    payload = kd_payload_make(KD_FORMAT_TERM, w.data, w.len);
    check_term(&payload,
        "{\"-1\":1,\"18446744073709551615\":2,\"0.5\":3,\"true\":4,"
        "\"\":6,\"k\":{}}");
    kd_writer_free(&w);
}

/* Errors in errors: no walk over the outermost sees how deep it is. */
static void
test_json_of_what_is_too_deep_is_null(void)
{
    kd_writer inner = {NULL, 0, 0, KD_OK};
    kd_payload payload;
    char *text = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&text, &len);

    CU_ASSERT_PTR_NOT_NULL_FATAL(out);
    kd_write_array(&inner, 0);
    for (int i = 0; i < 100; i++) {
        kd_writer outer = {NULL, 0, 0, KD_OK};
        kd_writer list = {NULL, 0, 0, KD_OK};

        kd_write_array(&list, 1);
        kd_write_raw(&list, inner.data, inner.len);
        kd_write_ext(&outer, KD_TERM_EXT_ERROR, list.data, list.len);
        kd_writer_free(&list);
        kd_writer_free(&inner);
        inner = outer;
    }
    payload = kd_payload_make(KD_FORMAT_TERM, inner.data, inner.len);
    kd__json_term(out, &payload);
    fclose(out);
    CU_ASSERT_EQUAL(strspn(text, "["), KD_TERM_MAX_DEPTH);
    CU_ASSERT_EQUAL(strncmp(text + KD_TERM_MAX_DEPTH, "null]", 5), 0);
    CU_ASSERT_EQUAL(len, 2 * KD_TERM_MAX_DEPTH + 4);
    free(text);
    kd_writer_free(&inner);
}

/* A body that is cut short, and an extension that nobody knows. */
static void
test_json_of_unknown_extensions_is_null(void)
{
    kd_writer w = {NULL, 0, 0, KD_OK};
    kd_payload payload;

    kd_write_array(&w, 2);
    kd_write_ext(&w, KD_TERM_EXT_ERROR, "\x91", 1);
    kd_write_ext(&w, 99, "x", 1);
    payload = kd_payload_make(KD_FORMAT_TERM, w.data, w.len);
    check_term(&payload, "[null,null]");
    kd_writer_free(&w);
}

static const struct test_case tests[] = {
    TEST(test_log_for_humans_has_time_level_subject_pid_text),
    TEST(test_log_for_humans_cannot_be_forged),
    TEST(test_log_fields_are_shown_in_both_forms),
    TEST(test_log_as_json_escapes_and_repairs),
    TEST(test_json_of_malformed_terms_is_null),
    TEST(test_json_of_extensions_shows_what_is_in_them),
    TEST(test_json_of_numbers_is_null_when_they_are_none),
    TEST(test_json_of_keys_is_strings),
    TEST(test_json_of_what_is_too_deep_is_null),
    TEST(test_json_of_unknown_extensions_is_null),
};

TEST_MAIN("cli_log")
