/* SPDX-License-Identifier: MIT */
/*
 * Slices of a Lua process: waits anywhere, preemption anywhere, and programs
 * that will not end but must (semantics V3, V4, X1, X7, X11, H9 to H14).
 */

#include "lua_check.h"

#include "process_lua/process/process.h"

#include <dlfcn.h>
#include <signal.h>
#include <sys/time.h>

/* `tick(v)` waits for another task, and then gives v. */
#define TICK                                                                   \
    "local function tick(v) local c = channel.new() "                          \
    "coroutine.spawn(function() c:send(v) end) return (c:receive()) end\n"

#define MAIN(body) "return function() " body " end"

static const char waits_everywhere[] =
    TICK "local mt = {__add = function() return tick(1) end,\n"
         "  __index = function(t, k) return tick(k) end,\n"
         "  __lt = function() return tick(true) end,\n"
         "  __concat = function() return 'c' .. tick(2) end,\n"
         "  __call = function(_, x) return tick(x) end,\n"
         "  __len = function() return tick(7) end,\n"
         "  __eq = function() return tick(true) end,\n"
         "  __unm = function() return tick(3) end,\n"
         "  __newindex = function(t, k, v) rawset(t, k, tick(v)) end,\n"
         "  __close = function() tick(1) print('closed') end}\n"
         "local function new() return setmetatable({}, mt) end\n"
         "function main()\n"
         "  local a, b = new(), new()\n"
         "  print(a + b, a.foo, a < b, a .. b, a(5), #a, a == b, -a)\n"
         "  a.x = 4 print(rawget(a, 'x'))\n"
         "  do local c <close> = new() end\n"
         "  print(pcall(function() tick(1) error('e', 0) end))\n"
         "  print(xpcall(function() tick(1) error('e', 0) end,\n"
         "    function(m) return 'h' .. m end))\n"
         "  local n = 0\n"
         "  for i in function() n = n + 1 return tick(n < 3 and n or nil) end\n"
         "    do print(i) end\n"
         "  local function nest(k) if k == 0 then return tick('deep') end\n"
         "    return coroutine.wrap(nest)(k - 1) end\n"
         "  print(nest(300))\n"
         "end\n";

static const char waits_everywhere_printed[] =
    "1\tfoo\ttrue\tc2\t5\t7\ttrue\t3\n4\nclosed\nfalse\te\nfalse\the\n1\n2\n"
    "deep\n";

static void
test_wait_in_metamethods_and_coroutines_goes_on_there(void)
{
    check_prints(waits_everywhere, waits_everywhere_printed);
}

static void
test_program_preempted_at_every_look_does_the_same(void)
{
    struct fake *f = fake_new();

    f->yield = 1;
    CU_ASSERT_EQUAL(fake_do(f, waits_everywhere), KD_NEXT_DONE);
    check_text("printed", f->printed, waits_everywhere_printed);
    CU_ASSERT(f->n_yield > 10);
    fake_free(f);
}

static void
test_wait_where_lua_cannot_yield_names_the_function(void)
{
    check_prints(TICK
        "local function no(...) return (select(2, pcall(...))) end\n"
        "local w = function() tick(1) end\n"
        "local o = setmetatable({}, {__tostring = w, __index = w})\n"
        "function main()\n"
        "  print(no(table.sort, {2, 1}, w))\n"
        "  print(no(string.gsub, 'a', '.', w))\n"
        "  print(no(tostring, o))\n"
        "  print(no(table.concat, o, '', 1, 1))\n"
        "  print(select(2, xpcall(function() local x = nil + 1 end,\n"
        "    function() return no(w) end)))\n"
        "  print(no(table.sort, {2, 1}, function()\n"
        "    coroutine.wrap(function() tick(1) end)() end))\n"
        "  print(no(table.sort, {2, 1}, function() coroutine.yield() end))\n"
        "end\n",
        "p.lua:1: cannot wait inside table.sort\n"
        "p.lua:1: cannot wait inside string.gsub\n"
        "p.lua:1: cannot wait inside tostring\n"
        "p.lua:1: cannot wait inside table.concat\n"
        "p.lua:1: cannot wait inside xpcall\n"
        "p.lua:13: p.lua:1: cannot wait inside table.sort\n"
        "p.lua:14: cannot wait inside table.sort\n");
}

