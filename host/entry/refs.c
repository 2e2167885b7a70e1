/* SPDX-License-Identifier: MIT */
/*
 * Who refers to whom, and whether the one fits the other.
 */

#include "entry/hint.h"
#include "entry/set.h"

#include <stdio.h>

static void resolve(
    struct kd__entries *set, kd_entry *entry, struct kd__ref *ref);
static int leave_out(struct kd__entries *set, kd_entry *entry);
static void remove_left_out(struct kd__entries *set);

kd_status
kd__refs_resolve(struct kd__entries *set)
{
    struct kd__ref *ref;
    int is_changed = 1;
    size_t i;

    for (i = 0; i < set->count; i++) {
        for (ref = set->list[i]->refs; ref != NULL; ref = ref->next)
            resolve(set, set->list[i], ref);
    }
    while (is_changed) {
        is_changed = 0;
        for (i = 0; i < set->count; i++)
            is_changed |= leave_out(set, set->list[i]);
    }
    remove_left_out(set);
    return KD_OK;
}

static int
is_host(const struct kd__ref *ref)
{
    return ref->option->classes == KD_CLASS_HOST;
}

/* Where nothing but a worker will do, it is meant to be spawned. */
static int
fits(const struct kd__ref *ref, const kd_entry *target)
{
    if (ref->option->classes == KD_CLASS_WORKER)
        return kd__entry_is_process(target);
    return (ref->option->classes & kd__entry_class(target)) != 0;
}

static void
report_absent(
    struct kd__entries *set, const kd_entry *entry, const struct kd__ref *ref)
{
    const char *what = is_host(ref) ? "host" : "entry";
    struct kd__hint hint = {ref->node->node.text, NULL, 0};
    size_t i;

    for (i = 0; i < set->count; i++)
        kd__hint_offer(&hint, set->list[i]->id);
    if (hint.nearest == NULL)
        kd__set_report(set, KD_LOG_ERROR, entry, ref, "%s not found: %.150s",
            what, ref->node->node.text);
    else
        kd__set_report(set, KD_LOG_ERROR, entry, ref,
            "%s not found: %.150s; did you mean %s?", what,
            ref->node->node.text, hint.nearest);
}

/* "worker, host or data entry" from bits of classes. */
static void
describe_classes(uint32_t classes, char *out, size_t size)
{
    static const struct {
        uint32_t bit;
        const char *word;
    } words[] = {
        {KD_CLASS_WORKER, "worker"},
        {KD_CLASS_HOST, "host"},
        {KD_CLASS_POLICY, "policy"},
        {KD_CLASS_RESOURCE, "resource"},
        {KD_CLASS_DATA, "data"},
    };
    size_t len = 0;
    size_t i;

    for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if ((classes & words[i].bit) == 0)
            continue;
        classes &= ~words[i].bit;
        len += (size_t)snprintf(out + len, size - len, "%s%s",
            len == 0 ? "" : (classes == 0 ? " or " : ", "), words[i].word);
    }
}

static void
report_unfit(struct kd__entries *set, const kd_entry *entry,
    const struct kd__ref *ref, const kd_entry *target)
{
    const uint32_t classes = ref->option->classes;
    char words[80] = "";

    if (classes == KD_CLASS_HOST || classes == KD_CLASS_WORKER) {
        kd__set_report(set, KD_LOG_ERROR, entry, ref, "not a %s: %s (%s)",
            is_host(ref) ? "host" : "process", target->id, target->kind_id);
        return;
    }
    describe_classes(classes, words, sizeof(words));
    kd__set_report(set, KD_LOG_ERROR, entry, ref,
        "unfit entry: %s (%s); wanted is a %s entry", target->id,
        target->kind_id, words);
}

static void
resolve(struct kd__entries *set, kd_entry *entry, struct kd__ref *ref)
{
    const char *id = ref->node->node.text;
    kd_entry *target = kd__map_get(&set->ids, id, strlen(id));

    if (target == NULL) {
        report_absent(set, entry, ref);
        return;
    }
    if (target->kind != NULL && !fits(ref, target)) {
        report_unfit(set, entry, ref, target);
        return;
    }
    ref->target = target;
    ref->node->node.entry = target;
    if (is_host(ref) && strchr(ref->path, '.') == NULL && entry->host == NULL)
        entry->host = target;
}

/* Whether the entry is to be left out from now on. */
static int
leave_out(struct kd__entries *set, kd_entry *entry)
{
    const struct kd__ref *ref;

    if (entry->is_left_out)
        return 0;
    for (ref = entry->refs; ref != NULL; ref = ref->next) {
        if (ref->target == NULL || !ref->target->is_left_out)
            continue;
        entry->is_left_out = 1;
        if (set->config.ignore_unknown_kinds)
            kd__set_report(set, KD_LOG_WARN, entry, ref,
                "%s is left out, and so is this entry", ref->target->id);
        return 1;
    }
    return 0;
}

/* From here on they do not exist, but for whoever asks for an id again. */
static void
remove_left_out(struct kd__entries *set)
{
    size_t kept = 0;
    size_t i;

    for (i = 0; i < set->count; i++) {
        if (!set->list[i]->is_left_out)
            set->list[kept++] = set->list[i];
    }
    set->count = kept;
    kd__set_sort(set);
}
