/* SPDX-License-Identifier: MIT */
/*
 * The application's folder, and reading files in it. Nothing outside of it can
 * be read through this, whatever a path or a symbolic link says.
 */
#ifndef KD_ENTRY_FOLDER_H
#define KD_ENTRY_FOLDER_H

#include "base/arena.h"

#include <kindred/status.h>

struct kd__folder {
    int fd;           /* -1: not open */
    const char *name; /* as messages name it: DIR, or DIR/src */
    const char *real; /* its real path */
};

/*
 * Open DIR/src if it is a folder, else DIR. Strings go to the arena. Returns
 * KD_OK, KD_ENOMEM, or KD_ESYSTEM with the system's reason.
 */
kd_status kd__folder_open(struct kd__folder *folder, const char *dir,
    struct kd__arena *arena, kd_error *err);
void kd__folder_close(struct kd__folder *folder);

/* `name` joined with a path below it; NULL without memory. */
const char *kd__folder_join(
    struct kd__arena *arena, const char *name, const char *path);

/*
 * Read a regular file whole; its path is relative to the folder.
 *
 * Returns KD_OK; KD_EPERM: the path leads out of the folder; KD_ETOOBIG;
 * KD_ENOMEM; KD_ESYSTEM. The sentence is the bare reason.
 */
kd_status kd__folder_read(const struct kd__folder *folder, const char *path,
    struct kd__arena *arena, const char **text, size_t *len, kd_error *err);

/* The real path of a regular file in the folder. Returns as _read. */
kd_status kd__folder_locate(const struct kd__folder *folder, const char *path,
    struct kd__arena *arena, const char **real, kd_error *err);

#endif
