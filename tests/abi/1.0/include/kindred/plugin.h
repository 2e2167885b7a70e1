/* SPDX-License-Identifier: MIT */
/*
 * A plugin: one exported function that returns constant data.
 */
#ifndef KINDRED_PLUGIN_H
#define KINDRED_PLUGIN_H

#include <kindred/api.h>
#include <kindred/kind.h>

KD_BEGIN_DECLS

/**
 * What is checked before any other byte of a plugin is believed. Frozen, also
 * across majors.
 */
typedef struct kd_stamp {
    uint32_t magic;          /**< KD_ABI_MAGIC. */
    uint16_t major;          /**< KD_ABI_MAJOR of the headers. */
    uint16_t minor;          /**< KD_ABI_MINOR of the headers. */
    uint16_t min_host_minor; /**< KD_ABI_TARGET: the oldest host accepted. */
    uint16_t reserved;       /**< 0. */
    uint32_t size;           /**< sizeof(kd_plugin) as the plugin saw it. */
} kd_stamp;
KD_STATIC_ASSERT(sizeof(kd_stamp) == 16, "kd_stamp is frozen");

/** The stamp of a plugin built from these headers. */
#define KD_STAMP_INIT                                                          \
    {                                                                          \
        KD_ABI_MAGIC, KD_ABI_MAJOR, KD_ABI_MINOR, KD_ABI_TARGET, 0,            \
            sizeof(kd_plugin)                                                  \
    }

/** A service that a plugin has for other plugins, found by kd_api::offer. */
typedef struct kd_offer {
    uint32_t size; /**< sizeof(kd_offer). */
    uint32_t reserved;
    const char *id;    /**< Versioned, "kindred.lua/1" say. */
    const void *table; /**< What the id implies. Constant. */
} kd_offer;
KD_ABI_STRUCT(kd_offer, 24);

/**
 * A plugin. Static and immutable. A kind that is malformed, or one that is
 * there already, refuses the whole plugin.
 */
typedef struct kd_plugin {
    kd_stamp stamp;
    const char *name;    /**< "vendor.name"; unique in a runtime. */
    const char *version; /**< The plugin's own, for listings. */
    const char *help;    /**< One line, without a full stop. */
    /** Ends in NULL; valid as long as the plugin is loaded. */
    const kd_kind *const *kinds;
    /** Ends in NULL; may itself be NULL. */
    const kd_offer *const *offers;

    /**
     * Get ready in a runtime. Once for each runtime; what it leaves in *state
     * is given to every callback there. May be NULL.
     *
     * @param api    valid until `fini` has returned.
     * @param state  out: NULL before the call.
     * @return KD_OK; else the plugin is not used and `fini` is not called.
     *
     * [loader]
     */
    kd_status (*init)(const kd_api *api, void **state, kd_error *err);
    /** Free what `init` made. Nothing of the plugin is in use. [loader] */
    void (*fini)(void *state);
} kd_plugin;
KD_ABI_STRUCT(kd_plugin, 72);

/** The type of the one exported function. */
typedef const kd_plugin *(*kd_plugin_query_fn)(void);

/** The name of that function. */
#define KD_PLUGIN_QUERY "kd_plugin_query_v1"

/**
 * The one exported function. Pure: no side effects, the same answer always.
 *
 * [query]
 */
KD_EXPORT const kd_plugin *kd_plugin_query_v1(void);

KD_END_DECLS

#endif
