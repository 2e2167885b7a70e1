/* SPDX-License-Identifier: MIT */
/*
 * Policies: what a supervisor does about a child that has ended.
 *
 * A policy decides and does nothing: a pure function of the supervisor's
 * records, of a few bytes of state that the supervisor keeps for it, and of
 * the time. The supervisor carries the decision out, in the right order, and
 * counts intensity and back-off.
 */
#ifndef KINDRED_POLICY_H
#define KINDRED_POLICY_H

#include <kindred/payload.h>

KD_BEGIN_DECLS

#define KD_CHILD_STOPPED    ((uint32_t)0)
#define KD_CHILD_RUNNING    ((uint32_t)1)
#define KD_CHILD_RESTARTING ((uint32_t)2)

#define KD_RESTART_PERMANENT ((uint32_t)0)
#define KD_RESTART_TRANSIENT ((uint32_t)1)
#define KD_RESTART_TEMPORARY ((uint32_t)2)

/** A child as its supervisor sees it. Borrowed for the call. */
typedef struct kd_child {
    uint32_t size;        /**< sizeof(kd_child). */
    uint32_t status;      /**< KD_CHILD_ */
    uint32_t restart;     /**< KD_RESTART_ */
    uint32_t significant; /**< Nonzero if it is. */
    const char *id;       /**< Unique among siblings. */
    uint64_t restarts;    /**< Since the record was made. */
    kd_time started_ns;   /**< When it last started. */
} kd_child;
KD_ABI_STRUCT(kd_child, 40);

/** What is to be decided about. */
typedef struct kd_view {
    uint32_t size; /**< sizeof(kd_view). */
    /** Nonzero: child `ended` failed; zero: it ended normally. */
    uint32_t failed;
    const kd_child *children; /**< In start order; stride is their size. */
    size_t n_children;
    size_t ended;            /**< Index of the child that ended by itself. */
    kd_pid supervisor;       /**< For the log. */
    const kd_payload *error; /**< Of a failure; else NULL. */
} kd_view;
KD_ABI_STRUCT(kd_view, 56);

/** Collects a decision. Actions on unknown children fail the supervisor. */
typedef struct kd_actions {
    uint32_t size; /**< sizeof(kd_actions). */
    uint32_t reserved;
    /** Stop this child; its record stays. [worker] */
    void (*stop)(const struct kd_actions *actions, size_t child);
    /** Start it, `delay_ns` from now or later. [worker] */
    void (*start)(
        const struct kd_actions *actions, size_t child, uint64_t delay_ns);
    /** Drop its record. [worker] */
    void (*remove)(const struct kd_actions *actions, size_t child);
    /** Stop all children and end normally. [worker] */
    void (*finish)(const struct kd_actions *actions);
    /** Stop all children and fail with this sentence. [worker] */
    void (*fail)(const struct kd_actions *actions, const char *reason);
} kd_actions;
KD_ABI_STRUCT(kd_actions, 48);

/** A kind of policy. Static and immutable. Grows only at the end. */
typedef struct kd_policy_kind {
    uint32_t size;       /**< sizeof(kd_policy_kind) as the plugin saw it. */
    uint32_t flags;      /**< 0; unknown bits refuse the plugin. */
    uint32_t state_size; /**< Bytes of state, zero at first; at most 4096. */
    uint32_t reserved;
    /**
     * Decide. Pure: no services, no memory but `state`.
     *
     * [worker & !host-calls]
     */
    void (*decide)(const kd_view *view, void *state, kd_time now_ns,
        const kd_actions *actions);
} kd_policy_kind;
KD_ABI_STRUCT(kd_policy_kind, 24);

KD_END_DECLS

#endif
