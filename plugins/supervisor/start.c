/* SPDX-License-Identifier: MIT */
/*
 * Starting children (semantics S6, S7, S23): in start order, the next one only
 * when the one before has started.
 */

#include "supervisor.h"

#include "fault.h"

#include <kindred/duration.h>
#include <stdio.h>

/*
 * A name may be held by a process whose supervisor has just been ended by
 * force: it is about to be told, and until then nobody can see that it ends.
 * That takes no longer than this, and a name that is really taken is a failure
 * to start as soon as it is over.
 */
#define GRACE_NS INT64_C(100000000)
/* How often the holder of a name is looked at; its end wakes us anyway. */
#define LOOK_NS INT64_C(10000000)

static void start(struct supervisor *s, struct child *child);
static kd_status spawn(
    struct supervisor *s, struct child *child, kd_pid *pid, kd_error *err);
static void started(struct supervisor *s, struct child *child);
static void hold_on(struct supervisor *s, kd_pid holder, const kd_error *err);
static int may_become_free(struct supervisor *s, kd_pid holder);
static void failed(struct supervisor *s, const kd_payload *error);
static void failed_boot(
    struct supervisor *s, const struct child *child, const kd_payload *error);
static void failed_request(
    struct supervisor *s, struct child *child, const kd_payload *error);

int
ks__step_starting(struct supervisor *s)
{
    struct list *list = &s->op.start;

    if (s->op.child != NULL)
        return 0;
    if (list->at < list->count)
        start(s, list->items[list->at]);
    else
        ks__op_done(s);
    return 1;
}

void
ks__start_ready(struct supervisor *s)
{
    struct child *child = s->op.child;

    s->op.child = NULL;
    s->op.due = KD_NEVER;
    started(s, child);
}

void
ks__start_ended(struct supervisor *s, const struct happening *happening)
{
    kd_payload why;

    s->op.child = NULL;
    if (happening->error != NULL) {
        failed(s, happening->error);
        return;
    }
    s->scratch.len = 0;
    ks__fault_format(&s->scratch, "Internal", "ended before it was ready");
    why = ks__fault_payload(&s->scratch);
    failed(s, &why);
}

void
ks__start_expire(struct supervisor *s)
{
    s->op.due = KD_NEVER;
    s->state = EXPIRING;
    kd_proc_terminate(s->proc, s->op.child->pid, NULL);
}

void
ks__start_expired(struct supervisor *s)
{
    const struct spec *spec = s->op.child->spec;
    char within[KD_DURATION_TEXT];
    kd_payload why;

    kd_duration_format((int64_t)spec->start_timeout_ns, within, sizeof(within));
    s->scratch.len = 0;
    ks__fault_format(&s->scratch, "Timeout",
        "start timed out: %s not ready within %s", s->op.child->pub.id, within);
    s->op.child = NULL;
    why = ks__fault_payload(&s->scratch);
    failed(s, &why);
}

void
ks__start_again(struct supervisor *s)
{
    s->state = STARTING;
    s->op.due = KD_NEVER;
}

void
ks__start_unwatch(struct supervisor *s)
{
    const kd_pid none = KD_PID_NONE_INIT;

    if (!kd_pid_is_none(s->op.holder))
        kd_proc_unmonitor(s->proc, s->op.holder, NULL);
    s->op.holder = none;
}

void
ks__start_group(struct supervisor *s, struct group *group)
{
    struct list *list = &s->op.start;
    struct child *child;

    ks__list_clear(list);
    for (child = group->first; child != NULL; child = child->next_in_group) {
        if (ks__list_add(list, child) != KD_OK) {
            ks__close_memory(s);
            return;
        }
    }
    ks__waiting_remove(&s->waiting, group);
    ks__list_sort(list);
    s->op.why = FOR_RESTART;
    s->state = STARTING;
}

static void
start(struct supervisor *s, struct child *child)
{
    kd_error err = KD_ERROR_INIT;
    kd_pid pid = KD_PID_NONE_INIT;
    kd_status status = spawn(s, child, &pid, &err);
    kd_payload why;

    if (status == KD_EEXIST && may_become_free(s, pid)) {
        hold_on(s, pid, &err);
        return;
    }
    ks__start_unwatch(s);
    s->op.name_until = 0;
    if (status != KD_OK) {
        s->scratch.len = 0;
        ks__fault_status(&s->scratch, &err);
        why = ks__fault_payload(&s->scratch);
        failed(s, &why);
        return;
    }
    child->pub.started_ns = s->now;
    s->op.pid = pid;
    ks__child_set_pid(&s->children, child, pid);
    ks__child_set_status(&s->children, child, KD_CHILD_RUNNING);
    if (!child->spec->waits) {
        started(s, child);
        return;
    }
    s->op.child = child;
    s->op.due = ks__later(s->now, child->spec->start_timeout_ns);
}

