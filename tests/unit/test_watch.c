/* SPDX-License-Identifier: MIT */
/*
 * Links, monitors, names and requests between processes of C.
 *
 * Each test is a process, `tester`, that plays a scene with helpers and counts
 * what was not as it should be; the number it is spawned with is the scene.
 */

#include "actors.h"

#include "expect.h"
#include "harness.h"

static struct actors actors;

struct tester {
    int step;
    kd_pid child;
    kd_ref ref;
    int signals;
};

/* Does what its mail says: 0 fails, 1 ends, 2 answers, 3 sends on what it
 * gets, anything else is ignored. */
static kd_next
child_run(void *state, kd_proc *proc, int64_t number, kd_error *err)
{
    kd_message *message;
    kd_payload payload;
    int64_t order;

    (void)state;
    (void)number;
    while ((message = kd_proc_next(proc)) != NULL) {
        order = actors_number(message);
        payload = message->payload;
        if (order == 2)
            kd_proc_reply(proc, message->from, message->ref, &payload, NULL);
        if (order == 2)
            EXPECT(kd_proc_reply(proc, message->from, message->ref, &payload,
                       NULL) == KD_OK);
        kd_proc_release(proc, message);
        if (order == 1)
            return KD_NEXT_DONE;
        if (order == 0) {
            err->code = KD_ECONFLICT;
            strcpy(err->text, "as told");
            return KD_NEXT_FAIL;
        }
    }
    return KD_NEXT_WAIT;
}

static kd_status
request(kd_proc *proc, kd_pid to, int64_t order, kd_time delay, kd_ref *ref)
{
    kd_writer w = {0};
    kd_payload payload;
    kd_status status;

    kd_write_int(&w, order);
    payload = kd_payload_make(KD_FORMAT_TERM, w.data, w.len);
    status = kd_proc_request(proc, to, "@test", &payload,
        delay == KD_NEVER ? KD_NEVER : proc->api->now_ns(proc->api) + delay,
        ref, NULL);
    kd_writer_free(&w);
    return status;
}

/* Monitor once, twice, oneself, the dead (semantics W1, W2, W3). */
static kd_next
scene_monitor(struct tester *t, kd_proc *proc)
{
    kd_error err = KD_ERROR_INIT;
    kd_signal signal;

    if (t->step++ == 0) {
        actors_child(proc, "child", 0, 0, &t->child);
        EXPECT(kd_proc_monitor(proc, t->child, NULL) == KD_OK);
        EXPECT(kd_proc_monitor(proc, t->child, &err) == KD_EEXIST);
        EXPECT(
            strncmp(err.text, "already monitoring pid: {t:host|0x", 34) == 0);
        EXPECT(kd_proc_monitor(proc, kd_proc_self(proc), NULL) == KD_OK);
        actors_send(proc, t->child, 1);
        return KD_NEXT_WAIT;
    }
    if (kd_proc_signal(proc, &signal) != KD_OK)
        return KD_NEXT_WAIT;
    EXPECT(signal.type == KD_SIGNAL_EXIT);
    EXPECT(kd_pid_equal(signal.from, t->child));
    EXPECT(signal.error.format == KD_FORMAT_NONE);
    EXPECT(signal.unix_ns > INT64_C(1000000000000000000));
    EXPECT(kd_proc_signal(proc, &signal) == KD_ENOTFOUND);
    EXPECT(kd_proc_monitor(proc, t->child, &err) == KD_EGONE);
    EXPECT(strncmp(err.text, "pid not registered: {", 21) == 0);
    EXPECT(kd_proc_unmonitor(proc, t->child, NULL) == KD_OK);
    EXPECT(kd_proc_link(proc, t->child, NULL) == KD_EGONE);
    EXPECT(kd_proc_unlink(proc, t->child, NULL) == KD_OK);
    return KD_NEXT_DONE;
}

