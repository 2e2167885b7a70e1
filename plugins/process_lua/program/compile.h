/* SPDX-License-Identifier: MIT */
/*
 * From source text to bytecode.
 */
#ifndef KL_COMPILE_H
#define KL_COMPILE_H

#include <kindred/entry.h>

struct kl__unit;

/*
 * Compile the source of an entry's option. With a method, the local or global
 * variable of that name which is visible at the end of the source is found too
 * (semantics G3). Syntax errors are reported; then the unit has no code.
 */
kd_status kl__compile(struct kl__unit *unit, const kd_node *source,
    const char *method, const kd_check *check);

#endif
