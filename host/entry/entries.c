/* SPDX-License-Identifier: MIT */
/*
 * Makes the set out of files and gives access to it.
 */

#include "entry/entries.h"

#include "base/error.h"
#include "base/memory.h"
#include "entry/carried.h"
#include "entry/check.h"
#include "entry/expand.h"
#include "entry/file.h"
#include "entry/find.h"
#include "entry/hint.h"
#include "entry/id.h"
#include "entry/set.h"
#include "entry/yaml.h"

#include <stdio.h>

static kd_status define(void *arg, const struct kd__definition *definition);
static kd_status settle_all(struct kd__entries *set);
static kd_status add(struct kd__entries *set, kd_entry *entry);
static kd_status check(struct kd__entries *set, kd_entry *entry);
static void check_host_id(struct kd__entries *set, const kd_entry *entry);
static void report_kind(struct kd__entries *set, const kd_entry *entry);

struct kd__entries *
kd__entries_new(void)
{
    struct kd__entries *set = kd__calloc(1, sizeof(*set));

    if (set == NULL)
        return NULL;
    kd__arena_init(&set->arena);
    kd__report_init(&set->report);
    kd__map_init(&set->ids);
    set->folder.fd = -1;
    return set;
}

void
kd__entries_free(struct kd__entries *set)
{
    if (set == NULL)
        return;
    kd__folder_close(&set->folder);
    kd__map_fini(&set->ids);
    kd__report_fini(&set->report);
    kd__arena_fini(&set->arena);
    kd__free(set->list);
    kd__free(set);
}

kd_status
kd__entries_read(struct kd__entries *set,
    const struct kd__entries_config *config, kd_error *err)
{
    const struct kd__file file = {
        &set->folder, &set->arena, &set->report, config->env, define, set};
    struct kd__find found = {NULL, 0};
    kd_status status;
    size_t i;

    set->config = *config;
    if (config->texts != NULL)
        status = kd__folder_set_texts(
            &set->folder, config->dir, config->texts, config->n_texts, err);
    else
        status = kd__folder_open(&set->folder, config->dir, &set->arena, err);
    if (status == KD_EINVAL)
        return status;
    if (status == KD_ESYSTEM) {
        kd__report_add(&set->report, KD_LOG_ERROR,
            &(struct kd__place){config->dir, NULL, 0, 0},
            "cannot open the folder: %s", err == NULL ? "" : err->text);
        return KD_OK;
    }
    if (status == KD_OK)
        status =
            kd__find_files(&set->folder, &set->arena, &set->report, &found);
    for (i = 0; i < found.count && status == KD_OK; i++)
        status = kd__file_read(&file, found.paths[i]);
    if (status == KD_OK)
        status = settle_all(set);
    kd__find_free(&found);
    kd__folder_close(&set->folder);
    kd__set_sort(set);
    return status == KD_OK ? KD_OK : kd__error_memory(err);
}

kd_status
kd__entries_add_host(
    struct kd__entries *set, const char *id, const kd_kind *kind, kd_error *err)
{
    static const char text[] = "lifecycle: {auto_start: true}";
    const size_t len =
        (kind->flags & KD_KIND_LIFECYCLE) != 0 ? strlen(text) : 0;
    const size_t head = strcspn(id, ":");
    struct kd__node *body = NULL;
    kd_entry *entry;
    kd_status status;

    if (kd__map_get(&set->ids, id, strlen(id)) != NULL)
        return kd__error(err, KD_EEXIST, "entry exists already: %s", id);
    entry = kd__arena_alloc(&set->arena, sizeof(*entry));
    if (entry == NULL || id[head] == '\0')
        return kd__error_memory(err);
    entry->id = kd__arena_copy(&set->arena, id, strlen(id));
    entry->namespace = kd__arena_copy(&set->arena, id, head);
    if (entry->id == NULL || entry->namespace == NULL)
        return kd__error_memory(err);
    entry->name = entry->id + head + 1;
    entry->kind = kind;
    entry->kind_id = kind->id;
    entry->base = "";
    entry->place.entry = entry->id;
    entry->kind_place.entry = entry->id;
    status = kd__yaml_parse(text, len, NULL, &set->arena, &set->report, &body);
    if (status == KD_OK && body != NULL) {
        body->node.type = KD_NODE_MAP;
        entry->body = body;
        status = add(set, entry);
    }
    if (status == KD_OK)
        status = check(set, entry);
    entry->auto_start = 1;
    kd__set_sort(set);
    return status == KD_OK ? KD_OK : kd__error_memory(err);
}

