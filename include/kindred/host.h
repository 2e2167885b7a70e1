/* SPDX-License-Identifier: MIT */
/*
 * Host kinds: what gives processes threads and time.
 *
 * The library decides what a process does; a host decides when and where. The
 * two meet in a node: bytes at the end of each process record, as many as the
 * host asks for, in which it keeps its run-queue link, its timer and whatever
 * else belongs to one process. The node's address is the process for both.
 *
 * Who has a node
 *
 *     idle     The library. It calls `ready` when something arrives.
 *     queued   The host, from `ready` (or a KD_RUN_AGAIN) until `run`.
 *     running  The thread inside kd_host_calls::run.
 *
 * A process ends only while it is running, so a host that has a node need not
 * fear for it. What may happen to any node at any time is `timer`.
 */
#ifndef KINDRED_HOST_H
#define KINDRED_HOST_H

#include <kindred/entry.h>
#include <kindred/types.h>

KD_BEGIN_DECLS

/** A runtime, as its hosts see it. */
typedef struct kd_core kd_core;
/** A thread that runs processes, as the library sees it. */
typedef struct kd_lane kd_lane;

/** Put it at the end of the queue and `ready` is not for it again. */
#define KD_RUN_AGAIN ((uint32_t)0)
/** It waits; `ready` will come. The node is no longer the host's. */
#define KD_RUN_WAIT ((uint32_t)1)
/** It has ended. The node is gone. */
#define KD_RUN_GONE ((uint32_t)2)

/** `ready`: it has never run. Goes to the end of the queue. */
#define KD_READY_NEW ((uint32_t)1)

/** What the library does for a host. */
typedef struct kd_host_calls {
    uint32_t size; /**< sizeof(kd_host_calls) as the library has it. */
    uint32_t reserved;

    /**
     * Make the calling thread one that may run processes of this host.
     *
     * @return its lane, for this thread only; NULL without memory.
     *
     * [any]
     */
    kd_lane *(*attach)(kd_core *core, void *self);
    /** The thread will run no more. The last call of a lane. [host] */
    void (*detach)(kd_lane *lane);
    /**
     * Give a queued process one slice. It returns when the kind does: what
     * makes kinds return in time is preempt().
     *
     * @param budget  passed to kd_worker_kind::run, a hint: process.lua has no
     *                use for it, and other kinds may go on beyond it.
     * @return KD_RUN_
     *
     * [host & !reentrant]
     */
    uint32_t (*run)(kd_lane *lane, void *node, uint32_t budget);
    /**
     * The timer of a node has fired, once. The host has forgotten it by then.
     *
     * @return nonzero: treat the node as with `ready`, it is now queued.
     *
     * [host]
     */
    uint32_t (*expired)(kd_lane *lane, void *node);
    /**
     * End the slice that is running on this lane soon. Late and needless calls
     * are harmless.
     *
     * A host that has threads must call it, from another one, when a slice has
     * lasted long enough (process.host: a millisecond or two). Nothing else
     * ends the slice of a program that loops: without it kd_proc_should_yield()
     * stays 0, and even kd_api::terminate waits until the slice is over by
     * itself. In `step` the library does it.
     *
     * [any & !may-block]
     */
    void (*preempt)(kd_lane *lane);
    /**
     * One slice has held this lane for 100 ms or more: the library looks
     * whether its process should long have ended, and names it in the log.
     * Call it again every 100 ms, from one thread that is attached. A host that
     * has threads must: nothing else names a call that does not return, or lets
     * others know that who is in it will end.
     *
     * [host]
     */
    void (*overdue)(kd_lane *lane);
    /** Whether this lane's current process is of a blocking kind. [any] */
    uint32_t (*blocking)(kd_lane *lane);
    /**
     * Where the process runs to which those of this lane lately sent most of
     * their messages. One that hardly ever waits is never `ready`, so a host
     * could not know. To be asked by the lane's own thread, between two runs;
     * what was answered is forgotten.
     *
     * @return a lane, to be compared with others' only: it may have been
     *         detached, or be another host's. NULL: this lane itself, or there
     *         is no such process.
     *
     * [host]
     */
    const kd_lane *(*giving)(kd_lane *lane);
} kd_host_calls;
KD_ABI_STRUCT(kd_host_calls, 72);

