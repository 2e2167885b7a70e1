/* SPDX-License-Identifier: MIT */
/*
 * What a supervisor does when: one table of state x event -> action, and one
 * row a state of how it goes on by itself.
 */

#include "supervisor.h"

#include <string.h>

typedef void action(struct supervisor *s, const struct happening *happening);

static int go_on_idle(struct supervisor *s);
static int go_on_never(struct supervisor *s);

/* Nothing to do, or nothing that makes a difference now. */
static void
ignore(struct supervisor *s, const struct happening *happening)
{
    (void)s;
    (void)happening;
}

/* It is decided about when the operation is over. */
static void
keep(struct supervisor *s, const struct happening *happening)
{
    ks__end_keep(s, happening->child, happening->failed, happening->error);
}

/* Not before those that ended earlier. */
static void
decide(struct supervisor *s, const struct happening *happening)
{
    if (s->ended_first != NULL)
        keep(s, happening);
    else
        ks__decide(s, happening->child, happening->failed, happening->error);
}

static void
stopped(struct supervisor *s, const struct happening *happening)
{
    ks__stopped(s, happening->child, happening->error);
}

static void
ready(struct supervisor *s, const struct happening *happening)
{
    (void)happening;
    ks__start_ready(s);
}

static void
expire(struct supervisor *s, const struct happening *happening)
{
    (void)happening;
    ks__start_expire(s);
}

static void
expired(struct supervisor *s, const struct happening *happening)
{
    (void)happening;
    ks__start_expired(s);
}

static void
again(struct supervisor *s, const struct happening *happening)
{
    (void)happening;
    ks__start_again(s);
}

static void
close_down(struct supervisor *s, const struct happening *happening)
{
    (void)happening;
    ks__close(s);
}

/* Semantics S5: as if the link had ended it, but its children stop first. */
static void
orphan(struct supervisor *s, const struct happening *happening)
{
    char pid[KD_PID_TEXT];

    s->api->pid_text(s->api, happening->from, pid);
    ks__close_failed(s, "linked process failed: %s", pid);
}

static void
line_up(struct supervisor *s, const struct happening *happening)
{
    ks__request_keep(s, happening->message);
}

static void
refuse(struct supervisor *s, const struct happening *happening)
{
    ks__answer_stopping(s, happening->message);
}

/* A child that ends while all of them stop: one less to tell. */
static void
forget(struct supervisor *s, const struct happening *happening)
{
    if (happening->failed)
        ks__report(s, REPORT_FAILED, happening->child, happening->error, 0);
    ks__child_set_status(&s->children, happening->child, KD_CHILD_STOPPED);
}

/*
 * IDLE has no children of an operation and no time; its requests are served in
 * line, behind ends that wait. What a state cannot meet is ignored.
 */
static action *const actions[N_STATES][N_EVENTS] = {
    /*             END_OURS         END_OTHER  READY   DUE */
    /*             CANCEL      ORPHAN  REQUEST */
    [IDLE] = {ignore, decide, ignore, ignore, close_down, orphan, line_up},
    [STOPPING] = {stopped, keep, ignore, ignore, close_down, orphan, line_up},
    [STARTING] = {ks__start_ended, keep, ready, expire, close_down, orphan,
        line_up},
    [EXPIRING] = {expired, keep, ignore, ignore, close_down, orphan, line_up},
    [NAMING] = {ignore, keep, ignore, again, close_down, orphan, line_up},
    [CLOSING] = {stopped, forget, ignore, ignore, ignore, orphan, refuse},
    [GONE] = {ignore, ignore, ignore, ignore, ignore, ignore, refuse},
};

/* Take one step; nonzero if there may be another. */
static int (*const steps[N_STATES])(struct supervisor *s) = {
    [IDLE] = go_on_idle,
    [STOPPING] = ks__step_stopping,
    [STARTING] = ks__step_starting,
    [EXPIRING] = go_on_never,
    [NAMING] = go_on_never,
    [CLOSING] = ks__step_closing,
    [GONE] = go_on_never,
};

