/* SPDX-License-Identifier: MIT */
/*
 * Names of processes: unique in a runtime, many a process.
 *
 * A chained hash table under one reader-writer lock: names are looked up far
 * more often than they change. A process holds a list of its names, so that
 * its exit frees them without searching, and from which each can be taken.
 */
#ifndef KD_PROC_NAME_H
#define KD_PROC_NAME_H

#include <kindred/types.h>
#include <pthread.h>

struct kd__proc;
struct kd__system;

struct kd__name {
    struct kd__name *next;      /* In its bucket. */
    struct kd__name *next_held; /* Of the same process... */
    struct kd__name **held;     /* ...and what points here among those. */
    kd_pid pid;
    uint64_t hash;
    size_t len;
    char text[];
};

/* What one process may have, so that none fills the host's memory with them. */
#define KD__NAME_BYTES_MAX ((size_t)1024)
#define KD__NAMES_MAX      ((uint32_t)1 << 18)

struct kd__names {
    pthread_rwlock_t lock; /* Guards all of this, kd__proc::held, ::n_held. */
    struct kd__name **buckets;
    size_t n_buckets; /* A power of two. */
    size_t count;
};

kd_status kd__names_init(struct kd__names *names);
void kd__names_fini(struct kd__names *names);

/*
 * Give a process a name. KD_OK, also when it has it; KD_EEXIST, and *holder
 * (may be NULL) is who has it; KD_EGONE; KD_EINVAL: it is too long; KD_ELIMIT:
 * the process has too many; KD_ENOMEM.
 */
kd_status kd__name_add(struct kd__names *names, struct kd__proc *proc,
    const char *text, size_t len, kd_pid *holder);
/* Say in words what kd__name_add() answered. Returns `status`. */
kd_status kd__name_error(
    kd_status status, const char *text, size_t len, kd_error *err);
/* Take a name away from whoever has it. KD_OK, KD_ENOTFOUND. The caller has
 * entered the epoch. */
kd_status kd__name_remove(
    struct kd__system *system, const char *text, size_t len);
kd_status kd__name_find(
    struct kd__names *names, const char *text, size_t len, kd_pid *pid);
/* Free all names of a process. */
void kd__name_clear(struct kd__names *names, struct kd__proc *proc);

#endif
