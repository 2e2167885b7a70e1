/* SPDX-License-Identifier: MIT */
/*
 * The module `process` against a host that writes down what it is asked for.
 *
 * (semantics P1 to P3, P6, P11, P15, P17, P18, D1 to D4, D6, C1 to C3, C10,
 * C11, W1, N1 to N3, R1 to R4, B10, X12)
 */

#include "lua_check.h"

#include <stdlib.h>

/* `body` is that of main; `show` prints results with kind and message. */
static struct fake *
prepare(const char *body)
{
    static const char head[] =
        "local function show(ok, err, ...)\n"
        "  if err == nil then return print(ok, ...) end\n"
        "  print(ok, err:kind() .. ': ' .. err, err:retryable(), ...)\n"
        "end\n"
        "local function raises(...)\n"
        "  local ok, err = pcall(...)\n"
        "  assert(not ok)\n"
        "  print((tostring(err):gsub('^p.lua:%d+: ', '')))\n"
        "end\n"
        "local function main()\n";
    static const char tail[] = "\nend\nreturn {main = main}\n";
    size_t len = sizeof(head) + strlen(body) + sizeof(tail);
    char *source = (char *)malloc(len);
    struct fake *f = fake_new();

    CU_ASSERT_PTR_NOT_NULL_FATAL(source);
    snprintf(source, len, "%s%s%s", head, body, tail);
    fake_entry(f, "app:host", "process.host", KD_CLASS_HOST);
    fake_entry(f, "app:fn", "function.lua", KD_CLASS_WORKER);
    fake_entry(f, "app:data", "registry.entry", KD_CLASS_DATA);
    CU_ASSERT_EQUAL_FATAL(
        fake_create(f, fake_program(f, "app:p", source), NULL), KD_OK);
    free(source);
    return f;
}

static void
finish(struct fake *f, const char *printed)
{
    CU_ASSERT_EQUAL(fake_run(f), KD_NEXT_DONE);
    check_text("error", fake_error_message(f), "");
    check_text("printed", f->printed, printed);
    fake_free(f);
}

/* (semantics P2, P15, P16, P17) */
static void
test_process_when_asked_about_itself_then_tells(void)
{
    struct fake *f = prepare(
        "print(process.pid(), process.id(), process.ready())\n"
        "print(process.event.CANCEL, process.event.EXIT,\n"
        "  process.event.LINK_DOWN)\n"
        "print(require('process') == process)\n"
        "print(process.registry.LOCAL, process.registry.EVENTUAL,\n"
        "  process.registry.CONSISTENT, process.registry.STRONG)\n"
        "for _, t in ipairs{process, process.event, process.registry} do\n"
        "  assert(not pcall(function() t.x = 1 end))\n"
        "  assert(not pcall(function() t.pid = 1 end))\n"
        "end");

    CU_ASSERT_EQUAL(fake_run(f), KD_NEXT_DONE);
    CU_ASSERT_EQUAL(f->n_ready, 1);
    finish(prepare(""), "");
    check_text("printed", f->printed,
        "{app:host|0x1}\tapp:p\ttrue\n"
        "pid.cancel\tpid.exit\tpid.link.down\n"
        "true\n0\t1\t2\t3\n");
    fake_free(f);
}

/* A table that fills itself shows all that it can have. P16, P17 */
static void
test_process_when_gone_through_then_is_whole(void)
{
    finish(prepare("local n = 0\n"
                   "for name, value in pairs(process) do\n"
                   "  assert(process[name] == value and value ~= nil)\n"
                   "  n = n + 1\n"
                   "end\n"
                   "print(n > 20, process.send ~= nil, process.sand)\n"
                   "local kinds = {}\n"
                   "for name, value in pairs(process.event) do\n"
                   "  kinds[#kinds + 1] = name .. '=' .. value\n"
                   "end\n"
                   "table.sort(kinds)\n"
                   "print(table.unpack(kinds))\n"
                   "print(process.event == process.event, rawlen(process),\n"
                   "  process[1], process['__index'])"),
        "true\ttrue\tnil\n"
        "CANCEL=pid.cancel\tEXIT=pid.exit\tLINK_DOWN=pid.link.down\n"
        "true\t0\tnil\tnil\n");
}

