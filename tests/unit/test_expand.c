/* SPDX-License-Identifier: MIT */
/*
 * Variables in the strings of an application (semantics A13).
 */

#include "entry_app.h"
#include "node_dump.h"

#include "entry/expand.h"

#define HEAD "namespace: a\nentries:\n  - name: x\n    kind: test.types\n"
#define AT   "DIR/_index.yaml:5:"

static const char *const variables[] = {"NAME=ada", "EMPTY=", "N=4", "D=5s",
    "YES=true", "PIN=0123", "NESTED=${NAME}", "FILE=one.src", "KIND=types",
    "BIG=99999999999999999999", "_a1=underscore", NULL};

static void
check_expanded(const char *text, const char *expected)
{
    struct kd__arena arena;
    struct kd__env env;
    kd_error err = KD_ERROR_INIT;
    const char *out = "";
    size_t len = 0;

    kd__arena_init(&arena);
    CU_ASSERT_EQUAL(kd__env_init(&env, variables), KD_OK);
    if (kd__expand_text(&env, &arena, text, strlen(text), &out, &len, &err) !=
        KD_OK)
        out = err.text;
    else
        CU_ASSERT_EQUAL(strlen(out), len);
    check_text(text, out, expected);
    kd__env_fini(&env);
    kd__arena_fini(&arena);
}

static void
test_text_when_it_has_variables_then_replaced(void)
{
    static const char *const cases[][2] = {
        {"", ""},
        {"plain $NAME $$ } {", "plain $NAME $$ } {"},
        {"${NAME}", "ada"},
        {"<${NAME}${NAME}>", "<adaada>"},
        {"${_a1}", "underscore"},
        {"a${EMPTY}b", "ab"},
        {"${GONE:-}", ""},
        {"${GONE:-some text}", "some text"},
        {"${GONE:-a:-b$c}", "a:-b$c"},
        {"${NAME:-other}", "ada"},
        {"${EMPTY:-other}", "other"},
        /* What a variable holds is not looked at again. */
        {"${NESTED}", "${NAME}"},
        {"$${NAME}", "${NAME}"},
        {"$${", "${"},
        {"$$${NAME}", "$${NAME}"},
        {"$${NAME} ${NAME}", "${NAME} ada"},
    };
    size_t i;

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        check_expanded(cases[i][0], cases[i][1]);
}

static void
test_text_when_a_variable_is_absent_or_none_then_why(void)
{
#define NEITHER " is neither ${NAME} nor ${NAME:-text}; $${ is a plain ${"
    static const char *const cases[][2] = {
        {"x ${GONE}", "environment variable GONE is not set; ${GONE:-text} "
                      "would give a text for that case"},
        {"${", "\"${\"" NEITHER},
        {"${}", "\"${}\"" NEITHER},
        {"${NAME", "\"${NAME\"" NEITHER},
        {"${1}", "\"${1}\"" NEITHER},
        {"${A B}", "\"${A B}\"" NEITHER},
        {"${NAME-x}", "\"${NAME-x}\"" NEITHER},
        {"${NAME:}", "\"${NAME:}\"" NEITHER},
        {"${GONE:-${NAME}}",
            "a variable cannot stand in the text of ${GONE:-text}"},
    };
    size_t i;

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        check_expanded(cases[i][0], cases[i][1]);
}

/* A NUL is a character like others, and no end. */
static void
test_text_when_it_has_a_nul_then_kept(void)
{
    struct kd__arena arena;
    struct kd__env env;
    const char *out = NULL;
    size_t len = 0;

    kd__arena_init(&arena);
    CU_ASSERT_EQUAL(kd__env_init(&env, variables), KD_OK);
    CU_ASSERT_EQUAL(
        kd__expand_text(&env, &arena, "a\0${N}", 6, &out, &len, NULL), KD_OK);
    CU_ASSERT_EQUAL(len, 3);
    CU_ASSERT_EQUAL(memcmp(out,
                        "a\0"
                        "4",
                        4),
        0);
    CU_ASSERT_EQUAL(
        kd__expand_text(&env, &arena, "${N\0}", 5, &out, &len, NULL),
        KD_EINVAL);
    kd__env_fini(&env);
    kd__arena_fini(&arena);
}

/* What one option becomes, or the lines that are said about it. */
static void
check_option(const char *option, const char *name, const char *expected)
{
    struct dump dump = {.len = 0};
    const kd_node *node;
    struct app app;
    char text[512];

    snprintf(text, sizeof(text), HEAD "    %s\n", option);
    app_init(&app);
    CU_ASSERT_EQUAL(kd__env_init(&app.env, variables), KD_OK);
    app_write(&app, "_index.yaml", text);
    app_write(&app, "one.src", "return \"${GONE}\"");
    app_load(&app);
    node = kd__entry_get(app_entry(&app, "a:x"), name);
    if (app.lines[0] == '\0' && node != NULL)
        dump_node(&dump, node);
    check_text(option, app.lines[0] != '\0' ? app.lines : dump.text, expected);
    app_fini(&app);
}

