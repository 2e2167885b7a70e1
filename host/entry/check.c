/* SPDX-License-Identifier: MIT */
/*
 * Options with parts: groups, lists, maps, and the entry as a whole.
 *
 * Neither YAML nor a kind's table is nested deeper than 64, so recursion ends.
 */

#include "entry/check.h"

#include "entry/common.h"
#include "entry/hint.h"
#include "entry/value.h"
#include "entry/yaml.h"

#include <stdarg.h>
#include <stdio.h>

#define KNOWN_SHOWN 200

/* A table of options; several make up what an entry may have. */
struct table {
    const kd_option *options;
    size_t n;
};

static kd__value_check check_list, check_map, check_group;
static void check_tables(struct kd__check *check, const struct table *tables,
    size_t n, const struct kd__node *raw, struct kd__node *map);
static struct kd__node *check_absent(struct kd__check *check,
    const kd_option *option, const struct kd__node *owner);
static void find_host(struct kd__check *check);

static kd__value_check *const checks[] = {
    [KD_OPTION_BOOL] = kd__value_bool,
    [KD_OPTION_INT] = kd__value_int,
    [KD_OPTION_FLOAT] = kd__value_float,
    [KD_OPTION_STRING] = kd__value_string,
    [KD_OPTION_DURATION] = kd__value_duration,
    [KD_OPTION_SIZE] = kd__value_size,
    [KD_OPTION_CHOICE] = kd__value_choice,
    [KD_OPTION_SOURCE] = kd__value_source,
    [KD_OPTION_ENTRY] = kd__value_entry,
    [KD_OPTION_LIST] = check_list,
    [KD_OPTION_MAP] = check_map,
    [KD_OPTION_GROUP] = check_group,
    [KD_OPTION_ANY] = kd__value_any,
};

kd_status
kd__check_entry(struct kd__check *check)
{
    kd_entry *entry = check->entry;
    const kd_kind *kind = entry->kind;
    struct table tables[4];
    size_t n = 0;
    const kd_node *auto_start;

    check->status = KD_OK;
    check->in_default = 0;
    check->path_len = 0;
    check->path[0] = '\0';
    tables[n++] = (struct table){kind->options, kind->n_options};
    tables[n++] = (struct table){&kd__common_meta, 1};
    if ((kind->flags & KD_KIND_LIFECYCLE) != 0)
        tables[n++] = (struct table){&kd__common_lifecycle, 1};
    if ((kind->flags & KD_KIND_LIMITS) != 0)
        tables[n++] = (struct table){&kd__common_limits, 1};
    entry->tree = kd__check_node(check, entry->body, KD_NODE_MAP);
    if (entry->tree != NULL)
        check_tables(check, tables, n, entry->body, entry->tree);
    auto_start = kd__entry_get(entry, "lifecycle.auto_start");
    entry->auto_start = auto_start != NULL && auto_start->integer != 0;
    find_host(check);
    return check->status;
}

struct kd__node *
kd__check_value(struct kd__check *check, const kd_option *option,
    const struct kd__node *raw)
{
    return checks[option->type](check, option, raw);
}

void
kd__check_report(struct kd__check *check, const struct kd__node *raw,
    const char *format, ...)
{
    const kd_entry *entry = check->entry;
    struct kd__place place = entry->place;
    char text[512];
    va_list args;

    va_start(args, format);
    if (vsnprintf(text, sizeof(text), format, args) < 0)
        text[0] = '\0';
    va_end(args);
    if (check->in_default == 0) {
        place.file = raw->node.file;
        place.line = raw->node.line;
        place.column = raw->node.column;
    }
    kd__report_add(check->report, KD_LOG_ERROR, &place, "%s%s%s",
        check->path_len > 0 ? check->path : "entry", text,
        check->in_default > 0 ? " (the kind's own default)" : "");
}

struct kd__node *
kd__check_expect(
    struct kd__check *check, const struct kd__node *raw, const char *wanted)
{
    char words[KD__NODE_WORDS];

    kd__check_report(check, raw, " must be %s, not %s", wanted,
        kd__node_describe(&raw->node, words));
    return NULL;
}

struct kd__node *
kd__check_node(
    struct kd__check *check, const struct kd__node *raw, uint32_t type)
{
    struct kd__node *node = kd__node_new(check->arena, type);