static void
test_spawn_when_allowed_then_gives_the_pid(void)
{
    struct fake *f =
        prepare("print(process.spawn('app:p', 'app:host'))\n"
                "print(process.spawn_monitored('app:p', 'app:host', 1, nil))\n"
                "print(process.spawn_linked('app:p', 'app:host', {}))\n"
                "print(process.spawn_linked_monitored('app:p', 'app:host'))");

    finish(f, "{app:host|0x2}\n{app:host|0x3}\n{app:host|0x4}\n"
              "{app:host|0x5}\n");
}

/*
 * What is said about arguments comes after what is said first (semantics P3,
 * P6).
 */
static void
test_spawn_when_refused_then_says_why_in_order(void)
{
    finish(prepare("show(process.spawn())\n"
                   "show(process.spawn_monitored('app:p'))\n"
                   "show(process.spawn_linked('app:p'))\n"
                   "show(process.spawn_linked_monitored('app:p'))\n"
                   "show(process.spawn('app:p', 'app:none', print))\n"
                   "show(process.spawn('app:p', 'app:p', print))\n"
                   "show(process.spawn('app:none', 'app:host', print))\n"
                   "show(process.spawn('app:data', 'app:host', print))\n"
                   "show(process.spawn('app:fn', 'app:host', print))\n"
                   "show(process.spawn('app:p', 'app:host', 1, {print}))\n"
                   "raises(function() process.spawn({}, 'app:host') end)"),
        "nil\tInvalid: spawn requires at least id and host arguments\tnil\n"
        "nil\tInvalid: spawn_monitored requires at least id and host "
        "arguments\tnil\n"
        "nil\tInvalid: spawn_linked requires at least id and host "
        "arguments\tnil\n"
        "nil\tInvalid: spawn_linked_monitored requires at least id and host "
        "arguments\tnil\n"
        "nil\tNotFound: host not found: app:none\tnil\n"
        "nil\tInvalid: not a host: app:p (process.lua)\tnil\n"
        "nil\tNotFound: entry not found: app:none\tnil\n"
        "nil\tInvalid: not a process: app:data (registry.entry)\tnil\n"
        "nil\tInvalid: not a process: app:fn (function.lua)\tnil\n"
        "nil\tInvalid: cannot send a function (at args[2][1])\tnil\n"
        "bad argument #1 to 'spawn' (string expected, got table)\n");
}

/* (semantics D1 to D4, D6, P18) */
static void
test_send_when_refused_then_says_why(void)
{
    struct fake *f =
        prepare("show(process.send())\n"
                "show(process.send('other'))\n"
                "show(process.send('nobody', '@x'))\n"
                "show(process.send('nobody', 'x'))\n"
                "show(process.send('{no:host|0x9}', 'x'))\n"
                "show(process.send('{not a pid', 'x'))\n"
                "show(process.send('other', 'x', 1, {a = print}))\n"
                "show(process.send('other', ''))\n"
                "show(process.send(errors.new('other'), 7, nil))\n"
                "show(process.send(process.pid(), 'x', 1, nil, nil))\n"
                "raises(function() process.send({}, 'x') end)\n"
                "raises(function() process.send('other', true) end)");

    CU_ASSERT_EQUAL(fake_run(f), KD_NEXT_DONE);
    check_text("printed", f->printed,
        "nil\tInvalid: send requires at least destination and topic "
        "arguments\tnil\n"
        "nil\tInvalid: send requires at least destination and topic "
        "arguments\tnil\n"
        "nil\tInvalid: cannot send to @ topics\tnil\n"
        "nil\tNotFound: could not resolve 'nobody' as PID or registered "
        "name\tnil\n"
        "nil\tNotFound: host not found: no:host\tnil\n"
        "nil\tNotFound: could not resolve '{not a pid' as PID or registered "
        "name\tnil\n"
        "nil\tInvalid: cannot send a function (at args[2].a)\tnil\n"
        "true\ntrue\ntrue\n"
        "bad argument #1 to 'send' (string expected, got table)\n"
        "bad argument #2 to 'send' (string expected, got boolean)\n");
    CU_ASSERT_PTR_NULL(f->sent->data);
    CU_ASSERT_EQUAL(f->sent->flags, 0);
    CU_ASSERT_EQUAL(f->sent->next->to.serial, 2);
    CU_ASSERT_STRING_EQUAL(f->sent->next->topic, "7");
    CU_ASSERT_EQUAL(f->sent->next->len, 1);
    CU_ASSERT_EQUAL(f->sent->next->flags, 0);
    CU_ASSERT_EQUAL(f->sent->next->next->flags, KD_MESSAGE_MANY);
    CU_ASSERT_EQUAL(f->sent->next->next->len, 4);
    CU_ASSERT_PTR_NULL(f->sent->next->next->next);
    fake_free(f);
}

