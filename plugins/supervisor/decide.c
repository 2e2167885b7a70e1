/* SPDX-License-Identifier: MIT */
/*
 * From the end of a child to an operation: the policy says what is to become of
 * whom, and the rest is ours: groups that wait already, intensity, back-off.
 */

#include "supervisor.h"

#include <kindred/duration.h>

static void ask_policy(struct supervisor *s, const struct child *child,
    uint32_t failed, const kd_payload *error);
static void carry_out(struct supervisor *s, struct child *child,
    uint32_t failed, const kd_payload *error);
static int is_to_start(
    const struct decision *decision, const struct child *child);
static void take_unstarted(struct supervisor *s);
static void join_groups(struct supervisor *s);
static int count_restart(
    struct supervisor *s, const struct child *child, const kd_payload *error);
static kd_status make_operation(struct supervisor *s);

void
ks__decide(struct supervisor *s, struct child *child, uint32_t failed,
    const kd_payload *error)
{
    struct decision *decision = &s->decision;

    ks__child_set_status(&s->children, child, KD_CHILD_STOPPED);
    ask_policy(s, child, failed, error);
    if (decision->status == KD_EPLUGIN)
        ks__close_failed(s, "bad policy decision: %s", decision->text);
    else if (decision->status != KD_OK)
        ks__close_memory(s);
    else if (decision->fail)
        ks__close_failed(s, "%s", decision->text);
    else if (decision->finish)
        ks__close(s);
    else
        carry_out(s, child, failed, error);
    ks__decision_clear(decision);
}

uint64_t
ks__backoff_next(struct supervisor *s, struct child *child)
{
    /* Marsaglia's xorshift64. */
    s->chance ^= s->chance << 13;
    s->chance ^= s->chance >> 7;
    s->chance ^= s->chance << 17;
    if (child->in_a_row < UINT32_MAX)
        child->in_a_row++;
    return ks__backoff_delay(&child->spec->backoff, child->in_a_row, s->chance);
}

/* Where the others do not matter, a policy sees one: looking at all of them
 * would cost as much as there are. */
static void
ask_policy(struct supervisor *s, const struct child *child, uint32_t failed,
    const kd_payload *error)
{
    const kd_child *alone[1] = {&child->pub};
    kd_view view = {
        .size = (uint32_t)sizeof(view),
        .failed = failed,
        .children = alone,
        .n_children = 1,
        .supervisor = kd_proc_self(s->proc),
        .error = error,
        .auto_shutdown = s->plan->auto_shutdown,
        .n_significant = s->children.n_significant,
    };

    if (!s->plan->is_each_alone) {
        ks__children_close(&s->children);
        view.children = s->children.order;
        view.n_children = s->children.n;
        view.ended = child->at;
    }
    ks__decision_make(
        &s->decision, s->plan->policy, &view, s->policy_state, s->now);
}

static void
carry_out(struct supervisor *s, struct child *child, uint32_t failed,
    const kd_payload *error)
{
    struct decision *decision = &s->decision;
    const int restarts = is_to_start(decision, child);
    uint64_t delay = decision->delay_ns;
    uint64_t backoff;
    kd_time due;

    s->op.start_due = 0;
    /* Nothing can start it again, and records would pile up. Erlang/OTP's
     * simple_one_for_one does the same; semantics S9 would keep it. */
    if (s->plan->is_dynamic && !restarts)
        ks__decision_add(decision, child, DO_REMOVE);
    take_unstarted(s);
    join_groups(s);
    if (decision->status != KD_OK) {
        ks__close_memory(s);
        return;
    }
    if (!count_restart(s, child, error))
        return;
    if (restarts) {
        backoff = ks__backoff_next(s, child);
        delay = backoff > delay ? backoff : delay;
    }
    due = ks__later(s->now, delay);
    if (delay > 0 && due > s->op.start_due)
        s->op.start_due = due;
    if (make_operation(s) != KD_OK) {
        ks__close_memory(s);
        return;
    }
    if (restarts)
        ks__report(s, REPORT_RESTART, child, error, delay);
    else
        ks__report(s, failed ? REPORT_FAILED : REPORT_ENDED, child, error, 0);
}

/*
 * A group was starting when one of it failed to: those that come after it are
 * owed their start, whatever the policy thinks of the one.
 */
static void
take_unstarted(struct supervisor *s)
{
    struct list *list = &s->op.start;

    for (; list->at < list->count; list->at++) {
        if (list->items[list->at]->item == 0)
            ks__decision_add(
                &s->decision, list->items[list->at], DO_START | DO_OWED);
    }
    ks__list_clear(list);
}

static int
is_to_start(const struct decision *decision, const struct child *child)
{
    return child->item > 0 &&
           (decision->items[child->item - 1].what & DO_START) != 0;
}

/*
 * Semantics S15: what is to start and waits already brings its group along, and
 * the later due time holds. Items that are added here are looked at too.
 */
static void
join_groups(struct supervisor *s)
{
    struct decision *decision = &s->decision;
    struct group *group;
    struct child *child;
    size_t i;

    s->op.has_joined = 0;
    for (i = 0; i < decision->count; i++) {
        group = decision->items[i].child->group;
        if (group == NULL)
            continue;
        if ((decision->items[i].what & DO_START) == 0) {
            ks__waiting_leave(&s->waiting, decision->items[i].child);
            continue;
        }
        if (group->due > s->op.start_due)
            s->op.start_due = group->due;
        s->op.has_joined = 1;
        for (child = group->first; child != NULL;
             child = child->next_in_group) {
            if (child->item == 0 || is_to_start(decision, child))
                ks__decision_add(decision, child, DO_START | DO_OWED);
        }
        ks__waiting_remove(&s->waiting, group);
    }
}

/* Semantics S13; one that joins is not another. Returns 0 when it was one too
 * many. */
static int
count_restart(
    struct supervisor *s, const struct child *child, const kd_payload *error)
{
    struct decision *decision = &s->decision;
    char within[KD_DURATION_TEXT];
    int starts = 0;
    size_t i;

    for (i = 0; i < decision->count && !starts; i++)
        starts = (decision->items[i].what & DO_START) != 0;
    if (!starts || s->op.has_joined ||
        !ks__intensity_add(&s->intensity, s->now))
        return 1;
    ks__report(s, REPORT_GIVEN_UP, child, error, 0);
    kd_duration_format((int64_t)s->plan->within_ns, within, sizeof(within));
    ks__close_failed(s, "restart intensity exceeded: %llu in %s",
        (unsigned long long)s->plan->max, within);
    return 0;
}

static kd_status
make_operation(struct supervisor *s)
{
    struct decision *decision = &s->decision;
    struct operation *op = &s->op;
    kd_status status = KD_OK;
    size_t i;

    op->why = FOR_RESTART;
    ks__list_clear(&op->stop);
    ks__list_clear(&op->drop);
    for (i = 0; i < decision->count && status == KD_OK; i++) {
        struct child *child = decision->items[i].child;
        const uint32_t what = decision->items[i].what;

        if (ks__child_runs(child) || child->is_queued)
            status = ks__list_add(&op->stop, child);
        if (status == KD_OK && (what & DO_REMOVE) != 0)
            status = ks__list_add(&op->drop, child);
        if (status == KD_OK && (what & DO_START) != 0) {
            child->pub.restarts += (what & DO_OWED) == 0;
            status = ks__list_add(&op->start, child);
        }
    }
    ks__list_sort(&op->stop);
    ks__list_sort(&op->start);
    s->state = STOPPING;
    return status;
}
