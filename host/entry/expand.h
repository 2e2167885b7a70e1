/* SPDX-License-Identifier: MIT */
/*
 * Variables in strings: `${NAME}`, `${NAME:-text}`, and `$${` for a plain `${`
 * (semantics A13).
 *
 * As in a shell, `text` also stands in for a variable that is empty, and goes
 * up to the first `}`. What a variable holds is not looked at again.
 */
#ifndef KD_ENTRY_EXPAND_H
#define KD_ENTRY_EXPAND_H

#include "base/env.h"
#include "entry/node.h"

/*
 * What a text says once its variables are replaced. `env` NULL: there are
 * none.
 *
 * out  the text itself when nothing in it is to be replaced, else a new one.
 *
 * Returns KD_OK; KD_EINVAL with a sentence; KD_ENOMEM.
 */
kd_status kd__expand_text(const struct kd__env *env, struct kd__arena *arena,
    const char *text, size_t len, const char **out, size_t *out_len,
    kd_error *err);

/*
 * The same for a scalar: `out` is the node itself, or a string in its place
 * with its key. What is no string is what it is.
 */
kd_status kd__expand_node(const struct kd__env *env, struct kd__arena *arena,
    const struct kd__node *raw, const struct kd__node **out, kd_error *err);

/*
 * Put the names of a node's variables back into a sentence about it: what they
 * hold may be a secret. Values that are too short to be one stay.
 */
void kd__expand_hide(const struct kd__env *env, const struct kd__node *node,
    char *text, size_t size);

/* Whether there is anything to replace in a node or below it. */
int kd__expand_is_needed(const kd_node *node);

#endif