    if (node == NULL) {
        check->status = KD_ENOMEM;
        return NULL;
    }
    node->node.file = raw->node.file;
    if (check->in_default == 0) {
        node->node.line = raw->node.line;
        node->node.column = raw->node.column;
    }
    kd__node_set_key(node, raw->node.key, raw->key_line, raw->key_column);
    return node;
}

/* Go down to a part of what is looked at. Returns the way back. */
static size_t
enter(struct kd__check *check, const char *name)
{
    const size_t back = check->path_len;
    const size_t room = sizeof(check->path) - back;
    int n = snprintf(check->path + back, room, "%s%.80s",
        back > 0 && name[0] != '[' ? "." : "", name);

    if (n > 0)
        check->path_len += (size_t)n < room ? (size_t)n : room - 1;
    return back;
}

static void
leave(struct kd__check *check, size_t back)
{
    check->path_len = back;
    check->path[back] = '\0';
}

static struct kd__node *
check_list(struct kd__check *check, const kd_option *option,
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
        back = enter(check, name);
        value = kd__check_value(check, option->item, kd__node_of(item));
        if (value != NULL)
            kd__node_append(list, value);
        leave(check, back);
        item = item->next;
    }
    return list;
}

static struct kd__node *
check_map(struct kd__check *check, const kd_option *option,
    const struct kd__node *raw)
{
    struct kd__node *map;
    const kd_node *item;

    if (raw->node.type != KD_NODE_MAP)
        return kd__check_expect(check, raw, "a mapping");
    map = kd__check_node(check, raw, KD_NODE_MAP);
    for (item = raw->node.child; item != NULL && map != NULL;
         item = item->next) {
        size_t back = enter(check, item->key);
        struct kd__node *value =
            kd__check_value(check, option->item, kd__node_of(item));

        if (value != NULL)
            kd__node_append(map, value);
        leave(check, back);
    }
    return map;
}

static struct kd__node *
check_group(struct kd__check *check, const kd_option *option,
    const struct kd__node *raw)
{
    const struct table table = {option->fields, option->n_fields};
    struct kd__node *map;

    if (raw->node.type != KD_NODE_MAP)
        return kd__check_expect(check, raw, "a mapping");
    map = kd__check_node(check, raw, KD_NODE_MAP);
    if (map != NULL)
        check_tables(check, &table, 1, raw, map);
    return map;
}

/* Elements lie as far apart as the first says: a newer one may be larger. */
static const kd_option *
option_at(const struct table *table, size_t i)
{
    const char *base = (const char *)table->options;

    return (const kd_option *)(const void *)(base + i * table->options->size);
}

static const kd_option *
find_option(const struct table *tables, size_t n, const char *name)
{
    size_t i, j;

    for (i = 0; i < n; i++) {
        for (j = 0; j < tables[i].n; j++) {
            if (strcmp(option_at(&tables[i], j)->name, name) == 0)
                return option_at(&tables[i], j);
        }
    }
    return NULL;
}

