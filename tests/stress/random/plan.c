/* SPDX-License-Identifier: MIT */

#include "plan.h"

#include <stddef.h>

const char *const plan_names[PLAN_OPS] = {
    [PLAN_SEND] = "send",
    [PLAN_MONITOR] = "monitor",
    [PLAN_UNMONITOR] = "unmonitor",
    [PLAN_LINK] = "link",
    [PLAN_UNLINK] = "unlink",
    [PLAN_TRAP] = "trap",
    [PLAN_CANCEL] = "cancel",
    [PLAN_TERMINATE] = "terminate",
    [PLAN_SPAWN] = "spawn",
    [PLAN_NAME] = "name",
    [PLAN_UNNAME] = "unname",
    [PLAN_ASK] = "ask",
    [PLAN_SUPERVISE] = "supervise",
    [PLAN_END] = "end",
    [PLAN_FAIL] = "fail",
};

/* How often in a hundred. */
static const unsigned char weights[PLAN_OPS] = {
    [PLAN_SEND] = 26,
    [PLAN_MONITOR] = 12,
    [PLAN_UNMONITOR] = 6,
    [PLAN_LINK] = 12,
    [PLAN_UNLINK] = 6,
    [PLAN_TRAP] = 2,
    [PLAN_CANCEL] = 3,
    [PLAN_TERMINATE] = 2,
    [PLAN_SPAWN] = 6,
    [PLAN_NAME] = 6,
    [PLAN_UNNAME] = 3,
    [PLAN_ASK] = 4,
    [PLAN_SUPERVISE] = 7,
    [PLAN_END] = 2,
    [PLAN_FAIL] = 3,
};

uint64_t
plan_next(uint64_t *seed)
{
    uint64_t z = (*seed += 0x9e3779b97f4a7c15u);

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

struct plan_step
plan_step(uint64_t number)
{
    uint64_t dice = number;
    struct plan_step step;
    unsigned at = (unsigned)(plan_next(&dice) % 100);
    unsigned op = 0;

    while (op < PLAN_OPS - 1 && at >= weights[op])
        at -= weights[op++];
    step.op = (enum plan_op)op;
    step.actor = (uint32_t)plan_next(&dice);
    step.object = (uint32_t)plan_next(&dice);
    step.how = (uint32_t)plan_next(&dice) >> 1;
    step.is_stale = plan_next(&dice) % 16 == 0;
    return step;
}
