/* SPDX-License-Identifier: MIT */
/*
 * A runtime whose clock is moved by hand: what is due by time comes exactly
 * then, and what waits in the host itself does not wait for it.
 */

#include "harness.h"

#include <kindred/embed.h>
#include <signal.h>
#include <string.h>

#define SECOND ((kd_time)1000000000u)
#define DAY    (86400 * SECOND)
/* Long enough for whatever can be done without time passing. */
#define STEPS 100
/* For ever, to whoever shares a busy processor with those that chat. */
#define STEPS_MAX 20000

static const char index_text[] =
    "namespace: app\n"
    "entries:\n"
    "- {name: host, kind: process.host, lifecycle: {auto_start: true}}\n"
    "- {name: nap, kind: process.lua, modules: [time],\n"
    "   source: 'file://nap.lua'}\n"
    "- {name: spin, kind: process.lua, source: 'file://spin.lua'}\n"
    "- {name: doze, kind: process.lua, modules: [time],\n"
    "   source: 'file://doze.lua'}\n"
    "- {name: chat, kind: process.lua, source: 'file://chat.lua'}\n";
static const char nap_text[] = "local time = require('time')\n"
                               "return {main = function()\n"
                               "    local began = time.now()\n"
                               "    time.sleep('24h')\n"
                               "    print(time.now():sub(began))\n"
                               "end}\n";
static const char spin_text[] =
    "return {main = function() while true do end end}\n";
/* Less than a turn of those that wake each other takes. */
static const char doze_text[] = "local time = require('time')\n"
                                "return {main = function()\n"
                                "    print('begun')\n"
                                "    time.sleep('500us')\n"
                                "    print('due')\n"
                                "end}\n";
/* With its child it sends one message to and fro, for ever. */
static const char chat_text[] =
    "return {main = function(peer)\n"
    "    local inbox = process.inbox()\n"
    "    if not peer then\n"
    "        peer = process.spawn(process.id(), 'app:host', process.pid())\n"
    "        process.send(peer, 'chat')\n"
    "    end\n"
    "    while inbox:receive() do process.send(peer, 'chat') end\n"
    "end}\n";
#define TEXT(name, string)                                                     \
    {                                                                          \
        sizeof(kd_text), 0, name, string, sizeof(string) - 1                   \
    }
static const kd_text texts[] = {TEXT("_index.yaml", index_text),
    TEXT("nap.lua", nap_text), TEXT("spin.lua", spin_text),
    TEXT("doze.lua", doze_text), TEXT("chat.lua", chat_text)};

static kd_time hand;
static char printed[64];
static int64_t logged_ns;
static int ended, failed;
static kd_runtime *runtime;
static const kd_api *api;

static kd_time
clock_now(void *arg)
{
    return *(kd_time *)arg;
}

static int64_t
clock_unix(void *arg)
{
    return (int64_t) * (kd_time *)arg + 7;
}

static const kd_clock by_hand = {
    sizeof(kd_clock), 0, &hand, clock_now, clock_unix};

static void
on_output(void *arg, const char *data, size_t len)
{
    (void)arg;
    strncat(printed, data, len);
}

static void
on_log(void *arg, const kd_log_record *record, int64_t unix_ns, const char *pid)
{
    (void)arg;
    (void)record;
    (void)pid;
    logged_ns = unix_ns;
}

static void
on_ended(void *arg, const kd_exit *exit)
{
    (void)arg;
    ended++;
    failed += exit->failed != 0;
}

static kd_status
make(uint32_t flags, const kd_clock *clock)
{
    kd_config config = {.size = sizeof(config), .flags = flags};

    config.output = on_output;
    config.log = on_log;
    config.clock = clock;
    return kd_runtime_new(&config, &runtime, NULL);
}

static void
start(void)
{
    hand = 100 * SECOND;
    printed[0] = '\0';
    ended = failed = 0;
    CU_ASSERT_EQUAL_FATAL(make(KD_CONFIG_STEPPED, &by_hand), KD_OK);
    api = kd_runtime_api(runtime);
    CU_ASSERT_EQUAL_FATAL(kd_runtime_search(runtime, NULL), KD_OK);
    CU_ASSERT_EQUAL_FATAL(kd_runtime_open_texts(runtime, NULL, texts,
                              sizeof(texts) / sizeof(texts[0]), NULL),
        KD_OK);
    CU_ASSERT_EQUAL_FATAL(kd_runtime_start(runtime, NULL), KD_OK);
}

