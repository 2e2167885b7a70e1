/* SPDX-License-Identifier: MIT */
/*
 * The application's folder, and reading files in it. Nothing outside of it can
 * be read through this, whatever a path or a symbolic link says.
 */
#ifndef KD_ENTRY_FOLDER_H
#define KD_ENTRY_FOLDER_H

#include "base/arena.h"

#include <kindred/embed.h>

/* One on a disk, or one that is only texts in memory. */
struct kd__folder {
    int fd;               /* -1: not open, or in memory */
    const char *name;     /* as messages name it: DIR, or DIR/src */
    const char *real;     /* its real path; NULL: in memory */
    const kd_text *texts; /* borrowed; NULL: on a disk */
    size_t n_texts;
};

/* The index-th of an array, whose elements are as long as the first says. */
static inline const kd_text *
kd__folder_text_at(const kd_text *texts, size_t index)
{
    const char *first = (const char *)texts;

    return (const kd_text *)(const void *)(first + index * texts->size);
}

/*
 * Open DIR/src if it is a folder, else DIR. Strings go to the arena. Returns
 * KD_OK, KD_ENOMEM, or KD_ESYSTEM with the system's reason.
 */
kd_status kd__folder_open(struct kd__folder *folder, const char *dir,
    struct kd__arena *arena, kd_error *err);
void kd__folder_close(struct kd__folder *folder);

/* The folder is these texts. Returns KD_OK; KD_EINVAL: a path is no plain one,
 * or is there twice. */
kd_status kd__folder_set_texts(struct kd__folder *folder, const char *name,
    const kd_text *texts, size_t n, kd_error *err);

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
