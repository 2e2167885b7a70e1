/* SPDX-License-Identifier: MIT */
/*
 * What processes ask, and what they get. The rules stand in recorder.h.
 */

#include "recorder_calls.h"

#include "pair.h"
#include "plan.h"
#include "recorder.h"

#include <kindred/term.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SHOW     "process %llx"
#define PID(pid) ((unsigned long long)(pid).serial)

static const kd_api *api;
static const kd_proc_calls *real;
static kd_proc_calls ours;

/* The spawn that this thread is in. */
static _Thread_local const kd_spawn *spawning;
static _Thread_local struct account *spawned;

static void told_exit(struct account *me, const kd_signal *signal);
static void told_down(struct account *me, const kd_signal *signal);
static void told_cancel(struct account *me, const kd_signal *signal);
static void told_room(struct account *me, const kd_signal *signal);
static void told_failed(struct account *me, const kd_signal *signal);

static void (*const told[])(struct account *me, const kd_signal *signal) = {
    [KD_SIGNAL_EXIT] = told_exit,
    [KD_SIGNAL_LINK_DOWN] = told_down,
    [KD_SIGNAL_CANCEL] = told_cancel,
    [KD_SIGNAL_ROOM] = told_room,
    [KD_SIGNAL_REPLY_FAILED] = told_failed,
};

static int
is_alive(kd_pid pid)
{
    return api->pid_alive(api, pid) != 0;
}

static void
count(atomic_long *what)
{
    atomic_fetch_add(what, 1);
    atomic_fetch_add(&account_sums.done, 1);
}

int64_t
recorder_integer(const kd_payload *payload)
{
    kd_reader reader = kd_reader_make(payload->data, payload->len);
    kd_item item;

    return kd_reader_next(&reader, &item) == KD_TERM_INT ? item.integer : -1;
}

int64_t
recorder_number(kd_pid to)
{
    const struct tie *tie = account_look(recorder_account(), to);

    return tie == NULL ? 1 : tie->sent + 1;
}

/* Messages. */

static int
has_number(const char *topic, size_t len)
{
    return len == strlen(RECORDER_TOPIC) &&
           memcmp(topic, RECORDER_TOPIC, len) == 0;
}

static kd_status
call_send(kd_proc *proc, kd_pid to, const char *topic, size_t topic_len,
    uint32_t flags, const kd_payload *payload, kd_error *err)
{
    kd_status status =
        real->send(proc, to, topic, topic_len, flags, payload, err);
    struct account *me = recorder_account();

    if (!has_number(topic, topic_len))
        return status;
    if (status == KD_EFULL)
        count(&account_sums.full);
    if (status == KD_EGONE && is_alive(to))
        complain(SHOW " lives, but cannot be sent to", PID(to));
    if (status == KD_OK &&
        ++account_tie(me, to)->sent != recorder_integer(payload))
        complain(SHOW " has lost count of what it sends", PID(me->pid));
    return status;
}

static void
got_number(struct account *me, const kd_message *message)
{
    struct tie *tie = account_tie(me, message->from);
    const int64_t number = recorder_integer(&message->payload);

    count(&account_sums.numbers);
    if (++tie->got == number)
        return;
    complain(SHOW " has got number %lld of %llx instead of %u", PID(me->pid),
        (long long)number, PID(message->from), tie->got);
    tie->got = (uint32_t)number;
}

static void
got_reply(struct account *me, const kd_message *message)
{
    count(&account_sums.replies);
    if (!account_drop_ref(me, message->ref))
        complain(
            SHOW " has got an answer that it does not wait for", PID(me->pid));
}

/* The mailbox is empty: nothing of those who have ended is missing (X5). */
static void
settle(struct account *me)
{
    const struct account *sender;
    const struct tie *theirs;
    uint32_t sent;

    for (size_t i = 0; i < me->n_ended; i++) {
        sender = account_find(me->ended[i]);
        if (sender == NULL)
            continue;
        theirs = account_look(sender, me->pid);
        sent = theirs == NULL ? 0 : theirs->sent;
        if (account_tie(me, sender->pid)->got != sent)
            complain(SHOW " saw %llx end, and has %u of its %u messages",
                PID(me->pid), PID(sender->pid),
                account_tie(me, sender->pid)->got, sent);
    }
    /* Not written after an answer that said that all is quiet. */
    if (me->n_ended > 0)
        me->n_ended = 0;
}

