/* SPDX-License-Identifier: MIT */
/*
 * What a child is born with: a call, an owner, readiness, mail, a name; and
 * becoming another.
 *
 * Each test is a process, `tester`, that plays a scene with children and counts
 * what was not as it should be; the number it is spawned with is the scene.
 */

#include "actors.h"

#include "expect.h"
#include "harness.h"
#include "runtime/spawn.h"

static struct actors actors;
static kd_pid owned;

struct tester {
    int step;
    kd_pid child;
    int signals;
};

/* By its mail: 0 fails, 1 ends, 2 is ready, 3 is ready and ends. */
static kd_next
child_run(void *state, kd_proc *proc, int64_t number, kd_error *err)
{
    kd_message *message;
    int64_t order;

    (void)state;
    (void)number;
    while ((message = kd_proc_next(proc)) != NULL) {
        order = actors_number(message);
        kd_proc_release(proc, message);
        if (order >= 2)
            kd_proc_ready(proc);
        if (order == 1 || order == 3)
            return KD_NEXT_DONE;
        if (order == 0) {
            err->code = KD_ECONFLICT;
            strcpy(err->text, "as told");
            return KD_NEXT_FAIL;
        }
    }
    return KD_NEXT_WAIT;
}

/*
 * A call is told of apart from a monitor, which does not remove it (semantics
 * B3, P7).
 */
static kd_next
scene_call(struct tester *t, kd_proc *proc)
{
    kd_signal signal;

    if (t->step++ == 0) {
        EXPECT(actors_child(proc, "child", 0, KD_SPAWN_CALL | KD_SPAWN_MONITOR,
                   &t->child) == KD_OK);
        EXPECT(kd_proc_monitor(proc, t->child, NULL) == KD_EEXIST);
        EXPECT(kd_proc_unmonitor(proc, t->child, NULL) == KD_OK);
        EXPECT(kd_proc_monitor(proc, t->child, NULL) == KD_OK);
        actors_send(proc, t->child, 1);
    }
    while (kd_proc_signal(proc, &signal) == KD_OK) {
        EXPECT(signal.type == KD_SIGNAL_EXIT);
        EXPECT(kd_pid_equal(signal.from, t->child));
        t->signals += signal.ref == 0 ? 1 : 10;
    }
    return t->signals == 11 ? KD_NEXT_DONE : KD_NEXT_WAIT;
}

/*
 * unmonitor makes the monitor's signal void and not the call's, and the failure
 * was seen (semantics W9, X8).
 */
static kd_next
scene_call_unmonitor(struct tester *t, kd_proc *proc)
{
    kd_signal signal;

    if (t->step++ == 0) {
        actors_child(
            proc, "child", 0, KD_SPAWN_CALL | KD_SPAWN_MONITOR, &t->child);
        actors_send(proc, t->child, 0);
        while (proc->api->pid_alive(proc->api, t->child))
            continue;
        kd_proc_unmonitor(proc, t->child, NULL);
    }
    if (kd_proc_signal(proc, &signal) != KD_OK)
        return KD_NEXT_WAIT;
    EXPECT(signal.type == KD_SIGNAL_EXIT && signal.ref != 0);
    EXPECT(signal.error.format == KD_FORMAT_TERM);
    EXPECT(kd_proc_signal(proc, &signal) == KD_ENOTFOUND);
    return KD_NEXT_DONE;
}

/*
 * The owner ends; the test looks at what has become of its child (semantics
 * B3).
 */
static kd_next
scene_own(struct tester *t, kd_proc *proc)
{
    (void)t;
    EXPECT(actors_child(proc, "child", 0, KD_SPAWN_OWN, &owned) == KD_OK);
    return KD_NEXT_DONE;
}

