/* SPDX-License-Identifier: MIT */
/*
 * The module time: programs that check themselves, and what needs the clock
 * in hand.
 *
 * (semantics Z1 to Z7, H12)
 */

#include "lua_program.h"

#include <time.h>

#define MS ((kd_time)1000000)

static void
test_sleep(void)
{
    program_check("time_sleep", NULL);
}

static void
test_timer(void)
{
    program_check("time_timer", NULL);
}

static void
test_duration(void)
{
    program_check("time_duration", NULL);
}

static void
test_value(void)
{
    program_check("time_value", NULL);
}

static void
test_format(void)
{
    program_check("time_format", NULL);
}

/* Zones of the system need rules that are the same everywhere. */
static void
test_zone(void)
{
    kd_writer is_known = {0};

    kd_write_array(&is_known, 1);
    kd_write_bool(&is_known, 1);
    setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
    tzset();
    program_check("time_zone", &is_known);
    kd_writer_free(&is_known);
    unsetenv("TZ");
    tzset();
}

/* Waits until `due_ns`, and not a nanosecond less. */
static void
check_waits_until(struct fake *f, kd_time due_ns)
{
    CU_ASSERT_EQUAL(fake_slice(f), KD_NEXT_WAIT);
    CU_ASSERT_EQUAL(f->wake_ns, due_ns);
    f->now_ns = due_ns - 1;
    CU_ASSERT_EQUAL(fake_slice(f), KD_NEXT_WAIT);
    f->now_ns = due_ns;
}

static void
test_nothing_fires_early(void)
{
    static const char *const waits[] = {
        "time.sleep('5ms')",
        "time.after('5ms'):receive()",
        "time.timer('5ms'):channel():receive()",
        "time.ticker('5ms'):channel():receive()",
        "local t = time.timer('1h') t:reset('5ms') t:channel():receive()",
        "local t = time.timer(1) t:reset('5ms') t:channel():receive()",
    };
    char source[300];
    size_t i;

    for (i = 0; i < sizeof(waits) / sizeof(waits[0]); i++) {
        struct fake *f;

        snprintf(source, sizeof(source),
            "function main() local time = require('time') %s return 'ok' end",
            waits[i]);
        f = program_start(source, NULL);
        check_waits_until(f, f->now_ns + 5 * MS);
        program_finish(f);
    }
}

/* Timers fire together, or are still in the program's hands. */
static void
test_stop_and_reset_when_due_but_not_fired(void)
{
    struct fake *f = program_start(
        "function main()\n"
        "  local time = require('time')\n"
        "  local first, a, b = time.timer('5ms'), time.timer('5ms'),\n"
        "    time.timer('6ms')\n"
        "  first:channel():receive()\n"
        "  -- The same slice has fired a, which was due at the same time.\n"
        "  assert(a:stop() == false)\n"
        "  assert(select(2, a:channel():receive()) == true)\n"
        "  assert(a:reset('1ms') == false)\n"
        "  assert(b:stop() == true)\n"
        "  assert(select(2, b:channel():receive()) == false)\n"
        "  assert(a:channel():receive())\n"
        "  return 'ok'\n"
        "end\n",
        NULL);

    program_finish(f);
}

/* A process that was held for long gets one tick, and keeps its rhythm. */
static void
test_ticker_when_late_skips_ticks(void)
{
    struct fake *f =
        program_start("function main()\n"
                      "  local time = require('time')\n"
                      "  local start = time.now()\n"
                      "  local ticks = time.ticker('10ms'):channel()\n"
                      "  local log = {}\n"
                      "  for i = 1, 3 do\n"
                      "    log[i] = ticks:receive():sub(start):milliseconds()\n"
                      "  end\n"
                      "  log = table.concat(log, ' ')\n"
                      "  assert(log == '10 57 60', log)\n"
                      "  return 'ok'\n"
                      "end\n",
            NULL);
    kd_time start_ns = f->now_ns;

    check_waits_until(f, start_ns + 10 * MS);
    CU_ASSERT_EQUAL(fake_slice(f), KD_NEXT_WAIT);
    f->now_ns = start_ns + 57 * MS;
    CU_ASSERT_EQUAL(fake_slice(f), KD_NEXT_WAIT);
    CU_ASSERT_EQUAL(f->wake_ns, start_ns + 60 * MS);
    f->now_ns = start_ns + 60 * MS;
    program_finish(f);
}

static void
test_stopped_timer_when_nothing_else_wakes_is_a_deadlock(void)
{
    struct fake *f =
        program_start("function main()\n"
                      "  local timer = require('time').timer('1h')\n"
                      "  timer:stop()\n"
                      "  channel.new():receive()\n"
                      "end\n",
            NULL);

    CU_ASSERT_EQUAL(fake_slice(f), KD_NEXT_FAIL);
    CU_ASSERT_PTR_NOT_NULL(strstr(fake_error_message(f), "deadlock"));
    fake_free(f);
}

static void
test_sleep_when_it_never_ends_asks_for_no_wake_up(void)
{
    struct fake *f = program_start(
        "function main() require('time').sleep(math.maxinteger) end", NULL);

    f->now_ns = KD_NEVER - 5;
    CU_ASSERT_EQUAL(fake_slice(f), KD_NEXT_WAIT);
    CU_ASSERT_EQUAL(f->wake_ns, KD_NEVER);
    fake_free(f);
}

static const struct test_case tests[] = {
    TEST(test_sleep),
    TEST(test_timer),
    TEST(test_duration),
    TEST(test_value),
    TEST(test_format),
    TEST(test_zone),
    TEST(test_nothing_fires_early),
    TEST(test_stop_and_reset_when_due_but_not_fired),
    TEST(test_ticker_when_late_skips_ticks),
    TEST(test_stopped_timer_when_nothing_else_wakes_is_a_deadlock),
    TEST(test_sleep_when_it_never_ends_asks_for_no_wake_up),
};

TEST_MAIN("time")
