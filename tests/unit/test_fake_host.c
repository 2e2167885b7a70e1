/* SPDX-License-Identifier: MIT */
/*
 * The fake host that third parties test their plugins with: what it lets a kind
 * do, what it complains of, and that it says no when it is told to.
 */

#include "harness.h"

#include "../../sdk/fake-host/fake.h"
#include "../plugins/echo.h"

#include <pthread.h>
#include <string.h>

static kd_proc *last;

static void *
ask_pid(void *arg)
{
    kd_proc_self(arg);
    return NULL;
}

static kd_next
rogue_signal(kd_proc *proc, const kd_signal *signal, kd_error *err)
{
    (void)proc;
    if (signal->type == KD_SIGNAL_CANCEL)
        return KD_NEXT_DONE;
    err->code = KD_EUNAVAIL;
    snprintf(err->text, sizeof(err->text), "signal %u", signal->type);
    return KD_NEXT_FAIL;
}

static int
is_topic(const kd_message *message, const char *topic)
{
    return strcmp(message->topic, topic) == 0;
}

/* Each topic is a thing to do, most of them wrong. */
static kd_next
rogue_message(kd_proc *proc, kd_message *message)
{
    pthread_t thread;
    int twice;

    if (is_topic(message, "nonsense"))
        return (kd_next)99;
    if (is_topic(message, "keep"))
        return KD_NEXT_WAIT;
    if (is_topic(message, "foreign")) {
        CU_ASSERT_EQUAL(pthread_create(&thread, NULL, ask_pid, proc), 0);
        pthread_join(thread, NULL);
    }
    if (is_topic(message, "leak"))
        proc->api->buf_copy(proc->api, KD_FORMAT_BYTES, "x", 1);
    if (is_topic(message, "port"))
        kd_proc_port(proc);
    if (is_topic(message, "later"))
        kd_proc_wake_at(proc, proc->api->now_ns(proc->api) + 5);
    if (is_topic(message, "spin"))
        return KD_NEXT_READY;
    if (is_topic(message, "die"))
        kd_proc_terminate(proc, kd_proc_self(proc), NULL);
    twice = is_topic(message, "twice");
    kd_proc_release(proc, message);
    if (twice)
        kd_proc_release(proc, message);
    return KD_NEXT_WAIT;
}

static kd_next
rogue_run(void *self, kd_proc *proc, uint32_t budget, kd_error *err)
{
    kd_message *message;
    kd_signal signal;

    (void)self;
    (void)budget;
    last = proc;
    if (kd_proc_signal(proc, &signal) == KD_OK)
        return rogue_signal(proc, &signal, err);
    message = kd_proc_next(proc);
    return message == NULL ? KD_NEXT_WAIT : rogue_message(proc, message);
}

static const kd_worker_kind rogue_worker = {
    .size = sizeof(kd_worker_kind),
    .create = echo_create,
    .run = rogue_run,
    .destroy = echo_destroy,
};

static const kd_option rogue_options[] = {
    {.size = sizeof(kd_option),
        .type = KD_OPTION_DURATION,
        .name = "wait",
        .def = "1500ms",
        .help = "x"},
    {.size = sizeof(kd_option),
        .type = KD_OPTION_SIZE,
        .name = "room",
        .def = "4 KiB",
        .help = "x"},
    {.size = sizeof(kd_option),
        .type = KD_OPTION_BOOL,
        .name = "loud",
        .def = "true",
        .help = "x"},
};

static const kd_kind rogue_kind = {
    .size = sizeof(kd_kind),
    .cls = KD_CLASS_WORKER,
    .id = "test.rogue",
    .help = "Does what it is told",
    .options = rogue_options,
    .n_options = 3,
    .impl = &rogue_worker,
};
static const kd_kind echo_kind = {ECHO_KIND("test.echo")};
static const kd_kind *const kinds[] = {&echo_kind, &rogue_kind, NULL};
static const kd_plugin plugin = {
    ECHO_PLUGIN, .name = "test.fake", .kinds = kinds};

static kd_fake *
fake_new(void)
{
    kd_fake *fake = kd_fake_new();

    CU_ASSERT_PTR_NOT_NULL_FATAL(fake);
    CU_ASSERT_EQUAL_FATAL(kd_fake_add(fake, &plugin, NULL), KD_OK);
    return fake;
}