/* The child ends first: its owner does not notice. */
static kd_next
scene_own_child_first(struct tester *t, kd_proc *proc)
{
    kd_signal signal;

    if (t->step++ == 0) {
        actors_child(
            proc, "child", 0, KD_SPAWN_OWN | KD_SPAWN_MONITOR, &t->child);
        actors_send(proc, t->child, 1);
        return KD_NEXT_WAIT;
    }
    if (kd_proc_signal(proc, &signal) != KD_OK)
        return KD_NEXT_WAIT;
    EXPECT(signal.type == KD_SIGNAL_EXIT && signal.ref == 0);
    EXPECT(kd_proc_signal(proc, &signal) == KD_ENOTFOUND);
    return KD_NEXT_DONE;
}

/*
 * Ready is told once, before the end, and not when it ends first (semantics
 * P15, S6).
 */
static kd_next
scene_ready(struct tester *t, kd_proc *proc)
{
    static const int64_t orders[] = {2, 3};
    kd_signal signal;

    if (t->step++ == 0) {
        kd_proc_ready(proc); /* Nobody waits for it. */
        kd_proc_ready(proc);
        actors_child(
            proc, "child", 0, KD_SPAWN_READY | KD_SPAWN_MONITOR, &t->child);
        actors_send(proc, t->child, orders[0]);
        actors_send(proc, t->child, orders[1]);
    }
    while (kd_proc_signal(proc, &signal) == KD_OK) {
        EXPECT(signal.type ==
               (t->signals == 0 ? KD_SIGNAL_READY : KD_SIGNAL_EXIT));
        EXPECT(kd_pid_equal(signal.from, t->child));
        EXPECT(signal.unix_ns > INT64_C(1000000000000000000));
        t->signals++;
    }
    EXPECT(t->signals <= 2);
    return t->signals == 2 ? KD_NEXT_DONE : KD_NEXT_WAIT;
}

static kd_next
scene_ready_ends_before(struct tester *t, kd_proc *proc)
{
    kd_signal signal;

    if (t->step++ == 0) {
        actors_child(
            proc, "child", 0, KD_SPAWN_READY | KD_SPAWN_MONITOR, &t->child);
        actors_send(proc, t->child, 0);
        return KD_NEXT_WAIT;
    }
    if (kd_proc_signal(proc, &signal) != KD_OK)
        return KD_NEXT_WAIT;
    EXPECT(signal.type == KD_SIGNAL_EXIT);
    EXPECT(kd_proc_signal(proc, &signal) == KD_ENOTFOUND);
    return KD_NEXT_DONE;
}

/* Not a process, unless one asks for a function (semantics P6). */
static kd_next
scene_function(struct tester *t, kd_proc *proc)
{
    kd_spawn spawn = {.size = sizeof(spawn), .entry = "t:function"};
    kd_error err = KD_ERROR_INIT;
    kd_signal signal;

    if (t->step++ == 0) {
        spawn.args = spawn.context = kd_payload_none();
        EXPECT(kd_proc_spawn(proc, &spawn, &t->child, &err) == KD_EINVAL);
        EXPECT(
            strcmp(err.text, "not a process: t:function (test.function)") == 0);
        spawn.flags = KD_SPAWN_FUNCTION | KD_SPAWN_CALL | KD_SPAWN_OWN;
        EXPECT(kd_proc_spawn(proc, &spawn, &t->child, NULL) == KD_OK);
        spawn.entry = "t:host";
        EXPECT(kd_proc_spawn(proc, &spawn, &t->child, &err) == KD_EINVAL);
        EXPECT(strcmp(err.text, "not a process: t:host (process.host)") == 0);
        return KD_NEXT_WAIT;
    }
    if (kd_proc_signal(proc, &signal) != KD_OK)
        return KD_NEXT_WAIT;
    EXPECT(signal.type == KD_SIGNAL_EXIT && signal.ref != 0);
    return KD_NEXT_DONE;
}

