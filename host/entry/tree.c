/* SPDX-License-Identifier: MIT */
/*
 * The builder. An alias shares the children of what it names, but counts them
 * all: whoever walks the tree later meets each of them again.
 */

#include "entry/tree.h"

#include "entry/scalar.h"

static struct kd__node *new_node(
    struct kd__tree *tree, uint32_t type, uint32_t line, uint32_t column);
static kd_status set_anchor(
    struct kd__tree *tree, const char *anchor, struct kd__node *node);
static int wants_key(const struct kd__tree *tree);
static kd_status take_key(struct kd__tree *tree, const struct kd__node *node);
static kd_status add(struct kd__tree *tree, struct kd__node *node);
static kd_status refuse(
    struct kd__tree *tree, uint32_t line, uint32_t column, const char *text);

void
kd__tree_init(struct kd__tree *tree, struct kd__arena *arena,
    struct kd__report *report, const char *file)
{
    memset(tree, 0, sizeof(*tree));
    tree->arena = arena;
    tree->report = report;
    tree->file = file;
    kd__map_init(&tree->anchors);
}

void
kd__tree_fini(struct kd__tree *tree)
{
    while (tree->depth > 0)
        kd__map_fini(&tree->levels[--tree->depth].keys);
    kd__map_fini(&tree->anchors);
}

void
kd__tree_report(
    struct kd__tree *tree, uint32_t line, uint32_t column, const char *text)
{
    const struct kd__place place = {tree->file, NULL, line, column};

    kd__report_add(tree->report, KD_LOG_ERROR, &place, "%s", text);
}

kd_status
kd__tree_scalar(struct kd__tree *tree, const struct kd__tree_scalar *scalar)
{
    struct kd__node *node =
        new_node(tree, KD_NODE_STRING, scalar->line, scalar->column);
    const char *wrong = NULL;
    kd_status status;

    if (node == NULL)
        return KD_ENOMEM;
    node->is_plain = scalar->is_plain;
    node->node.len = scalar->len;
    node->node.text = kd__arena_copy(tree->arena, scalar->text, scalar->len);
    if (node->node.text == NULL)
        return KD_ENOMEM;
    if (scalar->is_plain)
        wrong = kd__scalar_resolve(&node->node);
    if (wrong != NULL)
        kd__tree_report(tree, scalar->line, scalar->column, wrong);
    status = set_anchor(tree, scalar->anchor, node);
    if (status != KD_OK)
        return status;
    return wants_key(tree) ? take_key(tree, node) : add(tree, node);
}

kd_status
kd__tree_alias(
    struct kd__tree *tree, const char *anchor, uint32_t line, uint32_t column)
{
    const struct kd__place place = {tree->file, NULL, line, column};
    const struct kd__node *target =
        kd__map_get(&tree->anchors, anchor, strlen(anchor));
    struct kd__node *node;
    size_t i;

    if (wants_key(tree))
        return refuse(tree, line, column, "an alias cannot be a mapping key");
    for (i = 0; i < tree->depth && target != NULL; i++) {
        if (tree->levels[i].node == target)
            return refuse(
                tree, line, column, "an alias inside of what it names");
    }
    if (target == NULL) {
        kd__report_add(tree->report, KD_LOG_ERROR, &place,
            "unknown alias *%.100s; an anchor &%.100s must stand before it",
            anchor, anchor);
        return KD_EFORMAT;
    }
    if (tree->depth + target->height > KD__TREE_DEPTH_MAX)
        return refuse(tree, line, column, "nested deeper than 64 levels");
    if (target->weight > KD__TREE_ALIASED_MAX - tree->aliased)
        return refuse(
            tree, line, column, "aliases make more than 100000 nodes");
    tree->aliased += target->weight;
    node = kd__node_copy(tree->arena, target);
    if (node == NULL)
        return KD_ENOMEM;
    node->node.line = line;
    node->node.column = column;
    return add(tree, node);
}

