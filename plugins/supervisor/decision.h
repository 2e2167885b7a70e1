/* SPDX-License-Identifier: MIT */
/*
 * Collects what a policy decides, and sees that it makes sense.
 */
#ifndef KS_DECISION_H
#define KS_DECISION_H

#include "children.h"

/* What is to become of a child; bits. */
#define DO_STOP   1u
#define DO_START  2u
#define DO_REMOVE 4u
#define DO_OWED   8u /* A start that an earlier decision has counted. */

struct item {
    struct child *child;
    uint32_t what;
};

struct decision {
    kd_actions actions; /* First: what the policy gets. */
    const kd_view *view;
    struct item *items;
    size_t count;
    size_t cap;
    uint64_t delay_ns; /* The longest that a start is to wait. */
    uint32_t finish;
    uint32_t fail;
    kd_status status; /* KD_ENOMEM, KD_EPLUGIN: see `text`. */
    char text[KD_ERROR_TEXT];
};

void ks__decision_fini(struct decision *decision);

/* Ask the policy. */
void ks__decision_make(struct decision *decision, const kd_policy_kind *policy,
    const kd_view *view, void *state, kd_time now_ns);

/* Add something about a child. */
void ks__decision_add(
    struct decision *decision, struct child *child, uint32_t what);

/* Forget the items: from now on no child is in one. */
void ks__decision_clear(struct decision *decision);

#endif
