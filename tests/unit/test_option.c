/* SPDX-License-Identifier: MIT */
/*
 * Options of an entry against its kind's table: types, defaults, and what is
 * said about mistakes (semantics A11, A14, L1, K2).
 */

#include "entry_app.h"
#include "node_dump.h"

#define HEAD "namespace: a\nentries:\n  - name: x\n    kind: test.types\n"
#define AT   "DIR/_index.yaml:5:"

/* What one option becomes. */
static void
check_value(const char *option, const char *name, const char *expected)
{
    struct dump dump = {.len = 0};
    const kd_node *node;
    struct app app;
    char text[512];

    snprintf(text, sizeof(text), HEAD "    %s\n", option);
    app_init(&app);
    app_write(&app, "_index.yaml", text);
    app_load(&app);
    check_text(option, app.lines, "");
    node = kd__entry_get(app_entry(&app, "a:x"), name);
    if (node != NULL)
        dump_node(&dump, node);
    check_text(option, dump.text, expected);
    app_fini(&app);
}

static void
test_value_when_good_then_of_the_options_type(void)
{
    static const char *const cases[][3] = {
        {"bool: false", "bool", "bool no"},
        {"int: 100", "int", "int 100"},
        {"int: 0x10", "int", "int 16"},
        {"float: 1.5", "float", "float 1.5"},
        {"float: 3", "float", "float 3"},
        {"string: text", "string", "\"text\""},
        {"string: \"1.0\"", "string", "\"1.0\""},
        {"duration: 1.5s", "duration", "int 1500000000"},
        {"duration: 0", "duration", "int 0"},
        {"duration: \"0\"", "duration", "int 0"},
        {"bytes: 4096", "bytes", "int 4096"},
        {"bytes: 64 KiB", "bytes", "int 65536"},
        {"bytes: 2MiB", "bytes", "int 2097152"},
        {"bytes: 1 GiB", "bytes", "int 1073741824"},
        {"choice: blue", "choice", "\"blue\""},
        {"source: return 1", "source", "\"return 1\""},
        {"list: [1, 2]", "list", "[int 1, int 2]"},
        {"list: []", "list", "[]"},
        {"map: {a: b, c: d}", "map", "{a: \"b\", c: \"d\"}"},
        {"group: {workers: 4}", "group", "{workers: int 4}"},
        {"group: {max_processes: 7}", "group",
            "{workers: int 0, max_processes: int 7}"},
        {"any: [1, {a: ~}]", "any", "[int 1, {a: null}]"},
        {"any: 7", "any", "int 7"},
        {"meta: {a: {b: 1}}", "meta.a.b", "int 1"},
    };
    size_t i;

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        check_value(cases[i][0], cases[i][1], cases[i][2]);
}

static void
test_value_when_absent_then_its_default(void)
{
    check_value("int: 1", "",
        "{bool: bool yes, int: int 1, float: float 2, string: \"5\", "
        "duration: int 5400000000000, bytes: int 67108864, choice: \"red\", "
        "number: \"1\", "
        "group: {workers: int 0}, meta: {}}");
    check_value("int: 1", "list", "");
    check_value("int: 1", "strict", "");
    check_value("int: 1", "group.workers.x", "");
}

static void
test_value_when_a_default_then_it_has_no_line(void)
{
    const kd_entry *entry;
    struct app app;

    app_init(&app);
    app_write(&app, "_index.yaml", HEAD "    group: {workers: 1}\n");
    app_load(&app);
    entry = app_entry(&app, "a:x");
    CU_ASSERT_EQUAL(kd__entry_get(entry, "bool")->line, 0);
    CU_ASSERT_EQUAL(kd__entry_get(entry, "meta")->line, 0);
    CU_ASSERT_EQUAL(kd__entry_get(entry, "group.workers")->line, 5);
    CU_ASSERT_EQUAL(kd__entry_get(entry, "group.workers")->column, 22);
    CU_ASSERT_STRING_EQUAL(kd__entry_get(entry, "group")->key, "group");
    app_fini(&app);
}

