/* SPDX-License-Identifier: MIT */
/*
 * The policies of semantics S10. They are kinds like those of any other plugin.
 */
#ifndef KS_POLICIES_H
#define KS_POLICIES_H

#include <kindred/policy.h>

extern const kd_policy_kind ks__policy_one_for_one;
extern const kd_policy_kind ks__policy_one_for_all;
extern const kd_policy_kind ks__policy_rest_for_one;

/* Restart the child at `first` and all after it; the temporary ones go. */
void ks__policy_restart_from(
    const kd_view *view, size_t first, const kd_actions *actions);

#endif
