/* SPDX-License-Identifier: MIT */
/*
 * process.upgrade against a host that writes down what it is asked for: what
 * stays of a process, and that nothing else does (semantics P19).
 */

#include "lua_check.h"

#include <malloc.h>

static size_t in_use[2];

/* Bytes that malloc has given out. Sanitizers have their own, and count none.
 */
static void
measure(struct fake *f)
{
    struct mallinfo2 info = mallinfo2();

    in_use[f->n_printed == 1 ? 0 : 1] = info.uordblks + info.hblkhd;
}

/*
 * 10,000 programs, each with channels, tasks, timers and a call under way, and
 * with mail for topics that it listens to (semantics P19).
 */
static void
test_upgrade_when_done_often_then_needs_no_more_memory(void)
{
    static const char source[] =
        "return function(n)\n"
        "  n = n or 10000\n"
        "  if n == 9900 or n == 0 then print(n) end\n"
        "  if n == 0 then return 'over' end\n"
        "  for i = 1, 10 do process.listen('t' .. i) end\n"
        "  process.inbox() process.events()\n"
        "  require('time').after('1h')\n"
        "  coroutine.spawn(function() require('time').sleep('1h') end)\n"
        "  coroutine.spawn(function() process.listen('t1'):receive() end)\n"
        "  coroutine.yield()\n"
        "  pcall(process.upgrade, nil, n - 1)\n"
        "end";
    struct fake *f = fake_new();
    kd_entry *e = fake_program(f, "app:p", source);
    kd_writer payload = {0};
    char topic[8];

    fake_list_add(f, e, "modules", "time");
    CU_ASSERT_EQUAL_FATAL(fake_create(f, e, NULL), KD_OK);
    kd_write_int(&payload, 1);
    for (int i = 0; i < 60; i++) {
        snprintf(topic, sizeof(topic), "t%d", i % 12);
        fake_mail(f, fake_pid(2), topic, 0, &payload);
    }
    f->on_print = measure;
    CU_ASSERT_EQUAL(fake_run(f), KD_NEXT_DONE);
    check_text("error", fake_error_message(f), "");
    check_text("printed", f->printed, "9900\n0\n");
    check_text("value", fake_value(f), "over");
    if (in_use[1] > in_use[0] + 4096)
        printf("\n%zu bytes have become %zu\n", in_use[0], in_use[1]);
    CU_ASSERT_TRUE(in_use[1] <= in_use[0] + 4096);
    kd_writer_free(&payload);
    fake_free(f);
}

/* Calls that funcs made end, one of process.exec goes on. */
static void
test_upgrade_when_calls_are_under_way_then_ends_its_own(void)
{
    static const char source[] =
        "return function(again)\n"
        "  if again then return 'over' end\n"
        "  local funcs = require('funcs')\n"
        "  funcs.async('app:fn') funcs.async('app:fn')\n"
        "  coroutine.spawn(function() funcs.call('app:fn') end)\n"
        "  coroutine.spawn(function()\n"
        "    process.exec('app:p', 'app:host')\n"
        "  end)\n"
        "  coroutine.yield()\n"
        "  process.upgrade(nil, true)\n"
        "end";
    struct fake *f = fake_new();
    kd_entry *e = fake_program(f, "app:p", source);

    fake_list_add(f, e, "modules", "funcs");
    fake_entry(f, "app:host", "process.host", KD_CLASS_HOST);
    fake_function(f, "app:fn", "main", "return print");
    CU_ASSERT_EQUAL_FATAL(fake_create(f, e, NULL), KD_OK);
    CU_ASSERT_EQUAL(fake_run(f), KD_NEXT_DONE);
    check_text("value", fake_value(f), "over");
    CU_ASSERT_EQUAL(f->n_spawned, 4);
    CU_ASSERT_EQUAL(f->n_terminate, 3);
    fake_free(f);
}

/* The wake-up of a timer that is gone is taken back, options are new. */
static void
test_upgrade_when_timers_are_set_then_the_host_is_told(void)
{
    static const char source[] =
        "return function(again)\n"
        "  process.set_options({trap_links = not again})\n"
        "  if not again then\n"
        "    coroutine.spawn(function() require('time').sleep('1h') end)\n"
        "  end\n"
        "  process.inbox():receive()\n"
        "  process.set_options({trap_links = true})\n"
        "  process.upgrade(nil, true)\n"
        "end";
    struct fake *f = fake_new();
    kd_entry *e = fake_program(f, "app:p", source);

    fake_list_add(f, e, "modules", "time");
    CU_ASSERT_EQUAL_FATAL(fake_create(f, e, NULL), KD_OK);
    CU_ASSERT_EQUAL(fake_slice(f), KD_NEXT_WAIT);
    CU_ASSERT_NOT_EQUAL(f->wake_ns, KD_NEVER);
    fake_mail(f, fake_pid(2), "any", 0, NULL);
    CU_ASSERT_EQUAL(fake_slice(f), KD_NEXT_READY);
    CU_ASSERT_EQUAL(f->trap, 0);
    CU_ASSERT_EQUAL(fake_slice(f), KD_NEXT_WAIT);
    CU_ASSERT_EQUAL(f->wake_ns, KD_NEVER);
    fake_free(f);
}

/* What a host refuses is the process's failure, with the place it was asked. */
static void
test_upgrade_when_refused_then_fails_with_a_traceback(void)
{
    struct fake *f = fake_new();
    kd_entry *e = fake_program(f, "app:p",
        "return function()\n"
        "  pcall(process.upgrade, 'app:none')\n"
        "end");

    CU_ASSERT_EQUAL_FATAL(fake_create(f, e, NULL), KD_OK);
    CU_ASSERT_EQUAL(fake_run(f), KD_NEXT_FAIL);
    check_text(
        "error", fake_error_message(f), "upgrade: entry not found: app:none");
    check_text("kind", fake_error_kind(f), "NotFound");
    CU_ASSERT_PTR_NOT_NULL(strstr(f->trace, "p.lua:2:"));
    fake_free(f);
}

static const struct test_case tests[] = {
    TEST(test_upgrade_when_done_often_then_needs_no_more_memory),
    TEST(test_upgrade_when_calls_are_under_way_then_ends_its_own),
    TEST(test_upgrade_when_timers_are_set_then_the_host_is_told),
    TEST(test_upgrade_when_refused_then_fails_with_a_traceback),
};

TEST_MAIN("lua_upgrade")