static kd_message *
call_next(kd_proc *proc)
{
    kd_message *message = real->next(proc);
    struct account *me = recorder_account();

    if (message == NULL)
        settle(me);
    else if ((message->flags & KD_MESSAGE_REPLY) != 0)
        got_reply(me, message);
    else if (has_number(message->topic, message->topic_len))
        got_number(me, message);
    return message;
}

/* Monitors and links. */

static kd_status
call_monitor(kd_proc *proc, kd_pid target, kd_error *err)
{
    kd_status status = real->monitor(proc, target, err);
    struct account *me = recorder_account();
    struct tie *tie = account_tie(me, target);

    if (kd_pid_equal(target, me->pid))
        return status;
    if (status == KD_OK && tie->watch == WATCH_OWED)
        complain(SHOW " watches %llx twice", PID(me->pid), PID(target));
    if (status == KD_EEXIST && tie->watch != WATCH_OWED)
        complain(SHOW " watches %llx, it is said", PID(me->pid), PID(target));
    if (status == KD_EGONE && is_alive(target))
        complain(SHOW " lives, but cannot be watched", PID(target));
    if (status == KD_OK)
        tie->watch = WATCH_OWED;
    return status;
}

static kd_status
call_unmonitor(kd_proc *proc, kd_pid target, kd_error *err)
{
    kd_status status = real->unmonitor(proc, target, err);
    struct account *me = recorder_account();
    struct tie *tie = account_tie(me, target);

    if (tie->watch == WATCH_OWED)
        tie->watch = me->is_drained ? WATCH_NOT : WATCH_MAYBE;
    return status;
}

static kd_status
call_link(kd_proc *proc, kd_pid target, kd_error *err)
{
    struct account *me = recorder_account();
    kd_status status;

    if (kd_pid_equal(target, me->pid))
        return real->link(proc, target, err);
    pair_begin(me->pid, target);
    status = real->link(proc, target, err);
    pair_end(me->pid, target, status == KD_OK ? PAIR_LINK : 0);
    if (status == KD_EGONE && is_alive(target))
        complain(SHOW " lives, but cannot be linked", PID(target));
    return status;
}

static kd_status
call_unlink(kd_proc *proc, kd_pid target, kd_error *err)
{
    struct account *me = recorder_account();
    struct tie *tie = account_tie(me, target);
    kd_status status;

    if (kd_pid_equal(target, me->pid))
        return real->unlink(proc, target, err);
    pair_begin(me->pid, target);
    status = real->unlink(proc, target, err);
    pair_end(me->pid, target, PAIR_UNLINK);
    tie->down_maybe = !tie->is_down && !me->is_drained;
    return status;
}

static void
call_set_trap(kd_proc *proc, uint32_t on)
{
    real->set_trap(proc, on);
    atomic_fetch_or(
        &recorder_account()->links, on ? TRAP_WAS_ON : TRAP_WAS_OFF);
}

/* Ends. */

/* The earliest holds. */
static void
note_deadline(struct account *account, kd_time deadline_ns)
{
    kd_time now = atomic_load(&account->deadline);

    while (deadline_ns < now &&
           !atomic_compare_exchange_weak(&account->deadline, &now, deadline_ns))
        continue;
}

static kd_status
call_cancel(kd_proc *proc, kd_pid target, kd_time deadline_ns, uint32_t flags,
    const char *reason, kd_error *err)
{
    struct account *account = account_find(target);
    const int forces = deadline_ns != KD_NEVER && (flags & KD_CANCEL_TOLD) == 0;
    kd_status status;

    if (account != NULL && forces)
        atomic_fetch_add(&account->n_forced, 1);
    if (account != NULL)
        atomic_fetch_add(&account->n_cancels, 1);
    status = real->cancel(proc, target, deadline_ns, flags, reason, err);
    if (account != NULL && forces && status == KD_OK)
        note_deadline(account, deadline_ns);
    return status;
}

static kd_status
call_terminate(kd_proc *proc, kd_pid target, kd_error *err)
{
    struct account *account = account_find(target);
    kd_status status;

    if (account != NULL)
        atomic_fetch_add(&account->n_forced, 1);
    status = real->terminate(proc, target, err);
    if (account != NULL && status == KD_OK)
        note_deadline(account, 0);
    return status;
}

/* Births: the child may run, and undo its link, before spawn returns. */

void
recorder_calls_born(struct account *account)
{
    struct account *me = recorder_account();

    spawned = account;
    if (spawning == NULL)
        return;
    if ((spawning->flags & KD_SPAWN_OWN) != 0)
        account->owner = me;
    if ((spawning->flags & KD_SPAWN_LINK) != 0)
        pair_begin(me->pid, account->pid);
}