/* First EXIT, then LINK_DOWN, both with the error (semantics W4, W6, W8). */
static kd_next
scene_link(struct tester *t, kd_proc *proc)
{
    kd_signal signal;

    if (t->step++ == 0) {
        kd_proc_set_trap(proc, 1);
        EXPECT(kd_proc_trap(proc) == 1);
        actors_child(
            proc, "child", 0, KD_SPAWN_LINK | KD_SPAWN_MONITOR, &t->child);
        EXPECT(kd_proc_link(proc, t->child, NULL) == KD_OK);
        EXPECT(kd_proc_monitor(proc, t->child, NULL) == KD_EEXIST);
        actors_send(proc, t->child, 0);
    }
    while (kd_proc_signal(proc, &signal) == KD_OK) {
        EXPECT(signal.type ==
               (t->signals == 0 ? KD_SIGNAL_EXIT : KD_SIGNAL_LINK_DOWN));
        EXPECT(signal.error.format == KD_FORMAT_TERM);
        EXPECT(signal.value.format == KD_FORMAT_NONE);
        t->signals++;
    }
    EXPECT(t->signals <= 2);
    return t->signals == 2 ? KD_NEXT_DONE : KD_NEXT_WAIT;
}

/*
 * A normal end takes nobody along. The probe's EXIT comes after it (semantics
 * W4).
 */
static kd_next
scene_link_normal(struct tester *t, kd_proc *proc)
{
    kd_signal signal;

    if (t->step++ == 0) {
        actors_child(
            proc, "child", 0, KD_SPAWN_LINK | KD_SPAWN_MONITOR, &t->child);
        actors_send(proc, t->child, 1);
        return KD_NEXT_WAIT;
    }
    if (kd_proc_signal(proc, &signal) != KD_OK)
        return KD_NEXT_WAIT;
    EXPECT(signal.type == KD_SIGNAL_EXIT);
    return KD_NEXT_DONE;
}

/*
 * What has arrived and was not handled is void after unmonitor (semantics W9).
 */
static kd_next
scene_unmonitor(struct tester *t, kd_proc *proc)
{
    kd_signal signal;

    if (t->step == 0) {
        kd_proc_set_trap(proc, 1);
        actors_child(
            proc, "child", 0, KD_SPAWN_LINK | KD_SPAWN_MONITOR, &t->child);
        actors_send(proc, t->child, 0);
        /* Busy until it has ended: its signals wait unhandled. */
        while (proc->api->pid_alive(proc->api, t->child))
            continue;
        kd_proc_unmonitor(proc, t->child, NULL);
        kd_proc_unlink(proc, t->child, NULL);
    }
    EXPECT(kd_proc_signal(proc, &signal) == KD_ENOTFOUND);
    return t->step++ < 5 ? KD_NEXT_READY : KD_NEXT_DONE;
}

/* What has come before the slice is an event, and stays (semantics W9). */
static kd_next
scene_unmonitor_late(struct tester *t, kd_proc *proc)
{
    kd_signal signal;

    if (t->step++ == 0) {
        kd_proc_set_trap(proc, 1);
        actors_child(
            proc, "child", 0, KD_SPAWN_LINK | KD_SPAWN_MONITOR, &t->child);
        actors_send(proc, t->child, 0);
        /* Busy until both have been told. */
        while (kd_proc_monitor(proc, t->child, NULL) == KD_EEXIST ||
               kd_proc_link(proc, t->child, NULL) == KD_OK)
            continue;
        return KD_NEXT_READY;
    }
    kd_proc_unmonitor(proc, t->child, NULL);
    kd_proc_unlink(proc, t->child, NULL);
    EXPECT(kd_proc_signal(proc, &signal) == KD_OK);
    EXPECT(signal.type == KD_SIGNAL_EXIT);
    EXPECT(kd_proc_signal(proc, &signal) == KD_OK);
    EXPECT(signal.type == KD_SIGNAL_LINK_DOWN);
    return KD_NEXT_DONE;
}

/* Busy until a failure of a linked process is about to end us. */
static void
await_ending(kd_proc *proc)
{
    while (!proc->api->pid_ending(proc->api, kd_proc_self(proc)))
        continue;
}

/*
 * A link undone in the slice in which its failure arrives ends nobody, and
 * nothing says that it will (semantics W9).
 */
static kd_next
scene_unlink_in_time(struct tester *t, kd_proc *proc)
{
    if (t->step == 0) {
        actors_child(proc, "child", 0, KD_SPAWN_LINK, &t->child);
        actors_send(proc, t->child, 0);
        await_ending(proc);
        kd_proc_unlink(proc, t->child, NULL);
        EXPECT(!proc->api->pid_ending(proc->api, kd_proc_self(proc)));
    }
    return t->step++ < 5 ? KD_NEXT_READY : KD_NEXT_DONE;
}

