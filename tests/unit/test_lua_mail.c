/* SPDX-License-Identifier: MIT */
/*
 * Mail and events of a Lua process: where they wait, who gets them, when they
 * go back to the host.
 *
 * (semantics P12, P13, P14, P16, C9, H6, M2 to M8, X9, X10)
 */

#include "lua_check.h"

#include "process_lua/process/process.h"
#include "process_lua/value/shared.h"

#include <stdlib.h>

/* A process that is about to run this; mail can be put in before. */
static struct fake *
start(const char *source)
{
    struct fake *f = fake_new();

    CU_ASSERT_EQUAL_FATAL(
        fake_create(f, fake_program(f, "app:p", source), NULL), KD_OK);
    return f;
}

static void
mail_int(struct fake *f, const char *topic, int64_t value)
{
    kd_writer w = {0};

    kd_write_int(&w, value);
    fake_mail(f, fake_pid(2), topic, 0, &w);
    kd_writer_free(&w);
}

/* Runs to its normal end. */
static void
finish(struct fake *f, const char *printed)
{
    CU_ASSERT_EQUAL(fake_run(f), KD_NEXT_DONE);
    check_text("error", fake_error_message(f), "");
    check_text("printed", f->printed, printed);
    fake_free(f);
}

/* An error term of a kind and a message. */
static void
write_error(kd_writer *to, const char *kind, const char *message)
{
    kd_writer body = {0};

    kd_write_map(&body, 2);
    kd_write_text(&body, "kind");
    kd_write_text(&body, kind);
    kd_write_text(&body, "message");
    kd_write_text(&body, message);
    kd_write_ext(to, KD_TERM_EXT_ERROR, body.data, body.len);
    kd_writer_free(&body);
}

/* (semantics M5, M6) */
static void
test_message_when_received_then_tells_all_about_itself(void)
{
    struct fake *f = start(
        "local function main()\n"
        "  local m = process.inbox():receive()\n"
        "  print(m:topic(), m:from(), tostring(m))\n"
        "  local p = m:payload()\n"
        "  print(p:data(), math.type(p:data()), p:get_format(), tostring(p))\n"
        "  print(p.format, p == m:payload(), getmetatable(p), type(p))\n"
        "  m = process.inbox():receive()\n"
        "  print(m:topic(), m:from() == '', m:payload())\n"
        "  m = process.inbox():receive()\n"
        "  local all = m:payload()\n"
        "  print(#all, all[1]:data(), all[2]:data(), #all[3]:data())\n"
        "  print(all[3]:data() == all[3]:data(), all[1] == m:payload()[1])\n"
        "end\n"
        "return {main = main}");
    kd_writer w = {0};

    mail_int(f, "one", 42);
    fake_mail(f, fake_pid(0), "", 0, NULL);
    kd_write_array(&w, 3);
    kd_write_text(&w, "a");
    kd_write_nil(&w);
    kd_write_array(&w, 2);
    kd_write_int(&w, 1);
    kd_write_int(&w, 2);
    fake_mail(f, fake_pid(3), "many", KD_MESSAGE_MANY, &w);
    kd_writer_free(&w);
    finish(f, "one\t{app:host|0x2}\tprocess.Message{topic=one}\n"
              "42\tinteger\tlua/any\tpayload{format=lua/any}\n"
              "nil\ttrue\tfalse\tuserdata\n"
              "\ttrue\tnil\n"
              "3\ta\tnil\t2\n"
              "true\ttrue\n");
}

