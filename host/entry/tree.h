/* SPDX-License-Identifier: MIT */
/*
 * Builds the tree of one YAML file, part after part as they are read.
 *
 * Here are the bounds and rules that are ours and not the format's: nesting,
 * aliases, repeated keys (semantics A9, A12, A14).
 */
#ifndef KD_ENTRY_TREE_H
#define KD_ENTRY_TREE_H

#include "base/map.h"
#include "entry/node.h"
#include "entry/report.h"

#define KD__TREE_DEPTH_MAX   64
#define KD__TREE_ALIASED_MAX ((size_t)100000)

/* A list or map that is not at its end yet. */
struct kd__tree_level {
    struct kd__node *node;
    const char *key; /* waits for its value; NULL: none */
    uint32_t key_line;
    uint32_t key_column;
    struct kd__map keys;
};

struct kd__tree {
    struct kd__arena *arena;
    struct kd__report *report;
    const char *file;
    struct kd__node *root;
    struct kd__map anchors;
    size_t aliased; /* nodes made by aliases */
    size_t depth;
    struct kd__tree_level levels[KD__TREE_DEPTH_MAX];
};

/* A scalar as it stands; the strings are borrowed for the call. */
struct kd__tree_scalar {
    const char *text;
    size_t len;
    const char *anchor; /* or NULL */
    uint32_t is_plain;
    uint32_t line;
    uint32_t column;
};

void kd__tree_init(struct kd__tree *tree, struct kd__arena *arena,
    struct kd__report *report, const char *file);
void kd__tree_fini(struct kd__tree *tree);

/*
 * All return KD_OK, also when something was reported and reading can go on;
 * KD_EFORMAT when it was reported and cannot; KD_ENOMEM.
 */
kd_status kd__tree_scalar(
    struct kd__tree *tree, const struct kd__tree_scalar *scalar);
kd_status kd__tree_alias(
    struct kd__tree *tree, const char *anchor, uint32_t line, uint32_t column);
kd_status kd__tree_open(struct kd__tree *tree, uint32_t type,
    const char *anchor, uint32_t line, uint32_t column);
kd_status kd__tree_close(struct kd__tree *tree);

/* Report something about a place in the file. */
void kd__tree_report(
    struct kd__tree *tree, uint32_t line, uint32_t column, const char *text);

#endif