/** What a host's `create` says about itself. */
typedef struct kd_host_info {
    uint32_t size;          /**< sizeof(kd_host_info). */
    uint32_t node_size;     /**< Bytes of a node, at most 256; 16-aligned. */
    uint64_t max_processes; /**< Beyond it a spawn is KD_ELIMIT. */
} kd_host_info;
KD_ABI_STRUCT(kd_host_info, 16);

/** A kind of host. Static and immutable. Grows only at the end. */
typedef struct kd_host_kind {
    uint32_t size;  /**< sizeof(kd_host_kind) as the plugin saw it. */
    uint32_t flags; /**< 0; unknown bits refuse the plugin. */

    /**
     * Make a host of an entry; start nothing.
     *
     * @param state  what the plugin's `init` made.
     * @param core   for attach.
     * @param calls  valid until `destroy` returns.
     * @param entry  borrowed; valid as long as the runtime.
     * @param info   out.
     * @param self   out: the host; not written on failure.
     * @return KD_OK, KD_ENOMEM, KD_EINVAL.
     *
     * [loader]
     */
    kd_status (*create)(void *state, kd_core *core, const kd_host_calls *calls,
        const kd_entry *entry, kd_host_info *info, void **self, kd_error *err);

    /**
     * Start to run what is ready.
     *
     * @return KD_OK; KD_ESYSTEM when threads cannot be made: then all is as
     *         before the call.
     *
     * [loader]
     */
    kd_status (*start)(void *self, kd_error *err);

    /**
     * A process is ready to run: it is queued now. Comes from any thread, also
     * from the host's own inside run.
     *
     * @param how  0 or KD_READY_NEW.
     *
     * [any & !may-block]
     */
    void (*ready)(void *self, void *node, uint32_t how);

    /**
     * Set, move or (KD_NEVER) take back the one timer of a node. Called by the
     * thread that is inside run, for the node it runs.
     *
     * [host & !may-block]
     */
    void (*timer)(void *self, void *node, kd_time due_ns);

    /**
     * A node was made; its bytes are zero. Nothing else came for it.
     *
     * [any & !may-block]
     */
    void (*enter)(void *self, void *node);

    /**
     * The process of a node has ended and the host must forget the node: after
     * this call it may not be touched. Called inside run, or by the spawner
     * for a node that never was ready.
     *
     * [any & !may-block]
     */
    void (*leave)(void *self, void *node);

    /**
     * Stop: no process is left, and none comes. Join all threads.
     *
     * [loader]
     */
    void (*stop)(void *self);

    /** Free it. Started ones have been stopped. [loader] */
    void (*destroy)(void *self);

    /**
     * In a runtime that is stepped (KD_CONFIG_STEPPED) a host has no threads:
     * `fd` comes in the place of `start`, and `step` runs what is ready on the
     * caller's thread, always the same one, for about `max_ns`. `stop` comes
     * from that thread too. NULL, as the two below: it cannot be stepped.
     *
     * [loader & !reentrant]
     */
    void (*step)(void *self, kd_time max_ns);
    /**
     * A descriptor that is readable while `step` has work to do, but by its
     * timers; the host's own. -1: it cannot be made.
     *
     * [loader]
     */
    int32_t (*fd)(void *self);
    /**
     * When `step` will have work to do by its timers, KD_NEVER for none; a
     * time that has passed: it has work now.
     *
     * [loader]
     */
    kd_time (*next_due)(void *self);
} kd_host_kind;
KD_ABI_STRUCT(kd_host_kind, 96);

KD_END_DECLS

#endif
