/* SPDX-License-Identifier: MIT */
/*
 * Trees are at most as deep as YAML may be nested, which is checked when they
 * are read: so recursion is bounded here.
 */

#include "runtime/tree_term.h"

void
kd__tree_write(const kd_node *node, kd_writer *to)
{
    const kd_node *child;

    if (node == NULL)
        return;
    switch (node->type) {
    case KD_NODE_BOOL:
        kd_write_bool(to, node->integer != 0);
        return;
    case KD_NODE_INT:
        kd_write_int(to, node->integer);
        return;
    case KD_NODE_FLOAT:
        kd_write_float(to, node->number);
        return;
    case KD_NODE_STRING:
        kd_write_string(to, node->text, node->len);
        return;
    case KD_NODE_LIST:
        kd_write_array(to, node->count);
        break;
    case KD_NODE_MAP:
        kd_write_map(to, node->count);
        break;
    default:
        kd_write_nil(to);
        return;
    }
    for (child = node->child; child != NULL; child = child->next) {
        if (node->type == KD_NODE_MAP)
            kd_write_text(to, child->key);
        kd__tree_write(child, to);
    }
}
