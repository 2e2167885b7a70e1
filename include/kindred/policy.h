/* SPDX-License-Identifier: MIT */
/*
 * Policies: what a supervisor does about a child that has ended.
 *
 * A policy decides and does nothing: a pure function of the supervisor's
 * records, of a few bytes of state that the supervisor keeps for it, and of
 * the time. The supervisor carries the decision out, in the right order, and
 * counts intensity and back-off.
 *
 * A plugin's policy is a kind of class KD_CLASS_POLICY whose id is
 * `supervisor.<vendor>_<name>`. An entry of that kind is a supervisor like any
 * other, with the options of supervisors and those that the policy adds.
 */
#ifndef KINDRED_POLICY_H
#define KINDRED_POLICY_H

#include <kindred/entry.h>
#include <kindred/payload.h>

KD_BEGIN_DECLS

#define KD_CHILD_STOPPED    ((uint32_t)0)
#define KD_CHILD_RUNNING    ((uint32_t)1)
#define KD_CHILD_RESTARTING ((uint32_t)2)

#define KD_RESTART_PERMANENT ((uint32_t)0)
#define KD_RESTART_TRANSIENT ((uint32_t)1)
#define KD_RESTART_TEMPORARY ((uint32_t)2)

#define KD_AUTO_SHUTDOWN_NEVER ((uint32_t)0)
#define KD_AUTO_SHUTDOWN_ANY   ((uint32_t)1)
#define KD_AUTO_SHUTDOWN_ALL   ((uint32_t)2)

/** A child as its supervisor sees it. Borrowed for the call. */
typedef struct kd_child {
    uint32_t size;        /**< sizeof(kd_child). */
    uint32_t status;      /**< KD_CHILD_; of the one that ended: STOPPED. */
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
    /** In start order. A supervisor whose children have none shows only the
        one that ended. */
    const kd_child *const *children;
    size_t n_children;
    size_t ended;            /**< Index of the child that ended by itself. */
    kd_pid supervisor;       /**< For the log. */
    const kd_payload *error; /**< Of a failure; else NULL. */
    /** KD_AUTO_SHUTDOWN_, the supervisor's option `auto_shutdown`. */
    uint32_t auto_shutdown;
    uint32_t reserved;
    /** Significant children that run or will, without the one that ended. */
    size_t n_significant;
} kd_view;
KD_ABI_STRUCT(kd_view, 72);

/**
 * Collects a decision. An unknown child, or one that is to start and also to
 * stop or to be removed, fails the supervisor, and the rest of the decision is
 * void. It is void too after `fail`, whose first reason counts, and after
 * `finish` without that. Otherwise the order of the calls has no meaning: all
 * that must stop stops first, in reverse start order, and what starts starts in
 * start order.
 */
typedef struct kd_actions {
    uint32_t size; /**< sizeof(kd_actions). */
    uint32_t reserved;
    /** Stop this child; its record stays. [worker] */
    void (*stop)(const struct kd_actions *actions, size_t child);
    /**
     * Start it, `delay_ns` from now or later: all that one decision starts is
     * a group and starts when the last of it is due. One that runs is stopped
     * first.
     *
     * [worker]
     */
    void (*start)(
        const struct kd_actions *actions, size_t child, uint64_t delay_ns);
    /** Drop its record; one that runs is stopped first. [worker] */
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
    /**
     * Put what an entry's options say into the state of its supervisors, once
     * for each supervisor, before it starts. `options` is a map of all of the
     * entry's options; kd_node_find() looks into it. May be NULL.
     *
     * [worker & !host-calls]
     */
    void (*setup)(const kd_node *options, void *state);
} kd_policy_kind;
KD_ABI_STRUCT(kd_policy_kind, 32);

/** Semantics S9: whether the child that ended is one to start again. */
static inline int
kd_view_restarts(const kd_view *view)
{
    switch (view->children[view->ended]->restart) {
    case KD_RESTART_PERMANENT:
        return 1;
    case KD_RESTART_TRANSIENT:
        return view->failed != 0;
    default:
        return 0;
    }
}

/**
 * What follows when it is not: a temporary child's record goes, and semantics
 * S16 may end the supervisor.
 */
static inline void
kd_view_settle(const kd_view *view, const kd_actions *actions)
{
    const kd_child *child = view->children[view->ended];

    if (child->restart == KD_RESTART_TEMPORARY)
        actions->remove(actions, view->ended);
    if (!child->significant)
        return;
    if (view->auto_shutdown == KD_AUTO_SHUTDOWN_ANY ||
        (view->auto_shutdown == KD_AUTO_SHUTDOWN_ALL &&
            view->n_significant == 0))
        actions->finish(actions);
}

/**
 * The offer by which a plugin runs policies: its table is a `kd_kind` of class
 * worker. Entries of policies' kinds are of that kind, with the policy's
 * options beside its own, and kd_api::entry_policy says which policy it is.
 */
#define KD_SUPERVISOR_OFFER "kindred.supervisor/1"

KD_END_DECLS

#endif
