/* SPDX-License-Identifier: MIT */
/*
 * Whether a plugin may be loaded, from its ABI stamp alone.
 */
#ifndef KD_LOAD_STAMP_H
#define KD_LOAD_STAMP_H

#include <kindred/plugin.h>

/*
 * Judge a stamp as the host of these headers does.
 *
 * Returns KD_OK; KD_ENOTPLUGIN: not a stamp at all; KD_EABI: of another
 * version, the sentence names both sides; KD_EPLUGIN: malformed.
 */
kd_status kd__stamp_check(const kd_stamp *stamp, kd_error *err);

/* The same for a host of any version, so that later rules can be tested. */
kd_status kd__stamp_check_for(
    const kd_stamp *stamp, uint16_t major, uint16_t minor, kd_error *err);

#endif