static kd_status
call_spawn(kd_proc *proc, const kd_spawn *spawn, kd_pid *pid, kd_error *err)
{
    struct account *me = recorder_account();
    kd_status status;
    struct tie *tie;

    spawning = spawn;
    spawned = NULL;
    status = real->spawn(proc, spawn, pid, err);
    spawning = NULL;
    if (spawned != NULL && (spawn->flags & KD_SPAWN_LINK) != 0)
        pair_end(me->pid, spawned->pid, status == KD_OK ? PAIR_LINK : 0);
    if (status != KD_OK)
        return status;
    if (spawned == NULL || !kd_pid_equal(spawned->pid, *pid)) {
        complain("a spawn gave the pid of another");
        return status;
    }
    tie = account_tie(me, *pid);
    tie->is_called = (spawn->flags & KD_SPAWN_CALL) != 0;
    if ((spawn->flags & KD_SPAWN_MONITOR) != 0)
        tie->watch = WATCH_OWED;
    return status;
}

/* Requests and room. */

static kd_status
call_request(kd_proc *proc, kd_pid to, const char *topic,
    const kd_payload *payload, kd_time deadline_ns, kd_ref *ref, kd_error *err)
{
    kd_status status =
        real->request(proc, to, topic, payload, deadline_ns, ref, err);

    if (status == KD_OK)
        account_add_ref(recorder_account(), *ref, deadline_ns);
    return status;
}

static kd_status
call_when_room(kd_proc *proc, kd_pid target, kd_error *err)
{
    kd_status status = real->when_room(proc, target, err);
    struct account *me = recorder_account();

    if (status == KD_OK && !kd_pid_equal(target, me->pid))
        account_tie(me, target)->wants_room = 1;
    return status;
}

/* Signals. */

static kd_status
call_signal(kd_proc *proc, kd_signal *signal)
{
    kd_status status = real->signal(proc, signal);
    struct account *me = recorder_account();

    if (status != KD_OK)
        me->is_drained = 1;
    else if (signal->type < sizeof(told) / sizeof(told[0]) &&
             told[signal->type] != NULL)
        told[signal->type](me, signal);
    return status;
}

/* Its names are free before anybody is told (N4). */
static void
check_names(kd_pid ended)
{
    char name[16];
    kd_pid holder;

    for (unsigned i = 0; i < PLAN_NAMES; i++) {
        snprintf(name, sizeof(name), "name-%u", i);
        if (api->name_find(api, name, strlen(name), &holder) == KD_OK &&
            kd_pid_equal(holder, ended))
            complain(SHOW " has ended, and still has a name", PID(ended));
    }
}

/* The pid behind "linked process failed: ", or none. */
static kd_pid
cause_of(const kd_payload *error)
{
    static const char prefix[] = "linked process failed: ";
    const char *at =
        memmem(error->data, error->len, prefix, sizeof(prefix) - 1);
    const char *end = (const char *)error->data + error->len;
    kd_pid cause = KD_PID_NONE_INIT;
    const char *brace;

    if (at == NULL)
        return cause;
    at += sizeof(prefix) - 1;
    brace = memchr(at, '}', (size_t)(end - at));
    if (brace != NULL)
        api->pid_parse(api, at, (size_t)(brace + 1 - at), &cause);
    return cause;
}

static int
says(const kd_payload *error, const char *text)
{
    return memmem(error->data, error->len, text, strlen(text)) != NULL;
}

/* The failure of a process is one that can have been. */
static void
check_failure(const struct account *who, const kd_payload *error)
{
    const kd_pid cause = cause_of(error);
    const struct account *by;

    if (!kd_pid_is_none(cause)) {
        by = account_find(cause);
        if (atomic_load(&who->links) == TRAP_WAS_ON)
            complain(SHOW " has ended by a link, and always trapped them",
                PID(who->pid));
        if (by == NULL)
            return;
        if (pair_look(who->pid, cause) == PAIR_LOOSE)
            complain(SHOW " has ended by %llx, and is not linked to it",
                PID(who->pid), PID(cause));
        if (is_alive(cause) || atomic_load(&by->outcome) == OUTCOME_NORMAL)
            complain(SHOW " has ended by %llx, which has not failed",
                PID(who->pid), PID(cause));
    } else if (says(error, "process terminated")) {
        if (atomic_load(&who->n_forced) == 0 && who->owner == NULL &&
            kd_pid_is_none(who->supervisor))
            complain(SHOW " was ended by force, by nobody", PID(who->pid));
    } else if (who->last != KD_NEXT_FAIL) {
        complain(
            SHOW " has failed by itself, but did not say so", PID(who->pid));
    }
}

