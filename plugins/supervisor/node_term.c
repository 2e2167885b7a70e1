/* SPDX-License-Identifier: MIT */
/*
 * The host bounds how deep YAML is nested, so recursion ends.
 */

#include "node_term.h"

static void write_elements(kd_writer *to, const kd_node *node);

void
ks__node_write(kd_writer *to, const kd_node *node)
{
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
        write_elements(to, node);
        return;
    case KD_NODE_MAP:
        kd_write_map(to, node->count);
        write_elements(to, node);
        return;
    case KS_NODE_RAW:
        kd_write_raw(to, node->text, node->len);
        return;
    default:
        kd_write_nil(to);
        return;
    }
}

static void
write_elements(kd_writer *to, const kd_node *node)
{
    const kd_node *item;

    for (item = node->child; item != NULL; item = item->next) {
        if (node->type == KD_NODE_MAP)
            kd_write_text(to, item->key);
        ks__node_write(to, item);
    }
}
