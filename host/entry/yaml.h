/* SPDX-License-Identifier: MIT */
/*
 * YAML text to a tree of nodes. No file is touched, so that a fuzzer can call
 * this with whatever it likes.
 */
#ifndef KD_ENTRY_YAML_H
#define KD_ENTRY_YAML_H

#include "entry/node.h"
#include "entry/report.h"

/* Of one file, YAML or source. */
#define KD__YAML_BYTES_MAX ((size_t)16 * 1024 * 1024)

/*
 * Read one document.
 *
 * file:   as messages name it; borrowed as long as the tree.
 * arena:  where the tree goes.
 * report: gets everything that is wrong.
 * root:   out: the tree, also when something was reported that does not stop
 *         the reading; else NULL. Empty text is a null node.
 *
 * Returns KD_OK, also when errors were reported; KD_ENOMEM.
 */
kd_status kd__yaml_parse(const char *text, size_t len, const char *file,
    struct kd__arena *arena, struct kd__report *report, struct kd__node **root);

#endif
