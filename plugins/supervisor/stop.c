/* SPDX-License-Identifier: MIT */
/*
 * Stopping children (semantics S11): in reverse start order, the next one only
 * when the one before has ended; then the records that go are dropped.
 */

#include "supervisor.h"

#include "fault.h"

#include <kindred/duration.h>
#include <string.h>

static void report_stop(
    struct supervisor *s, const struct child *child, const kd_payload *error);
static int was_forced(const kd_payload *error);
static void finish_stopping(struct supervisor *s);
static void join(struct supervisor *s, struct child *child);

int
ks__step_stopping(struct supervisor *s)
{
    struct list *stop = &s->op.stop;
    struct child *child;

    if (s->op.n_asked > 0)
        return 0;
    if (stop->at == stop->count) {
        finish_stopping(s);
        return 1;
    }
    child = stop->items[stop->count - 1 - stop->at++];
    if (ks__child_runs(child))
        ks__stop(s, child);
    return 1;
}

void
ks__stop(struct supervisor *s, struct child *child)
{
    const struct spec *spec = child->spec;
    kd_status status = KD_ENOMEM;

    if (child->is_asked)
        return;
    child->is_asked = 1;
    s->op.n_asked++;
    child->force_at = ks__later(s->now, spec->shutdown_ns);
    if (!spec->is_brutal)
        status = kd_proc_cancel(s->proc, child->pid, child->force_at, 0,
            "supervisor stopping", NULL);
    /* One that has ended already is told about all the same. */
    if (status != KD_OK)
        kd_proc_terminate(s->proc, child->pid, NULL);
}

void
ks__stopped(struct supervisor *s, struct child *child, const kd_payload *error)
{
    report_stop(s, child, error);
    ks__child_set_status(&s->children, child, KD_CHILD_STOPPED);
}

/* A stop is no failure (semantics S11), but how it went is worth knowing. That
 * a brutal one was forced is what its record asks for. */
static void
report_stop(
    struct supervisor *s, const struct child *child, const kd_payload *error)
{
    const struct spec *spec = child->spec;
    const int forced = was_forced(error);
    char within[KD_DURATION_TEXT];
    kd_payload why;

    if (error == NULL || (forced && spec->is_brutal)) {
        ks__report(s, REPORT_STOPPED, child, NULL, 0);
        return;
    }
    if (!forced || s->now < child->force_at) {
        ks__report(s, REPORT_UNEASY, child, error, 0);
        return;
    }
    kd_duration_format((int64_t)spec->shutdown_ns, within, sizeof(within));
    s->scratch.len = 0;
    ks__fault_format(&s->scratch, "Canceled",
        "did not end within %s and was ended by force", within);
    why = ks__fault_payload(&s->scratch);
    ks__report(s, REPORT_UNEASY, child, &why, 0);
}

/* Semantics C6. */
static int
was_forced(const kd_payload *error)
{
    static const char kind[] = "Canceled";
    struct fault fault;

    if (error == NULL)
        return 0;
    ks__fault_read(error, &fault);
    return fault.kind_len == sizeof(kind) - 1 &&
           memcmp(fault.kind, kind, sizeof(kind) - 1) == 0;
}

/* All have ended. Those that did so by themselves meanwhile join. */
static void
finish_stopping(struct supervisor *s)
{
    struct operation *op = &s->op;
    struct group *group;
    size_t i;

    for (i = 0; i < op->drop.count; i++)
        ks__end_forget(s, op->drop.items[i]);
    for (i = 0; i < op->stop.count; i++)
        join(s, op->stop.items[i]);
    for (i = 0; i < op->drop.count; i++)
        ks__children_remove(&s->children, op->drop.items[i]);
    ks__list_clear(&op->stop);
    ks__list_clear(&op->drop);
    /* Else it is stopped until it starts (semantics S18). */
    for (i = 0; op->why == FOR_RESTART && i < op->start.count; i++)
        ks__child_set_status(
            &s->children, op->start.items[i], KD_CHILD_RESTARTING);
    s->state = STARTING;
    if (op->start.count == 0 || op->start_due <= s->now)
        return;
    group = ks__waiting_add(&s->waiting, op->start_due);
    if (group == NULL) {
        ks__close_memory(s);
        return;
    }
    for (i = 0; i < op->start.count; i++)
        ks__group_join(group, op->start.items[i]);
    ks__list_clear(&op->start);
    ks__op_done(s);
}

/* Semantics S15: a failure joins the group, and the later due time holds. */
static void
join(struct supervisor *s, struct child *child)
{
    kd_time due;

    if (!child->is_queued)
        return;
    if (child->failed) {
        due = s->now + ks__backoff_next(s, child);
        if (due > s->op.start_due)
            s->op.start_due = due;
    }
    ks__end_forget(s, child);
}
