/* SPDX-License-Identifier: MIT */
/*
 * rest_for_one: when one must restart, those after it stop, and it and they
 * start (semantics S10). What is temporary is not started again.
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
    ks__policy_restart_from(view, view->ended, actions);
}

const kd_policy_kind ks__policy_rest_for_one = {
    .size = sizeof(kd_policy_kind),
    .decide = decide,
};

void
ks__policy_restart_from(
    const kd_view *view, size_t first, const kd_actions *actions)
{
    size_t i;

    for (i = first; i < view->n_children; i++) {
        if (view->children[i]->restart == KD_RESTART_TEMPORARY)
            actions->remove(actions, i);
        else
            actions->start(actions, i, 0);
    }
}
