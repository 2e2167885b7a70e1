/* SPDX-License-Identifier: MIT */
/*
 * The runtime as an embedder has it: several in one program, calls that do
 * not return, output that nobody takes, ports, spawns that are refused.
 */

#include "actors.h"

#include "base/clock.h"
#include "expect.h"
#include "harness.h"
#include "proc/exit.h"

#include <pthread.h>
#include <semaphore.h>
#include <string.h>

static struct actors one;
static struct actors two;
static sem_t release_stuck; /* Lets a call that holds its thread return. */
static sem_t release_sink;  /* Lets the reader of the output go on. */
static sem_t is_stuck;
static struct kd__proc *returned_proc; /* Who has returned, and waits. */

static kd_next
idle_run(void *state, kd_proc *proc, int64_t number, kd_error *err)
{
    kd_message *message = kd_proc_next(proc);

    (void)state;
    (void)number;
    (void)err;
    kd_proc_release(proc, message);
    return message == NULL ? KD_NEXT_WAIT : KD_NEXT_DONE;
}

/* Holds its thread until it is let go. */
static kd_next
holder_run(void *state, kd_proc *proc, int64_t number, kd_error *err)
{
    (void)state;
    (void)proc;
    (void)number;
    (void)err;
    while (sem_wait(&release_stuck) != 0)
        continue;
    return KD_NEXT_DONE;
}

/* Waits, or ends to show that those before it wait. */
static kd_next
returned_run(void *state, kd_proc *proc, int64_t ends, kd_error *err)
{
    (void)state;
    (void)err;
    if (ends)
        return KD_NEXT_DONE;
    returned_proc = kd__proc_of(proc);
    return KD_NEXT_WAIT;
}

/* Stays in its call, and finds that it has ended meanwhile. */
static kd_next
stuck_run(void *state, kd_proc *proc, int64_t number, kd_error *err)
{
    kd_pid self = kd_proc_self(proc);
    kd_pid child;
    kd_ref ref;

    (void)state;
    (void)number;
    (void)err;
    sem_post(&is_stuck);
    while (sem_wait(&release_stuck) != 0)
        continue;
    EXPECT(kd_proc_should_yield(proc) == 2);
    EXPECT(actors_send(proc, self, 1) == KD_EGONE);
    EXPECT(actors_child(proc, "idle", 0, 0, &child) == KD_EGONE);
    EXPECT(kd_proc_terminate(proc, self, NULL) == KD_EGONE);
    EXPECT(kd_proc_cancel(proc, self, KD_NEVER, 0, NULL, NULL) == KD_EGONE);
    EXPECT(kd_proc_monitor(proc, self, NULL) == KD_EGONE);
    EXPECT(kd_proc_link(proc, self, NULL) == KD_EGONE);
    EXPECT(kd_proc_request(proc, self, "@r", NULL, KD_NEVER, &ref, NULL) ==
           KD_EGONE);
    EXPECT(kd_proc_reply(proc, self, 1, NULL, NULL) == KD_EGONE);
    EXPECT(kd_proc_when_room(proc, self, NULL) == KD_EGONE);
    EXPECT(kd_proc_watch(proc, 0, KD_FD_READ, NULL) == KD_EGONE);
    EXPECT(kd_proc_become(proc, kd_proc_entry(proc), NULL) == KD_EGONE);
    EXPECT(kd_proc_print(proc, "late\n", 5, 0) == KD_EGONE);
    EXPECT(kd_proc_finish(proc, NULL) == KD_EGONE);
    EXPECT(kd_proc_fail(proc, NULL, NULL) == KD_EGONE);
    return KD_NEXT_WAIT;
}

struct watcher {
    int step;
    kd_pid child;
};

/* Terminates a stuck child; its EXIT comes although the call goes on. */
static kd_next
watcher_run(void *state, kd_proc *proc, int64_t number, kd_error *err)
{
    struct watcher *watcher = state;
    kd_signal signal;

    (void)number;
    (void)err;
    if (watcher->step++ == 0) {
        actors_child(proc, "stuck", 0, KD_SPAWN_MONITOR, &watcher->child);
        return KD_NEXT_READY;
    }
    if (watcher->step == 2) {
        while (sem_wait(&is_stuck) != 0)
            continue;
        kd_proc_terminate(proc, watcher->child, NULL);
    }
    return kd_proc_signal(proc, &signal) == KD_OK ? KD_NEXT_DONE : KD_NEXT_WAIT;
}

