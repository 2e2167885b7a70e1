/* SPDX-License-Identifier: MIT */
/*
 * One plugin in one runtime: what it says, where it came from, its state.
 */
#ifndef KD_LOAD_PLUGIN_H
#define KD_LOAD_PLUGIN_H

#include <kindred/plugin.h>

struct kd__plugin {
    const kd_plugin *descriptor; /* static, the plugin's */
    char *file;                  /* resolved path; NULL: built in */
    void *state;                 /* what its init made */
    int inited;                  /* init has returned KD_OK */
};

/*
 * Look into a file: resolve, judge who may write it, open, find the symbol,
 * check the descriptor. Nothing of the plugin but its query function runs.
 *
 * file  out: the resolved path, from malloc, on KD_OK; may be NULL.
 *
 * Every failure has a sentence that begins with the path.
 */
kd_status kd__plugin_open(
    const char *path, const kd_plugin **descriptor, char **file, kd_error *err);

/* A record without state. `file` is copied. NULL without memory. */
struct kd__plugin *kd__plugin_new(
    const kd_plugin *descriptor, const char *file);

/* NULL is allowed. It must not be inited any more. */
void kd__plugin_free(struct kd__plugin *plugin);

/* Its file, or "built in". */
const char *kd__plugin_file(const struct kd__plugin *plugin);

/*
 * Run its init with the services of a runtime; a second time has no effect.
 *
 * Returns KD_OK, or what init returned with the plugin's name in front.
 */
kd_status kd__plugin_init(
    struct kd__plugin *plugin, const kd_api *api, kd_error *err);

/* Run its fini, if init succeeded. */
void kd__plugin_fini(struct kd__plugin *plugin);

#endif
