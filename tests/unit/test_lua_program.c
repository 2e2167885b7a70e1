/* SPDX-License-Identifier: MIT */
/*
 * What prepare makes of an entry: methods, imports, and errors with their
 * place (semantics A9, G3, G4, K7, K10).
 */

#include "lua_check.h"

#define THERE_ARE                                                              \
    "; there are ctx env events funcs io json logger payload registry "        \
    "supervisor time uuid\n"

static void
method_gives(const char *source, const char *method, const char *want)
{
    struct fake *f = fake_new();
    kd_entry *e = fake_program(f, "app:p", source);

    fake_text(f, e, "method", method);
    CU_ASSERT_EQUAL(fake_create(f, e, NULL), KD_OK);
    fake_run(f);
    check_text(source, f->failed ? fake_error_message(f) : fake_value(f), want);
    fake_free(f);
}

static void
test_method_is_found_however_the_file_ends(void)
{
    static const char none[] = "method \"go\" not found in module";

    method_gives("local function go() return 1 end -- last", "go", "1");
    method_gives("function go() return 2 end", "go", "2");
    method_gives("return {go = function() return 3 end}", "go", "3");
    method_gives("return function() return 4 end", "go", "4");
    method_gives("do local function go() end end", "go", none);
    method_gives("go = 1", "go", none);
    method_gives("return 5", "go", none);
    method_gives("return", "go", none);
    method_gives("", "go", none);
    method_gives("return {['a-b'] = function() return 6 end}", "a-b", "6");
    method_gives(
        "local M = {} function M.go() return 7 end return M", "go", "7");
}

static void
reports(struct fake *f, kd_entry *e, const char *want)
{
    CU_ASSERT_EQUAL(fake_prepare(f, e), KD_OK);
    check_text("reports", f->reports, want);
    fake_free(f);
}

static void
test_syntax_error_is_reported_at_its_line(void)
{
    struct fake *f = fake_new();
    kd_entry *e = fake_program(f, "app:p", "local x = 1\nlocal = 2\n");

    reports(
        f, e, "_index.yaml:10: line 2 of source: <name> expected near '='\n");

    f = fake_new();
    e = fake_program(f, "app:p", "x = 1\n\nx = = 2");
    fake_option(f, e, "source", KD_NODE_STRING)->source_file = "src/p.lua";
    reports(f, e, "src/p.lua:3: unexpected symbol near '='\n");
}

/* What Lua calls a C stack overflow, without a place (semantics A8). */
static void
test_deep_nesting_is_reported_at_its_line(void)
{
    static const char problem[] =
        "nested too deeply: Lua takes about 190 levels of blocks, functions, "
        "parentheses, tables and right-hand operands (`..` in a row)\n";
    char text[1024] = "local x = 1\nlocal y =\n  ";
    char want[300];
    struct fake *f = fake_new();
    kd_entry *e;

    memset(text + strlen(text), '(', 300);
    strcat(text, "\n1");
    e = fake_program(f, "app:p", text);
    snprintf(
        want, sizeof(want), "_index.yaml:10: line 3 of source: %s", problem);
    reports(f, e, want);

    f = fake_new();
    e = fake_program(f, "app:p", text);
    fake_option(f, e, "source", KD_NODE_STRING)->source_file = "src/p.lua";
    snprintf(want, sizeof(want), "src/p.lua:3: %s", problem);
    reports(f, e, want);
}

static void
test_bad_module_names_are_reported(void)
{
    struct fake *f = fake_new();
    kd_entry *e = fake_program(f, "app:p", "return print");

    fake_list_add(f, e, "modules", "time");
    fake_list_add(f, e, "modules", "string");
    fake_list_add(f, e, "modules", "");
    fake_list_add(f, e, "modules", "app:time");
    fake_list_add(f, e, "modules", "nosuch");
    fake_list_add(f, e, "modules", "print");
    reports(f, e,
        "_index.yaml:12: module cannot be empty\n"
        "_index.yaml:13: module cannot have a namespace\n"
        "_index.yaml:14: unknown module: nosuch" THERE_ARE
        "_index.yaml:15: unknown module: print" THERE_ARE);
}

static void
test_bad_imports_are_reported(void)
{
    struct fake *f = fake_new();
    kd_entry *e = fake_program(f, "app:p", "return print");
    kd_entry *a = fake_library(f, "app:a", "return 1");
    kd_entry *b = fake_library(f, "app:b", "return 1");

    fake_import(f, e, "", a);
    fake_import(f, e, "x", fake_entry(f, "app:d", "registry.entry", 16));
    fake_import(f, e, "a", a);
    fake_import(f, a, "b", b);
    reports(f, e,
        "_index.yaml:10: import alias cannot be empty\n"
        "_index.yaml:11: not a library or function: app:d (registry.entry)\n");
}

/* Of what it imports, its own check says what is wrong. */
static void
test_library_is_checked_by_itself(void)
{
    struct fake *f = fake_new();
    kd_entry *a = fake_library(f, "app:a", "return 1");
    kd_entry *b = fake_library(f, "app:b", "return = 1");
    kd_entry *e = fake_program(f, "app:p", "return print");

    fake_import(f, e, "b", b);
    fake_import(f, a, "b", b);
    fake_list_add(f, a, "modules", "nosuch");
    CU_ASSERT_EQUAL(fake_prepare(f, e), KD_OK);
    check_text("reports", f->reports, "");
    CU_ASSERT_EQUAL(fake_check(f, a), KD_OK);
    check_text("reports", f->reports,
        "_index.yaml:10: unknown module: nosuch" THERE_ARE);
    f->reports[0] = '\0';
    CU_ASSERT_EQUAL(fake_check(f, b), KD_OK);
    check_text("reports", f->reports,
        "_index.yaml:10: line 1 of source: unexpected symbol near '='\n");
    fake_free(f);
}

