/* SPDX-License-Identifier: MIT */
/*
 * Every service under KD_CONFIG_CHECKED: whoever has the process is served as
 * without it, and a thread that does not have it is refused.
 *
 * A call is a function that says whether it was served; the processes of these
 * tests make all of them, from their own thread and from another.
 */

#include "actors.h"

#include "expect.h"
#include "harness.h"

#include <pthread.h>
#include <string.h>

static struct actors one;

/* What the calls need; there is one process that makes them. */
static kd_pid child;         /* Of that process, and waits. */
static kd_message *held;     /* What it got from its mailbox. */
static kd_status last;       /* What the last call returned. */
static kd_error last_reason; /* And wrote. */

static int
is_ok(kd_status status)
{
    last = status;
    return status == KD_OK;
}

/* --- The calls ------------------------------------------------------------ */

static int
call_send(kd_proc *proc)
{
    return is_ok(
        kd_proc_send(proc, kd_proc_self(proc), "a", 1, 0, NULL, &last_reason));
}

static int
call_next(kd_proc *proc)
{
    kd_message *message = kd_proc_next(proc);

    if (message != NULL)
        held = message;
    return message != NULL;
}

/* Served when nothing is wrong with it; see test_release. */
static int
call_release(kd_proc *proc)
{
    kd_proc_release(proc, held);
    kd_proc_release(proc, NULL);
    return 1;
}

static int
call_cancel(kd_proc *proc)
{
    return is_ok(kd_proc_cancel(
        proc, kd_proc_self(proc), KD_NEVER, 0, "so", &last_reason));
}

/* The one that the first slice has caused. */
static int
call_signal(kd_proc *proc)
{
    kd_signal signal;

    last = kd_proc_signal(proc, &signal);
    return last == KD_OK && signal.type == KD_SIGNAL_CANCEL;
}

static int
call_spawn(kd_proc *proc)
{
    kd_spawn spawn = {.size = sizeof(spawn), .entry = "t:child"};

    spawn.args = spawn.context = kd_payload_none();
    spawn.flags = KD_SPAWN_OWN;
    return is_ok(kd_proc_spawn(proc, &spawn, &child, &last_reason));
}

static int
call_monitor(kd_proc *proc)
{
    return is_ok(kd_proc_monitor(proc, child, &last_reason));
}

static int
call_unmonitor(kd_proc *proc)
{
    return is_ok(kd_proc_unmonitor(proc, child, &last_reason));
}

static int
call_link(kd_proc *proc)
{
    return is_ok(kd_proc_link(proc, child, &last_reason));
}

static int
call_unlink(kd_proc *proc)
{
    return is_ok(kd_proc_unlink(proc, child, &last_reason));
}

static int
call_when_room(kd_proc *proc)
{
    return is_ok(kd_proc_when_room(proc, child, &last_reason));
}

static int
call_request(kd_proc *proc)
{
    kd_ref ref = 0;

    return is_ok(kd_proc_request(
               proc, child, "@r", NULL, KD_NEVER, &ref, &last_reason)) &&
           ref != 0;
}

/* Nobody waits for it. */
static int
call_reply(kd_proc *proc)
{
    return is_ok(kd_proc_reply(proc, child, 4711, NULL, &last_reason));
}

static int
call_terminate(kd_proc *proc)
{
    return is_ok(kd_proc_terminate(proc, child, &last_reason));
}

static int
call_set_trap(kd_proc *proc)
{
    kd_proc_set_trap(proc, 1);
    return kd_proc_trap(proc) != 0;
}

static int
call_wake_at(kd_proc *proc)
{
    kd_proc_wake_at(proc, KD_NEVER);
    return 1;
}

/* Who does not have the process had better stop. */
static int
call_should_yield(kd_proc *proc)
{
    return kd_proc_should_yield(proc) == 0;
}

static int
call_print(kd_proc *proc)
{
    return is_ok(kd_proc_print(proc, "x\n", 2, 0));
}

static int
call_ready(kd_proc *proc)
{
    kd_proc_ready(proc);
    return 1;
}

static int
call_port(kd_proc *proc)
{
    kd_port *port = kd_proc_port(proc);

    kd_port_release(port);
    return port != NULL;
}

