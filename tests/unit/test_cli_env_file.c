/* SPDX-License-Identifier: MIT */
/*
 * Files of --env-file: the format, and what is said about mistakes
 * (semantics A13).
 */

#include "harness.h"
#include "text_check.h"

#include "cli/env_file.h"

#include <kindred/types.h>
#include <string.h>

/* The variables with `|` behind each, or `line: sentence`. */
static void
check(const char *text, const char *expected)
{
    struct kd__env_list list = {NULL, 0, 0};
    kd_error err = KD_ERROR_INIT;
    char got[512] = "";
    unsigned line = 0;
    size_t i;

    if (kd__env_file_parse(&list, text, strlen(text), &line, &err) != KD_OK)
        snprintf(got, sizeof(got), "%u: %s", line, err.text);
    for (i = 0; i < list.n && err.text[0] == '\0'; i++) {
        strcat(got, list.items[i]);
        strcat(got, "|");
    }
    check_text(text, got, expected);
    kd__env_list_fini(&list);
}

static void
test_parse_when_lines_are_good_then_variables(void)
{
    static const char *const cases[][2] = {
        {"", ""},
        {"\n  \n# A=1\n\t# x", ""},
        {"A=1", "A=1|"},
        {"\xef\xbb\xbf"
         "A=1",
            "A=1|"},
        {"A=1\r\nB=2\r\n", "A=1|B=2|"},
        {"A=1\nA=2\n", "A=1|A=2|"},
        {"  A = 1  \n", "A=1|"},
        {"A=\nB=", "A=|B=|"},
        {"_a1=x=y", "_a1=x=y|"},
        {"export A=1\nexport=2\nexporter=3", "A=1|export=2|exporter=3|"},
        /* A comment needs a blank before it. */
        {"A=x#y # z", "A=x#y|"},
        {"A= # z\nB=#z", "A=|B=|"},
        {"A=one two", "A=one two|"},
        /* Nothing is replaced: neither here nor, in single quotes, \n. */
        {"A=$B ${C} \\n", "A=$B ${C} \\n|"},
        {"A='x\\n\"y' # z", "A=x\\n\"y|"},
        {"A=\"x\\n\\t\\\"y\\\\\\$\\q'\"", "A=x\n\t\"y\\$\\q'|"},
        {"A='one\ntwo'\nB=2", "A=one\ntwo|B=2|"},
        {"A=it's", "A=it's|"},
        {"A=\"\"", "A=|"},
    };
    size_t i;

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        check(cases[i][0], cases[i][1]);
}

static void
test_parse_when_a_line_is_bad_then_which(void)
{
#define NAME "NAME=value is expected, the name of letters, digits and _"
    static const char *const cases[][2] = {
        {"A=1\nB\n", "2: = is expected behind the name B"},
        {"1A=1", "1: " NAME},
        {"=1", "1: " NAME},
        {"A-B=1", "1: = is expected behind the name A"},
        {"export 1=1", "1: " NAME},
        {"\n\nA='x\ny\n", "3: the quote ' is not closed"},
        {"A=\"x\\", "1: the quote \" is not closed"},
        {"A='x\n' y", "2: only a comment may stand behind the quote that ends "
                      "a value"},
    };
    size_t i;

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        check(cases[i][0], cases[i][1]);
}

static void
test_parse_when_there_is_a_nul_then_refused(void)
{
    struct kd__env_list list = {NULL, 0, 0};
    unsigned line;

    CU_ASSERT_EQUAL(
        kd__env_file_parse(&list, "A=1\0B", 5, &line, NULL), KD_EFORMAT);
    CU_ASSERT_EQUAL(list.n, 0);
    kd__env_list_fini(&list);
}

static const struct test_case tests[] = {
    TEST(test_parse_when_lines_are_good_then_variables),
    TEST(test_parse_when_a_line_is_bad_then_which),
    TEST(test_parse_when_there_is_a_nul_then_refused),
};

TEST_MAIN("cli_env_file")
