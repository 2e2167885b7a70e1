/* SPDX-License-Identifier: MIT */
/*
 * Whether a kind is well formed, before any code of its plugin has run.
 */
#ifndef KD_LOAD_KIND_CHECK_H
#define KD_LOAD_KIND_CHECK_H

#include <kindred/kind.h>

/*
 * Check one kind: sizes, flags, class, id, options, required callbacks. Pure.
 *
 * is_ours  nonzero for plugins of the project, which alone may use the
 *          prefixes that kd_kind::id reserves.
 *
 * Returns KD_OK, or KD_EPLUGIN with a sentence that begins with the kind.
 */
kd_status kd__kind_check(const kd_kind *kind, int is_ours, kd_error *err);

/* The word for a KD_CLASS_, "worker" say; NULL for what is none. */
const char *kd__kind_class_word(uint32_t cls);

#endif