/* Prints until there is no room, waits for it, and prints once more. */
static kd_next
printer_run(void *state, kd_proc *proc, int64_t number, kd_error *err)
{
    static const char text[1000] = "x";
    int *full = state;
    kd_signal signal;

    (void)number;
    (void)err;
    if (*full == 0) {
        while (kd_proc_print(proc, text, sizeof(text), 0) == KD_OK)
            continue;
        EXPECT(
            kd_proc_print(proc, text, sizeof(text), KD_PRINT_BEYOND) == KD_OK);
        *full = 1;
        sem_post(&release_sink);
        return KD_NEXT_WAIT;
    }
    if (kd_proc_signal(proc, &signal) != KD_OK)
        return KD_NEXT_WAIT;
    EXPECT(signal.type == KD_SIGNAL_ROOM);
    EXPECT(kd_pid_is_none(signal.from));
    EXPECT(kd_proc_print(proc, "end\n", 4, 0) == KD_OK);
    return KD_NEXT_DONE;
}

/* Hands its port to a foreign thread, which writes to it. */
static void *
foreign_main(void *arg)
{
    kd_port *port = arg;
    kd_payload none = kd_payload_none();

    EXPECT(kd_port_wake(port) == KD_OK);
    EXPECT(kd_port_send(port, "t", 1, 0, &none, NULL) == KD_OK);
    while (kd_port_send(port, "t", 1, 0, &none, NULL) != KD_EGONE)
        continue;
    EXPECT(kd_port_wake(port) == KD_EGONE);
    kd_port_release(port);
    return NULL;
}

static pthread_t foreign;

static kd_next
ported_run(void *state, kd_proc *proc, int64_t number, kd_error *err)
{
    int *began = state;
    kd_message *message;

    (void)number;
    (void)err;
    if ((*began)++ == 0)
        pthread_create(&foreign, NULL, foreign_main, kd_proc_port(proc));
    message = kd_proc_next(proc);
    if (message == NULL)
        return KD_NEXT_WAIT;
    EXPECT(kd_pid_is_none(message->from));
    EXPECT(message->payload.format == KD_FORMAT_NONE);
    kd_proc_release(proc, message);
    return KD_NEXT_DONE;
}

/* So much to do for others is given in a fraction of a slice's time. */
#define MUCH 500

/* Gives until it should end its slice: by the number, mail or children. */
static kd_next
giver_run(void *state, kd_proc *proc, int64_t number, kd_error *err)
{
    kd_pid child;
    int n = 0;

    (void)state;
    (void)err;
    while (n < MUCH && !kd_proc_should_yield(proc)) {
        if (number == 0)
            EXPECT(actors_send(proc, kd_proc_self(proc), 1) == KD_OK);
        else
            EXPECT(actors_child(proc, "brief", 0, 0, &child) == KD_OK);
        n++;
    }
    EXPECT(n > 0);
    EXPECT(n < MUCH);
    return KD_NEXT_DONE;
}

static kd_next
brief_run(void *state, kd_proc *proc, int64_t number, kd_error *err)
{
    (void)state;
    (void)proc;
    (void)number;
    (void)err;
    return KD_NEXT_DONE;
}

/* Why a process must end. */
#define DOOM_TERMINATED 0
#define DOOM_DEADLINE   1
#define DOOM_LINK       2

static kd_next
failing_run(void *state, kd_proc *proc, int64_t number, kd_error *err)
{
    (void)state;
    (void)proc;
    (void)number;
    kd_error_set(err, KD_ECONFLICT, "as told");
    return KD_NEXT_FAIL;
}

static void
doom(kd_proc *proc, int64_t why)
{
    kd_time soon = proc->api->now_ns(proc->api) + 1000;
    kd_pid self = kd_proc_self(proc);
    kd_pid child;

    if (why == DOOM_TERMINATED) {
        EXPECT(kd_proc_terminate(proc, self, NULL) == KD_OK);
    } else if (why == DOOM_DEADLINE) {
        EXPECT(kd_proc_cancel(proc, self, soon, 0, NULL, NULL) == KD_OK);
        while (proc->api->now_ns(proc->api) < soon)
            continue;
    } else {
        EXPECT(
            actors_child(proc, "failing", 0, KD_SPAWN_LINK, &child) == KD_OK);
        while (!proc->api->pid_ending(proc->api, self))
            continue;
    }
}