/* The same with another that has failed too (semantics W5). */
static kd_next
scene_unlink_one_of_two(struct tester *t, kd_proc *proc)
{
    kd_pid second;

    EXPECT(t->step++ == 0);
    actors_child(proc, "child", 0, KD_SPAWN_LINK, &t->child);
    actors_child(proc, "child", 0, KD_SPAWN_LINK, &second);
    actors_send(proc, t->child, 0);
    actors_send(proc, second, 0);
    await_ending(proc);
    kd_proc_unlink(proc, t->child, NULL);
    await_ending(proc);
    return KD_NEXT_READY;
}

static const char long_name[1025];

/* How many of the names 0 to 9 are anybody's. */
static int
names_found(const kd_api *api)
{
    kd_pid found;
    int n = 0;

    for (char name = '0'; name <= '9'; name++)
        n += api->name_find(api, &name, 1, &found) == KD_OK;
    return n;
}

/* Gives a process those names, and takes back the last, the first and some
 * between. */
static void
names_take_some_back(const kd_api *api, kd_pid pid)
{
    static const char back[] = {'9', '0', '5', '4', '6', '1'};

    for (char name = '0'; name <= '9'; name++)
        EXPECT(api->name_register(api, &name, 1, pid, NULL) == KD_OK);
    for (size_t i = 0; i < sizeof(back); i++)
        EXPECT(api->name_unregister(api, &back[i], 1) == KD_OK);
    EXPECT(names_found(api) == 10 - (int)sizeof(back));
}

/* A name is free before the end is told (semantics N2, N4). */
static kd_next
scene_name(struct tester *t, kd_proc *proc)
{
    const kd_api *api = proc->api;
    kd_pid self = kd_proc_self(proc);
    kd_error err = KD_ERROR_INIT;
    kd_signal signal;
    kd_pid found;

    if (t->step++ == 0) {
        actors_child(proc, "child", 0, KD_SPAWN_MONITOR, &t->child);
        EXPECT(api->name_register(api, "one", 3, t->child, NULL) == KD_OK);
        EXPECT(api->name_register(api, "one", 3, t->child, NULL) == KD_OK);
        EXPECT(api->name_register(api, "two", 3, t->child, NULL) == KD_OK);
        EXPECT(api->name_register(api, "one", 3, self, &err) == KD_EEXIST);
        EXPECT(strcmp(err.text, "name already registered: one") == 0);
        EXPECT(api->name_register(
                   api, long_name, sizeof(long_name), self, &err) == KD_EINVAL);
        EXPECT(strcmp(err.text, "name too long: 1025 bytes (limit 1024)") == 0);
        EXPECT(api->name_register(api, "", 0, self, NULL) == KD_EINVAL);
        EXPECT(api->name_register(api, "{t:host|0x1f}", 13, self, NULL) ==
               KD_EINVAL);
        EXPECT(api->name_find(api, "two", 3, &found) == KD_OK &&
               kd_pid_equal(found, t->child));
        EXPECT(api->name_unregister(api, "two", 3) == KD_OK);
        EXPECT(api->name_unregister(api, "two", 3) == KD_ENOTFOUND);
        names_take_some_back(api, t->child);
        actors_send(proc, t->child, 0);
        return KD_NEXT_WAIT;
    }
    if (kd_proc_signal(proc, &signal) != KD_OK)
        return KD_NEXT_WAIT;
    EXPECT(api->name_find(api, "one", 3, &found) == KD_ENOTFOUND);
    EXPECT(names_found(api) == 0);
    EXPECT(api->name_register(api, "one", 3, t->child, NULL) == KD_EGONE);
    EXPECT(api->name_register(api, "one", 3, self, NULL) == KD_OK);
    return KD_NEXT_DONE;
}

/* A request is answered once; the second answer is dropped. Nobody asks
 * himself. */
