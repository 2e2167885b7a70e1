/* SPDX-License-Identifier: MIT */
/*
 * Services: what starts with the application, and is started again.
 *
 * The host starts entries in their order and stops them in order; what happens
 * when one ends in between is not its business. A plugin that knows offers a
 * kd_service as KD_SERVICE_OFFER; the first offer counts. Of each worker entry
 * that starts with the application the host makes one process of the offered
 * kind, which looks after a process of the entry's own kind; and it asks the
 * offer about resources that have failed.
 */
#ifndef KINDRED_SERVICE_H
#define KINDRED_SERVICE_H

#include <kindred/entry.h>

KD_BEGIN_DECLS

/** The id of the offer; its table is a kd_service. */
#define KD_SERVICE_OFFER "kindred.service/1"

/** A run that has failed. Borrowed for the call. */
typedef struct kd_run {
    uint32_t size;     /**< sizeof(kd_run). */
    uint32_t flags;    /**< KD_ERROR_ bits of its error. */
    uint64_t failures; /**< Runs in a row that have failed before it. */
    uint64_t ran_ns;   /**< How long it ran; 0: it did not even start. */
    uint64_t chance;   /**< Any number; equal ones give equal answers. */
} kd_run;
KD_ABI_STRUCT(kd_run, 32);

/** What is to follow. */
typedef struct kd_again {
    uint32_t size;     /**< sizeof(kd_again). */
    uint32_t again;    /**< Nonzero: another run; zero: none, for good. */
    uint64_t failures; /**< Runs in a row that have failed by now. */
    uint64_t delay_ns; /**< How long to wait before it. */
} kd_again;
KD_ABI_STRUCT(kd_again, 24);

/** The offer. Constant. Grows only at the end. */
typedef struct kd_service {
    uint32_t size; /**< sizeof(kd_service). */
    uint32_t reserved;
    /**
     * Id of a worker kind of the same plugin. Its `prepare` is also given
     * entries of other worker kinds, and looks after these; its entries may
     * name another one to look after. An instance calls kd_proc_ready() when
     * nobody needs to wait any longer for what it looks after, and ends when
     * that will run no more. What it spawns has KD_SPAWN_OWN.
     */
    const char *kind;
    /**
     * Decide about a run that has failed, from the entry's `lifecycle`. Pure.
     *
     * @param entry  with KD_KIND_LIFECYCLE.
     * @param again  out.
     *
     * [any & !may-block]
     */
    void (*decide)(const kd_api *api, const kd_entry *entry, const kd_run *run,
        kd_again *again);
} kd_service;
KD_ABI_STRUCT(kd_service, 24);

KD_END_DECLS

#endif
