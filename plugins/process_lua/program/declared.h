/* SPDX-License-Identifier: MIT */
/*
 * Option `modules` of an entry: which modules it declares (semantics A9, K10).
 */
#ifndef KL_DECLARED_H
#define KL_DECLARED_H

#include <kindred/entry.h>

struct kl__unit;

/*
 * Note in a unit what the list names, and report what is no module. The unit
 * knows the modules of other plugins already. A list that is NULL names none.
 */
void kl__declared_read(
    struct kl__unit *unit, const kd_node *list, const kd_check *check);

#endif
