/* SPDX-License-Identifier: MIT */
/*
 * Modules that other plugins bring (kindred.lua/1): found when an entry is
 * prepared, opened in each process on first use.
 */
#ifndef KL_EXTENSION_H
#define KL_EXTENSION_H

#include <kindred/ext/lua.h>

/* So many can be told apart by the bits of a word. */
#define KL_EXTENSIONS_MAX 64

struct kl__extension {
    const kd_lua_module *module;
    const char *problem; /* Why it cannot be used, or NULL. */
    kd_lua lua;          /* What its functions get. */
};

/* All that are offered; a zeroed one has none. */
struct kl__extensions {
    struct kl__extension *list;
    int count;
};

/* What a process owns for modules. */
struct kl__owned {
    kd_lua_owned pub;
    void (*release)(void *thing);
    struct kl__owned *next, **link;
};

/* Ask the host for all offers. KD_OK or KD_ENOMEM. */
kd_status kl__extensions_init(
    struct kl__extensions *extensions, const kd_api *api);
void kl__extensions_fini(struct kl__extensions *extensions);

/*
 * Report those whose names process.lua has itself: entries that name them mean
 * its own, and would never know.
 */
void kl__extensions_report(
    const struct kl__extensions *extensions, const kd_check *check);

/* The number of the one with this name, or -1. NULL has none. */
int kl__extension_find(
    const struct kl__extensions *extensions, const char *name, size_t len);

/* Push the module with this number, opening it if it was never used. */
void kl__extension_push(lua_State *L, int index);

/* Release all that the process owns; see process.h. */
void kl__owned_release(struct kl__owned **list);

#endif
