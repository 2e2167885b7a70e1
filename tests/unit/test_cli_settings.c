/* SPDX-License-Identifier: MIT */
/*
 * Command lines: which words are options, which are the program's, and what
 * is said about those that make no sense.
 */

#include "harness.h"

#include "cli/settings.h"

#include <kindred/api.h>
#include <string.h>

#define WORDS_MAX 16

static const struct kd__command runs = {
    .name = "run",
    .options = KD__OPTION_EXEC | KD__OPTION_HOST | KD__OPTION_PLUGIN |
               KD__OPTION_LOG_LEVEL | KD__OPTION_LOG_FORMAT |
               KD__OPTION_SHUTDOWN_TIMEOUT,
};

static const struct kd__command inspects = {
    .name = "inspect", .usage = "FILE.so", .needs_word = 1};

static char wrong[256];
static char words[WORDS_MAX][64];
static char *argv[WORDS_MAX + 1];

/* The line is cut at its blanks. */
static int
parse(struct kd__settings *settings, const struct kd__command *command,
    const char *line)
{
    int argc = 0;

    while (*line != '\0' && argc < WORDS_MAX) {
        size_t len = strcspn(line, " ");

        memcpy(words[argc], line, len);
        words[argc][len] = '\0';
        argv[argc] = words[argc];
        argc++;
        line += len + (line[len] == ' ');
    }
    argv[argc] = NULL;
    wrong[0] = '\0';
    return kd__settings_parse(
        settings, command, argc, argv, wrong, sizeof(wrong));
}

static void
check_refused(
    const struct kd__command *command, const char *line, const char *says)
{
    struct kd__settings settings;

    CU_ASSERT_EQUAL(parse(&settings, command, line), -1);
    if (strcmp(wrong, says) != 0)
        printf("\n%s: %s\n", line, wrong);
    CU_ASSERT_STRING_EQUAL(wrong, says);
    kd__settings_fini(&settings);
}

static void
test_settings_of_a_bare_command_are_the_defaults(void)
{
    struct kd__settings settings;

    CU_ASSERT_EQUAL(parse(&settings, &runs, "run"), 0);
    CU_ASSERT_PTR_NULL(settings.word);
    CU_ASSERT_PTR_NULL(settings.exec);
    CU_ASSERT_EQUAL(settings.n_args, 0);
    CU_ASSERT_EQUAL(settings.log_level, KD_LOG_INFO);
    CU_ASSERT_FALSE(settings.log_is_json);
    CU_ASSERT_EQUAL(settings.shutdown_ns, 30000000000u);
    kd__settings_fini(&settings);
}

static void
test_settings_take_options_before_and_behind_the_folder(void)
{
    struct kd__settings settings;

    CU_ASSERT_EQUAL(parse(&settings, &runs,
                        "run --plugin a.so demo --plugin=b --log-level debug "
                        "--log-format json --shutdown-timeout 1m30s"),
        0);
    CU_ASSERT_STRING_EQUAL(settings.word, "demo");
    CU_ASSERT_EQUAL_FATAL(settings.n_plugins, 2);
    CU_ASSERT_STRING_EQUAL(settings.plugins[0], "a.so");
    CU_ASSERT_STRING_EQUAL(settings.plugins[1], "b");
    CU_ASSERT_EQUAL(settings.log_level, KD_LOG_DEBUG);
    CU_ASSERT_TRUE(settings.log_is_json);
    CU_ASSERT_EQUAL(settings.shutdown_ns, 90000000000u);
    kd__settings_fini(&settings);
}

static void
test_settings_with_exec_leave_the_rest_to_the_program(void)
{
    struct kd__settings settings;

    CU_ASSERT_EQUAL(parse(&settings, &runs,
                        "run demo --exec app:main --host app:h x --host -y"),
        0);
    CU_ASSERT_STRING_EQUAL(settings.word, "demo");
    CU_ASSERT_STRING_EQUAL(settings.exec, "app:main");
    CU_ASSERT_STRING_EQUAL(settings.host, "app:h");
    CU_ASSERT_EQUAL_FATAL(settings.n_args, 3);
    CU_ASSERT_STRING_EQUAL(settings.args[0], "x");
    CU_ASSERT_STRING_EQUAL(settings.args[1], "--host");
    CU_ASSERT_STRING_EQUAL(settings.args[2], "-y");
    kd__settings_fini(&settings);
}

static void
test_settings_with_two_dashes_end_the_options(void)
{
    struct kd__settings settings;

    CU_ASSERT_EQUAL(
        parse(&settings, &runs, "run --exec app:main -- --help --"), 0);
    CU_ASSERT_PTR_NULL(settings.word);
    CU_ASSERT_FALSE(settings.help);
    CU_ASSERT_EQUAL_FATAL(settings.n_args, 2);
    CU_ASSERT_STRING_EQUAL(settings.args[0], "--help");
    CU_ASSERT_STRING_EQUAL(settings.args[1], "--");
    kd__settings_fini(&settings);
    CU_ASSERT_EQUAL(parse(&settings, &runs, "run -- --demo"), 0);
    CU_ASSERT_STRING_EQUAL(settings.word, "--demo");
    kd__settings_fini(&settings);
}

static void
test_settings_with_help_need_nothing_else(void)
{
    struct kd__settings settings;

    CU_ASSERT_EQUAL(parse(&settings, &inspects, "inspect --help"), 0);
    CU_ASSERT_TRUE(settings.help);
    kd__settings_fini(&settings);
    CU_ASSERT_EQUAL(parse(&settings, &inspects, "inspect -h"), 0);
    CU_ASSERT_TRUE(settings.help);
    kd__settings_fini(&settings);
}

static void
test_settings_that_make_no_sense_are_refused(void)
{
    check_refused(&runs, "run a b", "'b' is one word too many for 'run'");
    check_refused(&runs, "run -- a b", "'b' is one word too many for 'run'");
    check_refused(
        &runs, "run --exac x", "unknown option '--exac', did you mean --exec?");
    check_refused(&runs, "run --zzzzzzzzz",
        "unknown option '--zzzzzzzzz' of "
        "'run'");
    check_refused(&runs, "run -z", "unknown option '-z'");
    check_refused(&runs, "run --exec", "--exec needs a value");
    check_refused(&runs, "run --help=3", "--help takes no value");
    check_refused(
        &runs, "run --no-plugins", "'run' has no option --no-plugins");
    check_refused(&runs, "run --host app:h", "--host goes with --exec");
    check_refused(&runs, "run --log-level loud",
        "--log-level wants error, warn, info or debug");
    check_refused(
        &runs, "run --log-format xml", "--log-format wants human or json");
    check_refused(&runs, "run --shutdown-timeout 30",
        "--shutdown-timeout wants a duration such as 30s or 1m30s");
    check_refused(&inspects, "inspect", "'inspect' wants FILE.so");
}

static const struct test_case tests[] = {
    TEST(test_settings_of_a_bare_command_are_the_defaults),
    TEST(test_settings_take_options_before_and_behind_the_folder),
    TEST(test_settings_with_exec_leave_the_rest_to_the_program),
    TEST(test_settings_with_two_dashes_end_the_options),
    TEST(test_settings_with_help_need_nothing_else),
    TEST(test_settings_that_make_no_sense_are_refused),
};

TEST_MAIN("cli_settings")
