/* SPDX-License-Identifier: MIT */
/*
 * Worker kinds: implementations of processes.
 *
 * The life of an instance: `create` on the spawner's thread, `run` once for
 * each slice, `destroy` when it has ended, whatever the cause. Links,
 * monitors, names, the mailbox, cancel and exit are the host's: a kind
 * inherits them and cannot opt out.
 */
#ifndef KINDRED_WORKER_H
#define KINDRED_WORKER_H

#include <kindred/entry.h>
#include <kindred/proc.h>

KD_BEGIN_DECLS

/** What an instance wants next. Returned by kd_worker_kind::run. */
typedef uint32_t kd_next;
#define KD_NEXT_READY ((kd_next)0) /**< Slice spent; run me again. */
#define KD_NEXT_WAIT  ((kd_next)1) /**< Idle until a message or a signal. */
#define KD_NEXT_DONE  ((kd_next)2) /**< Ended; kd_proc_finish()'s value. */
#define KD_NEXT_FAIL  ((kd_next)3) /**< Ended; kd_proc_fail()'s, else *err. */

/**
 * Calls of `run` may block: each gets a thread lent for it. See `interrupt`.
 */
#define KD_WORKER_BLOCKING ((uint32_t)1)
/** Not for spawn: called through another kind's services only. */
#define KD_WORKER_NO_SPAWN ((uint32_t)2)
/**
 * `prepare` is called for entries in which something is wrong already, too, so
 * that everything is said at once. An option that is missing or wrong is absent
 * in them, also a required one; nothing is ever made of them.
 */
#define KD_WORKER_SEES_BROKEN ((uint32_t)4)

/**
 * Where a kind says what becomes of an entry, for people who want to see an
 * application before it runs. Borrowed for the call.
 */
typedef struct kd_outline {
    uint32_t size; /**< sizeof(kd_outline). */
    uint32_t reserved;
    /**
     * Say something about the entry: one line without a full stop, "at most 3
     * restarts in 5s". Once at the most. `text` is copied.
     *
     * [loader]
     */
    void (*note)(const struct kd_outline *outline, const char *text);
    /**
     * Say that its processes start processes of another entry. In the order in
     * which they are started. The texts are copied.
     *
     * @param name   what they are called there, "clerk-1 to clerk-3"; or NULL.
     * @param entry  which; not NULL.
     * @param text   one line about how, "permanent, shutdown 5s"; or NULL.
     *
     * [loader]
     */
    void (*child)(const struct kd_outline *outline, const char *name,
        const kd_entry *entry, const char *text);
} kd_outline;
KD_ABI_STRUCT(kd_outline, 24);

/** A kind of worker. Static and immutable. Grows only at the end. */
typedef struct kd_worker_kind {
    uint32_t size;  /**< sizeof(kd_worker_kind) as the plugin saw it. */
    uint32_t flags; /**< KD_WORKER_ bits; unknown bits refuse the plugin. */

    /**
     * Make ready what all instances of an entry share. Called once for each
     * entry of the kind, before anything starts and also when an application
     * is only checked: it must have no effects outside. What the option table
     * says holds by then, unless the kind is one of KD_WORKER_SEES_BROKEN.
     *
     * @param state     what the plugin's `init` made.
     * @param entry     borrowed; valid as long as the runtime.
     * @param check     where to report what is wrong with the entry.
     * @param prepared  out: given to `create`; may stay NULL. What it is left
     *                  with goes to `unprepare`, also after a failure.
     * @return KD_OK, also when errors were reported; KD_ENOMEM or another code
     *         when preparing itself failed.
     *
     * NULL if the kind has nothing to prepare.
     *
     * [loader]
     */
    kd_status (*prepare)(void *state, const kd_entry *entry,
        const kd_check *check, void **prepared, kd_error *err);

    /**
     * Free what `prepare` made. No instance is left. NULL if there is
     * nothing.
     *
     * [loader]
     */
    void (*unprepare)(void *prepared);

    /**
     * Make an instance; do not run it. The caller of this is whoever spawns,
     * on his thread: be quick, and leave programs to `run`.
     *
     * @param state     what the plugin's `init` made.
     * @param prepared  what `prepare` made.
     * @param proc      borrowed; valid until `destroy` returns. Services that
     *                  act on others may not be used yet.
     * @param args      borrowed: a term array, or none.
     * @param self      out: the instance. Not written on failure, and then
     *                  `destroy` is not called.
     * @return KD_OK; KD_ENOMEM; KD_EINVAL: unusable arguments.
     *
     * [any]
     */
    kd_status (*create)(void *state, void *prepared, kd_proc *proc,
        const kd_payload *args, void **self, kd_error *err);

    /**
     * Advance the instance: take signals with kd_proc_signal() and messages
     * with kd_proc_next(), until it has nothing to do or the slice is spent.
     *
     * Two calls for one instance never overlap, but they may come on different
     * threads: keep no thread-local state. A call without a cause is legal.
     *
     * @param budget  steps to spend, in units of the kind's own: about 1,000
     *                to a tenth of a millisecond.
     * @param err     out, never NULL: the exit reason when KD_NEXT_FAIL and
     *                kd_proc_fail() was not used.
     *
     * [worker & !reentrant | blocking & !reentrant]
     */
    kd_next (*run)(void *self, kd_proc *proc, uint32_t budget, kd_error *err);

    /**
     * End the current slice soon: make `run` return KD_NEXT_READY. Called in a
     * signal handler on the thread that is inside `run`, possibly late,
     * possibly once too often. NULL if `run` counts.
     *
     * [signal]
     */
    void (*preempt)(void *self);

    /**
     * Free the instance. The last call it gets; overlaps no other. Whatever
     * the process still owns must be let go here, programs not run.
     *
     * [worker | blocking]
     */
    void (*destroy)(void *self, kd_proc *proc);

    /**
     * One line about what the instance waits for, for the operator's tree. It
     * does not run now. May be NULL.
     *
     * @param text  out: at most `len` bytes, ends in NUL.
     *
     * [worker]
     */
    void (*describe)(void *self, char *text, size_t len);

    /**
     * Say what instances of an entry will start, and what else is worth
     * knowing, for `kindred check --tree`. Pure. NULL: nothing.
     *
     * @param prepared  what `prepare` made.
     *
     * [loader]
     */
    void (*outline)(void *prepared, const kd_outline *outline);

    /**
     * For kinds that block: a signal has come, a cancel say, or the process
     * must end, while a call of `run` is under way. Make that call return soon:
     * by the library's own means to interrupt what it does, or by a descriptor
     * on which `run` waits as well.
     *
     * It overlaps `run`, may come once too often, and comes never after
     * `destroy` has begun. Take it back when `run` returns, not when it begins:
     * what came before that is why the call has to return. Messages do not
     * interrupt. May be NULL; then what comes waits until `run` returns, and
     * semantics X12 says for how long.
     *
     * [any & !may-block & !host-calls]
     */
    void (*interrupt)(void *self);
} kd_worker_kind;
KD_ABI_STRUCT(kd_worker_kind, 80);

KD_END_DECLS

#endif