/* In a slice that has only begun. */
static kd_next
doomed_run(void *state, kd_proc *proc, int64_t number, kd_error *err)
{
    (void)state;
    (void)err;
    EXPECT(kd_proc_should_yield(proc) != 2);
    doom(proc, number);
    EXPECT(kd_proc_should_yield(proc) == 2);
    return KD_NEXT_READY;
}

/* Stays in its call until its end was told, and returns the number. */
static kd_next
late_run(void *state, kd_proc *proc, int64_t number, kd_error *err)
{
    (void)state;
    (void)err;
    doom(proc, DOOM_DEADLINE);
    while (proc->api->pid_alive(proc->api, kd_proc_self(proc)))
        continue;
    return (kd_next)number;
}

static kd_pid narrow;
static atomic_int narrow_reads;
static sem_t is_full;

/* Leaves its mail alone until it may read, and ends when it is told to stop. */
static kd_next
narrow_run(void *state, kd_proc *proc, int64_t number, kd_error *err)
{
    kd_signal signal = {.size = sizeof(signal)};
    kd_message *message;
    kd_next next = KD_NEXT_WAIT;

    (void)state;
    (void)number;
    (void)err;
    while (kd_proc_signal(proc, &signal) == KD_OK) {
        if (strcmp(signal.reason, "read") != 0)
            next = KD_NEXT_DONE;
    }
    while (atomic_load(&narrow_reads) && (message = kd_proc_next(proc)) != NULL)
        kd_proc_release(proc, message);
    return next;
}

/* Sends until there is no room, and ends when there is. */
static kd_next
filler_run(void *state, kd_proc *proc, int64_t number, kd_error *err)
{
    int *is_waiting = state;
    kd_signal signal = {.size = sizeof(signal)};

    (void)number;
    (void)err;
    if (*is_waiting) {
        if (kd_proc_signal(proc, &signal) != KD_OK)
            return KD_NEXT_WAIT;
        EXPECT(signal.type == KD_SIGNAL_ROOM);
        EXPECT(kd_pid_equal(signal.from, narrow));
        EXPECT(actors_send(proc, narrow, 1) == KD_OK);
        return KD_NEXT_DONE;
    }
    for (int i = 0; i < 4; i++)
        EXPECT(actors_send(proc, narrow, 1) == KD_OK);
    EXPECT(actors_send(proc, narrow, 1) == KD_EFULL);
    EXPECT(kd_proc_when_room(proc, narrow, NULL) == KD_OK);
    *is_waiting = 1;
    sem_post(&is_full);
    return KD_NEXT_WAIT;
}

/*
 * As a plugin built when kd_signal ended before `fd`: nothing is written behind
 * what it knows. Gets a message without a payload, then a cancel.
 */
static kd_next
old_run(void *state, kd_proc *proc, int64_t number, kd_error *err)
{
    kd_message *message = kd_proc_next(proc);
    kd_signal signal;

    (void)state;
    (void)number;
    (void)err;
    if (message != NULL)
        EXPECT(message->payload.format == KD_FORMAT_NONE &&
               message->payload.len == 0 && message->payload.data == NULL);
    kd_proc_release(proc, message);
    memset(&signal, 0x5a, sizeof(signal));
    signal.size = offsetof(kd_signal, fd);
    if (proc->calls->signal(proc, &signal) != KD_OK)
        return KD_NEXT_WAIT;
    EXPECT(signal.type == KD_SIGNAL_CANCEL);
    EXPECT(strcmp(signal.reason, "old") == 0);
    EXPECT(signal.size == offsetof(kd_signal, fd));
    EXPECT(signal.fd == 0x5a5a5a5a && signal.events == 0x5a5a5a5a);
    return KD_NEXT_DONE;
}

static const struct actor_role roles[] = {
    {"old", 0, old_run},
    {"brief", 0, brief_run},
    {"doomed", 0, doomed_run},
    {"failing", 0, failing_run},
    {"giver", 0, giver_run},
    {"late", 0, late_run},
    {"idle", 1, idle_run},
    {"narrow", 0, narrow_run},
    {"filler", sizeof(int), filler_run},
    {"holder", 1, holder_run},
    {"returned", 1, returned_run},
    {"stuck", 1, stuck_run},
    {"watcher", sizeof(struct watcher), watcher_run},
    {"printer", sizeof(int), printer_run},
    {"ported", sizeof(int), ported_run},
    {NULL, 0, NULL},
};