/* (semantics M7) */
static void
test_listen_when_raw_then_gives_the_values(void)
{
    struct fake *f = start("local function main()\n"
                           "  local ch = process.listen('t')\n"
                           "  assert(ch == process.listen('t'))\n"
                           "  print(ch:receive())\n"
                           "  print(ch:receive())\n"
                           "  local all, ok = ch:receive()\n"
                           "  print(all[1], all[2], all[3], ok)\n"
                           "  process.listen('t', {message = true})\n"
                           "  print(ch:receive():payload():data())\n"
                           "  process.listen('t')\n"
                           "  print(ch:receive():topic())\n"
                           "end\n"
                           "return {main = main}");
    kd_writer w = {0};

    fake_mail(f, fake_pid(2), "t", 0, NULL);
    mail_int(f, "t", 7);
    kd_write_array(&w, 3);
    kd_write_int(&w, 1);
    kd_write_nil(&w);
    kd_write_int(&w, 3);
    fake_mail(f, fake_pid(2), "t", KD_MESSAGE_MANY, &w);
    kd_writer_free(&w);
    mail_int(f, "t", 8);
    mail_int(f, "t", 9);
    finish(f, "nil\ttrue\n7\ttrue\n1\tnil\t3\ttrue\n8\nt\n");
}

/* In order for each, and none is in the way of another (semantics M2, M3). */
static void
test_mail_when_it_came_before_its_channel_then_is_found(void)
{
    struct fake *f = start("local function main()\n"
                           "  local time = require('time')\n"
                           "  time.sleep('1ms')\n"
                           "  local b = process.listen('b')\n"
                           "  print(b:receive(), b:receive())\n"
                           "  local inbox = process.inbox()\n"
                           "  assert(inbox == process.inbox())\n"
                           "  print(inbox:receive():payload():data())\n"
                           "  local a = process.listen('a')\n"
                           "  print(a:receive())\n"
                           "  print(inbox:receive():topic())\n"
                           "end\n"
                           "return {main = main}");

    fake_list_add(f, f->entry, "modules", "time");
    CU_ASSERT_EQUAL_FATAL(fake_create(f, f->entry, NULL), KD_OK);
    mail_int(f, "x", 1);
    mail_int(f, "b", 2);
    mail_int(f, "a", 3);
    mail_int(f, "b", 4);
    mail_int(f, "y", 5);
    finish(f, "2\t4\ttrue\n1\n3\ttrue\ny\n");
}

/* (semantics P14, M2) */
static void
test_unlisten_when_mail_is_left_then_goes_to_the_inbox_in_order(void)
{
    struct fake *f =
        start("local function main()\n"
              "  local a = process.listen('a')\n"
              "  local inbox = process.inbox()\n"
              "  print(a:receive())\n"
              "  print(process.unlisten(a))\n"
              "  print(a:receive())\n"
              "  print(a:receive())\n"
              "  print(inbox:receive():payload():data())\n"
              "  print(inbox:receive():payload():data())\n"
              "  local ok, err = process.unlisten(a)\n"
              "  print(ok, err:kind(), err:message())\n"
              "  print(process.unlisten(channel.new()))\n"
              "  print(pcall(function() process.unlisten(1) end))\n"
              "  print(process.unlisten(inbox), inbox:receive())\n"
              "  print(inbox ~= process.inbox())\n"
              "  print(process.inbox():receive():payload():data())\n"
              "end\n"
              "return {main = main}");

    mail_int(f, "a", 1);
    mail_int(f, "a", 2);
    mail_int(f, "b", 3);
    mail_int(f, "a", 4);
    mail_int(f, "b", 5);
    finish(f, "1\ttrue\ntrue\n2\ttrue\nnil\tfalse\n3\n4\n"
              "false\tNotFound\tchannel not found\n"
              "false\tchannel not found\n"
              "false\tp.lua:13: bad argument #1 to 'unlisten' (channel "
              "expected, got number)\n"
              "true\tnil\tfalse\ntrue\n5\n");
}

/* (semantics P13) */
static void
test_listen_when_topic_is_refused_then_says_why(void)
{
    finish(
        start("local function main()\n"
              "  local ch, err = process.listen('')\n"
              "  print(ch, err:kind(), err:message(), err:retryable())\n"
              "  ch, err = process.listen('@x')\n"
              "  print(ch, err:kind(), err)\n"
              "  print(select(2, pcall(function() process.listen({}) end)))\n"
              "  assert(process.listen(5) == process.listen('5'))\n"
              "end\n"
              "return {main = main}"),
        "nil\tInvalid\ttopic cannot be empty\tnil\n"
        "nil\tInvalid\tcannot listen to @ topics\n"
        "p.lua:6: bad argument #1 to 'listen' (string expected, got table)\n");
}