/* It stops although the clock stands still and processes have all their time.
 */
static void
finish(void)
{
    CU_ASSERT_EQUAL(kd_runtime_stop(runtime, SECOND / 20, NULL), KD_OK);
    CU_ASSERT_EQUAL(kd_runtime_free(runtime, NULL), KD_OK);
}

static kd_pid
spawn(const char *entry)
{
    kd_spawn what = {.size = sizeof(what), .entry = entry, .host = "app:host"};
    kd_pid pid = KD_PID_NONE_INIT;

    what.args = kd_payload_none();
    what.context = kd_payload_none();
    CU_ASSERT_EQUAL_FATAL(
        kd_runtime_spawn(runtime, &what, on_ended, NULL, &pid, NULL), KD_OK);
    return pid;
}

static void
step(void)
{
    CU_ASSERT_EQUAL(kd_runtime_step(runtime, SECOND / 1000, NULL), KD_OK);
}

static void
steps(void)
{
    for (int i = 0; i < STEPS; i++)
        step();
}

/* A step may end after one slice: nobody knows how many it takes. */
static void
steps_until(const char *text)
{
    for (int i = 0; i < STEPS_MAX && strcmp(printed, text) != 0; i++)
        step();
    CU_ASSERT_STRING_EQUAL(printed, text);
}

static void
test_clock_when_it_stands_still_then_nothing_is_due(void)
{
    start();
    CU_ASSERT_EQUAL(api->now_ns(api), hand);
    CU_ASSERT_EQUAL(api->unix_ns(api), (int64_t)hand + 7);
    spawn("app:nap");
    steps();
    CU_ASSERT_EQUAL(kd_runtime_next_due(runtime), hand + DAY);
    hand += DAY - 1;
    steps();
    CU_ASSERT_EQUAL(ended, 0);
    hand += 1;
    steps();
    CU_ASSERT_EQUAL(ended, 1);
    CU_ASSERT_STRING_EQUAL(printed, "24h0m0s\n");
    spawn("app:nap");
    finish();
}

/* Who is due has turns beside others that never rest. */
static void
test_clock_when_it_stands_still_then_chatting_starves_nobody(void)
{
    start();
    spawn("app:chat");
    steps();
    spawn("app:doze");
    steps_until("begun\n");
    hand += SECOND / 2000 - 1;
    steps();
    CU_ASSERT_STRING_EQUAL(printed, "begun\n");
    hand += 1;
    steps_until("begun\ndue\n");
    CU_ASSERT_EQUAL(failed, 0);
    finish();
}

static void
test_clock_when_a_deadline_comes_then_forced(void)
{
    kd_log_record record = {.size = sizeof(record), .level = KD_LOG_INFO};
    kd_pid pid;

    start();
    pid = spawn("app:spin");
    steps();
    CU_ASSERT_EQUAL(
        api->cancel(api, pid, hand + 5 * SECOND, 0, "late", NULL), KD_OK);
    hand += 5 * SECOND - 1;
    steps();
    CU_ASSERT_EQUAL(ended, 0);
    hand += 1;
    steps();
    CU_ASSERT_EQUAL(ended, 1);
    CU_ASSERT_EQUAL(failed, 1);
    record.text = "a record";
    record.fields = kd_payload_none();
    api->log(api, &record);
    steps();
    CU_ASSERT_EQUAL(logged_ns, (int64_t)hand + 7);
    finish();
}

static void
test_clock_when_unusable_then_refused(void)
{
    kd_clock clock = by_hand;

    CU_ASSERT_EQUAL(make(0, &clock), KD_EINVAL);
    clock.now_ns = NULL;
    CU_ASSERT_EQUAL(make(KD_CONFIG_STEPPED, &clock), KD_EINVAL);
    clock = by_hand;
    clock.size = 8;
    CU_ASSERT_EQUAL(make(KD_CONFIG_STEPPED, &clock), KD_EINVAL);
}

static const struct test_case tests[] = {
    TEST(test_clock_when_it_stands_still_then_nothing_is_due),
    TEST(test_clock_when_it_stands_still_then_chatting_starves_nobody),
    TEST(test_clock_when_a_deadline_comes_then_forced),
    TEST(test_clock_when_unusable_then_refused),
};

TEST_MAIN("clock")
