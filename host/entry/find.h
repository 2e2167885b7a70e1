/* SPDX-License-Identifier: MIT */
/*
 * Which files an application is written in (semantics A1).
 */
#ifndef KD_ENTRY_FIND_H
#define KD_ENTRY_FIND_H

#include "entry/folder.h"
#include "entry/report.h"

struct kd__find {
    const char **paths; /* relative to the folder, in byte order */
    size_t count;
};

/*
 * Find all. What cannot be read is reported; so is that there is nothing.
 * Strings go to the arena. Returns KD_OK or KD_ENOMEM.
 */
kd_status kd__find_files(const struct kd__folder *folder,
    struct kd__arena *arena, struct kd__report *report, struct kd__find *found);
void kd__find_free(struct kd__find *found);

#endif