static kd_status
spawn(struct actors *actors, const char *entry, const char *host, char *text)
{
    kd_spawn spec = {.size = sizeof(spec), .entry = entry, .host = host};
    kd_error err = KD_ERROR_INIT;
    kd_status status;
    kd_pid pid;

    status = actors->api->spawn(actors->api, &spec, &pid, &err);
    strcpy(text, err.text);
    return status;
}

static void
test_structs_when_of_another_size_then_no_more_is_touched(void)
{
    struct {
        kd_spawn spec;
        uint64_t later; /* What a later header may add to kd_spawn. */
    } call = {{.size = sizeof(kd_spawn), .entry = "t:old", .host = "t:host"},
        UINT64_MAX};
    kd_spawn *spec = &call.spec;
    struct {
        kd_mail mail;
        uint64_t later; /* What a later header may add to kd_mail. */
    } mail[2];
    kd_pid pid;

    actors_start(&one, roles, 2);
    memset(mail, 0, sizeof(mail));
    for (size_t i = 0; i < 2; i++) {
        mail[i].mail.size = sizeof(mail[0]);
        mail[i].mail.topic = "x";
        mail[i].mail.topic_len = 1;
    }
    spec->mail = &mail[0].mail;
    spec->n_mail = 2;
    spec->size = sizeof(kd_spawn) - 8;
    CU_ASSERT_EQUAL(one.api->spawn(one.api, spec, &pid, NULL), KD_EINVAL);
    spec->size = sizeof(call); /* It asks for something unknown. */
    CU_ASSERT_EQUAL(one.api->spawn(one.api, spec, &pid, NULL), KD_EINVAL);
    call.later = 0;
    mail[0].mail.size = 8;
    CU_ASSERT_EQUAL(one.api->spawn(one.api, spec, &pid, NULL), KD_EINVAL);
    mail[0].mail.size = sizeof(mail[0]);
    mail[1].later = 1;
    CU_ASSERT_EQUAL(one.api->spawn(one.api, spec, &pid, NULL), KD_EINVAL);
    mail[1].later = 0;
    CU_ASSERT_EQUAL(one.api->spawn(one.api, spec, &pid, NULL), KD_OK);
    CU_ASSERT_EQUAL(one.api->send(one.api, pid, "x", 1, 0, NULL, NULL), KD_OK);
    CU_ASSERT_EQUAL(
        one.api->cancel(one.api, pid, KD_NEVER, 0, "old", NULL), KD_OK);
    actors_await(&one.live, 0);
    CU_ASSERT_EQUAL(actors_stop(&one, 5), KD_OK);
    CU_ASSERT_EQUAL(atomic_load(&wrong), 0);
}

/* Without the flag, a deadline that has passed is force (semantics C6). */
static void
test_cancel_when_only_told_then_its_deadline_forces_nobody(void)
{
    kd_pid told;
    kd_pid forced;

    actors_start(&one, roles, 2);
    told = actors_spawn(&one, "idle", 0);
    forced = actors_spawn(&one, "idle", 0);
    CU_ASSERT_EQUAL(
        one.api->cancel(one.api, told, KD_NEVER, 0x80, "?", NULL), KD_EINVAL);
    CU_ASSERT_EQUAL(
        one.api->cancel(one.api, told, 1, KD_CANCEL_TOLD, "now", NULL), KD_OK);
    CU_ASSERT_EQUAL(one.api->cancel(one.api, forced, 1, 0, "now", NULL), KD_OK);
    actors_await(&one.ended, 1);
    CU_ASSERT_EQUAL(atomic_load(&one.failed), 1);
    CU_ASSERT_EQUAL(one.api->send(one.api, told, "x", 1, 0, NULL, NULL), KD_OK);
    actors_await(&one.ended, 2);
    CU_ASSERT_EQUAL(atomic_load(&one.failed), 1);
    CU_ASSERT_EQUAL(actors_stop(&one, 5), KD_OK);
}