kd_status
kd__entries_resolve(struct kd__entries *set, kd_error *err)
{
    kd_status status = kd__refs_resolve(set);

    if (status == KD_OK)
        status = kd__host_rule_apply(set);
    if (status == KD_OK)
        status = kd__start_order(set);
    return status == KD_OK ? KD_OK : kd__error_memory(err);
}

const kd_entry *
kd__entries_find(const struct kd__entries *set, const char *id)
{
    const kd_entry *entry = kd__map_get(&set->ids, id, strlen(id));

    return entry == NULL || entry->is_left_out ? NULL : entry;
}

const kd_entry *
kd__entries_at(const struct kd__entries *set, size_t index)
{
    return index < set->count ? set->list[index] : NULL;
}

size_t
kd__entries_count(const struct kd__entries *set)
{
    return set->count;
}

const char *
kd__entries_folder(const struct kd__entries *set)
{
    return set->folder.real;
}

void
kd__entries_set_prepared(
    struct kd__entries *set, const kd_entry *entry, void *prepared)
{
    set->list[entry->index]->prepared = prepared;
}

const kd_entry *const *
kd__entries_order(const struct kd__entries *set, size_t *n)
{
    *n = set->n_order;
    return set->order;
}

void
kd__entries_report(struct kd__entries *set, uint32_t level,
    const kd_entry *entry, const kd_node *where, const char *file,
    uint32_t line, const char *text)
{
    struct kd__place place = {NULL, NULL, 0, 0};
    char shown[512];

    if (entry != NULL) {
        place = entry->place;
        set->list[entry->index]->is_broken |= level == KD_LOG_ERROR;
    }
    if (where != NULL && where->line > 0) {
        place.file = where->file;
        place.line = where->line;
        place.column = where->column;
    } else if (where == NULL && file != NULL) {
        place.file = kd__arena_copy(&set->arena, file, strlen(file));
        place.line = line;
        place.column = 0;
    }
    snprintf(shown, sizeof(shown), "%s", text);
    if (where != NULL)
        kd__expand_hide(
            set->config.env, kd__node_of(where), shown, sizeof(shown));
    kd__report_add(&set->report, level, &place, "%s", shown);
}

int
kd__entries_is_broken(const struct kd__entries *set, const kd_entry *entry)
{
    (void)set;
    return entry->is_broken != 0;
}

size_t
kd__entries_errors(const struct kd__entries *set)
{
    return set->report.errors;
}

void
kd__entries_flush(struct kd__entries *set)
{
    if (set->config.diagnostic != NULL)
        kd__report_flush(&set->report, set->config.diagnostic, set->config.arg);
}

static kd_status
define(void *arg, const struct kd__definition *definition)
{
    struct kd__entries *set = arg;
    kd_entry *entry = kd__arena_alloc(&set->arena, sizeof(*entry));
    const kd_entry *first;

    if (entry == NULL)
        return KD_ENOMEM;
    entry->id =
        kd__id_join(&set->arena, definition->namespace, definition->name);
    if (entry->id == NULL)
        return KD_ENOMEM;
    entry->namespace = definition->namespace;
    entry->name = definition->name;
    entry->kind_id = definition->kind;
    entry->base = definition->base;
    entry->body = definition->body;
    entry->place = definition->place;
    entry->place.entry = entry->id;
    entry->kind_place = definition->kind_place;
    entry->kind_place.entry = entry->id;
    if (set->last_defined == NULL)
        set->first_defined = entry;
    else
        set->last_defined->next = entry;
    set->last_defined = entry;
    first = kd__map_get(&set->ids, entry->id, strlen(entry->id));
    if (first == NULL && add(set, entry) != KD_OK)
        return KD_ENOMEM;
    if (first != NULL)
        kd__report_add(&set->report, KD_LOG_ERROR, &entry->place,
            "duplicate entry; it is defined at %s:%u:%u already",
            first->place.file, first->place.line, first->place.column);
    return KD_OK;
}