/* The option says of what type a value is; in a flow mapping it must be
   quoted. */
static void
test_option_when_it_is_a_variable_then_of_the_options_type(void)
{
    static const char *const cases[][3] = {
        {"int: ${N}", "int", "int 4"},
        {"int: \"${N}\"", "int", "int 4"},
        {"group: {workers: \"${N}\"}", "group", "{workers: int 4}"},
        {"int: ${GONE:-0x10}", "int", "int 16"},
        {"float: ${N}.5", "float", "float 4.5"},
        {"bool: ${YES}", "bool", "bool yes"},
        {"duration: ${D}", "duration", "int 5000000000"},
        {"duration: ${GONE:-0}", "duration", "int 0"},
        {"bytes: ${N} KiB", "bytes", "int 4096"},
        {"choice: ${GONE:-red}", "choice", "\"red\""},
        {"string: ${PIN}", "string", "\"0123\""},
        {"string: ${YES}", "string", "\"true\""},
        {"string: x$${N}", "string", "\"x${N}\""},
        {"list: [\"${N}\", 2]", "list", "[int 4, int 2]"},
        {"map: {a: \"${NAME}\"}", "map", "{a: \"ada\"}"},
        {"int: ${NAME}", "int",
            AT "10: a:x: int must be an integer, not the text \"${NAME}\"\n"},
        {"int: ${BIG}", "int", AT "10: a:x: int: an integer beyond 64 bits\n"},
        {"list: [1, \"${GONE}\"]", "list",
            AT "15: a:x: list[1]: environment variable GONE is not set; "
               "${GONE:-text} would give a text for that case\n"},
        {"entry: ${NAME}", "entry",
            AT "12: a:x: entry: entry not found: a:ada\n"},
    };
    size_t i;

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        check_option(cases[i][0], cases[i][1], cases[i][2]);
}

/* Where anything will do, plain is what the text says and quoted a string. */
static void
test_option_when_of_any_type_then_quotes_decide(void)
{
    static const char *const cases[][3] = {
        {"any: ${N}", "any", "int 4"},
        {"any: \"${N}\"", "any", "\"4\""},
        {"any: ${EMPTY}", "any", "\"\""},
        {"any: [\"${N}\", {a: \"<${NAME}>\", b: ~}]", "any",
            "[\"4\", {a: \"<ada>\", b: null}]"},
        {"meta: {a: [\"${NAME}\"]}", "meta", "{a: [\"ada\"]}"},
        {"any: {k: [x, \"${GONE}\"]}", "any",
            AT "18: a:x: any.k[1]: environment variable GONE is not set; "
               "${GONE:-text} would give a text for that case\n"},
    };
    size_t i;

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        check_option(cases[i][0], cases[i][1], cases[i][2]);
}

/* Neither inline nor in a file; but the name of the file is no source. */
static void
test_source_when_it_has_variables_then_not_touched(void)
{
    static const char *const cases[][3] = {
        {"source: return ${GONE}", "source", "\"return ${GONE}\""},
        {"source: $${N}", "source", "\"$${N}\""},
        {"source: file://one.src", "source", "\"return \"${GONE}\"\""},
        {"source: file://${FILE}", "source", "\"return \"${GONE}\"\""},
        {"source: file://${GONE:-..}/x", "source",
            AT "13: a:x: source: path traversal detected in file path: ../x\n"},
    };
    size_t i;

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        check_option(cases[i][0], cases[i][1], cases[i][2]);
}

static void
test_file_when_head_and_names_have_variables_then_replaced(void)
{
    struct app app;

    app_init(&app);
    CU_ASSERT_EQUAL(kd__env_init(&app.env, variables), KD_OK);
    app_write(&app, "_index.yaml",
        "namespace: ${NAME}\n"
        "meta: {by: \"${NAME}\"}\n"
        "entries:\n"
        "  - {name: \"x${N}\", kind: \"test.${KIND}\", int: 1}\n"
        "  - {name: \"${GONE}\", kind: test.types}\n"
        "  - {name: \"${EMPTY}\", kind: test.types}\n");
    app_load(&app);
    check_text("head", app.lines,
        "DIR/_index.yaml:5:12: entry[1].name: environment variable GONE is "
        "not set; ${GONE:-text} would give a text for that case\n"
        "DIR/_index.yaml:6:12: entry[2].name: name is required and must be a "
        "non-empty string\n");
    CU_ASSERT_STRING_EQUAL(
        kd__entry_get(app_entry(&app, "ada:x4"), "meta.by")->text, "ada");
    app_fini(&app);
}

static const struct test_case tests[] = {
    TEST(test_text_when_it_has_variables_then_replaced),
    TEST(test_text_when_a_variable_is_absent_or_none_then_why),
    TEST(test_text_when_it_has_a_nul_then_kept),
    TEST(test_option_when_it_is_a_variable_then_of_the_options_type),
    TEST(test_option_when_of_any_type_then_quotes_decide),
    TEST(test_source_when_it_has_variables_then_not_touched),
    TEST(test_file_when_head_and_names_have_variables_then_replaced),
};

TEST_MAIN("expand")