/* The host's own sentence, kind and retryable (semantics R4). */
static void
test_service_when_the_host_refuses_then_its_error_is_passed_on(void)
{
    struct fake *f = prepare("show(process.send('other', 'x'))\n"
                             "show(process.spawn('app:p', 'app:host'))\n"
                             "show(process.cancel('other'))\n"
                             "show(process.terminate('other'))\n"
                             "show(process.monitor('other'))\n"
                             "show(process.link('other'))\n"
                             "show(process.unmonitor('other'))\n"
                             "show(process.unlink('other'))\n"
                             "show(process.registry.register('n'))\n"
                             "print(process.registry.unregister('n'))");

    f->answer = KD_EGONE;
    finish(f, "nil\tNotFound: process not found\tnil\n"
              "nil\tNotFound: process not found\tnil\n"
              "nil\tNotFound: process not found\tnil\n"
              "nil\tNotFound: process not found\tnil\n"
              "nil\tNotFound: process not found\tnil\n"
              "nil\tNotFound: process not found\tnil\n"
              "true\ntrue\n"
              "nil\tNotFound: process not found\tnil\n"
              "false\n");
}

/* (semantics C1 to C3) */
static void
test_cancel_when_asked_in_any_form_then_reads_it_right(void)
{
    struct fake *f = prepare(
        "local time = require('time')\n"
        "local deadline = 'Invalid: deadline must be either a duration ' ..\n"
        "  'string or milliseconds number'\n"
        "for _, x in ipairs{0, 5, 1.5, '5s', '-0s', '0', 'because', '',\n"
        "    'ms', time.parse_duration('2s'), errors.new('why')} do\n"
        "  assert(process.cancel('other', x) == true)\n"
        "  assert(process.cancel('other', x, nil) == true)\n"
        "end\n"
        "assert(process.cancel('other'))\n"
        "assert(process.cancel('other', nil, 'reason'))\n"
        "assert(process.cancel('other', 5, 'reason'))\n"
        "assert(process.cancel('other', '5ms', 'reason'))\n"
        "for _, x in ipairs{-1, 0/0, 1/0, -1/0, 1e300, '10', '100 ms', '-5s',\n"
        "    '+', '.', '9e9s', '99999999999h', math.maxinteger,\n"
        "    time.parse_duration('-2s')} do\n"
        "  local ok, err = process.cancel('other', x)\n"
        "  assert(ok == nil and err:kind() .. ': ' .. err == deadline, x)\n"
        "end\n"
        "for _, x in ipairs{true, {}, print, process.inbox()} do\n"
        "  assert(not pcall(process.cancel, 'other', x))\n"
        "end\n"
        "assert(not pcall(process.cancel, 'other', 'a', 'b'))\n"
        "show(process.cancel())\n"
        "show(process.cancel('nobody'))\n"
        "raises(function() process.terminate() end)");

    fake_list_add(f, f->entry, "modules", "time");
    CU_ASSERT_EQUAL_FATAL(fake_create(f, f->entry, NULL), KD_OK);
    CU_ASSERT_EQUAL(fake_run(f), KD_NEXT_DONE);
    check_text("error", fake_error_message(f), "");
    check_text("printed", f->printed,
        "nil\tInvalid: cancel requires at least destination argument\tnil\n"
        "nil\tNotFound: could not resolve 'nobody' as PID or registered "
        "name\tnil\n"
        "bad argument #1 to 'terminate' (string expected, got no value)\n");
    CU_ASSERT_EQUAL(f->n_cancel, 26);
    fake_free(f);
}

/* (semantics C11) */
static void
test_terminate_when_of_itself_then_does_not_return(void)
{
    struct fake *f =
        prepare("print('before')\n"
                "pcall(function() process.terminate(process.pid()) end)\n"
                "print('after')");

    CU_ASSERT_EQUAL(fake_slice(f), KD_NEXT_READY);
    CU_ASSERT_EQUAL(f->n_terminate, 1);
    CU_ASSERT_STRING_EQUAL(f->printed, "before\n");
    fake_free(f);
}

