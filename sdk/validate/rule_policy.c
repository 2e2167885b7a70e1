/* SPDX-License-Identifier: MIT */
/*
 * A policy decides about any family: whoever of them ended, however. It names
 * children that there are, keeps to its own bytes, and decides alike when it is
 * asked alike.
 */

#include "rule.h"

#include <stdlib.h>
#include <string.h>

#define FAMILY 4
#define GUARD  64

/* First a kd_actions; then what was decided. */
struct decision {
    kd_actions pub;
    struct subject *subject;
    size_t calls;
    uint64_t sum;
};

static void
decided(const kd_actions *actions, uint64_t what, size_t child)
{
    struct decision *decision = (struct decision *)(uintptr_t)actions;

    decision->calls++;
    decision->sum = decision->sum * 31 + what * 7 + child;
    if (child >= FAMILY)
        broken(decision->subject, "it decides about child %zu of %d", child,
            FAMILY);
}

static void
act_stop(const kd_actions *actions, size_t child)
{
    decided(actions, 1, child);
}

static void
act_start(const kd_actions *actions, size_t child, uint64_t delay_ns)
{
    (void)delay_ns;
    decided(actions, 2, child);
}

static void
act_remove(const kd_actions *actions, size_t child)
{
    decided(actions, 3, child);
}

static void
act_finish(const kd_actions *actions)
{
    decided(actions, 4, 0);
}

static void
act_fail(const kd_actions *actions, const char *reason)
{
    decided(actions, 5 + strlen(reason), 0);
}

static uint64_t
decide(struct subject *subject, size_t ended, uint32_t failed, uint32_t restart,
    size_t times)
{
    const kd_policy_kind *policy = subject->kind->impl;
    struct decision decision = {{sizeof(kd_actions), 0, act_stop, act_start,
                                    act_remove, act_finish, act_fail},
        subject, 0, 0};
    kd_child children[FAMILY];
    const kd_child *family[FAMILY];
    kd_view view;
    char *state = calloc(1, policy->state_size + GUARD);
    size_t i;

    memset(&view, 0, sizeof(view));
    memset(children, 0, sizeof(children));
    for (i = 0; i < FAMILY; i++) {
        children[i].size = (uint32_t)sizeof(kd_child);
        children[i].status = i == ended ? KD_CHILD_STOPPED : KD_CHILD_RUNNING;
        children[i].restart = restart;
        children[i].id = "child";
        family[i] = &children[i];
    }
    view.size = (uint32_t)sizeof(view);
    view.failed = failed;
    view.children = family;
    view.n_children = FAMILY;
    view.ended = ended;
    memset(state + policy->state_size, 'x', GUARD);
    if (policy->setup != NULL)
        policy->setup(
            kd_runtime_api(subject->runtime)->entry_get(subject->entry, ""),
            state);
    for (i = 0; i < times; i++)
        policy->decide(&view, state, 1000000000 + i * 1000000, &decision.pub);
    for (i = 0; i < GUARD; i++) {
        if (state[policy->state_size + i] != 'x') {
            broken(subject, "it writes beyond its %u bytes of state",
                (unsigned)policy->state_size);
            break;
        }
    }
    free(state);
    return decision.sum;
}

static void
run(struct subject *subject)
{
    uint32_t failed, restart;
    size_t ended;

    for (ended = 0; ended < FAMILY; ended++) {
        for (failed = 0; failed < 2; failed++) {
            for (restart = 0; restart <= KD_RESTART_TEMPORARY; restart++) {
                if (decide(subject, ended, failed, restart, 20) !=
                    decide(subject, ended, failed, restart, 20))
                    broken(subject, "it decides otherwise the second time");
            }
        }
    }
}

const struct rule rule_policy = {"policy",
    "a policy names children there are, and is pure", KD_CLASS_POLICY, run};