static int
is_plugin(const kd_entry *entry)
{
    return strcmp(entry->kind_id, KD__PLUGIN_KIND) == 0;
}

/* Give an entry its kind, and check it by that. */
static kd_status
settle(struct kd__entries *set, kd_entry *entry)
{
    entry->kind = set->config.find_kind(set->config.arg, entry->kind_id);
    entry->is_left_out = entry->kind == NULL;
    if (entry->kind != NULL)
        return check(set, entry);
    report_kind(set, entry);
    return KD_OK;
}

/* Plugins come first: what they bring may be what others are of (K11). */
static kd_status
settle_all(struct kd__entries *set)
{
    kd_status status = KD_OK;
    kd_entry *entry;

    for (entry = set->first_defined; entry != NULL && status == KD_OK;
         entry = entry->next) {
        if (!is_plugin(entry))
            continue;
        status = settle(set, entry);
        if (status == KD_OK && entry->kind != NULL && !entry->is_broken)
            status = kd__carried_load(set, entry);
    }
    for (entry = set->first_defined; entry != NULL && status == KD_OK;
         entry = entry->next) {
        if (!is_plugin(entry))
            status = settle(set, entry);
    }
    return status;
}

/* An unknown kind is an error, or by A10 a warning and no entry. */
static void
report_kind(struct kd__entries *set, const kd_entry *entry)
{
    struct kd__hint hint = {entry->kind_id, NULL, 0};
    const char *known;
    size_t i = 0;

    while (set->config.kind_at != NULL &&
           (known = set->config.kind_at(set->config.arg, i++)) != NULL)
        kd__hint_offer(&hint, known);
    if (set->config.ignore_unknown_kinds)
        kd__report_add(&set->report, KD_LOG_WARN, &entry->kind_place,
            "unknown kind %.100s; the entry is left out", entry->kind_id);
    else if (hint.nearest != NULL)
        kd__report_add(&set->report, KD_LOG_ERROR, &entry->kind_place,
            "unknown kind %.100s; did you mean %s?", entry->kind_id,
            hint.nearest);
    else
        kd__report_add(&set->report, KD_LOG_ERROR, &entry->kind_place,
            "unknown kind %.100s; `kindred kinds` lists those there are",
            entry->kind_id);
}

static kd_status
add(struct kd__entries *set, kd_entry *entry)
{
    size_t capacity = set->capacity == 0 ? 32 : set->capacity * 2;
    kd_entry **list;

    if (set->count == set->capacity) {
        list = kd__realloc(set->list, capacity * sizeof(*list));
        if (list == NULL)
            return KD_ENOMEM;
        set->list = list;
        set->capacity = capacity;
    }
    if (kd__map_set(&set->ids, entry->id, strlen(entry->id), entry) != KD_OK)
        return KD_ENOMEM;
    set->list[set->count++] = entry;
    entry->is_left_out = entry->kind == NULL;
    return KD_OK;
}

static kd_status
check(struct kd__entries *set, kd_entry *entry)
{
    struct kd__check state;
    kd_status status;
    size_t before;

    memset(&state, 0, sizeof(state));
    state.arena = &set->arena;
    state.report = &set->report;
    state.folder = &set->folder;
    state.env = set->config.env;
    state.entry = entry;
    before = set->report.errors;
    status = kd__check_entry(&state);
    check_host_id(set, entry);
    entry->is_broken |= set->report.errors > before;
    return status;
}

/* It is part of the pids there, whose texts are bounded. */
static void
check_host_id(struct kd__entries *set, const kd_entry *entry)
{
    size_t len = strlen(entry->id);

    if (kd__entry_class(entry) == KD_CLASS_HOST && len > KD__ID_HOST_MAX)
        kd__report_add(&set->report, KD_LOG_ERROR, &entry->place,
            "the id of a host can have at most %d bytes, not %zu",
            KD__ID_HOST_MAX, len);
}
