/* SPDX-License-Identifier: MIT */
/*
 * Whether a plugin's descriptor is well formed, stamp and kinds included.
 */
#ifndef KD_LOAD_PLUGIN_CHECK_H
#define KD_LOAD_PLUGIN_CHECK_H

#include <kindred/plugin.h>

/*
 * Check a descriptor as a whole: one fault refuses all of it. Pure.
 *
 * Returns KD_OK; KD_ENOTPLUGIN, KD_EABI, KD_EPLUGIN with a sentence that names
 * the plugin, as soon as its name can be believed, and the kind.
 */
kd_status kd__plugin_check(const kd_plugin *descriptor, kd_error *err);

#endif
