/* SPDX-License-Identifier: MIT */
/*
 * terminate_child, restart_child, delete_child.
 */

#include "request_change.h"

static struct child *find(
    struct supervisor *s, kd_message *message, int may_be_pid);
static int is_stopped(
    struct supervisor *s, kd_message *message, const struct child *child);
static int is_refused(struct supervisor *s, kd_message *message);

/* Semantics S20: it drops a pending restart, and no restart rule follows. */
void
ks__terminate_child(struct supervisor *s, kd_message *message)
{
    struct child *child = find(s, message, s->plan->is_dynamic);
    kd_status status = KD_OK;
    int goes;

    if (child == NULL)
        return;
    goes = s->plan->is_dynamic || child->pub.restart == KD_RESTART_TEMPORARY;
    if (child->group != NULL)
        ks__waiting_leave(&s->waiting, child);
    if (!ks__child_runs(child))
        ks__child_set_status(&s->children, child, KD_CHILD_STOPPED);
    ks__operate(s, message, FOR_REMOVAL);
    if (ks__child_runs(child))
        status = ks__list_add(&s->op.stop, child);
    if (status == KD_OK && goes)
        status = ks__list_add(&s->op.drop, child);
    if (status != KD_OK)
        ks__close_memory(s);
}

void
ks__restart_child(struct supervisor *s, kd_message *message)
{
    struct child *child;

    if (is_refused(s, message))
        return;
    child = find(s, message, 0);
    if (child == NULL || !is_stopped(s, message, child))
        return;
    child->in_a_row = 0;
    ks__operate(s, message, FOR_REVIVE);
    if (ks__list_add(&s->op.start, child) != KD_OK)
        ks__close_memory(s);
}

void
ks__delete_child(struct supervisor *s, kd_message *message)
{
    struct child *child;

    if (is_refused(s, message))
        return;
    child = find(s, message, 0);
    if (child == NULL || !is_stopped(s, message, child))
        return;
    ks__children_remove(&s->children, child);
    ks__answer_true(s, message);
}

static struct child *
find(struct supervisor *s, kd_message *message, int may_be_pid)
{
    kd_reader r = kd_reader_make(message->payload.data, message->payload.len);
    struct child *child = NULL;
    kd_item item;
    kd_pid pid;

    if (kd_reader_next(&r, &item) != KD_TERM_ARRAY || item.len < 1 ||
        kd_reader_next(&r, &item) != KD_TERM_STRING) {
        ks__answer_error(s, message, "Invalid", "a child's id is needed");
        return NULL;
    }
    if (may_be_pid && s->api->pid_parse(s->api, (const char *)item.data,
                          item.len, &pid) == KD_OK)
        child = ks__children_find_pid(&s->children, pid);
    if (child == NULL)
        child =
            ks__children_find(&s->children, (const char *)item.data, item.len);
    if (child == NULL)
        ks__answer_error(s, message, "NotFound", "child not found: %.*s",
            (int)(item.len < 100 ? item.len : 100), (const char *)item.data);
    return child;
}

static int
is_stopped(struct supervisor *s, kd_message *message, const struct child *child)
{
    if (ks__child_runs(child))
        ks__answer_error(
            s, message, "Conflict", "child is running: %s", child->pub.id);
    else if (child->pub.status == KD_CHILD_RESTARTING)
        ks__answer_error(
            s, message, "Conflict", "child is restarting: %s", child->pub.id);
    else
        return 1;
    return 0;
}

static int
is_refused(struct supervisor *s, kd_message *message)
{
    if (!s->plan->is_dynamic)
        return 0;
    ks__answer_error(
        s, message, "Invalid", "not supported by supervisor.dynamic");
    return 1;
}

void
ks__operate(struct supervisor *s, kd_message *message, enum why why)
{
    ks__list_clear(&s->op.stop);
    ks__list_clear(&s->op.drop);
    ks__list_clear(&s->op.start);
    s->op.start_due = 0;
    s->op.why = why;
    s->op.request = message;
    s->state = STOPPING;
}