static kd_status
spawn(struct supervisor *s, struct child *child, kd_pid *pid, kd_error *err)
{
    const struct spec *spec = child->spec;
    const kd_spawn how = {
        .size = (uint32_t)sizeof(how),
        .flags = KD_SPAWN_LINK | KD_SPAWN_MONITOR | KD_SPAWN_NO_MAIL |
                 (spec->waits ? KD_SPAWN_READY : 0),
        .entry = spec->process,
        .host = spec->host,
        .name = spec->name,
        .args = child->args,
        .context = {.size = (uint32_t)sizeof(kd_payload)},
    };

    if (ks__children_room(&s->children) != KD_OK) {
        err->code = KD_ENOMEM;
        return KD_ENOMEM;
    }
    return kd_proc_spawn(s->proc, &how, pid, err);
}

static void
started(struct supervisor *s, struct child *child)
{
    if (s->op.why != FOR_RESTART)
        ks__report(s, REPORT_STARTED, child, NULL, 0);
    s->op.start.at++;
}

/* The first time sets how long it may last. */
static int
may_become_free(struct supervisor *s, kd_pid holder)
{
    struct operation *op = &s->op;
    const struct child *child = op->start.items[op->start.at];

    if (op->name_until == 0) {
        op->name_until = ks__later(s->now, child->spec->start_timeout_ns);
        op->grace_until = ks__later(s->now, GRACE_NS);
    }
    if (s->now >= op->name_until)
        return 0;
    return s->now < op->grace_until || s->api->pid_ending(s->api, holder);
}

/* A holder that is a child of ours is watched already. */
static void
hold_on(struct supervisor *s, kd_pid holder, const kd_error *err)
{
    (void)err;
    if (!kd_pid_equal(s->op.holder, holder)) {
        ks__start_unwatch(s);
        if (kd_proc_monitor(s->proc, holder, NULL) == KD_OK)
            s->op.holder = holder;
    }
    s->op.due = ks__later(s->now, LOOK_NS);
    if (s->op.name_until < s->op.due)
        s->op.due = s->op.name_until;
    s->state = NAMING;
}

/* The child at the head of the list could not start. */
static void
failed(struct supervisor *s, const kd_payload *error)
{
    struct child *child = s->op.start.items[s->op.start.at];

    s->op.due = KD_NEVER;
    ks__child_set_status(&s->children, child, KD_CHILD_STOPPED);
    switch (s->op.why) {
    case FOR_BOOT:
        failed_boot(s, child, error);
        return;
    case FOR_RESTART:
        s->op.start.at++;
        s->state = IDLE;
        ks__decide(s, child, 1, error);
        return;
    default:
        failed_request(s, child, error);
        return;
    }
}

/* Semantics S8: with the kind of the error, and not knowing whether trying
 * again makes sense. */
static void
failed_boot(
    struct supervisor *s, const struct child *child, const kd_payload *error)
{
    struct fault fault;
    char text[KD_ERROR_TEXT];

    ks__report(s, REPORT_GIVEN_UP, child, error, 0);
    ks__fault_read(error, &fault);
    snprintf(text, sizeof(text), "failed to start child %s: %.*s",
        child->pub.id, (int)(fault.text_len > 200 ? 200 : fault.text_len),
        fault.text);
    ks__fault_write(
        &s->failure, fault.kind, fault.kind_len, text, strlen(text), 0);
    ks__close(s);
}

/* Semantics S19: if it does not start, no record is left. */
static void
failed_request(
    struct supervisor *s, struct child *child, const kd_payload *error)
{
    kd_message *request = s->op.request;

    ks__report(s, REPORT_FAILED, child, error, 0);
    ks__answer(s, request, error);
    s->op.request = NULL;
    s->state = IDLE;
    ks__list_clear(&s->op.start);
    if (s->op.why == FOR_ADD)
        ks__children_remove(&s->children, child);
}