/* (semantics W1) */
static void
test_watch_when_target_is_unknown_then_is_an_error_or_nothing(void)
{
    finish(prepare("show(process.monitor())\n"
                   "show(process.unmonitor())\n"
                   "show(process.link())\n"
                   "show(process.unlink())\n"
                   "show(process.monitor('{no:host|0x9}'))\n"
                   "show(process.link('{no:host|0x9}'))\n"
                   "show(process.unmonitor('{no:host|0x9}'))\n"
                   "show(process.unlink('{no:host|0x9}'))\n"
                   "show(process.unlink('nobody'))\n"
                   "show(process.monitor('other'))\n"
                   "show(process.link(process.pid()))"),
        "nil\tInvalid: monitor requires a destination argument\tnil\n"
        "nil\tInvalid: unmonitor requires a destination argument\tnil\n"
        "nil\tInvalid: link requires a destination argument\tnil\n"
        "nil\tInvalid: unlink requires a destination argument\tnil\n"
        "nil\tNotFound: pid not registered: {no:host|0x9}\tnil\n"
        "nil\tNotFound: pid not registered: {no:host|0x9}\tnil\n"
        "true\ntrue\n"
        "nil\tNotFound: could not resolve 'nobody' as PID or registered "
        "name\tnil\n"
        "true\ntrue\n");
}

/* (semantics P11) */
static void
test_options_when_set_then_those_that_are_right_hold(void)
{
    finish(prepare("print(process.get_options().trap_links)\n"
                   "show(process.set_options({trap_links = true}))\n"
                   "print(process.get_options().trap_links)\n"
                   "show(process.set_options())\n"
                   "show(process.set_options(5))\n"
                   "show(process.set_options({trap_links = 1}))\n"
                   "print(process.get_options().trap_links)\n"
                   "show(process.set_options({trap_links = false, x = 1}))\n"
                   "print(process.get_options().trap_links)\n"
                   "show(process.set_options({'x', [true] = 2}))\n"
                   "assert(process.get_options() ~= process.get_options())"),
        "false\ntrue\ntrue\n"
        "false\tInvalid: options parameter must be a table\tnil\n"
        "false\tInvalid: options parameter must be a table\tnil\n"
        "false\tInvalid: trap_links must be a boolean\tnil\n"
        "true\n"
        "false\tInvalid: option x is not supported\tnil\n"
        "false\ntrue\n");
}

/* (semantics N1 to N3) */
static void
test_registry_when_asked_then_answers_or_says_why(void)
{
    finish(prepare("local r = process.registry\n"
                   "show(r.register('n'))\n"
                   "show(r.register('n', process.pid()))\n"
                   "show(r.register('n', nil, r.LOCAL))\n"
                   "show(r.register(''))\n"
                   "show(r.register('n', true))\n"
                   "show(r.register('n', 'x'))\n"
                   "show(r.register('n', '{no:host|0x9}'))\n"
                   "show(r.register('n', nil, r.STRONG))\n"
                   "show(r.lookup('mine'))\n"
                   "show(r.lookup('nobody'))\n"
                   "show(r.lookup('mine', r.EVENTUAL))\n"
                   "show(r.unregister('n'))\n"
                   "show(r.unregister('n', r.CONSISTENT))\n"
                   "raises(function() r.register() end)"),
        "true\ntrue\ntrue\n"
        "nil\tInvalid: name cannot be empty\tnil\n"
        "nil\tInvalid: pid must be a string\tnil\n"
        "nil\tInvalid: invalid pid: x\tnil\n"
        "nil\tNotFound: process not found: {no:host|0x9}\tnil\n"
        "nil\tUnavailable: no cluster\tnil\n"
        "{app:host|0x1}\n"
        "nil\tNotFound: name not registered: nobody\tnil\n"
        "nil\tUnavailable: no cluster\tnil\n"
        "true\n"
        "nil\tUnavailable: no cluster\tnil\n"
        "bad argument #1 to 'register' (string expected, got no value)\n");
}