/* What it got, in order: its topics and numbers. */
static kd_next
reader_run(void *state, kd_proc *proc, int64_t number, kd_error *err)
{
    int *n = state;
    kd_message *message;

    (void)err;
    (void)number;
    while ((message = kd_proc_next(proc)) != NULL) {
        if (*n < 2) {
            EXPECT(kd_pid_is_none(message->from));
            EXPECT(message->topic_len == 5);
            EXPECT(strcmp(message->topic, *n == 0 ? "first" : "later") == 0);
            EXPECT(message->flags == (*n == 0 ? 0 : KD_MESSAGE_MANY));
        }
        if (*n == 0)
            EXPECT(actors_number(message) == 7);
        kd_proc_release(proc, message);
        ++*n;
    }
    return *n == 3 ? KD_NEXT_DONE : KD_NEXT_WAIT;
}

/* Mail from birth comes first, from nobody (semantics P10). */
static kd_next
scene_mail(struct tester *t, kd_proc *proc)
{
    kd_spawn spawn = {.size = sizeof(spawn), .entry = "t:reader"};
    kd_mail mail[2] = {{.size = sizeof(mail[0])}, {.size = sizeof(mail[0])}};
    kd_writer w = {0};
    kd_signal signal;

    if (t->step++ == 0) {
        kd_write_int(&w, 7);
        mail[0].topic = "first";
        mail[0].payload = kd_payload_make(KD_FORMAT_TERM, w.data, w.len);
        mail[1].topic = "later";
        mail[1].flags = KD_MESSAGE_MANY;
        mail[1].payload = kd_payload_none();
        mail[0].topic_len = mail[1].topic_len = 5;
        spawn.args = spawn.context = kd_payload_none();
        spawn.flags = KD_SPAWN_MONITOR;
        spawn.mail = mail;
        spawn.n_mail = 2;
        EXPECT(kd_proc_spawn(proc, &spawn, &t->child, NULL) == KD_OK);
        kd_writer_free(&w);
        actors_send(proc, t->child, 1);
        mail[1].flags = KD_MESSAGE_REPLY;
        EXPECT(kd_proc_spawn(proc, &spawn, &t->child, NULL) == KD_EINVAL);
        return KD_NEXT_WAIT;
    }
    if (kd_proc_signal(proc, &signal) != KD_OK)
        return KD_NEXT_WAIT;
    EXPECT(signal.type == KD_SIGNAL_EXIT);
    EXPECT(signal.error.format == KD_FORMAT_NONE);
    return KD_NEXT_DONE;
}

/*
 * Mail that does not fit makes no process (semantics M11, D5). `narrow` takes
 * messages of 16 bytes, two at most.
 */
static kd_next
scene_mail_too_much(struct tester *t, kd_proc *proc)
{
    static const char long_topic[] = "a topic longer than what each message "
                                     "may have beside its payload";
    kd_spawn spawn = {.size = sizeof(spawn), .entry = "t:narrow"};
    kd_mail mail[3];
    kd_error err = KD_ERROR_INIT;
    long live = atomic_load(&actors.live);

    (void)t;
    spawn.args = spawn.context = kd_payload_none();
    spawn.flags = KD_SPAWN_MONITOR | KD_SPAWN_LINK;
    spawn.mail = mail;
    for (int i = 0; i < 3; i++) {
        mail[i] = (kd_mail){.size = sizeof(mail[i]), .topic = ""};
        mail[i].payload =
            kd_payload_make(KD_FORMAT_BYTES, "0123456789abcdef", 16);
    }
    spawn.n_mail = 3;
    EXPECT(kd_proc_spawn(proc, &spawn, &t->child, &err) == KD_EFULL);
    EXPECT(strcmp(err.text, "mailbox full: t:narrow") == 0);
    mail[0].payload = kd_payload_make(KD_FORMAT_BYTES, "0123456789abcdefg", 17);
    spawn.n_mail = 1;
    EXPECT(kd_proc_spawn(proc, &spawn, &t->child, &err) == KD_ETOOBIG);
    EXPECT(strcmp(err.text, "message too large: 17 bytes (limit 16)") == 0);
    mail[0].payload.len = 16;
    mail[0].topic = long_topic;
    mail[0].topic_len = strlen(long_topic);
    EXPECT(kd_proc_spawn(proc, &spawn, &t->child, &err) == KD_ETOOBIG);
    EXPECT(atomic_load(&actors.live) == live);
    return KD_NEXT_DONE;
}

