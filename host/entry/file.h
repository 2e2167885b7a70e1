/* SPDX-License-Identifier: MIT */
/*
 * One YAML file: its namespace, and the definitions in it (semantics A2, A3).
 */
#ifndef KD_ENTRY_FILE_H
#define KD_ENTRY_FILE_H

#include "base/env.h"
#include "entry/folder.h"
#include "entry/node.h"
#include "entry/report.h"

/* An entry as it is written. Strings are in the arena. */
struct kd__definition {
    const char *namespace;
    const char *name;
    const char *kind;
    const char *base;       /* the file, below the folder */
    struct kd__place place; /* of the name; `entry` is not known yet */
    struct kd__place kind_place;
    const struct kd__node *body; /* the options, the file's meta among them */
};

struct kd__file {
    const struct kd__folder *folder;
    struct kd__arena *arena;
    struct kd__report *report;
    const struct kd__env *env; /* or NULL */
    /* Gets each definition. Returns KD_OK or KD_ENOMEM. */
    kd_status (*define)(void *arg, const struct kd__definition *definition);
    void *arg;
};

/* Read one. Returns KD_OK, also when errors were reported; KD_ENOMEM. */
kd_status kd__file_read(const struct kd__file *file, const char *path);

#endif
