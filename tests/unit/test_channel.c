/* SPDX-License-Identifier: MIT */
/*
 * Channels and select in a Lua process: alone, and with mail and events.
 *
 * (semantics H1 to H8, H10 to H12, P12 to P14, M4, V3)
 */

#include "lua_program.h"

#include "process_lua/process/process.h"

#include <time.h>

/* Mail whose payload is one text. */
static void
mail(struct fake *f, const char *topic, const char *text)
{
    kd_writer w = {0};

    kd_write_text(&w, text);
    fake_mail(f, fake_pid(2), topic, 0, &w);
    kd_writer_free(&w);
}

static void
cancel(struct fake *f)
{
    fake_signal(f, KD_SIGNAL_CANCEL, fake_pid(2), NULL, NULL, "", KD_NEVER);
}

/* Runs a slice; the process must go on waiting. */
static void
settle(struct fake *f)
{
    CU_ASSERT_EQUAL(fake_slice(f), KD_NEXT_WAIT);
}

static void
test_send_and_receive(void)
{
    program_check("channel_send", NULL);
}

static void
test_close(void)
{
    program_check("channel_close", NULL);
}

static void
test_select(void)
{
    program_check("channel_select", NULL);
}

static void
test_random_tasks_do_what_the_model_does(void)
{
    const char *given = getenv("SEED");
    int64_t seed = given == NULL ? (int64_t)time(NULL) : atoll(given);
    kd_writer w = {0};

    printf("seed %lld ", (long long)seed);
    kd_write_array(&w, 1);
    kd_write_int(&w, seed);
    program_check("channel_model", &w);
    kd_writer_free(&w);
}

/* The first three steps (semantics H6). */
static void
test_select_with_all_ready_chooses_by_rank(void)
{
    struct fake *f = program_start(
        "function main()\n"
        "  local inbox, events = process.inbox(), process.events()\n"
        "  local own, listen = channel.new(1), process.listen('raw')\n"
        "  own:send('own')\n"
        "  local cases = {inbox:case_receive(), own:case_receive(),\n"
        "    listen:case_receive(), events:case_receive()}\n"
        "  local function next() return channel.select(cases) end\n"
        "  local got = next()\n"
        "  assert(got.channel == events and got.value.kind == 'pid.cancel')\n"
        "  got = next()\n"
        "  assert(got.channel == own and got.value == 'own' and got.ok)\n"
        "  got = next()\n"
        "  assert(got.channel == listen and got.value == 'listened')\n"
        "  got = next()\n"
        "  assert(got.channel == inbox and got.value:topic() == 'other')\n"
        "  cases.default = true\n"
        "  assert(next().default)\n"
        "  return 'ok'\n"
        "end\n",
        NULL);

    mail(f, "other", "first");
    mail(f, "raw", "listened");
    cancel(f);
    program_finish(f);
}

/* (semantics H7) */
static void
test_select_with_default_polls_mail_and_events(void)
{
    struct fake *f = program_start(
        "function main()\n"
        "  local inbox, events = process.inbox(), process.events()\n"
        "  local cases = {inbox:case_receive(), events:case_receive(),\n"
        "    default = true}\n"
        "  local log = {}\n"
        "  for i = 1, 3 do\n"
        "    local got = channel.select(cases)\n"
        "    log[i] = got.default and 'none' or\n"
        "      got.channel == inbox and 'mail' or 'event'\n"
        "  end\n"
        "  assert(table.concat(log, ' ') == 'event mail none')\n"
        "  return 'ok'\n"
        "end\n",
        NULL);

    mail(f, "a", "x");
    cancel(f);
    program_finish(f);
}

static void
test_select_that_waits_when_mail_comes_is_woken_once(void)
{
    struct fake *f = program_start(
        "function main()\n"
        "  local inbox, raw = process.inbox(), process.listen('raw')\n"
        "  local own = channel.new()\n"
        "  local cases = {own:case_receive(), raw:case_receive(),\n"
        "    inbox:case_receive()}\n"
        "  local got = channel.select(cases)\n"
        "  assert(got.channel == raw and got.value == 'one' and got.ok)\n"
        "  got = channel.select(cases)\n"
        "  assert(got.channel == inbox)\n"
        "  assert(got.value:payload():data() == 'two')\n"
        "  assert(channel.select({own:case_send(1)}, true).default)\n"
        "  return 'ok'\n"
        "end\n",
        NULL);

    settle(f);
    mail(f, "raw", "one");
    settle(f);
    mail(f, "x", "two");
    program_finish(f);
}

static void
test_receivers_of_mail_are_served_in_order(void)
{
    struct fake *f = program_start(
        "function main()\n"
        "  local raw, done, log = process.listen('raw'), channel.new(), {}\n"
        "  for i = 1, 3 do\n"
        "    coroutine.spawn(function()\n"
        "      local v\n"
        "      if i == 2 then\n"
        "        v = channel.select({raw:case_receive()}).value\n"
        "      else\n"
        "        v = raw:receive()\n"
        "      end\n"
        "      log[#log + 1] = i .. v\n"
        "      done:send(true)\n"
        "    end)\n"
        "  end\n"
        "  for i = 1, 3 do done:receive() end\n"
        "  assert(table.concat(log, ' ') == '1a 2b 3c', table.concat(log))\n"
        "  return 'ok'\n"
        "end\n",
        NULL);

    settle(f);
    mail(f, "raw", "a");
    mail(f, "raw", "b");
    mail(f, "raw", "c");
    program_finish(f);
}

