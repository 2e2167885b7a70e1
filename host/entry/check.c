/* SPDX-License-Identifier: MIT */
/*
 * The entry as a whole, and what the checks of all types share.
 */

#include "entry/check.h"

#include "entry/common.h"
#include "entry/expand.h"
#include "entry/parts.h"
#include "entry/quantity.h"
#include "entry/scalar.h"
#include "entry/value.h"

#include <stdarg.h>
#include <stdio.h>

static const struct kd__node *retype(struct kd__check *check,
    const kd_option *option, const struct kd__node *text);
static void find_host(struct kd__check *check);

static kd__value_check *const checks[] = {
    [KD_OPTION_BOOL] = kd__value_bool,
    [KD_OPTION_INT] = kd__quantity_int,
    [KD_OPTION_FLOAT] = kd__quantity_float,
    [KD_OPTION_STRING] = kd__value_string,
    [KD_OPTION_DURATION] = kd__quantity_duration,
    [KD_OPTION_SIZE] = kd__quantity_size,
    [KD_OPTION_CHOICE] = kd__value_choice,
    [KD_OPTION_SOURCE] = kd__value_source,
    [KD_OPTION_ENTRY] = kd__value_entry,
    [KD_OPTION_LIST] = kd__parts_list,
    [KD_OPTION_MAP] = kd__parts_map,
    [KD_OPTION_GROUP] = kd__parts_group,
    [KD_OPTION_ANY] = kd__value_any,
};

kd_status
kd__check_entry(struct kd__check *check)
{
    kd_entry *entry = check->entry;
    const kd_kind *kind = entry->kind;
    struct kd__table tables[4];
    size_t n = 0;
    const kd_node *auto_start;

    check->status = KD_OK;
    check->in_default = 0;
    check->path_len = 0;
    check->path[0] = '\0';
    tables[n++] = (struct kd__table){kind->options, kind->n_options};
    tables[n++] = (struct kd__table){&kd__common_meta, 1};
    if ((kind->flags & KD_KIND_LIFECYCLE) != 0)
        tables[n++] = (struct kd__table){&kd__common_lifecycle, 1};
    if ((kind->flags & KD_KIND_LIMITS) != 0)
        tables[n++] = (struct kd__table){&kd__common_limits, 1};
    entry->tree = kd__check_node(check, entry->body, KD_NODE_MAP);
    if (entry->tree != NULL)
        kd__parts_tables(check, tables, n, entry->body, entry->tree);
    auto_start = kd__entry_get(entry, "lifecycle.auto_start");
    entry->auto_start = auto_start != NULL && auto_start->integer != 0;
    find_host(check);
    return check->status;
}

/* Sources look for themselves, and what may be anything for its parts. */
struct kd__node *
kd__check_value(struct kd__check *check, const kd_option *option,
    const struct kd__node *raw)
{
    if (option->type != KD_OPTION_SOURCE && option->type != KD_OPTION_ANY) {
        const struct kd__node *said = raw;

        raw = kd__check_expand(check, said);
        if (raw != NULL && raw != said)
            raw = retype(check, option, raw);
    }
    return raw == NULL ? NULL : checks[option->type](check, option, raw);
}

const struct kd__node *
kd__check_expand(struct kd__check *check, const struct kd__node *raw)
{
    kd_error err = KD_ERROR_INIT;
    const struct kd__node *node;

    if (check->in_default > 0)
        return raw;
    switch (kd__expand_node(check->env, check->arena, raw, &node, &err)) {
    case KD_OK:
        return node;
    case KD_ENOMEM:
        check->status = KD_ENOMEM;
        return NULL;
    default:
        kd__check_report(check, raw, ": %s", err.text);
        return NULL;
    }
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
    kd__expand_hide(check->env, raw, text, sizeof(text));
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
    node->said = raw->said;
    return node;
}

size_t
kd__check_enter(struct kd__check *check, const char *name)
{
    const size_t back = check->path_len;
    const size_t room = sizeof(check->path) - back;
    int n = snprintf(check->path + back, room, "%s%.80s",
        back > 0 && name[0] != '[' ? "." : "", name);

    if (n > 0)
        check->path_len += (size_t)n < room ? (size_t)n : room - 1;
    return back;
}

void
kd__check_leave(struct kd__check *check, size_t back)
{
    check->path_len = back;
    check->path[back] = '\0';
}

/*
 * A variable's value has the type that the option wants, quoted or not: in
 * `{workers: "${N}"}` YAML leaves no choice.
 */
static const struct kd__node *
retype(struct kd__check *check, const kd_option *option,
    const struct kd__node *text)
{
    struct kd__node *node;
    const char *wrong;

    switch (option->type) {
    case KD_OPTION_BOOL:
    case KD_OPTION_INT:
    case KD_OPTION_FLOAT:
    case KD_OPTION_DURATION:
    case KD_OPTION_SIZE:
        break;
    default:
        return text;
    }
    node = kd__node_copy(check->arena, text);
    if (node == NULL) {
        check->status = KD_ENOMEM;
        return NULL;
    }
    kd__node_set_key(node, text->node.key, text->key_line, text->key_column);
    wrong = kd__scalar_resolve(&node->node);
    if (wrong == NULL)
        return node;
    kd__check_report(check, text, ": %s", wrong);
    return NULL;
}

/* The option of the host rule stands at the top; there is one at most. */
static void
find_host(struct kd__check *check)
{
    kd_entry *entry = check->entry;
    const struct kd__table table = {
        entry->kind->options, entry->kind->n_options};
    size_t i;

    for (i = 0; i < table.n; i++) {
        const kd_option *option = kd__table_at(&table, i);

        if ((option->flags & KD_OPTION_HOST_RULE) != 0 &&
            kd__node_get(entry->body, option->name) == NULL)
            entry->host_option = option;
    }
}