static void
test_tasks_take_turns_in_the_order_of_becoming_ready(void)
{
    check_prints(
        MAIN("for i = 1, 3 do coroutine.spawn(function() "
             "for j = 1, 2 do print(i, j) coroutine.yield() end end) end "
             "for i = 1, 4 do coroutine.yield() end"),
        "1\t1\n2\t1\n3\t1\n1\t2\n2\t2\n3\t2\n");
}

static void
test_main_returns_while_others_wait_they_end(void)
{
    check_prints(MAIN("coroutine.spawn(function() coroutine.yield() "
                      "print('never') end) coroutine.yield()"),
        "");
}

static void
test_waiting_task_is_normal_for_others(void)
{
    check_prints(TICK
        "local inner\n"
        "function main()\n"
        "  local t = coroutine.spawn(function()\n"
        "    inner = coroutine.create(function() tick(1) end)\n"
        "    coroutine.resume(inner) end)\n"
        "  coroutine.yield()\n"
        "  for _, c in ipairs {t, inner} do\n"
        "    print(coroutine.status(c), coroutine.resume(c))\n"
        "    print(pcall(coroutine.close, c))\n"
        "  end\n"
        "  local me = coroutine.running()\n"
        "  coroutine.wrap(function() print(coroutine.resume(me)) end)()\n"
        "end\n",
        "normal\tfalse\tcannot resume a waiting task\n"
        "false\tcannot resume a waiting task\n"
        "normal\tfalse\tcannot resume a waiting task\n"
        "false\tcannot resume a waiting task\n"
        "false\tcannot resume non-suspended coroutine\n");
}

static void
test_all_tasks_wait_for_each_other_is_a_deadlock(void)
{
    check_fails(MAIN("coroutine.spawn(function() channel.new():receive() end)"
                     " channel.new():receive()"),
        "Internal",
        "deadlock: all coroutines blocked with no pending operations "
        "(threads=2)");
}

static void
test_results_of_main_become_value_or_error(void)
{
    check_returns(MAIN("return 42"), "42");
    check_returns(MAIN("return"), "nil");
    check_returns(MAIN("return 1.5, 7"), "1.5");
    check_returns(MAIN("return true, {}"), "true");
    check_fails(MAIN("return 1, 'text'"), "Internal", "text");
    check_fails(MAIN("return nil, errors.new{message='m', kind='Timeout'}"),
        "Timeout", "m");
    check_fails(MAIN("return {f = print}"), "Invalid",
        "cannot send a function (at result.f)");
}

static void
test_errors_of_tasks_become_the_process_error(void)
{
    check_fails(MAIN("error('text')"), "Internal", "p.lua:1: text");
    check_fails(MAIN("error('text', 0)"), "Internal", "text");
    check_fails(
        MAIN("error(errors.new{message='m', kind='Timeout'})"), "Timeout", "m");
    check_fails(MAIN("error(setmetatable({}, {__tostring = function() "
                     "return 'obj' end}))"),
        "Internal", "obj");
    check_fails(MAIN("coroutine.spawn(function() error('in task', 0) end) "
                     "channel.new():receive()"),
        "Internal", "in task");
    check_fails("return {}", "NotFound", "method \"main\" not found in module");
    check_fails("error('top', 0)", "Internal", "top");
}

/* Its __tostring has no task that could wait or yield. */
static void
test_text_of_an_error_may_use_coroutines_but_not_wait(void)
{
    check_fails(MAIN("error(setmetatable({}, {__tostring = function() "
                     "local w = coroutine.wrap(function() "
                     "coroutine.yield(1) return 2 end) "
                     "return w() .. w() .. tostring(pcall(coroutine.yield)) "
                     ".. tostring(pcall(channel.new().send, "
                     "channel.new(), 1)) end}))"),
        "Internal", "12falsefalse");
}