/* One line of options, and the one that is reported, without its place. */
struct mistake {
    const char *option;
    unsigned column;
    const char *text;
};

static void
check_mistake(const struct mistake *mistake)
{
    char text[512], lines[1024];
    const struct app_case one = {mistake->option, text, lines};

    snprintf(text, sizeof(text), HEAD "    %s\n", mistake->option);
    snprintf(lines, sizeof(lines), AT "%u: a:x: %s\n", mistake->column,
        mistake->text);
    app_check(&one);
}

static void
test_value_when_of_another_type_then_what_would_be_right(void)
{
    static const struct mistake mistakes[] = {
        {"bool: yes", 11, "bool must be true or false, not the text \"yes\""},
        {"bool: 1", 11, "bool must be true or false, not the integer 1"},
        {"bool:", 10, "bool must be true or false, not null"},
        {"int: x", 10, "int must be an integer, not the text \"x\""},
        {"int: 0123456789012345678901234567890123456789x", 10,
            "int must be an integer, not the text "
            "\"0123456789012345678901234567890123456789\"..."},
        {"int: 012345678901234567890123456789012345678\xc3\xa9x", 10,
            "int must be an integer, not the text "
            "\"012345678901234567890123456789012345678\"..."},
        {"int: 1.5", 10, "int must be an integer, not the number 1.5"},
        {"int: \"1\"", 10, "int must be an integer, not the text \"1\""},
        {"float: [1]", 12, "float must be a number, not a list"},
        {"string: 1.0", 13,
            "string must be a string, not the number 1.0; quote it: \"1.0\""},
        {"string: true", 13,
            "string must be a string, not the boolean true; quote it: "
            "\"true\""},
        {"string: null", 13,
            "string must be a string, not null; quote it: \"null\""},
        {"string:", 12, "string must be a string, not null"},
        {"string: {}", 13, "string must be a string, not a mapping"},
        {"duration: 5", 15,
            "duration must be a duration with a unit like 5s, not the integer "
            "5"},
        {"duration: 5x", 15,
            "duration: time: unknown unit \"x\" in duration \"5x\""},
        {"duration: \"5\"", 15,
            "duration: time: missing unit in duration \"5\""},
        {"duration: soon", 15, "duration: time: invalid duration \"soon\""},
        {"bytes: 1.5 MiB", 12,
            "bytes must be a size in bytes, or like 64 KiB, MiB or GiB, not "
            "the text \"1.5 MiB\""},
        {"bytes: 5 MB", 12,
            "bytes must be a size in bytes, or like 64 KiB, MiB or GiB, not "
            "the text \"5 MB\""},
        {"bytes: -1", 12, "bytes must be a size, which is not negative"},
        {"bytes: 9000000000 GiB", 12, "bytes is a size beyond 64 bits"},
        {"bytes: 99999999999999999999 KiB", 12,
            "bytes is a size beyond 64 bits"},
        {"choice: pink", 13,
            "choice must be red, green or blue, not the text \"pink\""},
        {"choice: 1", 13,
            "choice must be red, green or blue, not the integer 1; quote it: "
            "\"1\""},
        {"choice: re", 13,
            "choice must be red, green or blue, not the text \"re\""},
        {"source: 5", 13,
            "source must be source text or file://PATH, not the integer 5; "
            "quote it: \"5\""},
        {"entry: a b", 12,
            "entry must be the id of an entry, namespace:name of letters, "
            "digits and _ . - /, not the text \"a b\""},
        {"entry: \"a:\"", 12,
            "entry must be the id of an entry, namespace:name of letters, "
            "digits and _ . - /, not the text \"a:\""},
        {"entry: [x]", 12, "entry must be the id of an entry, not a list"},
        {"list: 1", 11, "list must be a list, not the integer 1"},
        {"list:", 10, "list must be a list, not null"},
        {"list: [1, x]", 15, "list[1] must be an integer, not the text \"x\""},
        {"map: [1]", 10, "map must be a mapping, not a list"},
        {"map: {a: 1}", 14,
            "map.a must be a string, not the integer 1; quote it: \"1\""},
        {"group: x", 12, "group must be a mapping, not the text \"x\""},
        {"meta: x", 11, "meta must be a mapping, not the text \"x\""},
        {"strict: {}", 13, "strict.must is required"},
    };
    size_t i;

    for (i = 0; i < sizeof(mistakes) / sizeof(mistakes[0]); i++)
        check_mistake(&mistakes[i]);
}

