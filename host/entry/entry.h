/* SPDX-License-Identifier: MIT */
/*
 * One entry of the application: what YAML says, checked against its kind.
 */
#ifndef KD_ENTRY_ENTRY_H
#define KD_ENTRY_ENTRY_H

#include "entry/node.h"
#include "entry/report.h"

#include <kindred/kind.h>

/* An option that names another entry. */
struct kd__ref {
    struct kd__ref *next;
    struct kd__node *node;   /* its text is the whole id */
    const kd_option *option; /* what is wanted */
    const char *path;        /* "imports.x" */
    kd_entry *target;        /* NULL until it is found */
};

struct kd_entry {
    const char *id;
    const char *namespace;
    const char *name;
    const char *kind_id;
    const kd_kind *kind;          /* NULL: nobody knows it */
    struct kd__place place;       /* of its name */
    struct kd__place kind_place;  /* of its kind */
    const char *base;             /* its YAML file, below the folder */
    const struct kd__node *body;  /* its options as YAML says them */
    struct kd__node *tree;        /* the same, checked, with defaults */
    struct kd__ref *refs;         /* in the order of the tree */
    struct kd__ref *last_ref;     /* the last of them */
    const kd_option *host_option; /* the host rule's, where it is absent */
    const kd_entry *host;         /* what its host option or the rule says */
    kd_entry *starter;            /* what starts it, if not itself */
    const kd_entry **needs;       /* what must run before it starts */
    size_t n_needs;
    size_t index;   /* in the order of ids */
    void *prepared; /* the runtime's */
    uint32_t auto_start;
    uint32_t is_left_out; /* its kind, or what it depends on, is unknown */
    uint32_t is_broken;   /* an error about it was reported */
    size_t mark;          /* for walks */
    kd_entry *next;       /* in the order of definition */
};

/* As in kd_api. */
const char *kd__entry_id(const kd_entry *entry);
const char *kd__entry_kind(const kd_entry *entry);
uint32_t kd__entry_class(const kd_entry *entry);
const kd_node *kd__entry_get(const kd_entry *entry, const char *path);
void *kd__entry_prepared(const kd_entry *entry);

/* Its host, by its option or the host rule; NULL: none. */
const kd_entry *kd__entry_host(const kd_entry *entry);

/* Whether the application starts it. */
uint32_t kd__entry_auto_start(const kd_entry *entry);

/* What must run before it starts, and all of it starts by itself. */
const kd_entry *const *kd__entry_needs(const kd_entry *entry, size_t *n);

/* Whether it may be spawned as a process. */
int kd__entry_is_process(const kd_entry *entry);

#endif