/* A name that is taken: its holder, and nothing was sent (semantics P10). */
static kd_next
scene_mail_name(struct tester *t, kd_proc *proc)
{
    kd_spawn spawn = {.size = sizeof(spawn), .entry = "t:child"};
    kd_mail mail = {.size = sizeof(mail), .topic = ""};
    const kd_api *api = proc->api;
    kd_pid self = kd_proc_self(proc);

    spawn.args = spawn.context = kd_payload_none();
    mail.payload = kd_payload_none();
    spawn.name = "holder";
    spawn.mail = &mail;
    spawn.n_mail = 1;
    EXPECT(api->name_register(api, "holder", 6, self, NULL) == KD_OK);
    EXPECT(kd_proc_spawn(proc, &spawn, &t->child, NULL) == KD_EEXIST);
    EXPECT(kd_pid_equal(t->child, self));
    EXPECT(kd_proc_next(proc) == NULL);
    return KD_NEXT_DONE;
}

/* What a cancel's flags change: nothing is forced, and who asks. */
static kd_next
scene_cancel_flags(struct tester *t, kd_proc *proc)
{
    kd_time now = proc->api->now_ns(proc->api);
    kd_pid self = kd_proc_self(proc);
    kd_signal signal;

    if (t->step++ == 0) {
        EXPECT(kd_proc_cancel(proc, self, now, 4, "no", NULL) == KD_EINVAL);
        EXPECT(kd_proc_cancel(proc, self, now,
                   KD_CANCEL_TOLD | KD_CANCEL_RUNTIME, "so", NULL) == KD_OK);
        EXPECT(kd_proc_cancel(proc, self, KD_NEVER, 0, NULL, NULL) == KD_OK);
    }
    while (kd_proc_signal(proc, &signal) == KD_OK) {
        EXPECT(signal.type == KD_SIGNAL_CANCEL);
        EXPECT(strcmp(signal.reason, t->signals == 0 ? "so" : "") == 0);
        EXPECT(signal.deadline_ns ==
               (t->signals == 0 ? signal.deadline_ns : KD_NEVER));
        EXPECT(kd_pid_is_none(signal.from) == (t->signals == 0));
        t->signals++;
    }
    return t->signals == 2 ? KD_NEXT_DONE : KD_NEXT_WAIT;
}

/*
 * It is another entry from then on, and its limits are that one's (semantics
 * P19).
 */
static kd_next
scene_become(struct tester *t, kd_proc *proc)
{
    const kd_api *api = proc->api;
    const kd_entry *narrow = api->entry_find(api, "t:narrow");
    kd_error err = KD_ERROR_INIT;
    kd_payload payload = kd_payload_make(KD_FORMAT_BYTES, "12345678", 8);
    kd_pid self = kd_proc_self(proc);

    actors_child(proc, "child", 0, 0, &t->child);
    EXPECT(kd_proc_become(proc, api->entry_find(api, "t:function"), &err) ==
           KD_EINVAL);
    EXPECT(strcmp(err.text,
               "not of kind test.actor: t:function (test.function)") == 0);
    EXPECT(kd_proc_become(proc, narrow, NULL) == KD_OK);
    EXPECT(kd_proc_entry(proc) == narrow);
    EXPECT(api->pid_entry(api, self) == narrow);
    EXPECT(kd_pid_equal(kd_proc_self(proc), self));
    EXPECT(kd_proc_send(proc, self, "a", 1, 0, &payload, NULL) == KD_OK);
    EXPECT(kd_proc_send(proc, self, "b", 1, 0, &payload, NULL) == KD_OK);
    EXPECT(kd_proc_send(proc, self, "c", 1, 0, &payload, NULL) == KD_EFULL);
    payload = kd_payload_make(KD_FORMAT_BYTES, "0123456789abcdefg", 17);
    EXPECT(kd_proc_send(proc, self, "d", 1, 0, &payload, NULL) == KD_ETOOBIG);
    /* What the other may get is more. */
    EXPECT(kd_proc_reply(proc, t->child, 1, &payload, NULL) == KD_ETOOBIG);
    EXPECT(kd_proc_terminate(proc, t->child, NULL) == KD_OK);
    return KD_NEXT_DONE;
}

