/* SPDX-License-Identifier: MIT */
/*
 * one_for_one, and what supervisor.dynamic does: each child on its own
 * (semantics S10).
 */

#include "policies.h"

static void
decide(
    const kd_view *view, void *state, kd_time now_ns, const kd_actions *actions)
{
    (void)state;
    (void)now_ns;
    if (kd_view_restarts(view))
        actions->start(actions, view->ended, 0);
    else
        kd_view_settle(view, actions);
}

const kd_policy_kind ks__policy_one_for_one = {
    .size = sizeof(kd_policy_kind),
    .decide = decide,
};
