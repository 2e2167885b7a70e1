/* SPDX-License-Identifier: MIT */
/*
 * The services of the fake host: each one is there, and those that have to do
 * with others behave as the host's do. A puppet does in its slice what the test
 * says.
 */

#include "harness.h"

#include "../../sdk/fake-host/fake.h"
#include "../plugins/echo.h"

#include <string.h>
#include <unistd.h>

static const kd_pid nobody = KD_PID_NONE_INIT;

/* What the puppets do in their next slice, and what came of it. */
static kd_next (*script)(kd_proc *proc);
static kd_proc *partner;
static kd_pid child;
static kd_ref ref;
static kd_status status;
static int fds[2];

static kd_next
puppet_run(void *self, kd_proc *proc, uint32_t budget, kd_error *err)
{
    (void)self;
    (void)budget;
    (void)err;
    return script == NULL ? KD_NEXT_WAIT : script(proc);
}

static const kd_worker_kind puppet_worker = {
    .size = sizeof(kd_worker_kind),
    .create = echo_create,
    .run = puppet_run,
    .destroy = echo_destroy,
};
static const kd_kind puppet_kind = {
    .size = sizeof(kd_kind),
    .flags = KD_KIND_LIMITS,
    .cls = KD_CLASS_WORKER,
    .id = "test.puppet",
    .help = "Does what it is told",
    .impl = &puppet_worker,
};
static const kd_kind *const kinds[] = {&puppet_kind, NULL};
static const kd_offer offer = {sizeof(kd_offer), 0, "test.thing/1", "thing"};
static const kd_offer *const offers[] = {&offer, NULL};

static kd_status
init(const kd_api *api, void **state, kd_error *err)
{
    (void)api;
    (void)err;
    *state = &child;
    return KD_OK;
}

static const kd_plugin plugin = {ECHO_PLUGIN, .name = "test.fake",
    .kinds = kinds, .offers = offers, .init = init};

static kd_fake *fake;