#define BYTES(literal)                                                         \
    kd_payload_make(KD_FORMAT_TERM, literal, sizeof(literal) - 1)

/* An error that is none is not taken, and the one before stays. */
static void
fail_refused(kd_proc *proc)
{
    const kd_payload none[] = {
        BYTES(""), BYTES("\xc1"), BYTES("\x80"), /* A map alone. */
        BYTES("\xc7\1\2x"),                      /* Another extension. */
        BYTES("\xc7\1\1\1"),                     /* Its body is no map. */
        BYTES("\xc7\2\1\x80\1"),                 /* Something behind the map. */
        BYTES("\xc7\1\1\x81"),                   /* Cut short before a key. */
        BYTES("\xc7\2\1\x81\1"),                 /* A key that is no string. */
        BYTES("\xc7\3\1\x81\xa1k"),              /* Cut short before a value. */
    };

    EXPECT(kd_proc_fail(proc, NULL, NULL) == KD_EFORMAT);
    for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
        EXPECT(kd_proc_fail(proc, &none[i], NULL) == KD_EFORMAT);
}

/* What no process may ask for. */
static kd_next
scene_refused(struct tester *t, kd_proc *proc)
{
    kd_spawn spawn = {.size = sizeof(spawn), .entry = "t:child", .name = ""};
    kd_pid self = kd_proc_self(proc);
    kd_error err = KD_ERROR_INIT;
    kd_pid child;
    kd_ref ref;

    (void)t;
    EXPECT(kd_proc_send(proc, self, "a", 1, 4, NULL, &err) == KD_EINVAL);
    EXPECT(strcmp(err.text, "unknown message flags") == 0);
    EXPECT(kd_proc_request(proc, self, "r", NULL, 0, &ref, &err) == KD_EINVAL);
    EXPECT(strcmp(err.text, "the topic of a request begins with @") == 0);
    EXPECT(kd_proc_request(proc, self, NULL, NULL, 0, &ref, NULL) == KD_EINVAL);
    spawn.args = spawn.context = kd_payload_none();
    EXPECT(kd_proc_spawn(proc, &spawn, &child, &err) == KD_EINVAL);
    EXPECT(strcmp(err.text, "name cannot be empty") == 0);
    spawn.name = NULL;
    spawn.flags = KD_SPAWN_TERMINAL;
    EXPECT(kd_proc_spawn(proc, &spawn, &child, &err) == KD_EINVAL);
    EXPECT(strcmp(err.text, "no process gives the terminal away") == 0);
    EXPECT(kd_proc_next(proc) == NULL);
    fail_refused(proc);
    return KD_NEXT_DONE;
}

typedef kd_next scene_fn(struct tester *t, kd_proc *proc);

static scene_fn *const scenes[] = {scene_call, scene_call_unmonitor, scene_own,
    scene_own_child_first, scene_ready, scene_ready_ends_before, scene_function,
    scene_mail, scene_mail_too_much, scene_mail_name, scene_cancel_flags,
    scene_become, scene_refused};

static kd_next
tester_run(void *state, kd_proc *proc, int64_t number, kd_error *err)
{
    (void)err;
    return scenes[number](state, proc);
}

static kd_next
end_run(void *state, kd_proc *proc, int64_t number, kd_error *err)
{
    (void)state;
    (void)proc;
    (void)number;
    (void)err;
    return KD_NEXT_DONE;
}

static const struct actor_role roles[] = {
    {"child", 1, child_run},
    {"tester", sizeof(struct tester), tester_run},
    {"reader", sizeof(int), reader_run},
    {"end", 1, end_run},
    {NULL, 0, NULL},
};

static const char entries[] =
    "- {name: narrow, kind: test.actor, role: end,"
    " limits: {mailbox_messages: 2, message_bytes: 16}}\n"
    "- {name: function, kind: test.function, role: end}\n";