static void
test_value_when_out_of_bounds_then_the_bound(void)
{
    static const struct mistake mistakes[] = {
        {"int: 101", 10, "int must be at most 100"},
        {"int: -6", 10, "int must be at least -5"},
        {"positive: 0", 15, "positive must be greater than 0"},
        {"natural: -1", 14, "natural must be greater than 0, or 0"},
        {"float: -0.5", 12, "float must be at least 0 and at most 10"},
        {"float: .nan", 12, "float must be at least 0 and at most 10"},
        {"short: -1s", 12, "short must be at least 0s"},
        {"short: 2s", 12, "short must be at most 1s"},
        {"group: {workers: -1}", 22,
            "group.workers must be greater than 0, or 0"},
    };
    size_t i;

    for (i = 0; i < sizeof(mistakes) / sizeof(mistakes[0]); i++)
        check_mistake(&mistakes[i]);
}

static void
test_option_when_unknown_then_what_may_be_meant(void)
{
    static const struct mistake mistakes[] = {
        {"strng: x", 5, "unknown option strng; did you mean string?"},
        {"group: {worker: 1}", 13,
            "unknown option group.worker; did you mean workers?"},
        {"group: {zzz: 1}", 13,
            "unknown option group.zzz; known here: workers, max_processes"},
        /* The kind asks for none of these two. */
        {"limits: {}", 5,
            "unknown option limits; known here: bool, int, positive, natural, "
            "float, string, duration, short, bytes, choice, number, source, "
            "entry, "
            "list, map, group, strict, any, meta"},
    };
    size_t i;

    for (i = 0; i < sizeof(mistakes) / sizeof(mistakes[0]); i++)
        check_mistake(&mistakes[i]);
}

static void
test_option_when_required_and_absent_then_said_at_the_entry(void)
{
    static const struct app_case one = {"required",
        "namespace: a\nentries:\n  - name: x\n    kind: test.worker\n",
        "DIR/_index.yaml:3:5: a:x: source is required\n"};

    app_check(&one);
}

static void
test_option_when_ignored_then_said_at_info(void)
{
    static const struct app_case one = {"ignored",
        "namespace: a\nentries:\n  - name: x\n    kind: process.host\n"
        "    queue_size: 5\n",
        "info: DIR/_index.yaml:5:5: a:x: option queue_size is accepted and "
        "has no effect\n"};

    app_check(&one);
}

static void
test_option_when_default_is_bad_then_the_kind_is_blamed(void)
{
    static const struct app_case one = {"broken",
        "namespace: a\nentries:\n  - name: x\n    kind: test.broken\n",
        "DIR/_index.yaml:3:11: a:x: a cannot be read (the kind's own "
        "default)\n"
        "DIR/_index.yaml:3:11: a:x: b must be an integer, not the text \"x\" "
        "(the kind's own default)\n"
        "DIR/_index.yaml:3:11: a:x: unknown option c.no; known here: workers, "
        "max_processes (the kind's own default)\n"};

    app_check(&one);
}

/* (semantics K8) */
static void
test_option_when_kind_is_open_then_all_are_kept(void)
{
    struct dump dump = {.len = 0};
    struct app app;

    app_init(&app);
    app_write(&app, "_index.yaml",
        "namespace: a\nentries:\n  - {name: x, kind: test.data, any: [1], "
        "more: {b: c}}\n  - {name: y, kind: test.closed, any: 1}\n");
    app_load(&app);
    check_text("data", app.lines,
        "DIR/_index.yaml:4:34: a:y: unknown option any; known here: meta\n");
    dump_node(&dump, kd__entry_get(app_entry(&app, "a:x"), ""));
    check_text("data", dump.text, "{meta: {}, any: [int 1], more: {b: \"c\"}}");
    app_fini(&app);
}