static kd_next
scene_request(struct tester *t, kd_proc *proc)
{
    kd_message *message;

    if (t->step++ == 0) {
        actors_child(proc, "child", 0, 0, &t->child);
        EXPECT(request(proc, kd_proc_self(proc), 2, KD_NEVER, &t->ref) ==
               KD_EINVAL);
        EXPECT(request(proc, t->child, 2, KD_NEVER, &t->ref) == KD_OK);
        return KD_NEXT_WAIT;
    }
    message = kd_proc_next(proc);
    if (message == NULL)
        return KD_NEXT_WAIT;
    EXPECT((message->flags & KD_MESSAGE_REPLY) != 0);
    EXPECT(message->ref == t->ref);
    EXPECT(actors_number(message) == 2);
    kd_proc_release(proc, message);
    EXPECT(kd_proc_next(proc) == NULL);
    return KD_NEXT_DONE;
}

/* The target ends without an answer, and the deadline passes. */
static kd_next
scene_request_fails(struct tester *t, kd_proc *proc)
{
    kd_signal signal;

    if (t->step == 0) {
        actors_child(proc, "child", 0, 0, &t->child);
        EXPECT(request(proc, t->child, 9, 2000000, &t->ref) == KD_OK);
        t->step = 1;
        return KD_NEXT_WAIT;
    }
    if (kd_proc_signal(proc, &signal) != KD_OK)
        return KD_NEXT_WAIT;
    EXPECT(signal.type == KD_SIGNAL_REPLY_FAILED);
    EXPECT(signal.ref == t->ref);
    EXPECT(signal.error.format == KD_FORMAT_TERM);
    if (t->step++ == 2) {
        EXPECT(request(proc, t->child, 9, KD_NEVER, &t->ref) == KD_EGONE);
        return KD_NEXT_DONE;
    }
    EXPECT(request(proc, t->child, 1, KD_NEVER, &t->ref) == KD_OK);
    return KD_NEXT_WAIT;
}

/* Only its request knows of the child, which fails: that says not why. */
static kd_next
scene_request_of_failing(struct tester *t, kd_proc *proc)
{
    kd_signal signal;

    if (t->step++ == 0) {
        actors_child(proc, "child", 0, 0, &t->child);
        EXPECT(request(proc, t->child, 0, KD_NEVER, &t->ref) == KD_OK);
        return KD_NEXT_WAIT;
    }
    if (kd_proc_signal(proc, &signal) != KD_OK)
        return KD_NEXT_WAIT;
    EXPECT(signal.type == KD_SIGNAL_REPLY_FAILED);
    EXPECT(memmem(signal.error.data, signal.error.len, "as told", 7) == NULL);
    return KD_NEXT_DONE;
}

/*
 * Two cancels are two signals here, and the earliest deadline holds (semantics
 * C9).
 */
static kd_next
scene_cancel(struct tester *t, kd_proc *proc)
{
    kd_time now = proc->api->now_ns(proc->api);
    kd_signal signal;

    if (t->step++ == 0) {
        actors_child(proc, "child", 0, KD_SPAWN_MONITOR, &t->child);
        EXPECT(
            kd_proc_cancel(proc, t->child, KD_NEVER, 0, NULL, NULL) == KD_OK);
        EXPECT(kd_proc_cancel(proc, t->child, now + 3000000, 0, "x", NULL) ==
               KD_OK);
        EXPECT(kd_proc_cancel(
                   proc, t->child, now + 60000000000u, 0, "y", NULL) == KD_OK);
        return KD_NEXT_WAIT;
    }
    if (kd_proc_signal(proc, &signal) != KD_OK)
        return KD_NEXT_WAIT;
    EXPECT(signal.type == KD_SIGNAL_EXIT);
    EXPECT(signal.error.format == KD_FORMAT_TERM);
    EXPECT(memmem(signal.error.data, signal.error.len, "process terminated",
               18) != NULL);
    EXPECT(kd_proc_cancel(proc, t->child, KD_NEVER, 0, NULL, NULL) == KD_EGONE);
    EXPECT(kd_proc_terminate(proc, t->child, NULL) == KD_EGONE);
    return KD_NEXT_DONE;
}

/* Of itself; the test looks for the failure (semantics C11). */
static kd_next
scene_terminate_self(struct tester *t, kd_proc *proc)
{
    EXPECT(t->step++ == 0);
    kd_proc_terminate(proc, kd_proc_self(proc), NULL);
    return KD_NEXT_READY;
}

typedef kd_next scene_fn(struct tester *t, kd_proc *proc);

static scene_fn *const scenes[] = {scene_monitor, scene_link, scene_link_normal,
    scene_unmonitor, scene_name, scene_request, scene_request_fails,
    scene_cancel, scene_terminate_self, scene_request_of_failing,
    scene_unlink_in_time, scene_unlink_one_of_two, scene_unmonitor_late};

