/* SPDX-License-Identifier: MIT */
/*
 * The memory limit: what ends a process and what must not (semantics G7, X1,
 * X7).
 */

#include "lua_check.h"

#include "process_lua/process/process.h"

#include <setjmp.h>

#define MAIN(body) "return function() " body " end"

static void
run(const char *source, int64_t memory, const char *want)
{
    struct fake *f = fake_new();
    kd_entry *e = fake_program(f, "app:p", source);

    fake_int(f, e, "limits.memory", memory);
    CU_ASSERT_EQUAL_FATAL(fake_create(f, e, NULL), KD_OK);
    CU_ASSERT_EQUAL(fake_run(f), *want == '\0' ? KD_NEXT_DONE : KD_NEXT_FAIL);
    check_text(source, fake_error_message(f), want);
    fake_free(f);
}

/* None of them can be held up by pcall, whatever it is that allocates. */
static const char *const eaters[] = {
    MAIN("local t = {} while true do t[#t + 1] = {} end"),
    MAIN("local t = {} while true do pcall(function() "
         "t[#t + 1] = ('x'):rep(1000) .. #t end) end"),
    MAIN("while true do pcall(function() local t = {} "
         "while true do t[#t + 1] = {} end end) end"),
    MAIN("while true do pcall(string.rep, 'x', 1000000, 'yyyyyyyyyyy') end"),
    MAIN("local s = 'x' while true do pcall(function() s = s .. s end) end"),
    MAIN("while true do pcall(coroutine.wrap(function() local t = {} "
         "for i = 1, 1e9 do t[i] = i end end)) end"),
    MAIN("while true do coroutine.spawn(function() coroutine.yield() end) "
         "end"),
    MAIN("table.sort({1, 2, 3}, function() local t = {} while true do "
         "pcall(function() t[#t + 1] = ('y'):rep(10000) .. #t end) end end)"),
    MAIN("local function f() return f() + 1 end while true do pcall(f) end"),
    MAIN("local t = {} while true do pcall(table.concat, t, 'x') "
         "for i = 1, 1000 do t[#t + 1] = 'abcdefghij' end end"),
    MAIN("local c = {} while true do local k = coroutine.create(print) "
         "c[#c + 1] = k end"),
    MAIN("local x <close> = setmetatable({}, {__close = function() "
         "local t = {} while true do t[#t + 1] = {} end end}) "
         "local t = {} while true do t[#t + 1] = {} end"),
    MAIN("local function nest() return coroutine.wrap(nest)() end nest()"),
};

static void
test_heap_beyond_the_limit_ends_the_process(void)
{
    for (size_t i = 0; i < sizeof(eaters) / sizeof(eaters[0]); i++)
        run(eaters[i], 2 << 20, "memory limit exceeded: 2 MiB");
}

static void
test_limit_is_written_in_the_largest_whole_unit(void)
{
    run(eaters[0], 1500 << 10, "memory limit exceeded: 1500 KiB");
    run(eaters[0], 1000001, "memory limit exceeded: 1000001");
}

static void
test_garbage_does_not_count(void)
{
    run(MAIN("for i = 1, 100000 do local t = {i, i, i} local s = 'x' .. i "
             "end"),
        512 << 10, "");
    run(MAIN("local keep = {} for i = 1, 10000 do keep[i] = {} end "
             "for i = 1, 100 do local s = ('x'):rep(400000) end"),
        2 << 20, "");
}

static void
test_stack_overflow_below_the_limit_is_an_error(void)
{
    run(MAIN("local function f() return f() + 1 end "
             "local ok, e = pcall(f) assert(e:find('stack overflow')) "
             "local ok, e = pcall(f) assert(e:find('stack overflow'))"),
        256 << 20, "");
}

static void
test_process_larger_than_its_limit_cannot_be_made(void)
{
    struct fake *f = fake_new();
    kd_entry *e = fake_program(f, "app:p", "return print");

    fake_int(f, e, "limits.memory", 4000);
    CU_ASSERT_EQUAL(fake_create(f, e, NULL), KD_ENOMEM);
    fake_free(f);
}

/* A small one, too, that there would be room for. */
static void
test_request_after_another_was_refused_ends_the_process(void)
{
    struct fake *f = fake_new();
    struct kl__process *p;
    volatile int has_left = 1;
    jmp_buf exit;
    void *block;

    CU_ASSERT_EQUAL_FATAL(
        fake_create(f, fake_program(f, "app:p", MAIN("")), NULL), KD_OK);
    p = f->self;
    block = kl__limit_alloc(p, NULL, 0, 32);
    CU_ASSERT_PTR_NOT_NULL(block);
    p->driver.exit = &exit;
    if (setjmp(exit) == 0) {
        CU_ASSERT_PTR_NULL(kl__limit_alloc(p, NULL, 0, p->heap.limit));
        kl__limit_alloc(p, block, 32, 0);
        kl__limit_alloc(p, NULL, 0, 32);
        has_left = 0;
    }
    CU_ASSERT(has_left);
    p->driver.exit = NULL;
    fake_free(f);
}

static const struct test_case tests[] = {
    TEST(test_heap_beyond_the_limit_ends_the_process),
    TEST(test_limit_is_written_in_the_largest_whole_unit),
    TEST(test_garbage_does_not_count),
    TEST(test_stack_overflow_below_the_limit_is_an_error),
    TEST(test_process_larger_than_its_limit_cannot_be_made),
    TEST(test_request_after_another_was_refused_ends_the_process),
};

TEST_MAIN("lua_limit")