static int
call_become(kd_proc *proc)
{
    const kd_entry *other = proc->api->entry_find(proc->api, "t:child");

    return is_ok(kd_proc_become(proc, other, &last_reason)) &&
           kd_proc_entry(proc) == other;
}

static int
call_watch(kd_proc *proc)
{
    return is_ok(kd_proc_watch(proc, 0, 0, &last_reason));
}

static int
call_finish(kd_proc *proc)
{
    kd_payload value = kd_payload_none();

    return is_ok(kd_proc_finish(proc, &value));
}

static int
call_fail(kd_proc *proc)
{
    kd_writer body = {0};
    kd_writer error = {0};
    kd_payload payload;

    kd_write_map(&body, 1);
    kd_write_string(&body, "kind", 4);
    kd_write_string(&body, "Internal", 8);
    kd_write_ext(&error, KD_TERM_EXT_ERROR, body.data, body.len);
    payload = kd_payload_make(KD_FORMAT_TERM, error.data, error.len);
    is_ok(kd_proc_fail(proc, &payload, NULL));
    kd_writer_free(&error);
    kd_writer_free(&body);
    return last == KD_OK;
}

/* In an order in which each has what it needs. `has_reason`: it says why not.
 * `is_mute`: nobody is told whether it was served. `may_refuse`: the slice may
 * be over, for which it says the same as to a stranger. */
static const struct call {
    const char *name;
    int (*is_served)(kd_proc *proc);
    int has_reason;
    int is_mute;
    int may_refuse;
} calls[] = {
    {"send", call_send, 1, 0, 0},
    {"next", call_next, 0, 0, 0},
    {"release", call_release, 0, 1, 0},
    {"cancel", call_cancel, 1, 0, 0},
    {"signal", call_signal, 0, 0, 0},
    {"spawn", call_spawn, 1, 0, 0},
    {"monitor", call_monitor, 1, 0, 0},
    {"unmonitor", call_unmonitor, 1, 0, 0},
    {"link", call_link, 1, 0, 0},
    {"unlink", call_unlink, 1, 0, 0},
    {"when_room", call_when_room, 1, 0, 0},
    {"request", call_request, 1, 0, 0},
    {"reply", call_reply, 1, 0, 0},
    {"terminate", call_terminate, 1, 0, 0},
    {"set_trap", call_set_trap, 0, 0, 0},
    {"wake_at", call_wake_at, 0, 1, 0},
    {"should_yield", call_should_yield, 0, 0, 1},
    {"print", call_print, 0, 0, 0},
    {"ready", call_ready, 0, 1, 0},
    {"port", call_port, 0, 0, 0},
    {"become", call_become, 1, 0, 0},
    {"watch", call_watch, 1, 0, 0},
    {"finish", call_finish, 0, 0, 0},
    {"fail", call_fail, 0, 0, 0},
};

#define N_CALLS (sizeof(calls) / sizeof(calls[0]))

/* --- Who makes them ------------------------------------------------------- */

static void
expect_served(kd_proc *proc)
{
    for (size_t i = 0; i < N_CALLS; i++) {
        if (!calls[i].is_served(proc) && !calls[i].may_refuse) {
            printf("%s was refused: %d\n", calls[i].name, (int)last);
            atomic_fetch_add(&wrong, 1);
        }
    }
}

static void
expect_refused(kd_proc *proc)
{
    char name[64];

    for (size_t i = 0; i < N_CALLS; i++) {
        snprintf(name, sizeof(name), "kd_proc_%s()", calls[i].name);
        last_reason.text[0] = '\0';
        if (calls[i].is_served(proc) && !calls[i].is_mute) {
            printf("%s was served\n", calls[i].name);
            atomic_fetch_add(&wrong, 1);
        }
        if (calls[i].has_reason) {
            EXPECT(last == KD_ECONFLICT && last_reason.code == KD_ECONFLICT);
            EXPECT(strstr(last_reason.text, name) != NULL);
        }
    }
}

/* What a process is may be asked from anywhere. */
static void
expect_known(kd_proc *proc)
{
    const kd_api *api = proc->api;

    EXPECT(kd_proc_entry(proc) == api->pid_entry(api, kd_proc_self(proc)));
    EXPECT(kd_proc_context(proc).len == 0);
    EXPECT(kd_pid_is_none(kd_proc_parent(proc)));
    EXPECT(kd_pid_is_none(kd_proc_spawner(proc)));
    EXPECT(kd_proc_trap(proc) == 0);
}

