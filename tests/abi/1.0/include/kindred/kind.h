/* SPDX-License-Identifier: MIT */
/*
 * What a plugin says about one of its kinds. Constant data: the host reads it
 * to list, check and print, before any code of the plugin has run.
 */
#ifndef KINDRED_KIND_H
#define KINDRED_KIND_H

#include <kindred/data.h>
#include <kindred/host.h>
#include <kindred/option.h>
#include <kindred/policy.h>
#include <kindred/resource.h>
#include <kindred/worker.h>

KD_BEGIN_DECLS

/**
 * Entries may have `lifecycle` (semantics L1), which the host checks: it starts
 * and stops them in order, and service.h says who restarts them.
 */
#define KD_KIND_LIFECYCLE ((uint32_t)1)
/** Workers: entries may have `limits` (semantics K2). */
#define KD_KIND_LIMITS ((uint32_t)2)
/** Data: entries may have any further keys, as of KD_OPTION_ANY. */
#define KD_KIND_OPEN ((uint32_t)4)

/**
 * One kind. Static and immutable: the host keeps the pointer for as long as
 * the plugin is loaded, and never frees it.
 *
 * `meta`, `lifecycle` and `limits` are the host's own options and not in
 * `options`; a kind only says that it wants the latter two.
 */
typedef struct kd_kind {
    uint32_t size;  /**< sizeof(kd_kind) as the plugin saw it. */
    uint32_t flags; /**< KD_KIND_ bits; unknown bits refuse the plugin. */
    uint32_t cls;   /**< One KD_CLASS_. */
    uint32_t reserved;
    const char *id;   /**< "vendor.name", unique in a runtime. `process.`,
                           `supervisor.`, `function.`, `library.`, `registry.`
                           and `kindred.` are taken. */
    const char *help; /**< One line, without a full stop. */
    const kd_option *options; /**< Its options. */
    size_t n_options;         /**< How many. */
    /** By class: a kd_worker_kind, kd_host_kind, kd_policy_kind,
        kd_resource_kind; a kd_data_kind or, where there is nothing to
        check, NULL. */
    const void *impl;
} kd_kind;
KD_ABI_STRUCT(kd_kind, 56);

KD_END_DECLS

#endif
