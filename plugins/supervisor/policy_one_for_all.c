/* SPDX-License-Identifier: MIT */
/*
 * one_for_all: when one must restart, all others stop and all start
 * (semantics S10). What is temporary is not started again.
 */

#include "policies.h"

static void
decide(
    const kd_view *view, void *state, kd_time now_ns, const kd_actions *actions)
{
    (void)state;
    (void)now_ns;
    if (!kd_view_restarts(view)) {
        kd_view_settle(view, actions);
        return;
    }
    ks__policy_restart_from(view, 0, actions);
}

const kd_policy_kind ks__policy_one_for_all = {
    .size = sizeof(kd_policy_kind),
    .decide = decide,
};