/* What is taken counts against the mailbox until the program has it. */
static void
test_mail_when_not_received_then_is_held(void)
{
    struct fake *f = start("local function main()\n"
                           "  local inbox = process.inbox()\n"
                           "  inbox:receive()\n"
                           "  process.events():receive()\n"
                           "  inbox:receive()\n"
                           "  process.events():receive()\n"
                           "end\n"
                           "return {main = main}");

    mail_int(f, "a", 1);
    mail_int(f, "@b", 2);
    mail_int(f, "c", 3);
    CU_ASSERT_EQUAL(fake_run(f), KD_NEXT_WAIT);
    CU_ASSERT_EQUAL(f->n_mail_held, 1);
    fake_signal(f, KD_SIGNAL_CANCEL, fake_pid(2), NULL, NULL, "stop", KD_NEVER);
    CU_ASSERT_EQUAL(fake_run(f), KD_NEXT_WAIT);
    CU_ASSERT_EQUAL(f->n_mail_held, 0);
    CU_ASSERT_EQUAL(f->n_bufs, 0);
    mail_int(f, "left behind", 4);
    CU_ASSERT_EQUAL(fake_run(f), KD_NEXT_WAIT);
    CU_ASSERT_EQUAL(f->n_mail_held, 1);
    fake_free(f);
}

/* (semantics X9, X10, P16) */
static void
test_event_when_read_then_is_the_table_of_its_kind(void)
{
    struct fake *f = start(
        "local function main()\n"
        "  local e = process.events():receive()\n"
        "  print(e.kind == process.event.EXIT, e.from, e.result.value.x,\n"
        "    e.result.error, math.type(e.at), e.reason)\n"
        "  e = process.events():receive()\n"
        "  print(e.kind, e.result.value, e.result.error:kind(),\n"
        "    e.result.error:message(), #e.result.error:stack() > 0)\n"
        "  e = process.events():receive()\n"
        "  print(e.kind == process.event.LINK_DOWN, e.from,\n"
        "    tostring(e.result.error), e.result.value)\n"
        "  e = process.events():receive()\n"
        "  print(e.kind, type(e.result), next(e.result))\n"
        "  e = process.events():receive()\n"
        "  print(e.kind == process.event.CANCEL, e.from, e.reason, e.result,\n"
        "    string.format('%.3f', e.deadline - e.at))\n"
        "  e = process.events():receive()\n"
        "  print(e.kind, e.from, '[' .. e.reason .. ']', e.deadline)\n"
        "end\n"
        "return {main = main}");
    kd_writer w = {0};

    kd_write_map(&w, 1);
    kd_write_text(&w, "x");
    kd_write_int(&w, 9);
    fake_signal(f, KD_SIGNAL_EXIT, fake_pid(5), &w, NULL, NULL, KD_NEVER);
    w.len = 0;
    write_error(&w, "Timeout", "too late");
    fake_signal(f, KD_SIGNAL_EXIT, fake_pid(5), NULL, &w, NULL, KD_NEVER);
    fake_signal(f, KD_SIGNAL_LINK_DOWN, fake_pid(6), NULL, &w, NULL, KD_NEVER);
    fake_signal(f, KD_SIGNAL_EXIT, fake_pid(7), NULL, NULL, NULL, KD_NEVER);
    fake_signal(f, KD_SIGNAL_CANCEL, fake_pid(8), NULL, NULL, "enough",
        f->now_ns + 250000000);
    kd_writer_free(&w);
    CU_ASSERT_EQUAL(fake_run(f), KD_NEXT_WAIT);
    fake_signal(f, KD_SIGNAL_CANCEL, fake_pid(0), NULL, NULL, "", KD_NEVER);
    finish(f, "true\t{app:host|0x5}\t9\tnil\tfloat\tnil\n"
              "pid.exit\tnil\tTimeout\ttoo late\ttrue\n"
              "true\t{app:host|0x6}\ttoo late\tnil\n"
              "pid.exit\ttable\tnil\n"
              "true\t{app:host|0x8}\tenough\tnil\t0.250\n"
              "pid.cancel\t{|}\t[]\tnil\n");
}