static void
report_unknown(struct kd__check *check, const struct table *tables, size_t n,
    const struct kd__node *raw)
{
    struct kd__hint hint = {raw->node.key, NULL, 0};
    struct kd__place place = check->entry->place;
    char known[KNOWN_SHOWN] = "none";
    size_t len = 0;
    size_t i, j;

    for (i = 0; i < n; i++) {
        for (j = 0; j < tables[i].n; j++) {
            const char *name = option_at(&tables[i], j)->name;

            kd__hint_offer(&hint, name);
            if (len < sizeof(known))
                len += (size_t)snprintf(known + len, sizeof(known) - len,
                    "%s%.60s", len > 0 ? ", " : "", name);
        }
    }
    place.line = raw->key_line;
    place.column = raw->key_column;
    place.file = raw->node.file;
    if (hint.nearest != NULL)
        kd__report_add(check->report, KD_LOG_ERROR, &place,
            "unknown option %s; did you mean %s?", check->path, hint.nearest);
    else
        kd__report_add(check->report, KD_LOG_ERROR, &place,
            "unknown option %s; known here: %s", check->path, known);
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
check_table(struct kd__check *check, const struct table *table,
    const struct kd__node *raw, struct kd__node *map)
{
    size_t i;

    for (i = 0; i < table->n; i++) {
        const kd_option *option = option_at(table, i);
        const struct kd__node *item = kd__node_get(raw, option->name);
        size_t back = enter(check, option->name);
        struct kd__node *value = item == NULL
                                     ? check_absent(check, option, map)
                                     : kd__check_value(check, option, item);

        if (item != NULL && (option->flags & KD_OPTION_IGNORED) != 0)
            report_ignored(check, item);
        leave(check, back);
        if (value == NULL)
            continue;
        kd__node_set_key(
            value, option->name, value->key_line, value->key_column);
        kd__node_append(map, value);
    }
}

/* Kinds of data that declare nothing keep whatever is written. */
static int
takes_all(const struct kd__check *check)
{
    const kd_kind *kind = check->entry->kind;

    return check->path_len == 0 && kind->cls == KD_CLASS_DATA &&
           kind->n_options == 0;
}

static void
check_further(struct kd__check *check, const struct table *tables, size_t n,
    const struct kd__node *raw, struct kd__node *map)
{
    const int is_taken = takes_all(check);
    size_t back = enter(check, raw->node.key);
    struct kd__node *value = NULL;

    if (is_taken)
        value = kd__value_any(check, NULL, raw);
    else
        report_unknown(check, tables, n, raw);
    leave(check, back);
    if (value != NULL)
        kd__node_append(map, value);
}

static void
check_tables(struct kd__check *check, const struct table *tables, size_t n,
    const struct kd__node *raw, struct kd__node *map)
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

static int
has_required(const kd_option *option)
{
    const struct table table = {option->fields, option->n_fields};
    size_t i;

    for (i = 0; i < table.n; i++) {
        if ((option_at(&table, i)->flags & KD_OPTION_REQUIRED) != 0)
            return 1;
    }
    return 0;
}

/* As YAML would have said it, but nowhere. */
static struct kd__node *
make_raw(struct kd__check *check, uint32_t type)
{
    struct kd__node *raw = kd__node_new(check->arena, type);

    if (raw == NULL)
        check->status = KD_ENOMEM;
    return raw;
}

/* The default as a tree of its own; what is wrong with it is the plugin's. */
static struct kd__node *
parse_default(struct kd__check *check, const kd_option *option)
{
    struct kd__report report;
    struct kd__node *root = NULL;

    if (option->type == KD_OPTION_STRING || option->type == KD_OPTION_SOURCE) {
        root = make_raw(check, KD_NODE_STRING);
        if (root == NULL)
            return NULL;
        root->node.text = option->def;
        root->node.len = strlen(option->def);
        return root;
    }
    kd__report_init(&report);
    if (kd__yaml_parse(option->def, strlen(option->def), NULL, check->arena,
            &report, &root) != KD_OK)
        check->status = KD_ENOMEM;
    if (report.errors > 0)
        kd__check_report(check, check->entry->body, " cannot be read");
    kd__report_fini(&report);
    return root;
}

static struct kd__node *
check_absent(struct kd__check *check, const kd_option *option,
    const struct kd__node *owner)
{
    struct kd__node *raw = NULL;
    struct kd__node *value;

    if ((option->flags & KD_OPTION_REQUIRED) != 0) {
        kd__check_report(check, owner, " is required");
        return NULL;
    }
    check->in_default++;
    if (option->def != NULL)
        raw = parse_default(check, option);
    else if (option->type == KD_OPTION_GROUP && !has_required(option))
        raw = make_raw(check, KD_NODE_MAP);
    value = raw == NULL ? NULL : kd__check_value(check, option, raw);
    check->in_default--;
    return value;
}

/* The option of the host rule stands at the top; there is one at most. */
static void
find_host(struct kd__check *check)
{
    kd_entry *entry = check->entry;
    const struct table table = {entry->kind->options, entry->kind->n_options};
    size_t i;

    for (i = 0; i < table.n; i++) {
        const kd_option *option = option_at(&table, i);

        if ((option->flags & KD_OPTION_HOST_RULE) != 0 &&
            kd__node_get(entry->body, option->name) == NULL)
            entry->host_option = option;
    }
}
