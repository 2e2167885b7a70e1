/* SPDX-License-Identifier: MIT */
/*
 * Plugins that an application carries: entries of kind `plugin` (semantics
 * K11).
 */
#ifndef KD_ENTRY_CARRIED_H
#define KD_ENTRY_CARRIED_H

#include "entry/set.h"

#define KD__PLUGIN_KIND "plugin"

/*
 * Find the file that a checked entry names, and have it loaded. Returns KD_OK,
 * also when something was reported; KD_ENOMEM.
 */
kd_status kd__carried_load(struct kd__entries *set, kd_entry *entry);

#endif
