/* SPDX-License-Identifier: MIT */
/*
 * What `file://PATH` stands for (semantics A6, A7).
 */
#ifndef KD_ENTRY_SOURCE_H
#define KD_ENTRY_SOURCE_H

#include "entry/folder.h"

struct kd__source {
    const char *text;
    size_t len;
    const char *chunk; /* path relative to the folder */
    const char *file;  /* as messages name it */
};

/* Whether a string names a file at all. */
int kd__source_is_file(const char *text);

/*
 * Read the file that a string names.
 *
 * base: path of the YAML file that says so, relative to the folder.
 *
 * Strings go to the arena. Returns KD_OK; else a code with a sentence that is
 * one of A6.
 */
kd_status kd__source_read(const struct kd__folder *folder, const char *base,
    const char *url, size_t len, struct kd__arena *arena,
    struct kd__source *source, kd_error *err);

/*
 * Where the file is that a path, or a string that names a file, stands for.
 * `real` is its real path. Returns as kd__source_read.
 */
kd_status kd__source_locate(const struct kd__folder *folder, const char *base,
    const char *text, size_t len, struct kd__arena *arena, const char **real,
    kd_error *err);

/*
 * Join and normalise: `.` and `..` and doubled slashes are taken out. A path
 * with a slash in front starts at the folder. `out` has room for both and two
 * bytes more. Returns KD_OK; KD_EPERM when it leads above the folder.
 */
kd_status kd__source_path(const char *base, const char *path, char *out);

#endif
