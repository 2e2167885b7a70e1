/* SPDX-License-Identifier: MIT */
/*
 * What starts with the application, and after what (semantics L3).
 *
 * A service's process is not started before it but by it. Such an entry is
 * walked through: what it refers to must run before the service does.
 */

#include "base/memory.h"
#include "entry/common.h"
#include "entry/order.h"
#include "entry/set.h"

#include <stdio.h>

/* Things that are visited once each in a walk, and who was met. */
struct walk {
    struct kd__entries *set;
    kd_entry *from;
    kd_entry **todo;
    const kd_entry **needs;
    size_t n_todo;
    size_t n_needs;
    size_t mark;
};

static kd_status report_cycles(struct kd__entries *set);
static void yield_to_services(struct kd__entries *set);
static kd_status find_needs(struct kd__entries *set);
static kd_status sort(struct kd__entries *set, int is_silent);

kd_status
kd__start_order(struct kd__entries *set)
{
    const size_t before = set->report.errors;
    kd_status status = report_cycles(set);
    const int has_cycle = set->report.errors > before;

    yield_to_services(set);
    if (status == KD_OK)
        status = find_needs(set);
    return status == KD_OK ? sort(set, has_cycle) : status;
}

static void
report_cycle(void *arg, const size_t *things, size_t n)
{
    struct kd__entries *set = arg;
    kd_entry *head = set->list[things[0]];
    const kd_entry *next = set->list[things[n > 1 ? 1 : 0]];
    const struct kd__ref *ref = head->refs;
    char text[400];
    size_t len = 0;
    size_t i;

    while (ref != NULL && ref->target != next)
        ref = ref->next;
    for (i = 0; i < n && len < sizeof(text); i++)
        len += (size_t)snprintf(
            text + len, sizeof(text) - len, "%s -> ", set->list[things[i]]->id);
    head->is_broken = 1;
    /* A service that is needed for what it starts is not referred to. */
    if (ref == NULL)
        kd__report_add(&set->report, KD_LOG_ERROR, &head->place,
            "these need each other in a cycle: %.399s%s", text, head->id);
    else
        kd__set_report(set, KD_LOG_ERROR, head, ref,
            "these need each other in a cycle: %.399s%s", text, head->id);
}

/* Every reference counts here, also of what does not start by itself. */
static kd_status
report_cycles(struct kd__entries *set)
{
    struct kd__order_graph graph = {set->count, NULL, NULL};
    size_t *first = NULL, *to = NULL, *out = NULL;
    const struct kd__ref *ref;
    kd_status status = KD_ENOMEM;
    size_t n = 0;
    size_t i;

    for (i = 0; i < set->count; i++) {
        for (ref = set->list[i]->refs; ref != NULL; ref = ref->next)
            n++;
    }
    first = kd__calloc(set->count + 1, sizeof(*first));
    to = kd__calloc(n + 1, sizeof(*to));
    out = kd__calloc(set->count + 1, sizeof(*out));
    if (first == NULL || to == NULL || out == NULL)
        goto out;
    for (n = 0, i = 0; i < set->count; i++) {
        first[i] = n;
        for (ref = set->list[i]->refs; ref != NULL; ref = ref->next) {
            if (ref->target != NULL && !ref->target->is_left_out)
                to[n++] = ref->target->index;
        }
    }
    first[i] = n;
    graph.first = first;
    graph.to = to;
    status = kd__order_sort(&graph, out, report_cycle, set);
out:
    kd__free(first);
    kd__free(to);
    kd__free(out);
    return status;
}

/* Semantics K5: what a service names is started by it alone. */
static void
yield_to_services(struct kd__entries *set)
{
    const struct kd__ref *ref;
    size_t i;

    for (i = 0; i < set->count; i++) {
        const kd_entry *entry = set->list[i];

        if (!entry->auto_start || strcmp(entry->kind_id, "process.service"))
            continue;
        for (ref = entry->refs; ref != NULL; ref = ref->next) {
            if (strcmp(ref->path, "process") != 0 || ref->target == NULL ||
                !ref->target->auto_start)
                continue;
            ref->target->auto_start = 0;
            kd__set_report(set, KD_LOG_WARN, entry, ref,
                "%s has auto_start too; only this service starts it",
                ref->target->id);
        }
    }
}

static int
is_requirement(const struct kd__ref *ref)
{
    return ref->option == &kd__common_requirement;
}

static void
add_need(struct walk *walk, kd_entry *target)
{
    if (target->mark == walk->mark || target == walk->from)
        return;
    target->mark = walk->mark;
    walk->needs[walk->n_needs++] = target;
}

static void
report_unstarted(
    struct walk *walk, const kd_entry *owner, const struct kd__ref *ref)
{
    const char *target = ref->target->id;

    if (owner == walk->from)
        kd__set_report(walk->set, KD_LOG_ERROR, owner, ref,
            "nothing starts %s, and %s needs it; set lifecycle.auto_start: "
            "true there",
            target, owner->id);
    else
        kd__set_report(walk->set, KD_LOG_ERROR, owner, ref,
            "nothing starts %s, and %s, which %s starts, needs it; set "
            "lifecycle.auto_start: true there",
            target, owner->id, walk->from->id);
}