static void *
stray(void *arg)
{
    expect_known(arg);
    expect_refused(arg);
    return NULL;
}

/* Signals come between slices: the first causes one. */
static int
is_first_slice(int *n_slices, kd_proc *proc)
{
    if ((*n_slices)++ > 0)
        return 0;
    EXPECT(call_cancel(proc));
    return 1;
}

static kd_next
be_served(kd_proc *proc)
{
    expect_known(proc);
    expect_served(proc);
    return KD_NEXT_DONE;
}

static kd_next
owner_run(void *state, kd_proc *proc, int64_t number, kd_error *err)
{
    (void)number;
    (void)err;
    /* A slice that has just begun is soon one that should go on. */
    if (is_first_slice(state, proc) || !call_should_yield(proc))
        return KD_NEXT_READY;
    return be_served(proc);
}

/* The other thread changes nothing: afterwards all is as for an owner. */
static kd_next
guest_run(void *state, kd_proc *proc, int64_t number, kd_error *err)
{
    pthread_t thread;

    (void)number;
    (void)err;
    if (is_first_slice(state, proc))
        return KD_NEXT_READY;
    EXPECT(call_send(proc));
    EXPECT(pthread_create(&thread, NULL, stray, proc) == 0);
    pthread_join(thread, NULL);
    EXPECT(call_next(proc) && call_release(proc) && !call_next(proc));
    return be_served(proc);
}

/* A message that another thread wants to give back is still the process's. */
static kd_next
keeper_run(void *state, kd_proc *proc, int64_t number, kd_error *err)
{
    pthread_t thread;

    (void)state;
    (void)number;
    (void)err;
    EXPECT(call_send(proc) && call_next(proc));
    EXPECT(pthread_create(&thread, NULL, stray, proc) == 0);
    pthread_join(thread, NULL);
    EXPECT(held->topic_len == 1 && held->topic[0] == 'a');
    EXPECT(call_release(proc));
    return KD_NEXT_DONE;
}

static kd_next
child_run(void *state, kd_proc *proc, int64_t number, kd_error *err)
{
    (void)state;
    (void)proc;
    (void)number;
    (void)err;
    return KD_NEXT_WAIT;
}

static const struct actor_role roles[] = {
    {"owner", sizeof(int), owner_run},
    {"guest", sizeof(int), guest_run},
    {"keeper", 0, keeper_run},
    {"child", 0, child_run},
    {NULL, 0, NULL},
};

/* --- Tests ---------------------------------------------------------------- */

static void
check(kd_config *config)
{
    config->flags |= KD_CONFIG_CHECKED;
}

/* `n_logged`: errors in the log; that the child was ended by force is one. */
static void
play(const char *role, void (*tune)(kd_config *config), long n_logged)
{
    atomic_store(&wrong, 0);
    actors_start_tuned(&one, roles, 2, "", tune);
    actors_spawn(&one, role, 0);
    actors_await(&one.ended, 1);
    CU_ASSERT_EQUAL(atomic_load(&one.failed), 0);
    CU_ASSERT_EQUAL(actors_stop(&one, 10), KD_OK);
    CU_ASSERT_EQUAL(atomic_load(&one.logged), n_logged);
    CU_ASSERT_EQUAL(atomic_load(&wrong), 0);
}

static void
test_calls_when_not_checked_then_served(void)
{
    play("owner", NULL, 1);
}

static void
test_calls_when_checked_then_served(void)
{
    play("owner", check, 1);
}

static void
test_calls_when_from_another_thread_then_refused_and_told_once(void)
{
    play("guest", check, 2);
}

static void
test_release_when_from_another_thread_then_still_held(void)
{
    play("keeper", check, 1);
}

static const struct test_case tests[] = {
    TEST(test_calls_when_not_checked_then_served),
    TEST(test_calls_when_checked_then_served),
    TEST(test_calls_when_from_another_thread_then_refused_and_told_once),
    TEST(test_release_when_from_another_thread_then_still_held),
};

TEST_MAIN("checked")