static void
test_failure_has_a_traceback_of_the_program(void)
{
    struct fake *f = fake_new();

    CU_ASSERT_EQUAL(fake_do(f, "local function inner() error('x') end\n"
                               "function main()\n  inner()\nend\n"),
        KD_NEXT_FAIL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(f->trace);
    CU_ASSERT_PTR_NOT_NULL(strstr(f->trace, "p.lua:1: in"));
    CU_ASSERT_PTR_NOT_NULL(strstr(f->trace, "p.lua:3: in function 'main'"));
    fake_free(f);
}

static void
test_error_that_ends_the_process_runs_pending_closes(void)
{
    struct fake *f = fake_new();

    CU_ASSERT_EQUAL(
        fake_do(f, MAIN("local a <close> = setmetatable({}, {__close = "
                        "function(_, e) print('closed', e) end}) "
                        "local b <close> = setmetatable({}, {__close = "
                        "function() channel.new():receive() end}) "
                        "error('x', 0)")),
        KD_NEXT_FAIL);
    check_text("message", fake_error_message(f), "x");
    CU_ASSERT_EQUAL(strncmp(f->printed, "closed\t", 7), 0);
    fake_free(f);
}

/* Each spins for ever in a place of its own. */
static const char *const spinners[] = {
    MAIN("while true do end"),
    MAIN("while true do pcall(function() while true do end end) end"),
    MAIN("while true do pcall(error, 'x') end"),
    MAIN("xpcall(error, function() while true do end end)"),
    MAIN("xpcall(function() local x = nil + 1 end, "
         "function() while true do end end)"),
    MAIN("table.sort({3, 2, 1}, function() while true do end end)"),
    MAIN("table.sort({3, 2, 1}, function() "
         "while true do pcall(function() while true do end end) end end)"),
    MAIN("string.gsub('a', '.', function() while true do end end)"),
    MAIN("string.gsub('a', '.', function() coroutine.wrap(function() "
         "coroutine.wrap(function() while true do end end)() end)() end)"),
    MAIN("table.sort({3, 2, 1}, function() while true do "
         "coroutine.wrap(function() coroutine.yield() end)() end end)"),
    MAIN("while true do coroutine.wrap(function() coroutine.yield() end)() "
         "end"),
    MAIN("while true do coroutine.yield() end"),
    MAIN("do local c <close> = setmetatable({}, {__close = "
         "function() while true do end end}) end"),
    MAIN("local c = coroutine.create(function() local x <close> = "
         "setmetatable({}, {__close = function() while true do end end}) "
         "coroutine.yield() end) coroutine.resume(c) coroutine.close(c)"),
    MAIN("return tostring(setmetatable({}, {__tostring = "
         "function() while true do end end}))"),
    MAIN("error(setmetatable({}, {__tostring = "
         "function() while true do end end}))"),
    MAIN("return setmetatable({}, {__index = "
         "function() while true do end end}).x"),
    MAIN("for k in function() while true do end end do end"),
    MAIN("local function f() pcall(f) while true do end end f()"),
    MAIN("local function f() return coroutine.wrap(f)() end "
         "while true do pcall(f) end"),
    "while true do end",
};

static void
test_spinner_that_must_end_is_left(void)
{
    for (size_t i = 0; i < sizeof(spinners) / sizeof(spinners[0]); i++) {
        struct fake *f = fake_new();

        f->yield = 2;
        f->yield_from = 3;
        fake_create(f, fake_program(f, "app:p", spinners[i]), NULL);
        CU_ASSERT_EQUAL(fake_slice(f), KD_NEXT_READY);
        CU_ASSERT_EQUAL(fake_slice(f), KD_NEXT_READY);
        CU_ASSERT_FALSE(f->failed);
        fake_free(f);
    }
}

static void
tell_to_stop(struct fake *f)
{
    f->worker->preempt(f->self);
}

/* The signal comes while `print` runs; the program spins after it. */
static void
test_spinner_that_is_signalled_gives_way_and_goes_on(void)
{
    struct fake *f = fake_new();

    f->preempts = 1;
    f->on_print = tell_to_stop;
    fake_create(f,
        fake_program(f, "app:p",
            MAIN("print('a') local n = 0 for i = 1, 1000 do n = n + i end "
                 "coroutine.wrap(function() print('b') pcall(function() "
                 "for i = 1, 1000 do n = n + i end end) end)() return n")),
        NULL);
    CU_ASSERT_EQUAL(fake_slice(f), KD_NEXT_READY);
    check_text("printed", f->printed, "a\n");
    CU_ASSERT_EQUAL(fake_slice(f), KD_NEXT_READY);
    check_text("printed", f->printed, "a\nb\n");
    CU_ASSERT_EQUAL(fake_slice(f), KD_NEXT_DONE);
    check_text("value", fake_value(f), "1001000");
    fake_free(f);
}

static void
test_preempted_task_goes_on_itself(void)
{
    struct fake *f = fake_new();

    f->preempts = 1;
    f->on_print = tell_to_stop;
    CU_ASSERT_EQUAL(
        fake_do(f, MAIN("coroutine.spawn(function() print('other') end) "
                        "print('one') print('two') coroutine.yield()")),
        KD_NEXT_DONE);
    check_text("printed", f->printed, "one\ntwo\nother\n");
    fake_free(f);
}

/*
 * Timers, answers and ends of calls that nobody waits for any more are seen to
 * between slices, thousands of times in one call of main (semantics H13, G7).
 */
static void
test_what_comes_while_main_computes_takes_no_memory(void)
{
    struct fake *f = fake_new();
    kd_entry *e = fake_program(f, "app:p",
        MAIN("require('time').ticker('1ms') local n = 0 "
             "for i = 1, 1000000 do n = n + i end return n"));
    kd_next next = KD_NEXT_READY;

    f->yield = 1;
    f->tick_ns = 1000000;
    f->signal_ref = 1;
    fake_list_add(f, e, "modules", "time");
    fake_int(f, e, "limits.memory", 128 << 10);
    fake_create(f, e, NULL);
    for (int i = 0; i < 5000 && next == KD_NEXT_READY; i++) {
        fake_signal(
            f, KD_SIGNAL_REPLY_FAILED, fake_pid(2), NULL, NULL, NULL, KD_NEVER);
        fake_signal(f, KD_SIGNAL_EXIT, fake_pid(3), NULL, NULL, NULL, KD_NEVER);
        next = fake_slice(f);
    }
    CU_ASSERT_EQUAL(next, KD_NEXT_DONE);
    check_text("error", fake_error_message(f), "");
    check_text("value", fake_value(f), "500000500000");
    fake_free(f);
}

/* No signal comes for that: the host has to be asked. */
static void
test_slice_that_has_given_enough_ends(void)
{
    struct fake *f = fake_new();
    const struct fake_sent *sent;
    unsigned n_sent = 0;

    f->preempts = 1;
    f->yield = 1;
    fake_create(f,
        fake_program(f, "app:p",
            MAIN("for i = 1, 100 do process.send('other', 'topic', i) end")),
        NULL);
    CU_ASSERT_EQUAL(fake_slice(f), KD_NEXT_READY);
    for (sent = f->sent; sent != NULL; sent = sent->next)
        n_sent++;
    CU_ASSERT(n_sent > 0 && n_sent < 100);
    CU_ASSERT_EQUAL(fake_run(f), KD_NEXT_DONE);
    fake_free(f);
}

static void
test_signal_where_lua_cannot_yield_waits_for_the_end_of_it(void)
{
    struct fake *f = fake_new();

    f->preempts = 1;
    f->on_print = tell_to_stop;
    fake_create(f,
        fake_program(f, "app:p",
            MAIN("local t = {} for i = 1, 500 do t[i] = -i end local n = 0 "
                 "table.sort(t, function(a, b) n = n + 1 if n == 2 then "
                 "print('sort') end return a < b end) "
                 "for i = 1, 2000 do n = n + 1 end print(t[1])")),
        NULL);
    CU_ASSERT_EQUAL(fake_slice(f), KD_NEXT_READY);
    check_text("printed", f->printed, "sort\n");
    CU_ASSERT_EQUAL(fake_run(f), KD_NEXT_DONE);
    check_text("printed", f->printed, "sort\n-500\n");
    fake_free(f);
}

static unsigned hooks_set;
static void (*real_sethook)(lua_State *, lua_Hook, int, int);

/* Early: the linker has locks, and lua_sethook() is called in handlers. */
__attribute__((constructor)) static void
find_sethook(void)
{
    *(void **)&real_sethook = dlsym(RTLD_NEXT, "lua_sethook");
}

/* Stands before Lua's own, and counts. */
void
lua_sethook(lua_State *L, lua_Hook hook, int mask, int count)
{
    hooks_set += mask != 0;
    real_sethook(L, hook, mask, count);
}

/* Setting one walks all calls of the state, so it is not done for each tick. */
static void
test_signals_where_lua_cannot_yield_set_the_hook_once(void)
{
    struct fake *f = fake_new();

    f->preempts = 1;
    f->on_print = tell_to_stop;
    fake_create(f,
        fake_program(f, "app:p",
            MAIN("local t = {} for i = 1, 100 do t[i] = -i end "
                 "table.sort(t, function(a, b) print() for _ = 1, 100 do end "
                 "return a < b end)")),
        NULL);
    hooks_set = 0;
    CU_ASSERT_EQUAL(fake_run(f), KD_NEXT_DONE);
    CU_ASSERT(strlen(f->printed) > 400);
    CU_ASSERT(hooks_set > 0 && hooks_set < 10);
    fake_free(f);
}

static void
test_closes_that_spin_are_dropped_with_the_slice(void)
{
    struct fake *f = fake_new();

    f->yield = 1;
    f->yield_from = 3;
    fake_create(f,
        fake_program(f, "app:p",
            MAIN("local c <close> = setmetatable({}, {__close = "
                 "function() while true do end end}) error('x', 0)")),
        NULL);
    CU_ASSERT_EQUAL(fake_run(f), KD_NEXT_FAIL);
    check_text("message", fake_error_message(f), "x");
    fake_free(f);
}

/* The slice is over when the error comes; what is closed has a loop (semantics
 * X11). */
static void
test_closes_at_the_end_of_a_slice_run(void)
{
    struct fake *f = fake_new();

    f->preempts = 1;
    f->on_print = tell_to_stop;
    f->yield = 1;
    fake_create(f,
        fake_program(f, "app:p",
            MAIN(
                "local c <close> = setmetatable({}, {__close = function() "
                "for i = 1, 5000 do end print('closed') end}) "
                "table.sort({2, 1}, function() print('stop') error('x') end)")),
        NULL);
    CU_ASSERT_EQUAL(fake_run(f), KD_NEXT_FAIL);
    check_text("printed", f->printed, "stop\nclosed\n");
    fake_free(f);
}

static void
test_print_while_the_output_is_full_waits(void)
{
    struct fake *f = fake_new();

    f->print_full = 1;
    fake_create(f,
        fake_program(f, "app:p",
            MAIN("pcall(table.sort, {1, 2}, function(a, b) print('beyond') "
                 "return a < b end) print('a', nil, 1.0) return 1")),
        NULL);
    CU_ASSERT_EQUAL(fake_slice(f), KD_NEXT_WAIT);
    check_text("printed", f->printed, "beyond\n");
    CU_ASSERT_EQUAL(fake_slice(f), KD_NEXT_WAIT);
    f->print_full = 0;
    fake_room(f);
    CU_ASSERT_EQUAL(fake_slice(f), KD_NEXT_DONE);
    check_text("printed", f->printed, "beyond\na\tnil\t1.0\n");
    fake_free(f);
}

static void
test_arguments_reach_main_after_a_wait_at_top_level(void)
{
    struct fake *f = fake_new();
    kd_writer args = {0};

    kd_write_array(&args, 3);
    kd_write_int(&args, 7);
    kd_write_nil(&args);
    kd_write_text(&args, "x");
    fake_create(f,
        fake_program(f, "app:p",
            TICK "tick(1) function main(...) "
                 "print(select('#', ...), ...) end"),
        &args);
    kd_writer_free(&args);
    CU_ASSERT_EQUAL(fake_run(f), KD_NEXT_DONE);
    check_text("printed", f->printed, "3\t7\tnil\tx\n");
    fake_free(f);
}

static void
test_process_destroyed_before_its_first_slice_leaks_nothing(void)
{
    struct fake *f = fake_new();
    kd_writer args = {0};

    kd_write_array(&args, 0);
    fake_create(f, fake_program(f, "app:p", "return print"), &args);
    kd_writer_free(&args);
    fake_free(f);
}

static struct fake *volatile signalled;

static void
on_alarm(int number)
{
    struct fake *f = signalled;

    (void)number;
    if (f != NULL)
        f->worker->preempt(f->self);
}

/* ThreadSanitizer holds signals back, and takes long over each. */
#ifdef __SANITIZE_THREAD__
#define SIGNALLED_RUNS 3
#else
#define SIGNALLED_RUNS 100
#endif

/* One signal, so many microseconds from now. */
static void
set_alarm(long delay_us)
{
    struct itimerval once = {{0, 0}, {0, delay_us}};

    setitimer(ITIMER_REAL, &once, NULL);
}

/* Real signals at any instruction; some slices are long enough to get on. */
static void
test_signals_at_any_instruction_change_no_result(void)
{
    struct sigaction action = {.sa_handler = on_alarm};
    unsigned slices = 0;

    sigaction(SIGALRM, &action, NULL);
    for (int i = 0; i < SIGNALLED_RUNS; i++) {
        struct fake *f = fake_new();
        kd_next next;

        f->preempts = 1;
        fake_create(f, fake_program(f, "app:p", waits_everywhere), NULL);
        do {
            signalled = f;
            set_alarm(20 + slices * 37 % 3000);
            next = fake_slice(f);
            signalled = NULL;
            slices++;
        } while (next == KD_NEXT_READY);
        CU_ASSERT_EQUAL(next, KD_NEXT_DONE);
        CU_ASSERT_STRING_EQUAL(f->printed, waits_everywhere_printed);
        fake_free(f);
    }
    set_alarm(0);
    CU_ASSERT(slices >= SIGNALLED_RUNS);
}

static const struct test_case tests[] = {
    TEST(test_wait_in_metamethods_and_coroutines_goes_on_there),
    TEST(test_program_preempted_at_every_look_does_the_same),
    TEST(test_wait_where_lua_cannot_yield_names_the_function),
    TEST(test_tasks_take_turns_in_the_order_of_becoming_ready),
    TEST(test_main_returns_while_others_wait_they_end),
    TEST(test_waiting_task_is_normal_for_others),
    TEST(test_all_tasks_wait_for_each_other_is_a_deadlock),
    TEST(test_results_of_main_become_value_or_error),
    TEST(test_errors_of_tasks_become_the_process_error),
    TEST(test_text_of_an_error_may_use_coroutines_but_not_wait),
    TEST(test_failure_has_a_traceback_of_the_program),
    TEST(test_error_that_ends_the_process_runs_pending_closes),
    TEST(test_spinner_that_must_end_is_left),
    TEST(test_spinner_that_is_signalled_gives_way_and_goes_on),
    TEST(test_preempted_task_goes_on_itself),
    TEST(test_what_comes_while_main_computes_takes_no_memory),
    TEST(test_slice_that_has_given_enough_ends),
    TEST(test_signal_where_lua_cannot_yield_waits_for_the_end_of_it),
    TEST(test_signals_where_lua_cannot_yield_set_the_hook_once),
    TEST(test_closes_that_spin_are_dropped_with_the_slice),
    TEST(test_closes_at_the_end_of_a_slice_run),
    TEST(test_print_while_the_output_is_full_waits),
    TEST(test_arguments_reach_main_after_a_wait_at_top_level),
    TEST(test_process_destroyed_before_its_first_slice_leaks_nothing),
    TEST(test_signals_at_any_instruction_change_no_result),
};

TEST_MAIN("lua_driver")
