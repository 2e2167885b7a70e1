/* SPDX-License-Identifier: MIT */
/*
 * A policy and who runs it, as one kind.
 *
 * The host does not know what a policy is about. It puts the options of the
 * policy's kind before those of the kind that some plugin offers for all of
 * them (KD_SUPERVISOR_OFFER), and entries of the policy's kind are of this new
 * one: to everybody else a kind of workers like any other.
 */
#ifndef KD_LOAD_POLICY_H
#define KD_LOAD_POLICY_H

#include "load/plugin.h"

struct kd__policy {
    kd_kind kind;              /* What entries of the policy's kind are. */
    struct kd__plugin *runner; /* Whose callbacks it has. */
    kd_option options[];
};

/*
 * Make the two one. Returns KD_OK; KD_ECONFLICT when both have an option of
 * one name; KD_ENOMEM.
 */
kd_status kd__policy_new(const kd_kind *policy, const kd_kind *kind,
    struct kd__plugin *runner, struct kd__policy **made, kd_error *err);

/* NULL is allowed. */
void kd__policy_free(struct kd__policy *policy);

#endif
