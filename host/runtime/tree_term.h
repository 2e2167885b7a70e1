/* SPDX-License-Identifier: MIT */
/*
 * Option trees as terms: how `input` becomes arguments.
 */
#ifndef KD_RUNTIME_TREE_TERM_H
#define KD_RUNTIME_TREE_TERM_H

#include <kindred/entry.h>
#include <kindred/term.h>

/* Append a tree as one term; nothing for NULL. */
void kd__tree_write(const kd_node *node, kd_writer *to);

#endif
