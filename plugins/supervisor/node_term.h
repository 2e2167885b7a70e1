/* SPDX-License-Identifier: MIT */
/*
 * What YAML says, as terms: arguments of processes.
 */
#ifndef KS_NODE_TERM_H
#define KS_NODE_TERM_H

#include <kindred/entry.h>
#include <kindred/term.h>

/* A node that is none of YAML's: `text` and `len` are a term already. */
#define KS_NODE_RAW ((uint32_t)100)

/* Append the value of a node; a failure shows in the writer. */
void ks__node_write(kd_writer *to, const kd_node *node);

#endif
