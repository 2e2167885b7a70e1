/* SPDX-License-Identifier: MIT */
/*
 * Which host runs an entry that names none (semantics K3): the only one, or
 * the only one of the nearest namespace that has any. Workers that start by
 * themselves and whose kind cannot be told a host are given theirs here, too.
 */

#include "entry/set.h"
#include "entry/table.h"

#include <stdio.h>

/* Hosts of one namespace, or of all. */
struct found {
    kd_entry *first;
    size_t count;
};

/* As if the kind had it. */
static const kd_option own_option = {
    .size = sizeof(kd_option),
    .type = KD_OPTION_ENTRY,
    .classes = KD_CLASS_HOST,
    .name = "host",
};

static const kd_option *wanted(const kd_entry *entry);
static int names_host(const kd_kind *kind);
static struct found find_in(
    const struct kd__entries *set, const char *namespace, size_t len);
static struct found find_nearest(
    const struct kd__entries *set, const kd_entry *entry);
static void report_none(
    struct kd__entries *set, const kd_entry *entry, struct found found);
static void report_candidates(
    struct kd__entries *set, const kd_entry *entry, const char *list);
static kd_status give(struct kd__entries *set, kd_entry *entry, kd_entry *host);

kd_status
kd__host_rule_apply(struct kd__entries *set)
{
    const struct found all = find_in(set, NULL, 0);
    kd_status status = KD_OK;
    size_t i;

    for (i = 0; i < set->count && status == KD_OK; i++) {
        kd_entry *entry = set->list[i];
        struct found found = all;

        if (wanted(entry) == NULL)
            continue;
        if (all.count > 1)
            found = find_nearest(set, entry);
        if (found.count == 1)
            status = give(set, entry, found.first);
        else
            report_none(set, entry, found);
    }
    return status;
}

/* The option that the rule stands in for, or NULL. */
static const kd_option *
wanted(const kd_entry *entry)
{
    if (!entry->auto_start)
        return NULL;
    if (entry->host_option != NULL)
        return entry->host_option;
    if (kd__entry_class(entry) != KD_CLASS_WORKER || names_host(entry->kind))
        return NULL;
    return &own_option;
}

/* Whether entries of a kind can name a host themselves. */
static int
names_host(const kd_kind *kind)
{
    const struct kd__table table = {kind->options, kind->n_options};

    for (size_t i = 0; i < table.n; i++) {
        const kd_option *option = kd__table_at(&table, i);

        if (option->type == KD_OPTION_ENTRY && option->classes == KD_CLASS_HOST)
            return 1;
    }
    return 0;
}

/* `namespace` NULL: whichever they are in. */
static struct found
find_in(const struct kd__entries *set, const char *namespace, size_t len)
{
    struct found found = {NULL, 0};
    size_t i;

    for (i = 0; i < set->count; i++) {
        kd_entry *entry = set->list[i];

        if (kd__entry_class(entry) != KD_CLASS_HOST)
            continue;
        if (namespace != NULL &&
            (strlen(entry->namespace) != len ||
                memcmp(entry->namespace, namespace, len) != 0))
            continue;
        if (found.count++ == 0)
            found.first = entry;
    }
    return found;
}

static struct found
find_nearest(const struct kd__entries *set, const kd_entry *entry)
{
    size_t len = strlen(entry->namespace);

    for (;;) {
        struct found found = find_in(set, entry->namespace, len);

        if (found.count > 0)
            return found;
        while (len > 0 && entry->namespace[len - 1] != '.')
            len--;
        if (len == 0)
            return found;
        len--;
    }
}

static void
report_none(struct kd__entries *set, const kd_entry *entry, struct found found)
{
    char list[300] = "";
    size_t len = 0;
    size_t i;

    set->list[entry->index]->is_broken = 1;
    for (i = 0; i < set->count && len < sizeof(list); i++) {
        const kd_entry *host = set->list[i];

        if (kd__entry_class(host) != KD_CLASS_HOST)
            continue;
        if (found.first != NULL &&
            strcmp(host->namespace, found.first->namespace) != 0)
            continue;
        len += (size_t)snprintf(list + len, sizeof(list) - len, "%s%.100s",
            len == 0 ? "" : ", ", host->id);
    }
    report_candidates(set, entry, list);
}

static void
report_candidates(
    struct kd__entries *set, const kd_entry *entry, const char *list)
{
    const kd_option *option = wanted(entry);

    if (*list == '\0')
        kd__report_add(&set->report, KD_LOG_ERROR, &entry->place,
            "%s: the application has no host to run it; define an entry of "
            "kind process.host",
            option->name);
    else if (option != &own_option)
        kd__report_add(&set->report, KD_LOG_ERROR, &entry->place,
            "%s: ambiguous host; name one of %s", option->name, list);
    else
        kd__report_add(&set->report, KD_LOG_ERROR, &entry->place,
            "ambiguous host, and kind %s has no option for one; have it "
            "started by a process.service that names one of %s",
            entry->kind_id, list);
}

static kd_status
give(struct kd__entries *set, kd_entry *entry, kd_entry *host)
{
    const kd_option *option = wanted(entry);
    struct kd__node *node = kd__node_new(&set->arena, KD_NODE_STRING);
    struct kd__ref *ref = kd__arena_alloc(&set->arena, sizeof(*ref));

    if (node == NULL || ref == NULL)
        return KD_ENOMEM;
    node->node.text = host->id;
    node->node.len = strlen(host->id);
    node->node.entry = host;
    kd__node_set_key(node, option->name, 0, 0);
    /* Where there is an option the kind need not know of the rule. */
    if (option != &own_option)
        kd__node_append(entry->tree, node);
    entry->host = host;
    ref->node = node;
    ref->option = option;
    ref->path = option->name;
    ref->target = host;
    ref->next = entry->refs;
    entry->refs = ref;
    return KD_OK;
}
