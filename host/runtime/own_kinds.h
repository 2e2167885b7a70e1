/* SPDX-License-Identifier: MIT */
/*
 * The host's own kinds.
 */
#ifndef KD_RUNTIME_OWN_KINDS_H
#define KD_RUNTIME_OWN_KINDS_H

#include <kindred/plugin.h>

extern const kd_plugin kd__own_plugin;

#endif