void
ks__happen(struct supervisor *s, const struct happening *happening)
{
    actions[s->state][happening->type](s, happening);
}

int
ks__go_on(struct supervisor *s)
{
    while (steps[s->state](s)) {
        if (kd_proc_should_yield(s->proc))
            return 1;
    }
    return 0;
}

kd_time
ks__next_due(const struct supervisor *s)
{
    const struct group *group = ks__waiting_first(&s->waiting);
    kd_time due = ks__report_due(&s->report);

    if ((s->state == STARTING || s->state == NAMING) && s->op.due < due)
        due = s->op.due;
    if (s->state == IDLE && group != NULL && group->due < due)
        due = group->due;
    return due;
}

kd_time
ks__later(kd_time now, uint64_t ns)
{
    return ns >= KD_NEVER - now ? KD_NEVER : now + ns;
}

void
ks__op_done(struct supervisor *s)
{
    kd_message *request = s->op.request;

    s->state = IDLE;
    s->op.due = KD_NEVER;
    s->op.request = NULL;
    if (s->op.why == FOR_BOOT)
        kd_proc_ready(s->proc);
    if (request == NULL)
        return;
    if (s->op.why == FOR_REMOVAL)
        ks__answer_true(s, request);
    else
        ks__answer_pid(s, request, s->op.pid);
}

void
ks__end_keep(struct supervisor *s, struct child *child, uint32_t failed,
    const kd_payload *error)
{
    const int restarts = child->pub.restart == KD_RESTART_PERMANENT ||
                         (child->pub.restart == KD_RESTART_TRANSIENT && failed);

    child->is_queued = 1;
    child->failed = failed;
    if (error != NULL)
        child->error = error->buf != NULL
                           ? s->api->buf_retain(error->buf)
                           : s->api->buf_copy(s->api, error->format,
                                 error->data, error->len);
    ks__child_set_status(
        &s->children, child, restarts ? KD_CHILD_RESTARTING : KD_CHILD_STOPPED);
    child->next_ended = NULL;
    child->prev_ended = s->ended_last;
    if (s->ended_last != NULL)
        s->ended_last->next_ended = child;
    else
        s->ended_first = child;
    s->ended_last = child;
}

void
ks__end_drop(struct supervisor *s, struct child *child)
{
    if (!child->is_queued)
        return;
    if (child->prev_ended != NULL)
        child->prev_ended->next_ended = child->next_ended;
    else
        s->ended_first = child->next_ended;
    if (child->next_ended != NULL)
        child->next_ended->prev_ended = child->prev_ended;
    else
        s->ended_last = child->prev_ended;
    child->is_queued = 0;
    s->api->buf_release(child->error);
    child->error = NULL;
    ks__child_set_status(&s->children, child, KD_CHILD_STOPPED);
}

void
ks__end_forget(struct supervisor *s, struct child *child)
{
    kd_payload error;

    if (child->is_queued && child->failed) {
        if (child->error != NULL)
            error = s->api->buf_payload(child->error);
        ks__report(
            s, REPORT_FAILED, child, child->error == NULL ? NULL : &error, 0);
    }
    ks__end_drop(s, child);
}

/* What has waited in line: ends first, then restarts, then requests. */
static int
go_on_idle(struct supervisor *s)
{
    struct group *group = ks__waiting_first(&s->waiting);
    struct child *child = s->ended_first;
    kd_message *message;

    if (child != NULL) {
        kd_buf *error = child->error;
        kd_payload payload;

        child->error = NULL;
        ks__end_drop(s, child);
        if (error != NULL)
            payload = s->api->buf_payload(error);
        ks__decide(s, child, child->failed, error == NULL ? NULL : &payload);
        s->api->buf_release(error);
        return 1;
    }
    if (group != NULL && group->due <= s->now) {
        ks__start_group(s, group);
        return 1;
    }
    message = s->n_due == 0 ? NULL : ks__request_take(s);
    if (message == NULL)
        return 0;
    s->n_due--;
    ks__request_serve(s, message);
    return 1;
}

static int
go_on_never(struct supervisor *s)
{
    (void)s;
    return 0;
}
