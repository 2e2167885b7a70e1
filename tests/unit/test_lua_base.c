/* SPDX-License-Identifier: MIT */
/*
 * The sandbox: what programs find, and what they do not (semantics G1 to G7,
 * P17).
 */

#include "lua_check.h"

#define MAIN(body) "return function() " body " end"

static void
test_globals_are_those_of_the_contract(void)
{
    check_prints(
        MAIN("local names = 'assert error getmetatable setmetatable next "
             "pairs ipairs pcall xpcall print rawequal rawget rawset rawlen "
             "select tonumber tostring type unpack require _G _VERSION string "
             "table math utf8 coroutine os errors channel process' "
             "local n = 0 for name in names:gmatch('%S+') do n = n + 1 "
             "assert(_G[name] ~= nil, name) end "
             "local m = 0 for k in pairs(_G) do m = m + 1 "
             "assert(names:find(k, 1, true), k) end print(n == m)"),
        "true\n");
    check_prints(
        MAIN("for name in ('load loadstring loadfile dofile collectgarbage "
             "debug package io warn time nosuch'):gmatch('%S+') do "
             "assert(_G[name] == nil, name) end "
             "for k in pairs(os) do assert(('time date clock difftime')"
             ":find(k), k) end print(string.dump, os.exit)"),
        "nil\tnil\n");
}

static void
test_strings_work_before_anything_is_opened(void)
{
    check_prints(MAIN("print('10' + 1, '2' * '3', -'4', ('x'):upper(), "
                      "pcall(function() return 'a' + 1 end))"),
        "11\t6\t-4\tX\tfalse\tp.lua:1: attempt to add a 'string' with a "
        "'number'\n");
    check_prints(MAIN("function string.twice(s) return s .. s end "
                      "print(('x'):twice(), getmetatable('').__index == "
                      "string)"),
        "xx\ttrue\n");
}

/* The state has what the code asks for: so each is alone in its program. */
static void
test_each_operator_of_strings_works(void)
{
    static const struct {
        const char *program;
        const char *printed;
    } cases[] = {
        {MAIN("local a = '7' print(a + '2')"), "9\n"},
        {MAIN("local a = '7' print(a - 2)"), "5\n"},
        {MAIN("local a = '7' print(2 - a)"), "-5\n"},
        {MAIN("local a = '7' print(a * 2.5)"), "17.5\n"},
        {MAIN("local a = '7' print(a % '4')"), "3\n"},
        {MAIN("local a = '7' print(a ^ 2)"), "49.0\n"},
        {MAIN("local a = '7' print(a / 2)"), "3.5\n"},
        {MAIN("local a = '7' print(a // 2)"), "3\n"},
        {MAIN("local a = '7' print(-a)"), "-7\n"},
        {MAIN("local m = getmetatable('') "
              "print(m.__mod('7', '4'), m.__unm('3'))"),
            "3\t-3\n"},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        check_prints(cases[i].program, cases[i].printed);
}

static void
test_globals_set_by_the_program_stay(void)
{
    check_prints(MAIN("local p = print print = nil p(print) "
                      "os = 1 p(os) rawset(_G, 'x', 2) p(x)"),
        "nil\n1\n2\n");
}

static void
test_metatable_of_globals_is_the_programs_own(void)
{
    check_prints(MAIN("print(getmetatable(_G)) setmetatable(_G, {__index = "
                      "function(_, k) error('undefined ' .. k, 0) end}) "
                      "print(type(math), type(utf8), type(select), "
                      "pcall(function() return nosuch end)) "
                      "print(type(getmetatable(_G)))"),
        "nil\ntable\ttable\tfunction\tfalse\tundefined nosuch\ntable\n");
}

static void
test_finalizers_are_refused(void)
{
    check_prints(
        MAIN("print(pcall(setmetatable, {}, {__gc = false})) "
             "print(pcall(setmetatable, {})) "
             "print(pcall(setmetatable, setmetatable({}, {__metatable = 1}), "
             "{})) local t, m = {}, {} print(setmetatable(t, m) == t, "
             "getmetatable(t) == m) setmetatable(t, nil) "
             "print(getmetatable(t))"),
        "false\t__gc is not available\n"
        "false\tbad argument #2 to 'setmetatable' (nil or table expected, "
        "got no value)\n"
        "false\tcannot change a protected metatable\n"
        "true\ttrue\nnil\n");
}

static void
test_our_objects_hide_their_metatables(void)
{
    check_prints(MAIN("print(getmetatable(channel.new()), "
                      "getmetatable(errors.new('x')), getmetatable(process))"),
        "false\tfalse\tfalse\n");
}

static void
test_module_tables_of_ours_are_read_only(void)
{
    struct fake *f = fake_new();
    kd_entry *e = fake_program(f, "app:p",
        MAIN("for _, name in ipairs {'process', 'channel', 'errors', 'time'} "
             "do local m = require(name) assert(m == _G[name]) "
             "assert(not pcall(function() m.new = 1 end), name) "
             "assert(not pcall(function() m.extra = 1 end), name) "
             "assert(next(m) == nil or m.extra == nil) "
             "local n = 0 for k in pairs(m) do n = n + 1 end "
             "assert(n > 1, name) end"));

    fake_list_add(f, e, "modules", "time");
    CU_ASSERT_EQUAL(fake_create(f, e, NULL), KD_OK);
    CU_ASSERT_EQUAL(fake_run(f), KD_NEXT_DONE);
    check_text("error", fake_error_message(f), "");
    fake_free(f);
}

static void
test_require_gives_what_is_bound(void)
{
    check_prints(MAIN("print(require('string') == string, "
                      "require('process') == process, pcall(require, 'time')) "
                      "print(pcall(require, 'print')) print(pcall(require))"),
        "true\ttrue\tfalse\tmodule 'time' not found\n"
        "false\tmodule 'print' not found\n"
        "false\tbad argument #1 to 'require' (string expected, got no "
        "value)\n");
}

static void
test_random_numbers_differ_between_processes(void)
{
    char first[64];
    struct fake *f = fake_new();
    kd_entry *e = fake_program(f, "app:p", MAIN("return math.random(0)"));

    fake_create(f, e, NULL);
    fake_run(f);
    snprintf(first, sizeof(first), "%s", fake_value(f));
    f->now_ns++;
    f->worker->destroy(f->self, &f->proc);
    f->self = NULL;
    fake_create(f, e, NULL);
    fake_run(f);
    CU_ASSERT_STRING_NOT_EQUAL(first, fake_value(f));
    fake_free(f);
}

static const struct test_case tests[] = {
    TEST(test_globals_are_those_of_the_contract),
    TEST(test_strings_work_before_anything_is_opened),
    TEST(test_each_operator_of_strings_works),
    TEST(test_globals_set_by_the_program_stay),
    TEST(test_metatable_of_globals_is_the_programs_own),
    TEST(test_finalizers_are_refused),
    TEST(test_our_objects_hide_their_metatables),
    TEST(test_module_tables_of_ours_are_read_only),
    TEST(test_require_gives_what_is_bound),
    TEST(test_random_numbers_differ_between_processes),
};

TEST_MAIN("lua_base")
