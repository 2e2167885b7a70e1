/* SPDX-License-Identifier: MIT */
/*
 * The actions that a policy is given. Each child has one item at the most.
 */

#include "decision.h"

#include <stdio.h>
#include <stdlib.h>

static struct decision *decision_of(const kd_actions *actions);
static void add_at(struct decision *decision, size_t child, uint32_t what);

static void
do_stop(const kd_actions *actions, size_t child)
{
    add_at(decision_of(actions), child, DO_STOP);
}

static void
do_start(const kd_actions *actions, size_t child, uint64_t delay_ns)
{
    struct decision *decision = decision_of(actions);

    if (delay_ns > decision->delay_ns)
        decision->delay_ns = delay_ns;
    add_at(decision, child, DO_START);
}

static void
do_remove(const kd_actions *actions, size_t child)
{
    add_at(decision_of(actions), child, DO_REMOVE);
}

static void
do_finish(const kd_actions *actions)
{
    decision_of(actions)->finish = 1;
}

static void
do_fail(const kd_actions *actions, const char *reason)
{
    struct decision *decision = decision_of(actions);

    if (decision->fail || decision->status != KD_OK)
        return;
    decision->fail = 1;
    snprintf(decision->text, sizeof(decision->text), "%s",
        reason == NULL ? "the policy gives up" : reason);
}

void
ks__decision_fini(struct decision *decision)
{
    free(decision->items);
}

void
ks__decision_make(struct decision *decision, const kd_policy_kind *policy,
    const kd_view *view, void *state, kd_time now_ns)
{
    static const kd_actions actions = {
        .size = sizeof(kd_actions),
        .stop = do_stop,
        .start = do_start,
        .remove = do_remove,
        .finish = do_finish,
        .fail = do_fail,
    };

    decision->actions = actions;
    decision->view = view;
    decision->delay_ns = 0;
    decision->finish = decision->fail = 0;
    decision->status = KD_OK;
    policy->decide(view, state, now_ns, &decision->actions);
    decision->view = NULL;
}

void
ks__decision_add(struct decision *decision, struct child *child, uint32_t what)
{
    const size_t cap = decision->cap == 0 ? 16 : decision->cap * 2;
    struct item *items;

    if (child->item > 0) {
        decision->items[child->item - 1].what |= what;
        return;
    }
    if (decision->count == decision->cap) {
        items = realloc(decision->items, cap * sizeof(*items));
        if (items == NULL) {
            decision->status = KD_ENOMEM;
            return;
        }
        decision->items = items;
        decision->cap = cap;
    }
    decision->items[decision->count++] = (struct item){child, what};
    child->item = decision->count;
}

void
ks__decision_clear(struct decision *decision)
{
    size_t i;

    for (i = 0; i < decision->count; i++)
        decision->items[i].child->item = 0;
    decision->count = 0;
}

static struct decision *
decision_of(const kd_actions *actions)
{
    return (struct decision *)(uintptr_t)actions;
}

/* Semantics S22: a child that nobody knows, or one that is to go and to come,
 * makes the whole decision bad. */
static void
add_at(struct decision *decision, size_t child, uint32_t what)
{
    const kd_view *view = decision->view;
    struct child *record;

    if (decision->finish || decision->fail || decision->status != KD_OK)
        return;
    if (child >= view->n_children) {
        decision->status = KD_EPLUGIN;
        snprintf(decision->text, sizeof(decision->text),
            "it names child %lu of %lu", (unsigned long)child,
            (unsigned long)view->n_children);
        return;
    }
    record = ks__child_of(view->children[child]);
    ks__decision_add(decision, record, what);
    if (decision->status != KD_OK)
        return;
    what = decision->items[record->item - 1].what;
    if ((what & DO_START) == 0 || (what & ~DO_START) == 0)
        return;
    decision->status = KD_EPLUGIN;
    snprintf(decision->text, sizeof(decision->text),
        "child %.100s is to start and to %s", record->pub.id,
        (what & DO_REMOVE) != 0 ? "go" : "stop");
}
