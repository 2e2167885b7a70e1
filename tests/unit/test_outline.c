/* SPDX-License-Identifier: MIT */
/*
 * What is said of a source before it runs: a method that it plainly lacks, a
 * module that nobody declares; and nothing of what may be right (semantics G3,
 * G4, P5).
 */

#include "harness.h"

#include "process_lua/program/outline.h"
#include "process_lua/program/program.h"

#include <string.h>

/* What it says, `line:text` each, with a newline behind. */
static char said[1000];

static void
record(const kd_check *check, const kd_node *where, const char *file,
    uint32_t line, const char *text)
{
    size_t len = strlen(said);

    (void)check;
    (void)where;
    (void)file;
    snprintf(said + len, sizeof(said) - len, "%u:%s\n", (unsigned)line, text);
}

static const char *
look(const char *text, struct kl__unit *unit, const char *method)
{
    kd_check check = {.size = sizeof(check), .report = record, .warn = record};
    kd_node source = {0};

    source.text = text;
    source.len = strlen(text);
    source.source_file = "x.lua";
    said[0] = '\0';
    kl__outline_check(unit, &source, method, &check);
    return said;
}

/* What is said of the method `main`, of a program that imports nothing. */
static void
says(const char *text, const char *problem)
{
    struct kl__unit unit = {0};
    char want[400] = "";

    if (*problem != '\0')
        snprintf(want, sizeof(want),
            "%.2smethod \"main\" not found in module: "
            "%s\n",
            problem, problem + 2);
    CU_ASSERT_STRING_EQUAL(look(text, &unit, "main"), want);
}

static void
test_method_when_the_constructor_lacks_it_then_says_what_there_is(void)
{
    says("local function run() end\nreturn {run = run}",
        "2:it returns only 'run'");
    says("return { a = 1, ['b c'] = 2; [3] = main, main, f() };",
        "1:it returns only 'a', 'b c'");
    says("\n\nreturn {}", "3:it returns a table without names");
    says("return { run = function(a, b)\n"
         "  if a then return { main = b } end\n"
         "  for i = 1, 2 do local main = { i; main = i } end\n"
         "  repeat local x, y = 1, 2 until x == y\n"
         "end, stop = function() end } -- main = 1",
        "1:it returns only 'run', 'stop'");
    says("local s = [==[ return { main = 1 } ]] ]==]\n"
         "--[[ return\n ]] local e = \"\\\"return {main=\"\n"
         "return {f = s}",
        "4:it returns only 'f'");
}

static void
test_method_when_nothing_is_returned_then_says_so(void)
{
    says("local function run() end\n",
        "2:it has neither a variable of this name nor a final return");
    says("", "1:it has neither a variable of this name nor a final return");
    says("return", "1:it returns neither a table nor a function");
    says("return nil;", "1:it returns neither a table nor a function");
    says("return 'main'", "1:it returns neither a table nor a function");
}

static void
test_method_when_it_may_be_there_then_says_nothing(void)
{
    static const char *const texts[] = {
        "return {main = 1}",
        "return {['main'] = f}",
        "return {[\"ma\\105n\"] = f}",
        "return {[name] = f}",
        "return {['ma' .. 'in'] = f}",
        "return {[f()] = f}",
        "return {} or t",
        "return setmetatable({}, t)",
        "return ({})",
        "return {} .x",
        "return M",
        "return function() end",
        "return f()",
        "return f",
        "return 1 + t",
        "return -t",
        "return nil or t",
        "if x then return t end return {}",
        "do return {} end",
        "while true do return {run = 1} end",
        "function main() end",
        "local main",
        "x.main = 1",
        "_G['ma' .. 'in'] = f",
        "_ENV = t",
    };

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        says(texts[i], "");
}

static void
test_method_when_a_global_may_be_it_then_says_nothing(void)
{
    struct kl__binding binding = {"lib", 0};
    struct kl__unit unit = {.bindings = &binding, .n_bindings = 1};

    CU_ASSERT_STRING_EQUAL(look("x = 1", &unit, "main"), "");
    unit.n_bindings = 0;
    CU_ASSERT_STRING_EQUAL(look("x = 1", &unit, "print"), "");
    CU_ASSERT_STRING_EQUAL(look("return {}", &unit, NULL), "");
}

static void
test_require_when_nobody_declares_it_then_says_so(void)
{
    struct kl__binding binding = {"lib", 0};
    struct kl__unit unit = {.bindings = &binding,
        .n_bindings = 1,
        .modules = (uint64_t)1 << kl__builtin_find_module("time", 4)};
    static const char *const fine[] = {
        "require('lib') require 'time' require [[process]] require(\"os\")",
        "require(name) require('x' .. y) require('x', 1) t.require('x')",
        "t:require('x') require('\\120') -- require('x')",
        "local require = f; require('x')",
        "function require(n) end require('x')",
        "pcall(require, 'x') require('x')",
        "local s = \"require('x')\"",
    };

    for (size_t i = 0; i < sizeof(fine) / sizeof(fine[0]); i++)
        CU_ASSERT_STRING_EQUAL(look(fine[i], &unit, NULL), "");
    CU_ASSERT_STRING_EQUAL(
        look("local t = require('time')\nlocal x =\n  require \"x.y\"\n"
             "return require('json')",
            &unit, NULL),
        "3:module 'x.y' not found: it is neither in modules nor in imports\n"
        "4:module 'json' not found: it is neither in modules nor in "
        "imports\n");
}

static const struct test_case tests[] = {
    TEST(test_method_when_the_constructor_lacks_it_then_says_what_there_is),
    TEST(test_method_when_nothing_is_returned_then_says_so),
    TEST(test_method_when_it_may_be_there_then_says_nothing),
    TEST(test_method_when_a_global_may_be_it_then_says_nothing),
    TEST(test_require_when_nobody_declares_it_then_says_so),
};

TEST_MAIN("outline")
