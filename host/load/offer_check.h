/* SPDX-License-Identifier: MIT */
/*
 * Whether an offer is well formed, before any code of its plugin has run.
 */
#ifndef KD_LOAD_OFFER_CHECK_H
#define KD_LOAD_OFFER_CHECK_H

#include <kindred/plugin.h>

/*
 * Check one offer of a plugin whose kinds have been checked: its head, and its
 * table if it is one that the host itself uses. Pure.
 *
 * Returns KD_OK, or KD_EPLUGIN with a sentence.
 */
kd_status kd__offer_check(
    const kd_plugin *plugin, const kd_offer *offer, kd_error *err);

#endif