/* (semantics P6) */
static void
test_spawn_when_it_cannot_be_then_it_says_why(void)
{
    char text[KD_ERROR_TEXT];

    actors_start(&one, roles, 2);
    CU_ASSERT_EQUAL(spawn(&one, "t:idle", "t:nope", text), KD_ENOTFOUND);
    CU_ASSERT_STRING_EQUAL(text, "host not found: t:nope");
    CU_ASSERT_EQUAL(spawn(&one, "t:idle", "t:idle", text), KD_EINVAL);
    CU_ASSERT_STRING_EQUAL(text, "not a host: t:idle (test.actor)");
    CU_ASSERT_EQUAL(spawn(&one, "t:nope", "t:host", text), KD_ENOTFOUND);
    CU_ASSERT_STRING_EQUAL(text, "entry not found: t:nope");
    CU_ASSERT_EQUAL(spawn(&one, "t:host", "t:host", text), KD_EINVAL);
    CU_ASSERT_STRING_EQUAL(text, "not a process: t:host (process.host)");
    CU_ASSERT_EQUAL(actors_stop(&one, 5), KD_OK);
}

static void
test_two_runtimes_when_both_run_then_apart(void)
{
    kd_payload none = kd_payload_none();
    kd_pid first;
    kd_pid second;

    actors_start(&one, roles, 2);
    actors_start(&two, roles, 2);
    first = actors_spawn(&one, "idle", 0);
    second = actors_spawn(&two, "idle", 0);
    /* The same text means another process in the other runtime. */
    CU_ASSERT_EQUAL(
        one.api->send(one.api, first, "t", 1, 0, &none, NULL), KD_OK);
    actors_await(&one.ended, 1);
    CU_ASSERT_EQUAL(atomic_load(&two.ended), 0);
    CU_ASSERT_EQUAL(actors_stop(&one, 5), KD_OK);
    CU_ASSERT_EQUAL(two.api->pid_alive(two.api, second), 1);
    actors_spawn(&two, "idle", 0);
    CU_ASSERT_EQUAL(actors_stop(&two, 5), KD_OK);
    CU_ASSERT_EQUAL(atomic_load(&two.live), 0);
}

/* (semantics X12, K4) */
static void
test_terminate_when_a_call_does_not_return_then_told_all_the_same(void)
{
    actors_start(&one, roles, 2);
    actors_spawn(&one, "watcher", 0);
    actors_await(&one.ended, 1);
    actors_await(&one.live, 1);
    sem_post(&release_stuck);
    actors_await(&one.live, 0);
    CU_ASSERT_EQUAL(actors_stop(&one, 5), KD_OK);
    CU_ASSERT_EQUAL(atomic_load(&wrong), 0);
    /* Named, once (semantics K4). */
    CU_ASSERT_EQUAL(atomic_load(&one.held), 1);
}

/* The watcher is late: what was a call that does not return has returned. */
static void
test_terminate_when_it_has_just_returned_then_it_is_destroyed(void)
{
    kd_pid nobody = {0, 0, 0};
    struct kd__guest *guest;

    actors_start(&one, roles, 1);
    actors_spawn(&one, "returned", 0);
    actors_spawn(&one, "returned", 1);
    actors_await(&one.ended, 1);
    actors_await(&one.live, 1);
    guest = kd__epoch_visit(&returned_proc->system->epoch);
    kd__exit_stuck(returned_proc, KD__END_TERMINATE, nobody, kd__clock_now());
    kd__epoch_depart(guest);
    actors_await(&one.ended, 2);
    actors_await(&one.live, 0);
    CU_ASSERT_EQUAL(actors_stop(&one, 5), KD_OK);
}

/* Each is named, also the next one on the same thread (semantics K4). */
static void
test_hold_when_another_has_before_then_named_too(void)
{
    actors_start(&one, roles, 1);
    for (long i = 1; i <= 3; i++) {
        actors_spawn(&one, "holder", 0);
        actors_await(&one.held, i);
        sem_post(&release_stuck);
        actors_await(&one.ended, i);
    }
    CU_ASSERT_EQUAL(actors_stop(&one, 5), KD_OK);
}

/* No valid answer is held against its kind then (semantics X12). */
static void
test_run_when_its_end_was_told_then_what_it_returns_is_void(void)
{
    const int64_t nonsense = 77;

    actors_start_with(
        &one, roles, 2, "- {name: blocked, kind: test.blocking, role: late}\n");
    for (int64_t next = KD_NEXT_READY; next <= KD_NEXT_FAIL; next++)
        actors_spawn(&one, "blocked", next);
    actors_spawn(&one, "late", KD_NEXT_WAIT);
    actors_await(&one.ended, 5);
    actors_await(&one.live, 0);
    CU_ASSERT_EQUAL(atomic_load(&one.failed), 5);
    CU_ASSERT_EQUAL(atomic_load(&one.logged), 0);
    actors_spawn(&one, "blocked", nonsense);
    actors_await(&one.live, 0);
    CU_ASSERT_EQUAL(actors_stop(&one, 5), KD_OK);
    CU_ASSERT_EQUAL(atomic_load(&one.logged), 1);
    CU_ASSERT_EQUAL(atomic_load(&wrong), 0);
}

