/* SPDX-License-Identifier: MIT */
/*
 * Defaults: what stands in a tree where YAML says nothing.
 */

#include "entry/default.h"

#include "entry/table.h"
#include "entry/yaml.h"

static int
has_required(const kd_option *option)
{
    const struct kd__table table = {option->fields, option->n_fields};
    size_t i;

    for (i = 0; i < table.n; i++) {
        if ((kd__table_at(&table, i)->flags & KD_OPTION_REQUIRED) != 0)
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

    if (option->type == KD_OPTION_STRING || option->type == KD_OPTION_SOURCE ||
        option->type == KD_OPTION_CHOICE) {
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

struct kd__node *
kd__default_value(struct kd__check *check, const kd_option *option,
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