/* Plays one scene to its end; returns whether its process failed. */
static long
play(int64_t scene)
{
    long ended = atomic_load(&actors.ended);
    long failed = atomic_load(&actors.failed);

    actors_spawn(&actors, "tester", scene);
    actors_await(&actors.ended, ended + 1);
    CU_ASSERT_EQUAL(atomic_load(&wrong), 0);
    return atomic_load(&actors.failed) - failed;
}

/* (semantics B3, P7) */
static void
test_call_when_the_child_ends_then_one_exit_beside_the_monitors(void)
{
    CU_ASSERT_EQUAL(play(0), 0);
}

/* (semantics W9, X8) */
static void
test_call_when_unmonitored_then_its_exit_still_comes(void)
{
    long logged = atomic_load(&actors.logged);

    for (int i = 0; i < 50; i++)
        CU_ASSERT_EQUAL(play(1), 0);
    CU_ASSERT_EQUAL(atomic_load(&actors.logged), logged);
}

/* (semantics B3) */
static void
test_own_when_the_owner_ends_then_the_child_does(void)
{
    CU_ASSERT_EQUAL(play(2), 0);
    while (actors.api->pid_alive(actors.api, owned))
        continue;
    CU_ASSERT_EQUAL(play(3), 0);
}

/* (semantics P15, S6) */
static void
test_ready_when_called_then_the_spawner_learns_it_once(void)
{
    CU_ASSERT_EQUAL(play(4), 0);
}

/* (semantics S7) */
static void
test_ready_when_the_child_ends_before_then_nothing(void)
{
    CU_ASSERT_EQUAL(play(5), 0);
}

static atomic_long readied;

static void
on_ready(void *arg, kd_pid pid)
{
    EXPECT(kd_pid_equal(pid, *(kd_pid *)arg));
    atomic_fetch_add(&readied, 1);
}

static void
on_ended(void *arg, const kd_exit *exit)
{
    EXPECT(kd_pid_equal(exit->pid, *(kd_pid *)arg));
    EXPECT(atomic_load(&readied) == 1);
    atomic_fetch_add(&readied, 1);
}

/* (semantics P15, L4) */
static void
test_ready_when_observed_then_told_once_before_the_end(void)
{
    static kd_pid pid;
    struct kd__observer observer = {on_ended, on_ready, &pid};
    kd_spawn spawn = {.size = sizeof(spawn), .entry = "t:child"};
    kd_writer w[2] = {{0}, {0}};
    kd_payload order;

    spawn.args = spawn.context = kd_payload_none();
    spawn.host = "t:host";
    CU_ASSERT_EQUAL(
        kd__spawn(actors.runtime, NULL, &spawn, &observer, &pid, NULL), KD_OK);
    kd_write_int(&w[0], 2);
    kd_write_int(&w[1], 1);
    for (int i = 0; i < 3; i++) { /* Ready, ready, end. */
        order = kd_payload_make(KD_FORMAT_TERM, w[i == 2].data, w[i == 2].len);
        CU_ASSERT_EQUAL(
            actors.api->send(actors.api, pid, "", 0, 0, &order, NULL), KD_OK);
    }
    actors_await(&readied, 2);
    kd_writer_free(&w[0]);
    kd_writer_free(&w[1]);
    CU_ASSERT_EQUAL(atomic_load(&wrong), 0);
}

/* (semantics P6) */
static void
test_spawn_when_the_kind_is_only_called_then_only_as_function(void)
{
    CU_ASSERT_EQUAL(play(6), 0);
}

/* (semantics P10) */
static void
test_mail_from_birth_comes_first(void)
{
    CU_ASSERT_EQUAL(play(7), 0);
}

/* (semantics M11, D5) */
static void
test_mail_from_birth_when_too_much_then_no_process(void)
{
    CU_ASSERT_EQUAL(play(8), 0);
}

/* (semantics P10) */
static void
test_mail_from_birth_when_the_name_is_taken_then_not_sent(void)
{
    CU_ASSERT_EQUAL(play(9), 0);
}