kd_status
kd__tree_open(struct kd__tree *tree, uint32_t type, const char *anchor,
    uint32_t line, uint32_t column)
{
    struct kd__tree_level *level;
    struct kd__node *node;

    if (wants_key(tree))
        return refuse(tree, line, column,
            "a mapping key must be a string, not a "
            "list or a mapping");
    if (tree->depth == KD__TREE_DEPTH_MAX)
        return refuse(tree, line, column, "nested deeper than 64 levels");
    node = new_node(tree, type, line, column);
    if (node == NULL || set_anchor(tree, anchor, node) != KD_OK)
        return KD_ENOMEM;
    level = &tree->levels[tree->depth++];
    memset(level, 0, sizeof(*level));
    level->node = node;
    kd__map_init(&level->keys);
    return KD_OK;
}

kd_status
kd__tree_close(struct kd__tree *tree)
{
    struct kd__tree_level *level = &tree->levels[--tree->depth];

    kd__map_fini(&level->keys);
    return add(tree, level->node);
}

static struct kd__node *
new_node(struct kd__tree *tree, uint32_t type, uint32_t line, uint32_t column)
{
    struct kd__node *node = kd__node_new(tree->arena, type);

    if (node == NULL)
        return NULL;
    node->node.file = tree->file;
    node->node.line = line;
    node->node.column = column;
    return node;
}

static kd_status
set_anchor(struct kd__tree *tree, const char *anchor, struct kd__node *node)
{
    const char *key;

    if (anchor == NULL)
        return KD_OK;
    key = kd__arena_copy(tree->arena, anchor, strlen(anchor));
    if (key == NULL)
        return KD_ENOMEM;
    return kd__map_set(&tree->anchors, key, strlen(key), node);
}

static int
wants_key(const struct kd__tree *tree)
{
    const struct kd__tree_level *level;

    if (tree->depth == 0)
        return 0;
    level = &tree->levels[tree->depth - 1];
    return level->node->node.type == KD_NODE_MAP && level->key == NULL;
}

static kd_status
take_key(struct kd__tree *tree, const struct kd__node *node)
{
    struct kd__tree_level *level = &tree->levels[tree->depth - 1];
    const struct kd__place place = {
        tree->file, NULL, node->node.line, node->node.column};
    char words[KD__NODE_WORDS];

    level->key = node->node.text;
    level->key_line = node->node.line;
    level->key_column = node->node.column;
    if (strlen(node->node.text) != node->node.len)
        kd__tree_report(tree, place.line, place.column,
            "a mapping key cannot contain a NUL character");
    else if (node->is_plain && strcmp(node->node.text, "<<") == 0)
        kd__tree_report(tree, place.line, place.column,
            "merge keys (<<) are not supported; write the keys out");
    else if (node->node.type == KD_NODE_NULL)
        kd__tree_report(tree, place.line, place.column,
            "a mapping key must be a string, not null");
    else if (node->node.type != KD_NODE_STRING)
        kd__report_add(tree->report, KD_LOG_ERROR, &place,
            "a mapping key must be a string, not %s; quote it: \"%.40s\"",
            kd__node_describe(&node->node, words), node->node.text);
    return KD_OK;
}

/* Add to a map under the key that waits; a second one of a name is dropped. */
static kd_status
add_keyed(
    struct kd__tree *tree, struct kd__tree_level *level, struct kd__node *node)
{
    const char *key = level->key;
    const struct kd__node *first = kd__map_get(&level->keys, key, strlen(key));

    level->key = NULL;
    kd__node_set_key(node, key, level->key_line, level->key_column);
    if (first == NULL) {
        kd__node_append(level->node, node);
        return kd__map_set(&level->keys, key, strlen(key), node);
    }
    kd__report_add(tree->report, KD_LOG_ERROR,
        &(struct kd__place){tree->file, NULL, node->key_line, node->key_column},
        "repeated key \"%.100s\"; it stands at %s:%u:%u already", key,
        tree->file, first->key_line, first->key_column);
    return KD_OK;
}

static kd_status
add(struct kd__tree *tree, struct kd__node *node)
{
    struct kd__tree_level *level;

    if (tree->depth == 0) {
        tree->root = node;
        return KD_OK;
    }
    level = &tree->levels[tree->depth - 1];
    if (level->node->node.type == KD_NODE_MAP)
        return add_keyed(tree, level, node);
    kd__node_append(level->node, node);
    return KD_OK;
}

static kd_status
refuse(struct kd__tree *tree, uint32_t line, uint32_t column, const char *text)
{
    kd__tree_report(tree, line, column, text);
    return KD_EFORMAT;
}
