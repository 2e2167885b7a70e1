/* SPDX-License-Identifier: MIT */
/*
 * Builds trees of nodes. What is reachable from a finished node is not
 * written again, so that aliases can share it.
 */

#include "entry/node.h"

#include <stdio.h>

static const char *cut_mark(const kd_node *node, int *shown);

struct kd__node *
kd__node_new(struct kd__arena *arena, uint32_t type)
{
    struct kd__node *node = kd__arena_alloc(arena, sizeof(*node));

    if (node == NULL)
        return NULL;
    node->node.size = (uint32_t)sizeof(node->node);
    node->node.type = type;
    node->height = type == KD_NODE_LIST || type == KD_NODE_MAP;
    node->weight = 1;
    return node;
}

struct kd__node *
kd__node_copy(struct kd__arena *arena, const struct kd__node *node)
{
    struct kd__node *copy = kd__arena_alloc(arena, sizeof(*copy));

    if (copy == NULL)
        return NULL;
    *copy = *node;
    copy->node.next = NULL;
    kd__node_set_key(copy, NULL, 0, 0);
    return copy;
}

void
kd__node_append(struct kd__node *parent, struct kd__node *child)
{
    if (parent->last == NULL)
        parent->node.child = &child->node;
    else
        parent->last->node.next = &child->node;
    parent->last = child;
    parent->node.count++;
    parent->weight += child->weight;
    if (parent->height < child->height + 1)
        parent->height = child->height + 1;
}

void
kd__node_set_key(
    struct kd__node *node, const char *key, uint32_t line, uint32_t column)
{
    node->node.key = key;
    node->key_line = line;
    node->key_column = column;
}

const char *
kd__node_describe(const kd_node *node, char words[KD__NODE_WORDS])
{
    static const char *const kinds[] = {
        [KD_NODE_NULL] = "null",
        [KD_NODE_BOOL] = "the boolean",
        [KD_NODE_INT] = "the integer",
        [KD_NODE_FLOAT] = "the number",
        [KD_NODE_STRING] = "the text",
        [KD_NODE_LIST] = "a list",
        [KD_NODE_MAP] = "a mapping",
    };
    const struct kd__node *said = kd__node_of(node)->said;
    int shown = 0;
    const char *end;

    if (said != NULL)
        node = &said->node;
    end = cut_mark(node, &shown);
    switch (node->type) {
    case KD_NODE_BOOL:
    case KD_NODE_INT:
    case KD_NODE_FLOAT:
        snprintf(words, KD__NODE_WORDS, "%s %.*s%s", kinds[node->type], shown,
            node->text, end);
        break;
    case KD_NODE_STRING:
        snprintf(words, KD__NODE_WORDS, "%s \"%.*s\"%s", kinds[node->type],
            shown, node->text, end);
        break;
    default:
        snprintf(words, KD__NODE_WORDS, "%s", kinds[node->type]);
        break;
    }
    return words;
}

/* How much of a scalar is shown, not cutting inside a character. */
static const char *
cut_mark(const kd_node *node, int *shown)
{
    size_t most = 40;

    if (node->text == NULL || node->len <= most) {
        *shown = (int)node->len;
        return "";
    }
    while (most > 0 && ((unsigned char)node->text[most] & 0xc0) == 0x80)
        most--;
    *shown = (int)most;
    return "...";
}