static kd_next
tester_run(void *state, kd_proc *proc, int64_t number, kd_error *err)
{
    (void)err;
    return scenes[number](state, proc);
}

static const struct actor_role roles[] = {
    {"child", 1, child_run},
    {"tester", sizeof(struct tester), tester_run},
    {NULL, 0, NULL},
};

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

static void
test_monitor_when_the_target_ends_then_one_exit(void)
{
    CU_ASSERT_EQUAL(play(0), 0);
}

static void
test_link_when_the_target_fails_and_trapped_then_exit_and_link_down(void)
{
    CU_ASSERT_EQUAL(play(1), 0);
}

static void
test_link_when_the_target_ends_normally_then_nothing(void)
{
    CU_ASSERT_EQUAL(play(2), 0);
}

static void
test_unmonitor_when_the_signal_has_arrived_then_void(void)
{
    for (int i = 0; i < 50; i++)
        CU_ASSERT_EQUAL(play(3), 0);
}

static void
test_unmonitor_when_the_signal_is_an_event_then_it_stays(void)
{
    for (int i = 0; i < 20; i++)
        CU_ASSERT_EQUAL(play(12), 0);
}

static void
test_unlink_when_the_failure_has_arrived_then_nothing_ends(void)
{
    for (int i = 0; i < 20; i++)
        CU_ASSERT_EQUAL(play(10), 0);
}

static void
test_unlink_when_another_has_failed_too_then_that_counts(void)
{
    for (int i = 0; i < 20; i++)
        CU_ASSERT_EQUAL(play(11), 1);
}

static void
test_name_when_its_holder_ends_then_free_before_it_is_told(void)
{
    for (int i = 0; i < 50; i++)
        CU_ASSERT_EQUAL(play(4), 0);
}

static void
test_request_when_answered_twice_then_one_reply(void)
{
    CU_ASSERT_EQUAL(play(5), 0);
}

static void
test_request_when_not_answered_then_it_fails(void)
{
    CU_ASSERT_EQUAL(play(6), 0);
}

/* (semantics X8) */
static void
test_request_when_its_target_fails_then_the_failure_is_logged(void)
{
    long logged = atomic_load(&actors.logged);

    CU_ASSERT_EQUAL(play(9), 0);
    actors_await(&actors.logged, logged + 1);
}

static void
test_cancel_when_several_then_the_earliest_deadline_holds(void)
{
    CU_ASSERT_EQUAL(play(7), 0);
}

static void
test_terminate_when_of_itself_then_it_does_not_go_on(void)
{
    CU_ASSERT_EQUAL(play(8), 1);
}

static void
test_stop_when_processes_are_left_then_they_are_ended(void)
{
    CU_ASSERT(atomic_load(&actors.live) > 0);
    CU_ASSERT_EQUAL(actors_stop(&actors, 30), KD_OK);
    CU_ASSERT_EQUAL(atomic_load(&actors.live), 0);
}

static const struct test_case tests[] = {
    TEST(test_monitor_when_the_target_ends_then_one_exit),
    TEST(test_link_when_the_target_fails_and_trapped_then_exit_and_link_down),
    TEST(test_link_when_the_target_ends_normally_then_nothing),
    TEST(test_unmonitor_when_the_signal_has_arrived_then_void),
    TEST(test_unmonitor_when_the_signal_is_an_event_then_it_stays),
    TEST(test_unlink_when_the_failure_has_arrived_then_nothing_ends),
    TEST(test_unlink_when_another_has_failed_too_then_that_counts),
    TEST(test_name_when_its_holder_ends_then_free_before_it_is_told),
    TEST(test_request_when_answered_twice_then_one_reply),
    TEST(test_request_when_not_answered_then_it_fails),
    TEST(test_request_when_its_target_fails_then_the_failure_is_logged),
    TEST(test_cancel_when_several_then_the_earliest_deadline_holds),
    TEST(test_terminate_when_of_itself_then_it_does_not_go_on),
    TEST(test_stop_when_processes_are_left_then_they_are_ended),
};

int
main(void)
{
    actors_start(&actors, roles, 2);
    return harness_run("watch", tests, sizeof(tests) / sizeof(tests[0]));
}
