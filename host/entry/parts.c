/* SPDX-License-Identifier: MIT */
/*
 * Options with parts. Neither YAML nor a kind's table is nested deeper than
 * 64, so recursion ends.
 */

#include "entry/parts.h"

#include "entry/default.h"
#include "entry/hint.h"

#include <stdio.h>

#define KNOWN_SHOWN 200

struct kd__node *
kd__parts_list(struct kd__check *check, const kd_option *option,
    const struct kd__node *raw)
{
    struct kd__node *list;
    const kd_node *item;
    size_t i = 0;

    if (raw->node.type != KD_NODE_LIST)
        return kd__check_expect(check, raw, "a list");
    list = kd__check_node(check, raw, KD_NODE_LIST);
    for (item = raw->node.child; item != NULL && list != NULL; i++) {
        struct kd__node *value;
        char name[32];
        size_t back;

        snprintf(name, sizeof(name), "[%zu]", i);
        back = kd__check_enter(check, name);
        value = kd__check_value(check, option->item, kd__node_of(item));
        if (value != NULL)
            kd__node_append(list, value);
        kd__check_leave(check, back);
        item = item->next;
    }
    return list;
}

struct kd__node *
kd__parts_map(struct kd__check *check, const kd_option *option,
    const struct kd__node *raw)
{
    struct kd__node *map;
    const kd_node *item;

    if (raw->node.type != KD_NODE_MAP)
        return kd__check_expect(check, raw, "a mapping");
    map = kd__check_node(check, raw, KD_NODE_MAP);
    for (item = raw->node.child; item != NULL && map != NULL;
         item = item->next) {
        size_t back = kd__check_enter(check, item->key);
        struct kd__node *value =
            kd__check_value(check, option->item, kd__node_of(item));

        if (value != NULL)
            kd__node_append(map, value);
        kd__check_leave(check, back);
    }
    return map;
}

struct kd__node *
kd__parts_group(struct kd__check *check, const kd_option *option,
    const struct kd__node *raw)
{
    const struct kd__table table = {option->fields, option->n_fields};
    struct kd__node *map;

    if (raw->node.type != KD_NODE_MAP)
        return kd__check_expect(check, raw, "a mapping");
    map = kd__check_node(check, raw, KD_NODE_MAP);
    if (map != NULL)
        kd__parts_tables(check, &table, 1, raw, map);
    return map;
}

static const kd_option *
find_option(const struct kd__table *tables, size_t n, const char *name)
{
    size_t i, j;

    for (i = 0; i < n; i++) {
        for (j = 0; j < tables[i].n; j++) {
            if (strcmp(kd__table_at(&tables[i], j)->name, name) == 0)
                return kd__table_at(&tables[i], j);
        }
    }
    return NULL;
}

static void
report_unknown(struct kd__check *check, const struct kd__table *tables,
    size_t n, const struct kd__node *raw)
{
    struct kd__hint hint = {raw->node.key, NULL, 0};
    struct kd__place place = check->entry->place;
    const char *own = check->in_default > 0 ? " (the kind's own default)" : "";
    char known[KNOWN_SHOWN] = "none";
    size_t len = 0;
    size_t i, j;

    for (i = 0; i < n; i++) {
        for (j = 0; j < tables[i].n; j++) {
            const char *name = kd__table_at(&tables[i], j)->name;

            kd__hint_offer(&hint, name);
            if (len < sizeof(known))
                len += (size_t)snprintf(known + len, sizeof(known) - len,
                    "%s%.60s", len > 0 ? ", " : "", name);
        }
    }
    if (check->in_default == 0) {
        place.line = raw->key_line;
        place.column = raw->key_column;
        place.file = raw->node.file;
    }
    if (hint.nearest != NULL)
        kd__report_add(check->report, KD_LOG_ERROR, &place,
            "unknown option %s; did you mean %s?%s", check->path, hint.nearest,
            own);
    else
        kd__report_add(check->report, KD_LOG_ERROR, &place,
            "unknown option %s; known here: %s%s", check->path, known, own);
}

static void
report_ignored(struct kd__check *check, const struct kd__node *raw)
{
    const struct kd__place place = {
        raw->node.file, check->entry->id, raw->key_line, raw->key_column};

    kd__report_add(check->report, KD_LOG_INFO, &place,
        "option %s is accepted and has no effect", check->path);
}

static void
check_table(struct kd__check *check, const struct kd__table *table,
    const struct kd__node *raw, struct kd__node *map)
{
    size_t i;

    for (i = 0; i < table->n; i++) {
        const kd_option *option = kd__table_at(table, i);
        const struct kd__node *item = kd__node_get(raw, option->name);
        size_t back = kd__check_enter(check, option->name);
        struct kd__node *value = item == NULL
                                     ? kd__default_value(check, option, map)
                                     : kd__check_value(check, option, item);

        if (item != NULL && (option->flags & KD_OPTION_IGNORED) != 0)
            report_ignored(check, item);
        kd__check_leave(check, back);
        if (value == NULL)
            continue;
        kd__node_set_key(
            value, option->name, value->key_line, value->key_column);
        kd__node_append(map, value);
    }
}

/* At the top, kinds that are open keep whatever is written. */
static int
takes_all(const struct kd__check *check)
{
    return check->path_len == 0 &&
           (check->entry->kind->flags & KD_KIND_OPEN) != 0;
}

static void
check_further(struct kd__check *check, const struct kd__table *tables, size_t n,
    const struct kd__node *raw, struct kd__node *map)
{
    const int is_taken = takes_all(check);
    size_t back = kd__check_enter(check, raw->node.key);
    struct kd__node *value = NULL;

    if (is_taken)
        value = kd__value_any(check, NULL, raw);
    else
        report_unknown(check, tables, n, raw);
    kd__check_leave(check, back);
    if (value != NULL)
        kd__node_append(map, value);
}

void
kd__parts_tables(struct kd__check *check, const struct kd__table *tables,
    size_t n, const struct kd__node *raw, struct kd__node *map)
{
    const kd_node *item;
    size_t i;

    for (i = 0; i < n; i++)
        check_table(check, &tables[i], raw, map);
    for (item = raw->node.child; item != NULL; item = item->next) {
        if (find_option(tables, n, item->key) == NULL)
            check_further(check, tables, n, kd__node_of(item), map);
    }
}