#define WORKER                                                                 \
    "namespace: a\nentries:\n  - name: x\n    kind: test.worker\n"             \
    "    source: s\n"

static void
test_lifecycle_and_limits_when_absent_then_their_defaults(void)
{
    struct dump dump = {.len = 0};
    const kd_entry *entry;
    struct app app;

    app_init(&app);
    app_write(&app, "_index.yaml", WORKER);
    app_load(&app);
    check_text("worker", app.lines, "");
    entry = app_entry(&app, "a:x");
    dump_node(&dump, kd__entry_get(entry, "lifecycle"));
    dump_add(&dump, "\n");
    dump_node(&dump, kd__entry_get(entry, "limits"));
    check_text("worker", dump.text,
        "{auto_start: bool no, startup: \"required\", start_timeout: int "
        "10000000000, stop_timeout: int 10000000000, stable_threshold: int "
        "5000000000, restart: {initial_delay: int 1000000000, max_delay: int "
        "90000000000, backoff_factor: float 2, jitter: float 0.1, "
        "max_attempts: int 0}, requires: [], depends_on: []}\n"
        "{memory: int 268435456, mailbox_messages: int 1000000, "
        "mailbox_bytes: int 268435456, message_bytes: int 16777216}");
    app_fini(&app);
}

static void
test_lifecycle_and_limits_when_wrong_then_said(void)
{
    static const struct app_case cases[] = {
        {"auto_start", WORKER "    lifecycle: {auto_start: \"true\"}\n",
            "DIR/_index.yaml:6:29: a:x: lifecycle.auto_start must be true or "
            "false, not the text \"true\"\n"},
        {"startup", WORKER "    lifecycle: {startup: maybe}\n",
            "DIR/_index.yaml:6:26: a:x: lifecycle.startup must be required or "
            "optional, not the text \"maybe\"\n"},
        {"jitter", WORKER "    lifecycle: {restart: {jitter: 2}}\n",
            "DIR/_index.yaml:6:35: a:x: lifecycle.restart.jitter must be at "
            "least 0 and at most 1\n"},
        {"memory", WORKER "    limits: {memory: 0}\n",
            "DIR/_index.yaml:6:22: a:x: limits.memory must be greater than "
            "0\n"},
        {"spelling", WORKER "    lifecycle: {autostart: true}\n",
            "DIR/_index.yaml:6:17: a:x: unknown option lifecycle.autostart; "
            "did you mean auto_start?\n"},
    };

    APP_CHECK_ALL(cases);
}

static void
test_control_characters_when_in_a_message_then_harmless(void)
{
    static const struct mistake mistakes[] = {
        {"\"a\\nb\\e[2J\": 1", 5,
            "unknown option a?b?[2J; known here: bool, int, positive, "
            "natural, float, string, duration, short, bytes, choice, number, "
            "source, "
            "entry, list, map, group, strict, any, meta"},
    };

    check_mistake(&mistakes[0]);
}

static const struct test_case tests[] = {
    TEST(test_value_when_good_then_of_the_options_type),
    TEST(test_value_when_absent_then_its_default),
    TEST(test_value_when_a_default_then_it_has_no_line),
    TEST(test_value_when_of_another_type_then_what_would_be_right),
    TEST(test_value_when_out_of_bounds_then_the_bound),
    TEST(test_option_when_unknown_then_what_may_be_meant),
    TEST(test_option_when_required_and_absent_then_said_at_the_entry),
    TEST(test_option_when_ignored_then_said_at_info),
    TEST(test_option_when_default_is_bad_then_the_kind_is_blamed),
    TEST(test_option_when_kind_is_open_then_all_are_kept),
    TEST(test_lifecycle_and_limits_when_absent_then_their_defaults),
    TEST(test_lifecycle_and_limits_when_wrong_then_said),
    TEST(test_control_characters_when_in_a_message_then_harmless),
};

TEST_MAIN("option")