/*
 * A stop names who holds it up, and works once he has let go (semantics X12).
 */
static void
test_stop_when_a_call_does_not_return_then_busy(void)
{
    kd_error err = KD_ERROR_INIT;

    actors_start(&one, roles, 1);
    actors_spawn(&one, "stuck", 0);
    while (sem_wait(&is_stuck) != 0)
        continue;
    CU_ASSERT_EQUAL(kd_runtime_stop(one.runtime, 1000000, &err), KD_EBUSY);
    CU_ASSERT_PTR_NOT_NULL(
        strstr(err.text, "1 call does not return: t:stuck {t:host|0x"));
    CU_ASSERT_PTR_NOT_NULL(
        strstr(err.text, "}, kind test.actor of plugin test.actors, "));
    kd_runtime_tree(one.runtime);
    actors_await(&one.closing, 1);
    err.text[0] = '\0';
    CU_ASSERT_EQUAL(kd_runtime_free(one.runtime, &err), KD_EBUSY);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "t:stuck {t:host|0x"));
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, " s after it had to end"));
    sem_post(&release_stuck);
    actors_await(&one.live, 0);
    CU_ASSERT_EQUAL(actors_stop(&one, 5), KD_OK);
    CU_ASSERT_EQUAL(atomic_load(&wrong), 0);
}

/* (semantics G5) */
static void
test_print_when_nobody_reads_then_full_and_room_is_told(void)
{
    actors_start(&one, roles, 2);
    one.sink = &release_sink;
    actors_spawn(&one, "printer", 0);
    actors_await(&one.ended, 1);
    CU_ASSERT_EQUAL(actors_stop(&one, 5), KD_OK);
    CU_ASSERT(atomic_load(&one.printed) > 1000000);
    CU_ASSERT_EQUAL(atomic_load(&one.printed) % 1000, 4);
    CU_ASSERT_EQUAL(atomic_load(&wrong), 0);
}

/* What the log has got; its records come one at a time. */
static char log_levels[16];
static char log_last[128];

static void
on_log(void *arg, const kd_log_record *record, int64_t unix_ns, const char *pid)
{
    (void)arg;
    (void)unix_ns;
    (void)pid;
    if (record->subject == NULL || strcmp(record->subject, "levels") != 0)
        return;
    snprintf(log_levels + strlen(log_levels),
        sizeof(log_levels) - strlen(log_levels), "%lu ",
        (unsigned long)record->level);
    snprintf(log_last, sizeof(log_last), "%s", record->text);
}

static void
tune_log(kd_config *config)
{
    config->log = on_log;
    config->log_level = UINT32_MAX;
    log_levels[0] = '\0';
}

static void
test_log_when_there_is_no_such_level_then_dropped(void)
{
    kd_log_record record = {
        .size = sizeof(record), .subject = "levels", .text = "said"};

    actors_start_tuned(&one, roles, 2, "", tune_log);
    for (uint32_t level = KD_LOG_DEBUG + 1; level > 0; level--) {
        record.level = level;
        CU_ASSERT_EQUAL(
            !one.api->log_wants(one.api, level), level == KD_LOG_DEBUG + 1);
        one.api->log(one.api, &record);
    }
    record.level = 0;
    CU_ASSERT(!one.api->log_wants(one.api, 0));
    one.api->log(one.api, &record);
    CU_ASSERT_EQUAL(actors_stop(&one, 5), KD_OK);
    CU_ASSERT_STRING_EQUAL(log_levels, "4 3 2 1 1 ");
    CU_ASSERT_STRING_EQUAL(
        log_last, "a kd_log_record without its level was dropped");
}

static void
test_log_when_there_is_no_text_then_dropped(void)
{
    kd_log_record record = {
        .size = sizeof(record), .level = KD_LOG_INFO, .subject = "levels"};

    actors_start_tuned(&one, roles, 2, "", tune_log);
    one.api->log(one.api, &record);
    CU_ASSERT_EQUAL(actors_stop(&one, 5), KD_OK);
    CU_ASSERT_STRING_EQUAL(log_levels, "1 ");
    CU_ASSERT_STRING_EQUAL(
        log_last, "a kd_log_record without its text was dropped");
}

