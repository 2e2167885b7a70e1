/* SPDX-License-Identifier: MIT */
/*
 * Reports: their form, their order, their bound (semantics A8).
 */

#include "text_check.h"

#include "entry/report.h"

static char lines[65536];

static void
show(void *arg, uint32_t level, const char *line)
{
    size_t len = strlen(lines);

    (void)arg;
    snprintf(lines + len, sizeof(lines) - len, "%u %s\n", level, line);
}

static void
add(struct kd__report *report, const char *file, uint32_t line, uint32_t column,
    const char *entry, const char *text)
{
    const struct kd__place place = {file, entry, line, column};

    kd__report_add(report, KD_LOG_ERROR, &place, "%s", text);
}

static void
test_flush_when_places_differ_then_in_their_order(void)
{
    struct kd__report report;

    lines[0] = '\0';
    kd__report_init(&report);
    add(&report, "b", 1, 1, NULL, "six");
    add(&report, "a", 10, 1, "n:x", "five");
    add(&report, "a", 2, 7, NULL, "four");
    add(&report, "a", 2, 3, NULL, "two");
    add(&report, "a", 2, 3, NULL, "three");
    add(&report, "a", 2, 0, "n:y", "one");
    add(&report, "a", 0, 0, NULL, "zero");
    add(&report, NULL, 0, 0, "n:z", "first");
    CU_ASSERT_EQUAL(report.errors, 8);
    kd__report_flush(&report, show, NULL);
    check_text("lines", lines,
        "1 n:z: first\n1 a: zero\n1 a:2: n:y: one\n1 a:2:3: two\n"
        "1 a:2:3: three\n1 a:2:7: four\n1 a:10:1: n:x: five\n1 b:1:1: six\n");
    lines[0] = '\0';
    kd__report_flush(&report, show, NULL);
    check_text("again", lines, "");
    CU_ASSERT_EQUAL(report.errors, 8);
    kd__report_fini(&report);
}

static void
test_flush_when_a_warning_then_it_is_no_error(void)
{
    const struct kd__place place = {"a", NULL, 1, 0};
    struct kd__report report;

    lines[0] = '\0';
    kd__report_init(&report);
    kd__report_add(&report, KD_LOG_WARN, &place, "mind");
    CU_ASSERT_EQUAL(report.errors, 0);
    kd__report_flush(&report, show, NULL);
    check_text("lines", lines, "2 a:1: mind\n");
    kd__report_fini(&report);
}

static void
test_flush_when_there_are_very_many_then_some_and_their_number(void)
{
    struct kd__report report;
    uint32_t i;

    lines[0] = '\0';
    kd__report_init(&report);
    for (i = 5000; i > 0; i--)
        add(&report, "a", i, 1, NULL, "x");
    kd__report_flush(&report, show, NULL);
    CU_ASSERT_EQUAL(report.errors, 5000);
    CU_ASSERT_PTR_NOT_NULL(strstr(lines, "1 and 4900 more errors\n"));
    CU_ASSERT_PTR_NOT_NULL(strstr(lines, "1 a:4100:1: x\n"));
    CU_ASSERT_PTR_NULL(strstr(lines, "1 a:4101:1: x\n"));
    kd__report_fini(&report);
}

static void
test_flush_when_there_is_one_too_many_then_one_is_not_several(void)
{
    struct kd__report report;
    uint32_t i;

    lines[0] = '\0';
    kd__report_init(&report);
    for (i = 0; i <= KD__REPORT_SHOWN; i++)
        add(&report, "a", i, 1, NULL, "x");
    kd__report_flush(&report, show, NULL);
    CU_ASSERT_PTR_NOT_NULL(strstr(lines, "1 and 1 more error\n"));
    kd__report_fini(&report);
}

/* However many warnings come first, the error behind them is shown. */
static void
test_flush_when_there_are_very_many_warnings_then_the_error_too(void)
{
    struct kd__report report;

    lines[0] = '\0';
    kd__report_init(&report);
    for (uint32_t i = 1; i <= 1101; i++) {
        const struct kd__place place = {"a", NULL, i, 1};

        kd__report_add(&report, KD_LOG_WARN, &place, "odd");
    }
    add(&report, "b", 1, 1, NULL, "wrong");
    CU_ASSERT_EQUAL(report.errors, 1);
    kd__report_flush(&report, show, NULL);
    CU_ASSERT_PTR_NOT_NULL(strstr(lines, "2 a:100:1: odd\n"));
    CU_ASSERT_PTR_NULL(strstr(lines, "a:101:1"));
    CU_ASSERT_PTR_NOT_NULL(
        strstr(lines, "1 b:1:1: wrong\n2 and 1001 more warnings\n"));
    CU_ASSERT_PTR_NULL(strstr(lines, "more error"));
    kd__report_fini(&report);
}

static void
test_add_when_text_could_steer_a_terminal_then_harmless(void)
{
    struct kd__report report;

    lines[0] = '\0';
    kd__report_init(&report);
    add(&report, "a", 1, 1, NULL, "x\ny\x1b[2J\x7f \xc3\xa4");
    kd__report_flush(&report, show, NULL);
    check_text("lines", lines, "1 a:1:1: x?y?[2J? \xc3\xa4\n");
    kd__report_fini(&report);
}

/* Two entries use one source: its error is told with the first of them. */
static void
test_add_when_another_entry_has_the_line_then_once(void)
{
    struct kd__place place = {"a.lua", "app:a", 3, 0};
    struct kd__report report;

    kd__report_init(&report);
    kd__report_add(&report, KD_LOG_ERROR, &place, "no end");
    place.entry = "app:b";
    kd__report_add(&report, KD_LOG_ERROR, &place, "no end");
    CU_ASSERT_EQUAL(report.errors, 1);
    kd__report_add(&report, KD_LOG_ERROR, &place, "no beginning");
    kd__report_add(&report, KD_LOG_WARN, &place, "no end");
    place.line = 4;
    kd__report_add(&report, KD_LOG_ERROR, &place, "no end");
    place.column = 1;
    kd__report_add(&report, KD_LOG_ERROR, &place, "no end");
    kd__report_add(&report, KD_LOG_ERROR, &place, "no end");
    CU_ASSERT_EQUAL(report.errors, 5);
    kd__report_fini(&report);
}

static const struct test_case tests[] = {
    TEST(test_flush_when_places_differ_then_in_their_order),
    TEST(test_flush_when_a_warning_then_it_is_no_error),
    TEST(test_flush_when_there_are_very_many_then_some_and_their_number),
    TEST(test_flush_when_there_is_one_too_many_then_one_is_not_several),
    TEST(test_flush_when_there_are_very_many_warnings_then_the_error_too),
    TEST(test_add_when_text_could_steer_a_terminal_then_harmless),
    TEST(test_add_when_another_entry_has_the_line_then_once),
};

TEST_MAIN("report")