static kd_proc *
spawn(const char *id)
{
    kd_entry *entry = kd_fake_entry(fake, id, "test.puppet");
    kd_proc *proc;

    CU_ASSERT_PTR_NOT_NULL_FATAL(entry);
    proc = kd_fake_spawn(fake, entry, NULL, NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(proc);
    return proc;
}

/* A fake with two processes, of which the first is given back. */
static kd_proc *
begin(void)
{
    fake = kd_fake_new();
    CU_ASSERT_PTR_NOT_NULL_FATAL(fake);
    CU_ASSERT_EQUAL_FATAL(kd_fake_add(fake, &plugin, NULL), KD_OK);
    partner = spawn("t:partner");
    script = NULL;
    return spawn("t:puppet");
}

static void
play(kd_proc *proc, kd_next (*how)(kd_proc *proc))
{
    script = how;
    kd_fake_run(proc, 1000);
    script = NULL;
}

/* All pointers of a table between two of its members, whose number is known. */
static size_t
count_absent(const void *table, size_t from, size_t size)
{
    const char *at = (const char *)table + from;
    size_t absent = 0;
    void *member;

    for (; at < (const char *)table + size; at += sizeof(member)) {
        memcpy(&member, at, sizeof(member));
        absent += member == NULL;
    }
    return absent;
}

static void
test_tables_when_walked_then_no_service_is_absent(void)
{
    kd_proc *proc = begin();
    const kd_api *api = kd_fake_api(fake);

    CU_ASSERT_EQUAL(api->size, sizeof(kd_api));
    CU_ASSERT_EQUAL(
        count_absent(api, offsetof(kd_api, now_ns), sizeof(kd_api)), 0);
    CU_ASSERT_EQUAL(proc->calls->size, sizeof(kd_proc_calls));
    CU_ASSERT_EQUAL(count_absent(proc->calls, offsetof(kd_proc_calls, self),
                        sizeof(kd_proc_calls)),
        0);
    CU_ASSERT_EQUAL(kd_fake_free(fake), 0);
}

static kd_next
take_all(kd_proc *proc)
{
    kd_message *message;

    while ((message = kd_proc_next(proc)) != NULL)
        kd_proc_release(proc, message);
    return KD_NEXT_WAIT;
}

static kd_next
send_partner(kd_proc *proc)
{
    status =
        kd_proc_send(proc, kd_fake_pid(partner), "topic", 5, 0, NULL, NULL);
    if (status == KD_EFULL)
        CU_ASSERT_EQUAL(
            kd_proc_when_room(proc, kd_fake_pid(partner), NULL), KD_OK);
    return KD_NEXT_WAIT;
}

/* The type of the next signal, or 0; `error` is its error's sentence. */
static kd_signal seen;
static char error[256];

static void
read_error(const kd_payload *payload)
{
    kd_reader reader = kd_reader_make(payload->data, payload->len);
    kd_item item;

    error[0] = '\0';
    if (payload->len == 0)
        return;
    kd_reader_next(&reader, &item);
    CU_ASSERT_EQUAL(item.type, KD_TERM_EXT);
    CU_ASSERT_EQUAL(item.integer, KD_TERM_EXT_ERROR);
    /* kind, its value, message: the fourth string is the sentence. */
    reader = kd_reader_make(item.data, item.len);
    kd_reader_next(&reader, &item);
    kd_reader_skip(&reader);
    kd_reader_skip(&reader);
    kd_reader_skip(&reader);
    kd_reader_next(&reader, &item);
    CU_ASSERT_EQUAL_FATAL(item.type, KD_TERM_STRING);
    snprintf(
        error, sizeof(error), "%.*s", (int)item.len, (const char *)item.data);
}

static kd_next
take_signal(kd_proc *proc)
{
    memset(&seen, 0, sizeof(seen));
    if (kd_proc_signal(proc, &seen) == KD_OK)
        read_error(&seen.error);
    else
        seen.type = 0;
    return KD_NEXT_WAIT;
}

static uint32_t
next_signal(kd_proc *proc)
{
    play(proc, take_signal);
    return seen.type;
}

/* (semantics D5) */
static void
test_send_when_the_mailbox_is_full_then_a_signal_says_when_it_is_not(void)
{
    kd_entry *entry;
    kd_proc *proc = begin();

    entry = kd_fake_entry(fake, "t:small", "test.puppet");
    kd_fake_set_int(entry, "limits.mailbox_messages", 1);
    partner = kd_fake_spawn(fake, entry, NULL, NULL);
    play(proc, send_partner);
    CU_ASSERT_EQUAL(status, KD_OK);
    play(proc, send_partner);
    CU_ASSERT_EQUAL(status, KD_EFULL);
    CU_ASSERT_EQUAL(next_signal(proc), 0);
    play(partner, take_all);
    CU_ASSERT_EQUAL(next_signal(proc), KD_SIGNAL_ROOM);
    CU_ASSERT_TRUE(kd_pid_equal(seen.from, kd_fake_pid(partner)));
    play(proc, send_partner);
    CU_ASSERT_EQUAL(status, KD_OK);
    /* Its end is room too. */
    play(proc, send_partner);
    CU_ASSERT_EQUAL(status, KD_EFULL);
    kd_fake_end(partner);
    CU_ASSERT_EQUAL(next_signal(proc), KD_SIGNAL_ROOM);
    CU_ASSERT_EQUAL(kd_fake_free(fake), 0);
}

static kd_next
finish_large(kd_proc *proc)
{
    kd_payload four = kd_payload_make(KD_FORMAT_BYTES, "1234", 4);

    status = kd_proc_finish(proc, &four);
    return KD_NEXT_WAIT;
}

/* (semantics M11) */
static void
test_send_when_the_message_is_too_large_then_is_refused(void)
{
    kd_payload four = kd_payload_make(KD_FORMAT_BYTES, "1234", 4);
    char topic[64 + 4 + 1] = "";
    kd_entry *entry;
    kd_proc *proc;

    begin();
    entry = kd_fake_entry(fake, "t:small", "test.puppet");
    kd_fake_set_int(entry, "limits.message_bytes", 3);
    proc = kd_fake_spawn(fake, entry, NULL, NULL);
    CU_ASSERT_EQUAL(kd_fake_send(proc, nobody, "t", 0, &four), KD_ETOOBIG);
    memset(topic, 't', sizeof(topic) - 1);
    CU_ASSERT_EQUAL(kd_fake_send(proc, nobody, topic, 0, NULL), KD_ETOOBIG);
    four.len = 3;
    CU_ASSERT_EQUAL(kd_fake_send(proc, nobody, "t", 0, &four), KD_OK);
    play(proc, finish_large);
    CU_ASSERT_EQUAL(status, KD_ETOOBIG);
    CU_ASSERT_EQUAL(kd_fake_free(fake), 0);
}

static void
test_send_when_told_to_be_full_then_room_comes_when_it_is_not(void)
{
    kd_proc *proc = begin();

    kd_fake_refuse(fake, KD_FAKE_SEND, KD_EFULL, 0);
    play(proc, send_partner);
    CU_ASSERT_EQUAL(status, KD_EFULL);
    CU_ASSERT_EQUAL(kd_fake_ready(proc), 0);
    kd_fake_refuse(fake, KD_FAKE_SEND, KD_OK, 0);
    CU_ASSERT_EQUAL(kd_fake_ready(proc), 1);
    CU_ASSERT_EQUAL(next_signal(proc), KD_SIGNAL_ROOM);
    CU_ASSERT_EQUAL(kd_fake_free(fake), 0);
}

static kd_next
ask_partner(kd_proc *proc)
{
    const kd_api *api = proc->api;

    status = kd_proc_request(proc, kd_fake_pid(partner), "@ask", NULL,
        api->now_ns(api) + 100, &ref, NULL);
    return KD_NEXT_WAIT;
}

static kd_next
ask_nobody(kd_proc *proc)
{
    status = kd_proc_request(proc, nobody, "@ask", NULL, KD_NEVER, &ref, NULL);
    return KD_NEXT_WAIT;
}

static kd_next
answer_all(kd_proc *proc)
{
    kd_message *message;

    while ((message = kd_proc_next(proc)) != NULL) {
        CU_ASSERT_EQUAL(message->flags, KD_MESSAGE_REQUEST);
        CU_ASSERT_EQUAL(
            kd_proc_reply(proc, message->from, message->ref, NULL, NULL),
            KD_OK);
        kd_proc_release(proc, message);
    }
    return KD_NEXT_WAIT;
}

static size_t replies;

static kd_next
count_replies(kd_proc *proc)
{
    kd_message *message;

    while ((message = kd_proc_next(proc)) != NULL) {
        CU_ASSERT_EQUAL(message->flags, KD_MESSAGE_REPLY);
        CU_ASSERT_EQUAL(message->ref, ref);
        replies++;
        kd_proc_release(proc, message);
    }
    return KD_NEXT_WAIT;
}

static void
test_request_when_answered_in_time_then_one_reply(void)
{
    kd_proc *proc = begin();

    replies = 0;
    play(proc, ask_partner);
    CU_ASSERT_EQUAL(status, KD_OK);
    play(partner, answer_all);
    play(proc, count_replies);
    CU_ASSERT_EQUAL(replies, 1);
    kd_fake_advance(fake, 1000);
    CU_ASSERT_EQUAL(next_signal(proc), 0);
    /* The test itself answers what is asked of nobody, once. */
    play(proc, ask_nobody);
    CU_ASSERT_EQUAL(kd_fake_reply(proc, ref, NULL), KD_OK);
    CU_ASSERT_EQUAL(kd_fake_reply(proc, ref, NULL), KD_ENOTFOUND);
    play(proc, count_replies);
    CU_ASSERT_EQUAL(replies, 2);
    CU_ASSERT_EQUAL(kd_fake_free(fake), 0);
}

static void
test_request_when_its_deadline_passes_then_fails_and_a_late_reply_is_lost(void)
{
    kd_proc *proc = begin();

    replies = 0;
    play(proc, ask_partner);
    kd_fake_advance(fake, 99);
    CU_ASSERT_EQUAL(next_signal(proc), 0);
    kd_fake_advance(fake, 1);
    CU_ASSERT_EQUAL(next_signal(proc), KD_SIGNAL_REPLY_FAILED);
    CU_ASSERT_EQUAL(seen.ref, ref);
    CU_ASSERT_STRING_EQUAL(error, "no answer in time");
    play(partner, answer_all);
    play(proc, count_replies);
    CU_ASSERT_EQUAL(replies, 0);
    CU_ASSERT_EQUAL(kd_fake_free(fake), 0);
}

static void
test_request_when_its_target_ends_then_fails(void)
{
    kd_proc *proc = begin();

    play(proc, ask_partner);
    kd_fake_end(partner);
    CU_ASSERT_EQUAL(next_signal(proc), KD_SIGNAL_REPLY_FAILED);
    CU_ASSERT_STRING_EQUAL(error, "process terminated");
    play(proc, ask_partner);
    CU_ASSERT_EQUAL(status, KD_EGONE);
    CU_ASSERT_EQUAL(kd_fake_free(fake), 0);
}

static kd_next
misuse(kd_proc *proc)
{
    kd_mail mail[2] = {{.size = sizeof(mail[0]), .topic = "t", .topic_len = 1}};
    kd_spawn none = {.size = sizeof(none)};
    kd_pid pid;

    status = kd_proc_request(
        proc, kd_proc_self(proc), "@ask", NULL, KD_NEVER, &ref, NULL);
    CU_ASSERT_EQUAL(status, KD_EINVAL);
    status = kd_proc_request(
        proc, kd_fake_pid(partner), NULL, NULL, KD_NEVER, &ref, NULL);
    CU_ASSERT_EQUAL(status, KD_EINVAL);
    CU_ASSERT_EQUAL(kd_proc_spawn(proc, &none, &pid, NULL), KD_EINVAL);
    none.size = 8;
    none.entry = "a:x";
    CU_ASSERT_EQUAL(kd_proc_spawn(proc, &none, &pid, NULL), KD_EINVAL);
    none.size = sizeof(none);
    none.entry = "t:partner";
    none.mail = mail;
    none.n_mail = 2;
    CU_ASSERT_EQUAL(kd_proc_spawn(proc, &none, &pid, NULL), KD_EINVAL);
    CU_ASSERT_EQUAL(kd_proc_fail(proc, NULL, NULL), KD_EFORMAT);
    return KD_NEXT_WAIT;
}

static void
test_calls_when_they_cannot_be_then_refused(void)
{
    play(begin(), misuse);
    CU_ASSERT_EQUAL(kd_fake_free(fake), 0);
}

static kd_next
watch_both(kd_proc *proc)
{
    CU_ASSERT_EQUAL(kd_proc_watch(proc, fds[0], KD_FD_READ, NULL), KD_OK);
    CU_ASSERT_EQUAL(kd_proc_watch(proc, fds[1], KD_FD_WRITE, NULL), KD_OK);
    CU_ASSERT_EQUAL(kd_proc_watch(proc, -1, KD_FD_READ, NULL), KD_EINVAL);
    CU_ASSERT_EQUAL(kd_proc_watch(proc, fds[0], 8, NULL), KD_EINVAL);
    return KD_NEXT_WAIT;
}

static kd_next
watch_in_vain(kd_proc *proc)
{
    status = kd_proc_watch(proc, fds[0], KD_FD_READ, NULL);
    return KD_NEXT_WAIT;
}

static kd_next
take_back(kd_proc *proc)
{
    CU_ASSERT_EQUAL(kd_proc_watch(proc, fds[0], 0, NULL), KD_OK);
    return KD_NEXT_WAIT;
}

static void
test_watch_when_a_descriptor_is_ready_then_one_signal_says_so(void)
{
    kd_proc *proc = begin();

    CU_ASSERT_EQUAL_FATAL(pipe(fds), 0);
    play(proc, watch_both);
    play(partner, watch_in_vain);
    CU_ASSERT_EQUAL(status, KD_EEXIST);
    CU_ASSERT_EQUAL(kd_fake_watched(proc, fds[0]), KD_FD_READ);
    CU_ASSERT_EQUAL(kd_fake_poll(fake, 0), 1); /* There is room. */
    CU_ASSERT_EQUAL(next_signal(proc), KD_SIGNAL_FD);
    CU_ASSERT_EQUAL(seen.fd, fds[1]);
    CU_ASSERT_EQUAL(seen.events, KD_FD_WRITE);
    CU_ASSERT_EQUAL(kd_fake_poll(fake, 0), 0);
    CU_ASSERT_EQUAL(write(fds[1], "x", 1), 1);
    CU_ASSERT_EQUAL(kd_fake_poll(fake, 0), 1);
    play(proc, take_back); /* What was not taken is void. */
    CU_ASSERT_EQUAL(next_signal(proc), 0);
    CU_ASSERT_EQUAL(kd_fake_fd(proc, fds[0], KD_FD_READ), KD_ENOTFOUND);
    play(proc, watch_in_vain);
    CU_ASSERT_EQUAL(kd_fake_fd(proc, fds[0], KD_FD_READ), KD_OK);
    CU_ASSERT_EQUAL(next_signal(proc), KD_SIGNAL_FD);
    close(fds[0]);
    close(fds[1]);
    CU_ASSERT_EQUAL(kd_fake_free(fake), 0);
}

static kd_next
close_watched(kd_proc *proc)
{
    (void)proc;
    close(fds[0]);
    return KD_NEXT_WAIT;
}

static void
test_watch_when_a_watched_descriptor_is_closed_then_a_complaint(void)
{
    kd_proc *proc = begin();

    CU_ASSERT_EQUAL_FATAL(pipe(fds), 0);
    play(proc, watch_in_vain);
    play(proc, close_watched);
    CU_ASSERT_PTR_NOT_NULL_FATAL(kd_fake_complaint(fake, 0));
    CU_ASSERT_PTR_NOT_NULL(
        strstr(kd_fake_complaint(fake, 0), "is closed while watched"));
    close(fds[1]);
    CU_ASSERT_EQUAL(kd_fake_free(fake), 1);
}

static kd_next
monitor_and_link(kd_proc *proc)
{
    kd_pid pid = kd_fake_pid(partner);

    kd_proc_set_trap(proc, 1);
    CU_ASSERT_EQUAL(kd_proc_monitor(proc, pid, NULL), KD_OK);
    CU_ASSERT_EQUAL(kd_proc_monitor(proc, pid, NULL), KD_EEXIST);
    CU_ASSERT_EQUAL(kd_proc_link(proc, pid, NULL), KD_OK);
    CU_ASSERT_EQUAL(kd_proc_link(proc, pid, NULL), KD_OK);
    CU_ASSERT_EQUAL(kd_proc_monitor(proc, kd_proc_self(proc), NULL), KD_OK);
    return KD_NEXT_WAIT;
}

static kd_next
fail_silently(kd_proc *proc)
{
    (void)proc;
    return KD_NEXT_FAIL;
}

/* (semantics W2, W4, W6, W8) */
static void
test_end_when_watched_and_linked_then_exit_comes_before_link_down(void)
{
    kd_proc *proc = begin();

    play(proc, monitor_and_link);
    play(partner, fail_silently);
    CU_ASSERT_EQUAL(next_signal(proc), KD_SIGNAL_EXIT);
    CU_ASSERT_STRING_EQUAL(error, "failed without an error");
    CU_ASSERT_EQUAL(seen.fd, -1);
    CU_ASSERT_NOT_EQUAL(seen.unix_ns, 0);
    CU_ASSERT_EQUAL(next_signal(proc), KD_SIGNAL_LINK_DOWN);
    CU_ASSERT_STRING_EQUAL(error, "failed without an error");
    CU_ASSERT_EQUAL(next_signal(proc), 0);
    CU_ASSERT_PTR_NOT_NULL(
        strstr(kd_fake_complaint(fake, 0), "KD_NEXT_FAIL and says no error"));
    CU_ASSERT_EQUAL(kd_fake_free(fake), 1);
}

static kd_next
link_and_terminate(kd_proc *proc)
{
    kd_pid pid = kd_fake_pid(partner);

    CU_ASSERT_EQUAL(kd_proc_link(proc, pid, NULL), KD_OK);
    CU_ASSERT_EQUAL(kd_proc_terminate(proc, pid, NULL), KD_OK);
    CU_ASSERT_NOT_EQUAL(kd_proc_should_yield(proc), 0);
    return KD_NEXT_WAIT;
}

/* It must not be freed while its own `run` is under way (semantics W5). */
static void
test_link_when_it_fails_during_a_slice_then_ends_at_its_return(void)
{
    kd_proc *proc = begin();

    play(proc, link_and_terminate);
    CU_ASSERT_EQUAL(kd_fake_ended(proc), KD_FAKE_KILLED);
    CU_ASSERT_PTR_NOT_NULL(
        strstr(kd_fake_error(proc), "linked process failed: {fake:host|"));
    CU_ASSERT_EQUAL(kd_fake_free(fake), 0);
}

static kd_next
cancel_partner(kd_proc *proc)
{
    kd_time soon = proc->api->now_ns(proc->api) + 50;
    kd_pid pid = kd_fake_pid(partner);

    CU_ASSERT_EQUAL(kd_proc_cancel(proc, pid, KD_NEVER, 0, "one", NULL), KD_OK);
    CU_ASSERT_EQUAL(kd_proc_cancel(proc, pid, soon, 0, "two", NULL), KD_OK);
    CU_ASSERT_EQUAL(
        kd_proc_cancel(proc, pid, soon, 64, "bad", NULL), KD_EINVAL);
    return KD_NEXT_WAIT;
}

/* (semantics C6, C7, C9) */
static void
test_cancel_when_its_deadline_passes_then_ends_by_force(void)
{
    kd_proc *proc = begin();
    const kd_api *api = kd_fake_api(fake);

    play(proc, cancel_partner);
    CU_ASSERT_EQUAL(next_signal(partner), KD_SIGNAL_CANCEL);
    CU_ASSERT_TRUE(kd_pid_equal(seen.from, kd_fake_pid(proc)));
    CU_ASSERT_EQUAL(seen.deadline_ns, api->now_ns(api) + 50);
    CU_ASSERT_EQUAL(next_signal(partner), 0);
    CU_ASSERT_EQUAL(api->pid_ending(api, kd_fake_pid(partner)), 1);
    kd_fake_advance(fake, 49);
    CU_ASSERT_EQUAL(kd_fake_ended(partner), KD_FAKE_LIVES);
    kd_fake_advance(fake, 1);
    CU_ASSERT_EQUAL(kd_fake_ended(partner), KD_FAKE_KILLED);
    CU_ASSERT_STRING_EQUAL(kd_fake_error(partner), "process terminated");
    CU_ASSERT_EQUAL(kd_fake_free(fake), 0);
}

static kd_next
spawn_child(kd_proc *proc)
{
    static const char context[] = "\x80";
    kd_spawn wish;

    memset(&wish, 0, sizeof(wish));
    wish.size = sizeof(wish);
    wish.flags = KD_SPAWN_OWN | KD_SPAWN_READY | KD_SPAWN_LINK;
    wish.entry = "t:puppet";
    wish.name = "child";
    wish.args = kd_payload_none();
    wish.context = kd_payload_make(KD_FORMAT_TERM, context, 1);
    CU_ASSERT_EQUAL(kd_proc_spawn(proc, &wish, &child, NULL), KD_OK);
    CU_ASSERT_EQUAL(kd_proc_spawn(proc, &wish, &child, NULL), KD_EEXIST);
    wish.name = NULL;
    wish.flags = KD_SPAWN_TERMINAL;
    CU_ASSERT_EQUAL(kd_proc_spawn(proc, &wish, &child, NULL), KD_EINVAL);
    return KD_NEXT_WAIT;
}

static kd_next
be_ready(kd_proc *proc)
{
    CU_ASSERT_EQUAL(kd_proc_context(proc).len, 1);
    CU_ASSERT_FALSE(kd_pid_is_none(kd_proc_parent(proc)));
    kd_proc_ready(proc);
    kd_proc_ready(proc);
    return KD_NEXT_WAIT;
}

static kd_next
finish(kd_proc *proc)
{
    (void)proc;
    return KD_NEXT_DONE;
}

/* (semantics N4) */
static void
test_spawn_when_the_child_is_owned_then_it_ends_with_its_owner(void)
{
    kd_proc *proc = begin(), *born;
    const kd_api *api = kd_fake_api(fake);
    kd_pid found;

    play(proc, spawn_child);
    born = kd_fake_find(fake, child);
    CU_ASSERT_PTR_NOT_NULL_FATAL(born);
    play(born, be_ready);
    CU_ASSERT_EQUAL(next_signal(proc), KD_SIGNAL_READY);
    CU_ASSERT_EQUAL(next_signal(proc), 0);
    CU_ASSERT_EQUAL(api->name_register(api, "also", 4, child, NULL), KD_OK);
    CU_ASSERT_EQUAL(api->name_find(api, "child", 5, &found), KD_OK);
    CU_ASSERT_EQUAL(api->name_find(api, "also", 4, &found), KD_OK);
    CU_ASSERT_TRUE(kd_pid_equal(found, child));
    play(proc, finish);
    CU_ASSERT_EQUAL(kd_fake_ended(born), KD_FAKE_KILLED);
    CU_ASSERT_EQUAL(api->name_find(api, "child", 5, &found), KD_ENOTFOUND);
    CU_ASSERT_EQUAL(kd_fake_free(fake), 0);
}

static void
test_world_when_a_test_sets_it_then_the_plugin_sees_that(void)
{
    const kd_api *api;
    const char *value;

    begin();
    api = kd_fake_api(fake);
    CU_ASSERT_PTR_NULL(api->env_get(api, "HOME"));
    kd_fake_set_env(fake, "HOME", "/here");
    kd_fake_set_env(fake, "A", "b");
    kd_fake_set_env(fake, "HOME", "/there");
    CU_ASSERT_STRING_EQUAL(api->env_get(api, "HOME"), "/there");
    CU_ASSERT_STRING_EQUAL(api->env_at(api, 0, &value), "A");
    CU_ASSERT_STRING_EQUAL(value, "b");
    CU_ASSERT_PTR_NULL(api->env_at(api, 2, &value));
    kd_fake_set_env(fake, "A", NULL);
    CU_ASSERT_PTR_NULL(api->env_get(api, "A"));
    CU_ASSERT_PTR_NULL(api->folder(api));
    kd_fake_set_folder(fake, "/app");
    CU_ASSERT_STRING_EQUAL(api->folder(api), "/app");
    CU_ASSERT_STRING_EQUAL(api->offer(api, "test.thing/1", 0), "thing");
    CU_ASSERT_PTR_EQUAL(api->offer_state(api, "test.thing/1", 0), &child);
    CU_ASSERT_PTR_NULL(api->offer_state(api, "test.thing/1", 1));
    CU_ASSERT_EQUAL(kd_fake_free(fake), 0);
}

static const struct test_case tests[] = {
    TEST(test_tables_when_walked_then_no_service_is_absent),
    TEST(test_send_when_the_mailbox_is_full_then_a_signal_says_when_it_is_not),
    TEST(test_send_when_the_message_is_too_large_then_is_refused),
    TEST(test_send_when_told_to_be_full_then_room_comes_when_it_is_not),
    TEST(test_request_when_answered_in_time_then_one_reply),
    TEST(
        test_request_when_its_deadline_passes_then_fails_and_a_late_reply_is_lost),
    TEST(test_request_when_its_target_ends_then_fails),
    TEST(test_calls_when_they_cannot_be_then_refused),
    TEST(test_watch_when_a_descriptor_is_ready_then_one_signal_says_so),
    TEST(test_watch_when_a_watched_descriptor_is_closed_then_a_complaint),
    TEST(test_end_when_watched_and_linked_then_exit_comes_before_link_down),
    TEST(test_link_when_it_fails_during_a_slice_then_ends_at_its_return),
    TEST(test_cancel_when_its_deadline_passes_then_ends_by_force),
    TEST(test_spawn_when_the_child_is_owned_then_it_ends_with_its_owner),
    TEST(test_world_when_a_test_sets_it_then_the_plugin_sees_that),
};

TEST_MAIN("fake_services")
