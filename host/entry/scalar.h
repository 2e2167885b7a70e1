/* SPDX-License-Identifier: MIT */
/*
 * What a plain scalar is: YAML 1.2's core schema (semantics A14).
 */
#ifndef KD_ENTRY_SCALAR_H
#define KD_ENTRY_SCALAR_H

#include <kindred/entry.h>

/*
 * Fill in type and value of a scalar from its `text` and `len`; the text ends
 * in NUL and stays what it is. Returns NULL, or what is wrong with it: a
 * number that no int64_t or double holds.
 */
const char *kd__scalar_resolve(kd_node *node);

#endif