/* (semantics R1, R2, R3) */
static void
test_errors_when_made_then_are_what_was_asked_for(void)
{
    finish(
        prepare(
            "local e = errors.new('plain')\n"
            "print(type(e), e:kind() == errors.UNKNOWN, e, e:retryable(),\n"
            "  e:details(), #e:stack() > 0, getmetatable(e))\n"
            "e = errors.new{message = 'm', kind = errors.TIMEOUT,\n"
            "  retryable = false, details = {a = 1}}\n"
            "print(e:kind(), e:message(), e:retryable(), e:details().a)\n"
            "print(e .. '!', '!' .. e, e .. e, 1 .. e)\n"
            "print(errors.new{message = 'm', details = {}}:details())\n"
            "local w = errors.wrap(e, 'while testing')\n"
            "print(w:kind(), w:message(), w:retryable(), w:details().a, w == "
            "e)\n"
            "print(w:stack():sub(1, 14), (w:stack():find(e:stack(), 1, "
            "true)))\n"
            "print(errors.is(e, 'Timeout'), errors.is(e, 'Invalid'),\n"
            "  errors.is('Timeout', 'Timeout'), errors.is(nil, ''))\n"
            "raises(errors.new, {})\n"
            "raises(errors.new, {message = 5})\n"
            "raises(errors.new, 5)\n"
            "raises(errors.new)\n"
            "raises(function() return e .. {} end)\n"
            "local s = errors.call_stack(e)\n"
            "print(s.thread, s.frames[1].level, s.frames[1].source,\n"
            "  s.frames[1].line > 0, s.frames[1].type)\n"
            "print(errors.call_stack('x'))\n"
            "local ok, same = pcall(error, e)\n"
            "print(ok, same == e)\n"
            "print(errors.wrap('text', 'c'):message())"),
        "userdata\ttrue\tplain\tnil\tnil\ttrue\tfalse\n"
        "Timeout\tm\tfalse\t1\n"
        "m!\t!m\tmm\t1m\n"
        "nil\n"
        "Timeout\tm\tfalse\t1\tfalse\n"
        "while testing\n\t15\n"
        "true\tfalse\tfalse\tfalse\n"
        "bad argument #1 to 'errors.new' (message field is required)\n"
        "bad argument #1 to 'errors.new' (message must be a string, got "
        "number)\n"
        "bad argument #1 to 'errors.new' (expected string or table, got "
        "number)\n"
        "bad argument #1 to 'errors.new' (expected string or table, got no "
        "value)\n"
        "attempt to concatenate a table value\n"
        "main\t1\tp.lua\ttrue\tLua\n"
        "nil\n"
        "false\ttrue\n"
        "text\n");
}

/* One that must end may have ended for all others: its call took too long. */
static void
test_logger_when_the_process_must_end_then_writes_nothing(void)
{
    static const char source[] =
        "return function() require('logger').warn('text', {a = 1}) end";

    for (uint32_t yield = 0; yield <= 2; yield++) {
        struct fake *f = fake_new();
        kd_entry *entry = fake_program(f, "app:p", source);

        fake_list_add(f, entry, "modules", "logger");
        CU_ASSERT_EQUAL_FATAL(fake_create(f, entry, NULL), KD_OK);
        f->yield = yield;
        CU_ASSERT_EQUAL(fake_run(f), KD_NEXT_DONE);
        check_text("logged", f->logged, yield == 2 ? "" : "text");
        fake_free(f);
    }
}

static const struct test_case tests[] = {
    TEST(test_process_when_asked_about_itself_then_tells),
    TEST(test_process_when_gone_through_then_is_whole),
    TEST(test_spawn_when_allowed_then_gives_the_pid),
    TEST(test_spawn_when_refused_then_says_why_in_order),
    TEST(test_send_when_refused_then_says_why),
    TEST(test_service_when_the_host_refuses_then_its_error_is_passed_on),
    TEST(test_cancel_when_asked_in_any_form_then_reads_it_right),
    TEST(test_terminate_when_of_itself_then_does_not_return),
    TEST(test_watch_when_target_is_unknown_then_is_an_error_or_nothing),
    TEST(test_options_when_set_then_those_that_are_right_hold),
    TEST(test_registry_when_asked_then_answers_or_says_why),
    TEST(test_errors_when_made_then_are_what_was_asked_for),
    TEST(test_logger_when_the_process_must_end_then_writes_nothing),
};

TEST_MAIN("lua_process")
