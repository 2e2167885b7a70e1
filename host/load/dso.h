/* SPDX-License-Identifier: MIT */
/*
 * Shared objects: the one place that knows libdl.
 *
 * What has been opened stays mapped for good. A plugin's code may be on some
 * thread's stack when its runtime is freed, and reports of sanitizers and
 * debuggers need its symbols; there is no counterpart to open.
 */
#ifndef KD_LOAD_DSO_H
#define KD_LOAD_DSO_H

#include <kindred/plugin.h>

/*
 * Open a file and find its query function.
 *
 * path   must contain a '/', else the linker would search for it.
 * query  out: written on KD_OK.
 *
 * Returns KD_OK; KD_ENOTPLUGIN: no shared object, or one without the symbol;
 * KD_EABI: it has only the symbol of another major.
 */
kd_status kd__dso_open(
    const char *path, kd_plugin_query_fn *query, kd_error *err);

#endif
