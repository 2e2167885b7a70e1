/* SPDX-License-Identifier: MIT */
/*
 * What a source plainly says about itself, without running it: that the method
 * is not in what it returns, and that it requires what nobody declares.
 */
#ifndef KL_OUTLINE_H
#define KL_OUTLINE_H

#include <kindred/entry.h>

struct kl__unit;

/*
 * Warn about a source that compiles. Only of what is certain: a method that
 * could be there in some way, or a `require` that could be another's, is not
 * spoken of. They are warnings because to find out is up to the process, whose
 * failure it is.
 *
 * @param method  NULL for a library.
 */
void kl__outline_check(const struct kl__unit *unit, const kd_node *source,
    const char *method, const kd_check *check);

#endif
