/* SPDX-License-Identifier: MIT */
/*
 * Trees as one line of text, for comparing: `{a: int 1, b: ["x", null]}`.
 */
#ifndef TESTS_UNIT_NODE_DUMP_H
#define TESTS_UNIT_NODE_DUMP_H

#include <kindred/entry.h>
#include <stdio.h>

struct dump {
    char text[8192];
    size_t len;
};

static inline void
dump_add(struct dump *dump, const char *text)
{
    int n = snprintf(
        dump->text + dump->len, sizeof(dump->text) - dump->len, "%s", text);

    if (n > 0 && dump->len + (size_t)n < sizeof(dump->text))
        dump->len += (size_t)n;
}

static inline void
dump_scalar(struct dump *dump, const kd_node *node)
{
    char text[1024] = "null";

    switch (node->type) {
    case KD_NODE_BOOL:
        snprintf(text, sizeof(text), "bool %s", node->integer ? "yes" : "no");
        break;
    case KD_NODE_INT:
        snprintf(text, sizeof(text), "int %lld", (long long)node->integer);
        break;
    case KD_NODE_FLOAT:
        snprintf(text, sizeof(text), "float %g", node->number);
        break;
    case KD_NODE_STRING:
        snprintf(text, sizeof(text), "\"%.*s\"", (int)node->len, node->text);
        break;
    default:
        break;
    }
    dump_add(dump, text);
}

/* Tests dump small trees only, so recursion does. */
static inline void
dump_node(struct dump *dump, const kd_node *node)
{
    const int is_map = node->type == KD_NODE_MAP;
    const kd_node *child;

    if (!is_map && node->type != KD_NODE_LIST) {
        dump_scalar(dump, node);
        return;
    }
    dump_add(dump, is_map ? "{" : "[");
    for (child = node->child; child != NULL; child = child->next) {
        if (is_map) {
            dump_add(dump, child->key);
            dump_add(dump, ": ");
        }
        dump_node(dump, child);
        if (child->next != NULL)
            dump_add(dump, ", ");
    }
    dump_add(dump, is_map ? "}" : "]");
}

#endif
