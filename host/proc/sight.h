/* SPDX-License-Identifier: MIT */
/*
 * What an operator sees of a process, while it goes on.
 */
#ifndef KD_PROC_SIGHT_H
#define KD_PROC_SIGHT_H

#include "proc/proc.h"

/* Of more links only the number is told. */
#define KD__SIGHT_LINKS 8

#define KD__SIGHT_TEXT 200

struct kd__sight {
    kd_pid pid;
    const char *id;    /* Of its entry. */
    const char *state; /* A word. */
    uint64_t messages; /* In its mailbox. */
    size_t n_links;
    kd_pid links[KD__SIGHT_LINKS];
    char waits[KD__SIGHT_TEXT]; /* What its kind says, or "". */
};

/* Look at it. The caller has entered the epoch and is in no slice. */
void kd__sight_take(struct kd__proc *proc, struct kd__sight *sight);

#endif