/*
 * One value is buffered, what is behind it goes where M2 says (semantics M4,
 * P14).
 */
static void
test_listen_when_closed_still_gives_its_first(void)
{
    struct fake *f = program_start(
        "function main()\n"
        "  local inbox, raw = process.inbox(), process.listen('raw')\n"
        "  assert(process.unlisten(raw) == true)\n"
        "  local v, ok = raw:receive()\n"
        "  assert(v == 'a' and ok == true)\n"
        "  v, ok = raw:receive()\n"
        "  assert(v == nil and ok == false)\n"
        "  assert(inbox:receive():payload():data() == 'b')\n"
        "  return 'ok'\n"
        "end\n",
        NULL);

    mail(f, "raw", "a");
    mail(f, "raw", "b");
    program_finish(f);
}

static void
test_unlisten_wakes_who_waits(void)
{
    program_finish(program_start(
        "function main()\n"
        "  local raw, done = process.listen('raw'), channel.new()\n"
        "  coroutine.spawn(function()\n"
        "    local v, ok = raw:receive()\n"
        "    done:send(v == nil and ok == false)\n"
        "  end)\n"
        "  coroutine.yield()\n"
        "  process.unlisten(raw)\n"
        "  assert(done:receive() == true)\n"
        "  return 'ok'\n"
        "end\n",
        NULL));
}

/* (semantics H12) */
static void
test_wait_that_nothing_can_end_is_a_deadlock(void)
{
    static const char *const waits[] = {
        "channel.new():receive()",
        "channel.new():send(1)",
        "channel.select({channel.new():case_receive()})",
        "channel.select({})",
    };
    char source[200];
    size_t i;

    for (i = 0; i < sizeof(waits) / sizeof(waits[0]); i++) {
        snprintf(source, sizeof(source), "function main() %s end", waits[i]);
        check_fails(source, "Internal",
            "deadlock: all coroutines blocked with no pending operations "
            "(threads=1)");
    }
}

static void
test_process_when_thrown_away_leaves_nothing_of_its_waits(void)
{
    struct fake *f = program_start(
        "function main()\n"
        "  local time, a, b = require('time'), channel.new(), channel.new(2)\n"
        "  for i = 1, 50 do\n"
        "    coroutine.spawn(function() a:send(i) end)\n"
        "    coroutine.spawn(function() b:receive() end)\n"
        "    coroutine.spawn(function() time.sleep('1h') end)\n"
        "    coroutine.spawn(function()\n"
        "      local after, ticker = time.after('1h'), time.ticker('1h')\n"
        "      channel.select({a:case_send(1), b:case_receive(),\n"
        "        after:case_receive(), ticker:channel():case_receive()})\n"
        "    end)\n"
        "  end\n"
        "  process.inbox():receive()\n"
        "end\n",
        NULL);

    settle(f);
    fake_free(f);
}

static size_t
memory_of(struct fake *f)
{
    lua_State *L = ((struct kl__process *)f->self)->L;

    return (size_t)lua_gc(L, LUA_GCCOUNT) * 1024 +
           (size_t)lua_gc(L, LUA_GCCOUNTB);
}

static void
test_waiting_makes_no_garbage(void)
{
    struct fake *f =
        program_start("function main()\n"
                      "  local time = require('time')\n"
                      "  local to, back = channel.new(), channel.new()\n"
                      "  for i = 1, 3 do\n"
                      "    coroutine.spawn(function()\n"
                      "      while true do back:send(to:receive() + 1) end\n"
                      "    end)\n"
                      "  end\n"
                      "  local go = process.listen('go')\n"
                      "  while true do\n"
                      "    assert(go:receive() == 'x')\n"
                      "    for i = 1, 1000 do\n"
                      "      to:send(i)\n"
                      "      assert(back:receive() == i + 1)\n"
                      "    end\n"
                      "    for i = 1, 10 do time.sleep(1000) end\n"
                      "  end\n"
                      "end\n",
            NULL);
    size_t before;

    mail(f, "go", "x");
    CU_ASSERT_EQUAL(fake_run(f), KD_NEXT_WAIT);
    lua_gc(((struct kl__process *)f->self)->L, LUA_GCSTOP);
    before = memory_of(f);
    mail(f, "go", "x");
    CU_ASSERT_EQUAL(fake_run(f), KD_NEXT_WAIT);
    CU_ASSERT_EQUAL(memory_of(f), before);
    fake_free(f);
}

static const struct test_case tests[] = {
    TEST(test_send_and_receive),
    TEST(test_close),
    TEST(test_select),
    TEST(test_random_tasks_do_what_the_model_does),
    TEST(test_select_with_all_ready_chooses_by_rank),
    TEST(test_select_with_default_polls_mail_and_events),
    TEST(test_select_that_waits_when_mail_comes_is_woken_once),
    TEST(test_receivers_of_mail_are_served_in_order),
    TEST(test_listen_when_closed_still_gives_its_first),
    TEST(test_unlisten_wakes_who_waits),
    TEST(test_wait_that_nothing_can_end_is_a_deadlock),
    TEST(test_process_when_thrown_away_leaves_nothing_of_its_waits),
    TEST(test_waiting_makes_no_garbage),
};

TEST_MAIN("channel")