/* (semantics C9) */
static void
test_cancel_when_one_is_unread_then_only_brings_the_deadline_forward(void)
{
    struct fake *f = start(
        "local function main()\n"
        "  process.inbox():receive()\n"
        "  local e = process.events():receive()\n"
        "  print(e.from, e.reason, string.format('%.1f', e.deadline - e.at))\n"
        "  e = process.events():receive()\n"
        "  print(e.from, e.reason, e.deadline)\n"
        "end\n"
        "return {main = main}");

    fake_signal(f, KD_SIGNAL_CANCEL, fake_pid(2), NULL, NULL, "a",
        f->now_ns + 9000000000);
    fake_signal(f, KD_SIGNAL_CANCEL, fake_pid(3), NULL, NULL, "b",
        f->now_ns + 3000000000);
    fake_signal(f, KD_SIGNAL_CANCEL, fake_pid(4), NULL, NULL, "c", KD_NEVER);
    CU_ASSERT_EQUAL(fake_run(f), KD_NEXT_WAIT);
    mail_int(f, "go on", 1);
    CU_ASSERT_EQUAL(fake_run(f), KD_NEXT_WAIT);
    fake_signal(f, KD_SIGNAL_CANCEL, fake_pid(5), NULL, NULL, "d", KD_NEVER);
    finish(f, "{app:host|0x2}\ta\t3.0\n{app:host|0x5}\td\tnil\n");
}

/*
 * The event first, then the oldest of the mail, whatever the order (semantics
 * H6).
 */
static void
test_select_when_several_are_ready_then_takes_by_rank(void)
{
    struct fake *f =
        start("local function main()\n"
              "  local time = require('time')\n"
              "  time.sleep('1ms')\n"
              "  local inbox, events = process.inbox(), process.events()\n"
              "  for i = 1, 3 do\n"
              "    local r = channel.select{inbox:case_receive(),\n"
              "      events:case_receive(), default = true}\n"
              "    print(r.channel == events, r.channel == inbox, r.default)\n"
              "  end\n"
              "end\n"
              "return {main = main}");

    fake_list_add(f, f->entry, "modules", "time");
    CU_ASSERT_EQUAL_FATAL(fake_create(f, f->entry, NULL), KD_OK);
    mail_int(f, "a", 1);
    fake_signal(f, KD_SIGNAL_CANCEL, fake_pid(2), NULL, NULL, "", KD_NEVER);
    finish(f, "true\tfalse\tnil\nfalse\ttrue\tnil\nfalse\tfalse\ttrue\n");
}

/*
 * As the value it holds, decoded or not, alone or inside of another (semantics
 * M8).
 */
