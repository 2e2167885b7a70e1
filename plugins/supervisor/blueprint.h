/* SPDX-License-Identifier: MIT */
/*
 * What an entry says about its supervisors: made once, constant, shared by all
 * of them.
 */
#ifndef KS_BLUEPRINT_H
#define KS_BLUEPRINT_H

#include "spec.h"

struct blueprint {
    const kd_api *api;
    const kd_entry *entry;
    const kd_policy_kind *policy;
    const kd_node *options; /* All of the entry's, for the policy. */
    int is_dynamic;
    int is_each_alone;      /* The policy looks at no other child. */
    uint32_t auto_shutdown; /* KD_AUTO_SHUTDOWN_ */
    uint64_t max;           /* Intensity. */
    uint64_t within_ns;
    size_t n_specs;      /* Children at the start; */
    struct spec **specs; /* of a dynamic one: its template alone. */
};

/*
 * As kd_worker_kind::prepare. On KD_OK without a blueprint something was
 * reported.
 */
kd_status ks__blueprint_make(const kd_api *api, const kd_entry *entry,
    const kd_check *check, struct blueprint **made, kd_error *err);

/* NULL is allowed. */
void ks__blueprint_free(struct blueprint *blueprint);

#endif