static kd_proc *
spawn(kd_fake *fake, const char *id, const char *kind)
{
    kd_entry *entry = kd_fake_entry(fake, id, kind);
    kd_proc *proc;

    CU_ASSERT_PTR_NOT_NULL_FATAL(entry);
    proc = kd_fake_spawn(fake, entry, NULL, NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(proc);
    return proc;
}

static const kd_pid nobody = KD_PID_NONE_INIT;

static void
test_echo_when_sent_to_then_sends_back(void)
{
    kd_fake *fake = fake_new();
    kd_proc *proc = spawn(fake, "t:echo", "test.echo");
    kd_payload text = kd_payload_make(KD_FORMAT_TEXT, "abc", 3);
    const kd_fake_act *act;

    kd_fake_send(proc, nobody, "hello", 0, &text);
    CU_ASSERT_EQUAL(kd_fake_settle(fake, 10), 1);
    act = kd_fake_act_at(fake, 0);
    CU_ASSERT_PTR_NOT_NULL_FATAL(act);
    CU_ASSERT_EQUAL(act->what, KD_FAKE_SEND);
    CU_ASSERT_EQUAL(act->status, KD_OK);
    CU_ASSERT_STRING_EQUAL(act->topic, "hello");
    CU_ASSERT_STRING_EQUAL(act->payload.data, "abc");
    CU_ASSERT_EQUAL(kd_fake_held(proc), 0);
    CU_ASSERT_PTR_NULL(kd_fake_act_at(fake, 1));
    kd_fake_cancel(proc, "enough", KD_NEVER);
    CU_ASSERT_EQUAL(kd_fake_run(proc, 1000), KD_NEXT_DONE);
    CU_ASSERT_EQUAL(kd_fake_ended(proc), KD_FAKE_DONE);
    CU_ASSERT_EQUAL(kd_fake_send(proc, nobody, "late", 0, NULL), KD_EGONE);
    CU_ASSERT_EQUAL(kd_fake_free(fake), 0);
}

static void
test_service_when_told_to_refuse_then_does(void)
{
    kd_fake *fake = fake_new();
    kd_proc *proc = spawn(fake, "t:echo", "test.echo");

    kd_fake_refuse(fake, KD_FAKE_SEND, KD_EFULL, 1);
    kd_fake_send(proc, nobody, "one", 0, NULL);
    kd_fake_send(proc, nobody, "two", 0, NULL);
    kd_fake_run(proc, 1000);
    CU_ASSERT_EQUAL(kd_fake_act_at(fake, 0)->status, KD_OK);
    CU_ASSERT_EQUAL(kd_fake_act_at(fake, 1)->status, KD_EFULL);
    CU_ASSERT_EQUAL(kd_fake_free(fake), 0);
}

/* One message to a rogue, and what the fake has to say. */
static void
complains(const char *topic, const char *part)
{
    kd_fake *fake = fake_new();
    kd_proc *proc = spawn(fake, "t:rogue", "test.rogue");
    const char *complaint;

    kd_fake_send(proc, nobody, topic, 0, NULL);
    kd_fake_run(proc, 1000);
    complaint = kd_fake_complaint(fake, 0);
    CU_ASSERT_PTR_NOT_NULL_FATAL(complaint);
    CU_ASSERT_PTR_NOT_NULL(strstr(complaint, part));
    CU_ASSERT_EQUAL(kd_fake_free(fake), 1);
}

static void
test_kind_when_it_breaks_its_contract_then_a_complaint(void)
{
    complains("nonsense", "test.rogue: run returns 99, which is no kd_next");
    complains("twice", "a message is released twice");
    complains("foreign", "kd_proc_self is called by another thread");
}

/* What is only known at the end is among the complaints of kd_fake_free(). */
static void
test_kind_when_it_leaks_then_a_complaint_at_the_end(void)
{
    static const char *const topics[] = {"leak", "port"};
    kd_fake *fake;
    size_t i;

    for (i = 0; i < 2; i++) {
        fake = fake_new();
        kd_fake_send(
            spawn(fake, "t:r", "test.rogue"), nobody, topics[i], 0, NULL);
        kd_fake_settle(fake, 10);
        CU_ASSERT_EQUAL(kd_fake_complaints(fake), 0);
        CU_ASSERT_EQUAL(kd_fake_free(fake), 1);
    }
}

static void
test_proc_when_used_outside_of_callbacks_then_a_complaint(void)
{
    kd_fake *fake = fake_new();

    kd_fake_run(spawn(fake, "t:rogue", "test.rogue"), 1);
    kd_proc_self(last);
    CU_ASSERT_PTR_NOT_NULL(
        strstr(kd_fake_complaint(fake, 0), "outside of any callback"));
    CU_ASSERT_EQUAL(kd_fake_free(fake), 1);
}

static void
test_message_when_kept_then_it_counts_as_held(void)
{
    kd_fake *fake = fake_new();
    kd_proc *proc = spawn(fake, "t:rogue", "test.rogue");

    kd_fake_send(proc, nobody, "keep", 0, NULL);
    kd_fake_run(proc, 1000);
    CU_ASSERT_EQUAL(kd_fake_held(proc), 1);
    CU_ASSERT_EQUAL(kd_fake_free(fake), 0);
}

static void
test_time_when_advanced_then_who_is_due_is_ready(void)
{
    kd_fake *fake = fake_new();
    kd_proc *proc = spawn(fake, "t:rogue", "test.rogue");

    kd_fake_send(proc, nobody, "later", 0, NULL);
    CU_ASSERT_EQUAL(kd_fake_settle(fake, 10), 1);
    CU_ASSERT_EQUAL(kd_fake_ready(proc), 0);
    kd_fake_advance(fake, 4);
    CU_ASSERT_EQUAL(kd_fake_ready(proc), 0);
    kd_fake_advance(fake, 1);
    CU_ASSERT_EQUAL(kd_fake_ready(proc), 1);
    CU_ASSERT_EQUAL(
        kd_fake_due(proc), kd_fake_api(fake)->now_ns(kd_fake_api(fake)));
    kd_fake_run(proc, 1000);
    CU_ASSERT_EQUAL(kd_fake_due(proc), KD_NEVER);
    CU_ASSERT_EQUAL(kd_fake_free(fake), 0);
}

static void
test_settle_when_somebody_spins_then_gives_up(void)
{
    kd_fake *fake = fake_new();
    kd_proc *proc = spawn(fake, "t:rogue", "test.rogue");
    size_t i;

    for (i = 0; i < 5; i++)
        kd_fake_send(proc, nobody, "spin", 0, NULL);
    CU_ASSERT_EQUAL(kd_fake_settle(fake, 3), 0);
    CU_ASSERT_EQUAL(kd_fake_held(proc), 3);
    CU_ASSERT_EQUAL(kd_fake_free(fake), 0);
}

static void
test_process_when_it_terminates_itself_then_ends_after_the_slice(void)
{
    kd_fake *fake = fake_new();
    kd_proc *proc = spawn(fake, "t:rogue", "test.rogue");

    kd_fake_send(proc, nobody, "die", 0, NULL);
    kd_fake_run(proc, 1000);
    CU_ASSERT_EQUAL(kd_fake_ended(proc), KD_FAKE_KILLED);
    CU_ASSERT_EQUAL(kd_fake_free(fake), 0);
}

static void
test_process_when_it_fails_then_its_error_is_kept(void)
{
    kd_fake *fake = fake_new();
    kd_proc *proc = spawn(fake, "t:rogue", "test.rogue");
    kd_signal signal = {.size = sizeof(signal), .type = KD_SIGNAL_ROOM};

    signal.value = kd_payload_none();
    signal.error = kd_payload_none();
    kd_fake_signal(proc, &signal);
    CU_ASSERT_EQUAL(kd_fake_run(proc, 1000), KD_NEXT_FAIL);
    CU_ASSERT_EQUAL(kd_fake_ended(proc), KD_FAKE_FAILED);
    CU_ASSERT_STRING_EQUAL(kd_fake_error(proc), "signal 4");
    CU_ASSERT_EQUAL(kd_fake_free(fake), 0);
}

static void
test_entry_when_made_then_has_its_kinds_defaults(void)
{
    kd_fake *fake = fake_new();
    const kd_api *api = kd_fake_api(fake);
    kd_entry *entry = kd_fake_entry(fake, "t:rogue", "test.rogue");

    CU_ASSERT_PTR_NOT_NULL_FATAL(entry);
    CU_ASSERT_EQUAL(api->entry_get(entry, "wait")->integer, 1500000000);
    CU_ASSERT_EQUAL(api->entry_get(entry, "room")->integer, 4096);
    CU_ASSERT_EQUAL(api->entry_get(entry, "loud")->type, KD_NODE_BOOL);
    CU_ASSERT_EQUAL(api->entry_get(entry, "loud")->integer, 1);
    CU_ASSERT_PTR_NULL(api->entry_get(entry, "absent"));
    kd_fake_set_text(entry, "deep.er", "down");
    CU_ASSERT_STRING_EQUAL(api->entry_get(entry, "deep.er")->text, "down");
    CU_ASSERT_PTR_EQUAL(kd_node_find(api->entry_get(entry, "deep"), "er"),
        api->entry_get(entry, "deep.er"));
    CU_ASSERT_PTR_EQUAL(api->entry_find(api, "t:rogue"), entry);
    CU_ASSERT_PTR_NULL(kd_fake_entry(fake, "t:none", "test.none"));
    CU_ASSERT_EQUAL(kd_fake_free(fake), 0);
}

static const struct test_case tests[] = {
    TEST(test_echo_when_sent_to_then_sends_back),
    TEST(test_service_when_told_to_refuse_then_does),
    TEST(test_kind_when_it_breaks_its_contract_then_a_complaint),
    TEST(test_kind_when_it_leaks_then_a_complaint_at_the_end),
    TEST(test_proc_when_used_outside_of_callbacks_then_a_complaint),
    TEST(test_message_when_kept_then_it_counts_as_held),
    TEST(test_time_when_advanced_then_who_is_due_is_ready),
    TEST(test_settle_when_somebody_spins_then_gives_up),
    TEST(test_process_when_it_terminates_itself_then_ends_after_the_slice),
    TEST(test_process_when_it_fails_then_its_error_is_kept),
    TEST(test_entry_when_made_then_has_its_kinds_defaults),
};

TEST_MAIN("fake_host")