static void
test_payload_when_sent_on_then_travels_as_its_value(void)
{
    struct fake *f =
        start("local function main()\n"
              "  local p = process.inbox():receive():payload()\n"
              "  process.send('other', 'raw', p)\n"
              "  process.send('other', 'inside', {p})\n"
              "  p:data()\n"
              "  process.send('other', 'decoded', p)\n"
              "  local s = process.inbox():receive():payload()\n"
              "  process.send('other', 'scalar', s)\n"
              "  local ok, err = process.send('other', 'x', process.inbox())\n"
              "  print(err)\n"
              "end\n"
              "return {main = main}");
    static const unsigned char inside[] = {
        0x91, 0x92, 0x01, 0x81, 0xa1, 'k', 0xc3};
    struct fake_sent *sent;
    kd_writer w = {0};

    kd_write_raw(&w, inside + 1, sizeof(inside) - 1);
    fake_mail(f, fake_pid(2), "t", 0, &w);
    kd_writer_free(&w);
    mail_int(f, "t", -3);
    CU_ASSERT_EQUAL(fake_run(f), KD_NEXT_DONE);
    check_text("printed", f->printed, "cannot send a channel (at args[1])\n");
    sent = f->sent;
    CU_ASSERT_EQUAL(sent->len, sizeof(inside) - 1);
    CU_ASSERT_EQUAL(memcmp(sent->data, inside + 1, sent->len), 0);
    sent = sent->next;
    CU_ASSERT_EQUAL(sent->len, sizeof(inside));
    CU_ASSERT_EQUAL(memcmp(sent->data, inside, sent->len), 0);
    sent = sent->next;
    CU_ASSERT_EQUAL(sent->len, sizeof(inside) - 1);
    CU_ASSERT_EQUAL(memcmp(sent->data, inside + 1, sent->len), 0);
    sent = sent->next;
    CU_ASSERT_EQUAL(sent->len, 1);
    CU_ASSERT_EQUAL(sent->data[0], 0xfd);
    fake_free(f);
}

/* Whoever sent it: another plugin, or another node. */
static void
test_payload_when_malformed_then_reads_as_an_error(void)
{
    struct fake *f =
        start("local function main()\n"
              "  local raw = process.listen('raw')\n"
              "  print((raw:receive()))\n"
              "  print(process.inbox():receive():payload():data())\n"
              "  print(#process.inbox():receive():payload())\n"
              "  local m = process.inbox():receive()\n"
              "  print(select(2, process.send('other', 't', {m:payload()})))\n"
              "end\n"
              "return {main = main}");
    static const unsigned char bad[] = {0x92, 0x01, 0xc1};
    kd_writer w = {0};

    kd_write_raw(&w, bad, sizeof(bad));
    fake_mail(f, fake_pid(2), "raw", 0, &w);
    fake_mail(f, fake_pid(2), "t", 0, &w);
    fake_mail(f, fake_pid(2), "t", KD_MESSAGE_MANY, &w);
    fake_mail(f, fake_pid(2), "t", 0, &w);
    kd_writer_free(&w);
    finish(f, "malformed payload\nmalformed payload\n1\n"
              "cannot send a malformed payload (at args[1][1])\n");
}

/* A table of topics that grows; each message finds its own. */
static void
test_listen_when_to_many_topics_then_each_gets_its_mail(void)
{
    struct fake *f =
        start("local function main()\n"
              "  local all = {}\n"
              "  for i = 1, 200 do all[i] = process.listen('t' .. i) end\n"
              "  process.inbox():receive()\n"
              "  for i = 1, 200 do assert(all[i]:receive() == i) end\n"
              "  for i = 2, 200, 2 do assert(process.unlisten(all[i])) end\n"
              "  for i = 1, 200 do\n"
              "    local same = all[i] == process.listen('t' .. i)\n"
              "    assert(same == (i % 2 == 1))\n"
              "  end\n"
              "end\n"
              "return {main = main}");
    char topic[16];

    CU_ASSERT_EQUAL(fake_run(f), KD_NEXT_WAIT);
    for (int i = 200; i > 0; i--) {
        snprintf(topic, sizeof(topic), "t%d", i);
        mail_int(f, topic, i);
    }
    mail_int(f, "go on", 1);
    finish(f, "");
}

/* Mail for the first case comes while the second one is looked into. */
static void
bring_mail_at_the_second_look(struct fake *f)
{
    static int looks;

    if (++looks == 2)
        mail_int(f, "a", 5);
}

/* (semantics H6, M3) */
static void
test_select_when_mail_comes_while_it_looks_then_takes_it(void)
{
    struct fake *f = start(
        "local function main()\n"
        "  local a, b = process.listen('a'), process.listen('b')\n"
        "  local got = channel.select({a:case_receive(), b:case_receive()})\n"
        "  print(got.channel == a, got.value)\n"
        "end\n"
        "return {main = main}");

    f->on_empty = bring_mail_at_the_second_look;
    finish(f, "true\t5\n");
}