/* One reference of the entry itself, or of what it starts. */
static void
follow(struct walk *walk, kd_entry *owner, const struct kd__ref *ref)
{
    kd_entry *target = ref->target;

    if (target == NULL || target->is_left_out)
        return;
    if (target->auto_start) {
        add_need(walk, target);
        return;
    }
    if (ref->option->classes == KD_CLASS_HOST) {
        report_unstarted(walk, owner, ref);
        return;
    }
    if (is_requirement(ref) || target->mark == walk->mark)
        return;
    target->mark = walk->mark;
    if (ref->option->classes == KD_CLASS_WORKER && target->starter == NULL)
        target->starter = walk->from;
    walk->todo[walk->n_todo++] = target;
}

static void
walk_from(struct walk *walk, kd_entry *from)
{
    const struct kd__ref *ref;

    walk->from = from;
    walk->mark++;
    walk->n_todo = 0;
    walk->n_needs = 0;
    from->mark = walk->mark;
    walk->todo[walk->n_todo++] = from;
    while (walk->n_todo > 0) {
        kd_entry *entry = walk->todo[--walk->n_todo];

        for (ref = entry->refs; ref != NULL; ref = ref->next) {
            if (entry == from || !is_requirement(ref))
                follow(walk, entry, ref);
        }
    }
}

/* A requirement may be what a service starts: then the service is needed. */
static void
follow_requirements(struct walk *walk, kd_entry *from)
{
    const struct kd__ref *ref;

    for (ref = from->refs; ref != NULL; ref = ref->next) {
        kd_entry *target = ref->target;

        if (!is_requirement(ref) || target == NULL || target->auto_start)
            continue;
        if (target->starter != NULL)
            add_need(walk, target->starter);
        else
            report_unstarted(walk, from, ref);
    }
}

static kd_status
keep_needs(struct walk *walk)
{
    kd_entry *from = walk->from;
    size_t old = from->n_needs * sizeof(*from->needs);
    size_t more = walk->n_needs * sizeof(*from->needs);

    const kd_entry **needs;

    if (more == 0)
        return KD_OK;
    needs = kd__arena_alloc(&walk->set->arena, old + more);
    if (needs == NULL)
        return KD_ENOMEM;
    if (old > 0)
        memcpy(needs, from->needs, old);
    memcpy(needs + from->n_needs, walk->needs, more);
    from->needs = needs;
    from->n_needs += walk->n_needs;
    return KD_OK;
}

/* In two rounds: who starts whom is known only after the first. */
static kd_status
walk_all(struct walk *walk)
{
    kd_status status = KD_OK;
    size_t i, j;

    for (i = 0; i < walk->set->count && status == KD_OK; i++) {
        if (!walk->set->list[i]->auto_start)
            continue;
        walk_from(walk, walk->set->list[i]);
        status = keep_needs(walk);
    }
    for (i = 0; i < walk->set->count && status == KD_OK; i++) {
        kd_entry *from = walk->set->list[i];

        if (!from->auto_start)
            continue;
        walk->from = from;
        walk->mark++;
        walk->n_needs = 0;
        for (j = 0; j < from->n_needs; j++)
            walk->set->list[from->needs[j]->index]->mark = walk->mark;
        follow_requirements(walk, from);
        status = keep_needs(walk);
    }
    return status;
}

static kd_status
find_needs(struct kd__entries *set)
{
    struct walk walk = {set, NULL, NULL, NULL, 0, 0, 0};
    kd_status status = KD_ENOMEM;

    walk.todo = kd__calloc(set->count + 1, sizeof(*walk.todo));
    walk.needs = kd__calloc(set->count + 1, sizeof(*walk.needs));
    if (walk.todo != NULL && walk.needs != NULL)
        status = walk_all(&walk);
    kd__free(walk.todo);
    kd__free(walk.needs);
    return status;
}

/* Silent when cycles were told already: they would be told again. */
static kd_status
sort(struct kd__entries *set, int is_silent)
{
    struct kd__order_graph graph = {set->count, NULL, NULL};
    size_t *room, *first, *to, *out;
    kd_status status;
    size_t n = 0;
    size_t i, j;

    for (i = 0; i < set->count; i++)
        n += set->list[i]->n_needs;
    set->order =
        kd__arena_alloc(&set->arena, (set->count + 1) * sizeof(*set->order));
    room = kd__calloc(set->count * 2 + n + 1, sizeof(*room));
    if (set->order == NULL || room == NULL) {
        kd__free(room);
        return KD_ENOMEM;
    }
    first = room;
    to = first + set->count + 1;
    out = to + n;
    for (n = 0, i = 0; i < set->count; i++) {
        first[i] = n;
        for (j = 0; j < set->list[i]->n_needs; j++)
            to[n++] = set->list[i]->needs[j]->index;
    }
    first[i] = n;
    graph.first = first;
    graph.to = to;
    status = kd__order_sort(&graph, out, is_silent ? NULL : report_cycle, set);
    for (i = 0; i < set->count && status == KD_OK; i++) {
        if (set->list[out[i]]->auto_start)
            set->order[set->n_order++] = set->list[out[i]];
    }
    kd__free(room);
    return status;
}