/* (semantics O4, O5) */
static void
test_cancel_when_only_told_then_nothing_is_forced(void)
{
    CU_ASSERT_EQUAL(play(10), 0);
}

/* (semantics P19) */
static void
test_become_when_of_the_same_kind_then_its_limits_hold(void)
{
    CU_ASSERT_EQUAL(play(11), 0);
}

static void
test_calls_when_unusable_then_refused(void)
{
    CU_ASSERT_EQUAL(play(12), 0);
}

/* Of one that then is not made. */
static kd_status
act_on_others(kd_proc *proc, kd_error *err)
{
    kd_spawn spawn = {.size = sizeof(spawn), .entry = "t:child"};
    kd_error why = KD_ERROR_INIT;
    kd_pid child;
    kd_ref ref;

    spawn.args = spawn.context = kd_payload_none();
    EXPECT(kd_proc_should_yield(proc) == 0);
    EXPECT(kd_proc_monitor(proc, owned, &why) == KD_EINVAL);
    EXPECT(strcmp(why.text, "not before create has returned") == 0);
    EXPECT(kd_proc_link(proc, owned, NULL) == KD_EINVAL);
    EXPECT(kd_proc_when_room(proc, owned, NULL) == KD_EINVAL);
    EXPECT(kd_proc_request(proc, owned, "@q", NULL, KD_NEVER, &ref, NULL) ==
           KD_EINVAL);
    EXPECT(kd_proc_spawn(proc, &spawn, &child, NULL) == KD_EINVAL);
    EXPECT(kd_proc_watch(proc, 0, KD_FD_READ, NULL) == KD_EINVAL);
    err->code = KD_EINVAL;
    strcpy(err->text, "as told");
    return KD_EINVAL;
}

/* It could not be told of anything, nor take it back. */
static void
test_create_when_it_acts_on_others_then_refused(void)
{
    kd_spawn spawn = {.size = sizeof(spawn), .entry = "t:child"};
    kd_pid pid;

    spawn.args = spawn.context = kd_payload_none();
    spawn.host = "t:host";
    owned = actors_spawn(&actors, "child", 0);
    actors.create = act_on_others;
    CU_ASSERT_EQUAL(
        kd__spawn(actors.runtime, NULL, &spawn, NULL, &pid, NULL), KD_EINVAL);
    actors.create = NULL;
    actors.api->terminate(actors.api, owned, NULL);
    CU_ASSERT_EQUAL(atomic_load(&wrong), 0);
}

static void
test_stop_when_all_is_over_then_nothing_is_left(void)
{
    CU_ASSERT_EQUAL(actors_stop(&actors, 30), KD_OK);
    CU_ASSERT_EQUAL(atomic_load(&actors.live), 0);
}

static const struct test_case tests[] = {
    TEST(test_call_when_the_child_ends_then_one_exit_beside_the_monitors),
    TEST(test_call_when_unmonitored_then_its_exit_still_comes),
    TEST(test_own_when_the_owner_ends_then_the_child_does),
    TEST(test_ready_when_called_then_the_spawner_learns_it_once),
    TEST(test_ready_when_the_child_ends_before_then_nothing),
    TEST(test_ready_when_observed_then_told_once_before_the_end),
    TEST(test_spawn_when_the_kind_is_only_called_then_only_as_function),
    TEST(test_mail_from_birth_comes_first),
    TEST(test_mail_from_birth_when_too_much_then_no_process),
    TEST(test_mail_from_birth_when_the_name_is_taken_then_not_sent),
    TEST(test_cancel_when_only_told_then_nothing_is_forced),
    TEST(test_become_when_of_the_same_kind_then_its_limits_hold),
    TEST(test_calls_when_unusable_then_refused),
    TEST(test_create_when_it_acts_on_others_then_refused),
    TEST(test_stop_when_all_is_over_then_nothing_is_left),
};

int
main(void)
{
    actors_start_with(&actors, roles, 2, entries);
    return harness_run("child", tests, sizeof(tests) / sizeof(tests[0]));
}