static void
expect_no_recent_channel(struct fake *f)
{
    const struct kl__process *p = f->self;

    CU_ASSERT_PTR_NULL(p->mail.recent);
}

/* Something else may come to lie where a collected channel was. */
static void
test_channel_when_closed_then_its_address_is_forgotten(void)
{
    struct fake *f = start("local function main()\n"
                           "  local ch = process.listen('a')\n"
                           "  local got = ch:receive()\n"
                           "  process.unlisten(ch)\n"
                           "  print(got)\n"
                           "end\n"
                           "return {main = main}");

    mail_int(f, "a", 1);
    f->on_print = expect_no_recent_channel;
    finish(f, "1\n");
}

static void
share_string(unsigned len)
{
    char source[512];
    struct fake *f;
    const struct fake_sent *sent;
    unsigned n = 0;

    snprintf(source, sizeof(source),
        "local function main()\n"
        "  local go = process.listen('go')\n"
        "  local s = ('x'):rep(%u)\n"
        "  for _ = 1, 3 do\n"
        "    assert(process.send('{app:host|0x2}', 't', s))\n"
        "  end\n"
        "  go:receive()\n"
        "  s = nil\n"
        "  go:receive()\n"
        "end\n"
        "return {main = main}",
        len);
    f = start(source);
    CU_ASSERT_EQUAL(fake_run(f), KD_NEXT_WAIT);
    CU_ASSERT_EQUAL(f->n_bufs, 1);
    for (sent = f->sent; sent != NULL; sent = sent->next) {
        kd_reader at = kd_reader_make(sent->data, sent->len);
        kd_item item;

        CU_ASSERT_EQUAL(kd_reader_next(&at, &item), KD_TERM_STRING);
        CU_ASSERT_EQUAL(item.len, len);
        CU_ASSERT(item.data != NULL && item.data[item.len - 1] == 'x');
        n++;
    }
    CU_ASSERT_EQUAL(n, 3);
    mail_int(f, "go", 1);
    CU_ASSERT_EQUAL(fake_run(f), KD_NEXT_WAIT);
    CU_ASSERT_EQUAL(f->n_bufs, 1);
    lua_gc(((struct kl__process *)f->self)->L, LUA_GCCOLLECT, 0);
    CU_ASSERT_EQUAL(f->n_bufs, 0);
    fake_free(f);
}

/* What a large string is as a payload is known until the string goes (M8). */
static void
test_send_when_string_is_large_then_is_copied_once_for_its_life(void)
{
    share_string(KL_SHARED_MIN);
    share_string(5000);
}

static const struct test_case tests[] = {
    TEST(test_message_when_received_then_tells_all_about_itself),
    TEST(test_listen_when_raw_then_gives_the_values),
    TEST(test_mail_when_it_came_before_its_channel_then_is_found),
    TEST(test_unlisten_when_mail_is_left_then_goes_to_the_inbox_in_order),
    TEST(test_listen_when_topic_is_refused_then_says_why),
    TEST(test_mail_when_not_received_then_is_held),
    TEST(test_event_when_read_then_is_the_table_of_its_kind),
    TEST(test_cancel_when_one_is_unread_then_only_brings_the_deadline_forward),
    TEST(test_select_when_several_are_ready_then_takes_by_rank),
    TEST(test_select_when_mail_comes_while_it_looks_then_takes_it),
    TEST(test_payload_when_sent_on_then_travels_as_its_value),
    TEST(test_payload_when_malformed_then_reads_as_an_error),
    TEST(test_listen_when_to_many_topics_then_each_gets_its_mail),
    TEST(test_channel_when_closed_then_its_address_is_forgotten),
    TEST(test_send_when_string_is_large_then_is_copied_once_for_its_life),
};

TEST_MAIN("lua_mail")