/* Everybody is told the same. */
static void
check_outcome(struct account *who, const kd_signal *signal)
{
    const int failed = signal->error.format != KD_FORMAT_NONE;
    unsigned before = OUTCOME_UNKNOWN;

    if (!failed && who->last != KD_NEXT_DONE)
        complain(SHOW " has ended normally, but did not say so", PID(who->pid));
    if (!atomic_compare_exchange_strong(
            &who->outcome, &before, failed ? OUTCOME_FAILED : OUTCOME_NORMAL) &&
        (before == OUTCOME_FAILED) != failed)
        complain(SHOW " has failed for some, and ended normally for others",
            PID(who->pid));
    if (failed)
        check_failure(who, &signal->error);
}

/* An EXIT or a LINK_DOWN has come. */
static struct account *
seen_end(struct account *me, const kd_signal *signal)
{
    struct account *who = account_find(signal->from);

    if (is_alive(signal->from))
        complain(SHOW " is said to have ended, and lives", PID(signal->from));
    check_names(signal->from);
    if (who == NULL)
        return NULL;
    check_outcome(who, signal);
    account_add_ended(me, who->pid);
    return who;
}

static void
told_exit(struct account *me, const kd_signal *signal)
{
    struct tie *tie = account_tie(me, signal->from);

    count(&account_sums.exits);
    seen_end(me, signal);
    if (signal->ref != 0) {
        if (!tie->is_called)
            complain(SHOW " has got the end of a call twice", PID(me->pid));
        tie->is_called = 0;
        return;
    }
    if (tie->watch == WATCH_NOT)
        complain(SHOW " has got an EXIT of %llx that it is not owed",
            PID(me->pid), PID(signal->from));
    tie->watch = WATCH_NOT;
}

static void
told_down(struct account *me, const kd_signal *signal)
{
    struct tie *tie = account_tie(me, signal->from);

    count(&account_sums.downs);
    if (tie->is_down)
        complain(SHOW " has got the failure of %llx twice", PID(me->pid),
            PID(signal->from));
    tie->is_down = 1;
    if (signal->error.format == KD_FORMAT_NONE)
        complain(SHOW " has got a LINK_DOWN without an error", PID(me->pid));
    if ((atomic_load(&me->links) & TRAP_WAS_ON) == 0)
        complain(
            SHOW " has got a LINK_DOWN, and never trapped any", PID(me->pid));
    if (seen_end(me, signal) != NULL && !tie->down_maybe &&
        pair_look(me->pid, signal->from) == PAIR_LOOSE)
        complain(SHOW " has got the failure of %llx, and is not linked to it",
            PID(me->pid), PID(signal->from));
}

static void
told_cancel(struct account *me, const kd_signal *signal)
{
    count(&account_sums.cancels);
    (void)signal;
    if (++me->n_told > atomic_load(&me->n_cancels) &&
        kd_pid_is_none(me->supervisor))
        complain(SHOW " has got more CANCELs than were sent", PID(me->pid));
}

static void
told_room(struct account *me, const kd_signal *signal)
{
    struct tie *tie = account_tie(me, signal->from);

    count(&account_sums.rooms);
    if (!tie->wants_room)
        complain(SHOW " has got a ROOM that it did not ask for", PID(me->pid));
    tie->wants_room = 0;
}

static void
told_failed(struct account *me, const kd_signal *signal)
{
    count(&account_sums.replies);
    if (!account_drop_ref(me, signal->ref))
        complain(SHOW " has got a second end of a request", PID(me->pid));
}

const kd_proc_calls *
recorder_calls(void)
{
    return &ours;
}

static void
calls_replace(const kd_proc_calls *calls)
{
    real = calls;
    ours = *calls;
    ours.next = call_next;
    ours.signal = call_signal;
    ours.send = call_send;
    ours.spawn = call_spawn;
    ours.monitor = call_monitor;
    ours.unmonitor = call_unmonitor;
    ours.link = call_link;
    ours.unlink = call_unlink;
    ours.set_trap = call_set_trap;
    ours.cancel = call_cancel;
    ours.terminate = call_terminate;
    ours.request = call_request;
    ours.when_room = call_when_room;
}

void
recorder_open(const kd_api *the_api, const kd_proc_calls *calls)
{
    api = the_api;
    calls_replace(calls);
}