static void
test_slice_when_it_has_given_much_then_it_should_end(void)
{
    actors_start(&one, roles, 1);
    actors_spawn(&one, "giver", 0);
    actors_spawn(&one, "giver", 1);
    actors_await(&one.ended, 2);
    CU_ASSERT_EQUAL(actors_stop(&one, 5), KD_OK);
    CU_ASSERT_EQUAL(atomic_load(&wrong), 0);
}

/* Also where nobody preempts it (semantics C6, C10, W5). */
static void
test_slice_when_the_process_must_end_then_it_should_end(void)
{
    actors_start_with(&one, roles, 2,
        "- {name: blocked, kind: test.blocking, role: doomed}\n");
    for (int64_t why = DOOM_TERMINATED; why <= DOOM_LINK; why++) {
        actors_spawn(&one, "doomed", why);
        actors_spawn(&one, "blocked", why);
    }
    actors_await(&one.ended, 6);
    CU_ASSERT_EQUAL(atomic_load(&one.failed), 6);
    CU_ASSERT_EQUAL(actors_stop(&one, 5), KD_OK);
    CU_ASSERT_EQUAL(atomic_load(&wrong), 0);
}

/* A receiver that lives tells it by reading (semantics D5). */
static void
test_send_when_full_then_room_is_told_when_it_reads(void)
{
    actors_start_with(&one, roles, 2,
        "- {name: small, kind: test.actor, role: narrow, limits: "
        "{mailbox_messages: 4}}\n");
    atomic_store(&narrow_reads, 0);
    narrow = actors_spawn(&one, "small", 0);
    actors_spawn(&one, "filler", 0);
    while (sem_wait(&is_full) != 0)
        continue;
    CU_ASSERT_EQUAL(atomic_load(&one.ended), 0);
    atomic_store(&narrow_reads, 1);
    CU_ASSERT_EQUAL(
        one.api->cancel(one.api, narrow, KD_NEVER, 0, "read", NULL), KD_OK);
    actors_await(&one.ended, 1);
    CU_ASSERT_NOT_EQUAL(one.api->pid_alive(one.api, narrow), 0);
    CU_ASSERT_EQUAL(actors_stop(&one, 5), KD_OK);
    CU_ASSERT_EQUAL(atomic_load(&wrong), 0);
}

static void
test_port_when_its_process_ends_then_gone(void)
{
    actors_start(&one, roles, 2);
    actors_spawn(&one, "ported", 0);
    actors_await(&one.ended, 1);
    pthread_join(foreign, NULL);
    CU_ASSERT_EQUAL(actors_stop(&one, 5), KD_OK);
    CU_ASSERT_EQUAL(atomic_load(&wrong), 0);
}

static const struct test_case tests[] = {
    TEST(test_structs_when_of_another_size_then_no_more_is_touched),
    TEST(test_cancel_when_only_told_then_its_deadline_forces_nobody),
    TEST(test_spawn_when_it_cannot_be_then_it_says_why),
    TEST(test_two_runtimes_when_both_run_then_apart),
    TEST(test_terminate_when_a_call_does_not_return_then_told_all_the_same),
    TEST(test_terminate_when_it_has_just_returned_then_it_is_destroyed),
    TEST(test_hold_when_another_has_before_then_named_too),
    TEST(test_run_when_its_end_was_told_then_what_it_returns_is_void),
    TEST(test_stop_when_a_call_does_not_return_then_busy),
    TEST(test_print_when_nobody_reads_then_full_and_room_is_told),
    TEST(test_log_when_there_is_no_such_level_then_dropped),
    TEST(test_log_when_there_is_no_text_then_dropped),
    TEST(test_slice_when_it_has_given_much_then_it_should_end),
    TEST(test_slice_when_the_process_must_end_then_it_should_end),
    TEST(test_send_when_full_then_room_is_told_when_it_reads),
    TEST(test_port_when_its_process_ends_then_gone),
};

int
main(void)
{
    sem_init(&release_stuck, 0, 0);
    sem_init(&release_sink, 0, 0);
    sem_init(&is_stuck, 0, 0);
    sem_init(&is_full, 0, 0);
    return harness_run("runtime", tests, sizeof(tests) / sizeof(tests[0]));
}
