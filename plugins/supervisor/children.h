/* SPDX-License-Identifier: MIT */
/*
 * The records of a supervisor: in start order, by id and by pid.
 *
 * Everything takes constant time, over time. A record that goes leaves a hole
 * in the order, which is closed when there are as many holes as records or when
 * somebody must see the order as a whole (ks__children_close).
 */
#ifndef KS_CHILDREN_H
#define KS_CHILDREN_H

#include "index.h"
#include "spec.h"

struct group;

struct child {
    kd_child pub; /* First: what policies see. */
    const struct spec *spec;
    struct spec *own_spec; /* The same, if it goes with the record. */
    kd_payload args;
    void *own_args;   /* Their bytes, if they go with the record. */
    char *own_id;     /* pub.id, likewise. */
    kd_pid pid;       /* None: no process of it lives. */
    size_t at;        /* Place in the order. */
    kd_time force_at; /* It was told to end, and is forced to then. */
    struct hook by_id;
    struct hook by_pid;
    unsigned in_a_row;  /* Restarts without a long run between them. */
    uint32_t is_asked;  /* It was told to end, and has not yet. */
    uint32_t is_queued; /* Among the ends that wait to be decided about. */
    uint32_t failed;    /* How that end was, and */
    kd_buf *error;      /* why, or NULL. */
    struct child *next_ended;
    struct child *prev_ended;
    struct group *group; /* It waits for its restart with, or NULL. */
    struct child *next_in_group;
    size_t item; /* Its place in the decision, from 1; else 0. */
};

/* All zero: empty. */
struct children {
    const kd_child **order; /* NULL: a hole. */
    size_t n;               /* Holes included. */
    size_t cap;
    size_t count;         /* Records. */
    size_t active;        /* Of them with a pid. */
    size_t n_supervisors; /* Of them that are supervisors. */
    size_t n_significant; /* Significant ones that run or will. */
    struct index ids;
    struct index pids;
};

static inline struct child *
ks__child_of(const kd_child *pub)
{
    return (struct child *)(uintptr_t)pub;
}

/* Frees all records with it. */
void ks__children_fini(struct children *children);

/*
 * Add a record at the end, stopped. `id` NULL: the spec's own. It and the args
 * are copied if they are not the spec's. KD_OK, KD_ENOMEM.
 */
kd_status ks__children_add(struct children *children, const struct spec *spec,
    const char *id, const kd_payload *args, struct child **made);

/* Drop a record, which has no pid and takes part in nothing. */
void ks__children_remove(struct children *children, struct child *child);

/* By id or pid, or NULL. */
struct child *ks__children_find(
    const struct children *children, const char *id, size_t len);
struct child *ks__children_find_pid(
    const struct children *children, kd_pid pid);

/* Close the holes in the order. */
void ks__children_close(struct children *children);

/* KD_CHILD_ */
void ks__child_set_status(
    struct children *children, struct child *child, uint32_t status);

/* It has a process, for which there is room: ks__children_room(). */
void ks__child_set_pid(
    struct children *children, struct child *child, kd_pid pid);
void ks__child_clear_pid(struct children *children, struct child *child);

/* Room for one more pid. KD_OK, KD_ENOMEM. */
kd_status ks__children_room(struct children *children);

static inline int
ks__child_runs(const struct child *child)
{
    return !kd_pid_is_none(child->pid);
}

#endif