/* Which the host tells of; here the reading must end. */
static void
test_import_cycle_is_passed_over(void)
{
    struct fake *f = fake_new();
    kd_entry *e = fake_program(f, "app:p", "return print");
    kd_entry *a = fake_library(f, "app:a", "return 1");
    kd_entry *b = fake_library(f, "app:b", "return 1");

    fake_import(f, e, "a", a);
    fake_import(f, a, "b", b);
    fake_import(f, b, "a", a);
    CU_ASSERT_EQUAL(fake_prepare(f, e), KD_OK);
    CU_ASSERT_EQUAL(fake_check(f, a), KD_OK);
    check_text("reports", f->reports, "");
    fake_free(f);
}

static void
test_imports_run_once_in_order_before_the_program(void)
{
    struct fake *f = fake_new();
    kd_entry *e = fake_program(f, "app:p",
        "print('p', one.name, two, require('one') == one) "
        "return function() return two end");
    kd_entry *base =
        fake_library(f, "app:base", "print('base') return {name = 'base'}");
    kd_entry *one = fake_library(f, "app:one",
        "coroutine.yield() print('one', b.name) return {name = 'one', b = b}");
    kd_entry *two = fake_library(
        f, "app:two", "print('two', require('b').name) return 'two'");

    fake_import(f, one, "b", base);
    fake_import(f, two, "b", base);
    fake_import(f, e, "one", one);
    fake_import(f, e, "two", two);
    CU_ASSERT_EQUAL(fake_create(f, e, NULL), KD_OK);
    CU_ASSERT_EQUAL(fake_run(f), KD_NEXT_DONE);
    check_text("error", fake_error_message(f), "");
    check_text("printed", f->printed,
        "base\none\tbase\ntwo\tbase\np\tone\ttwo\ttrue\n");
    fake_free(f);
}

/* The value of its chunk, with its own method (semantics K1, G3). */
static void
test_function_that_is_imported_gives_what_its_chunk_gives(void)
{
    struct fake *f = fake_new();
    kd_entry *e = fake_program(
        f, "app:p", "print(fn.run(2), main) return function() end");
    kd_entry *fn = fake_function(
        f, "app:fn", "run", "local function run(x) return x * 2 end");

    fake_import(f, e, "fn", fn);
    CU_ASSERT_EQUAL(fake_create(f, e, NULL), KD_OK);
    CU_ASSERT_EQUAL(fake_run(f), KD_NEXT_DONE);
    check_text("error", fake_error_message(f), "");
    check_text("printed", f->printed, "4\tnil\n");
    fake_free(f);
}

static void
test_error_in_an_import_fails_the_process(void)
{
    struct fake *f = fake_new();
    kd_entry *e = fake_program(f, "app:p", "return print");

    fake_import(f, e, "bad", fake_library(f, "app:bad", "\nerror('no')"));
    CU_ASSERT_EQUAL(fake_create(f, e, NULL), KD_OK);
    CU_ASSERT_EQUAL(fake_run(f), KD_NEXT_FAIL);
    check_text("message", fake_error_message(f), "bad.lua:2: no");
    fake_free(f);
}

static void
test_unit_of_an_import_that_is_not_its_own_has_no_method(void)
{
    struct fake *f = fake_new();
    kd_entry *e = fake_program(f, "app:p", "return lib");

    fake_import(
        f, e, "lib", fake_library(f, "app:lib", "local function main() end"));
    CU_ASSERT_EQUAL(fake_create(f, e, NULL), KD_OK);
    CU_ASSERT_EQUAL(fake_run(f), KD_NEXT_FAIL);
    check_text("message", fake_error_message(f),
        "method \"main\" not found in module");
    fake_free(f);
}

static void
test_long_chunk_name_is_whole_in_the_error_and_its_trace(void)
{
    static const char name[] = "a/path/that/is/longer/than/the/sixty/bytes/"
                               "which/lua/keeps/for/the/names/of/p.lua";

    for (size_t cut = 0; cut < 30; cut++) {
        struct fake *f = fake_new();
        kd_entry *e = fake_program(f, "app:p", "\nerror('x')");
        char want[sizeof(name) + 16];

        fake_option(f, e, "source", KD_NODE_STRING)->chunk = name + cut;
        CU_ASSERT_EQUAL(fake_create(f, e, NULL), KD_OK);
        CU_ASSERT_EQUAL(fake_run(f), KD_NEXT_FAIL);
        snprintf(want, sizeof(want), "%s:2: x", name + cut);
        check_text("message", fake_error_message(f), want);
        CU_ASSERT_PTR_NOT_NULL(strstr(f->trace, name + cut));
        fake_free(f);
    }
}

static const struct test_case tests[] = {
    TEST(test_method_is_found_however_the_file_ends),
    TEST(test_syntax_error_is_reported_at_its_line),
    TEST(test_deep_nesting_is_reported_at_its_line),
    TEST(test_bad_module_names_are_reported),
    TEST(test_bad_imports_are_reported),
    TEST(test_library_is_checked_by_itself),
    TEST(test_import_cycle_is_passed_over),
    TEST(test_imports_run_once_in_order_before_the_program),
    TEST(test_function_that_is_imported_gives_what_its_chunk_gives),
    TEST(test_error_in_an_import_fails_the_process),
    TEST(test_long_chunk_name_is_whole_in_the_error_and_its_trace),
    TEST(test_unit_of_an_import_that_is_not_its_own_has_no_method),
};

TEST_MAIN("lua_program")
