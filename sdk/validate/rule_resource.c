/* SPDX-License-Identifier: MIT */
/*
 * A resource starts, says how it is and stops, again and again: with nothing
 * left behind, also when it did not start.
 */

#include "rule.h"

#include <malloc.h>

#define ROUNDS 20

static void
life(struct subject *subject, void *state)
{
    const kd_resource_kind *resource = subject->kind->impl;
    kd_error err = KD_ERROR_INIT;
    void *self = NULL;
    kd_status status = resource->start(state, subject->entry, &self, &err);

    if (status > 0 || status <= KD_STATUS_LAST_)
        broken(subject, "start returns %d, which is no status", (int)status);
    if (status != KD_OK)
        return;
    if (resource->health != NULL) {
        status = resource->health(self, &err);
        if (status > 0 || status <= KD_STATUS_LAST_)
            broken(
                subject, "health returns %d, which is no status", (int)status);
    }
    resource->stop(self);
}

static void
run(struct subject *subject)
{
    void *state = kd_fake_state(subject->fake, subject->plugin);
    size_t memory = 0, i;

    for (i = 0; i < ROUNDS; i++) {
        if (i == ROUNDS / 2) {
            kd_fake_forget(subject->fake);
            memory = mallinfo2().uordblks;
        }
        life(subject, state);
    }
    kd_fake_forget(subject->fake);
    if (mallinfo2().uordblks > memory + ROUNDS * 4)
        broken(subject, "starts and stops leave memory behind");
}

const struct rule rule_resource = {"resource",
    "a resource starts, is well and stops, many times", KD_CLASS_RESOURCE, run};
