/* SPDX-License-Identifier: MIT */
/*
 * Everything that is wrong with an application, collected, and then shown in
 * the order of files and lines (semantics A8).
 */
#ifndef KD_ENTRY_REPORT_H
#define KD_ENTRY_REPORT_H

#include "base/arena.h"

#include <kindred/api.h>

/*
 * So many errors are shown, and so many warnings; of the rest only their number
 * is. Warnings never take the room of errors.
 */
#define KD__REPORT_SHOWN ((size_t)100)

struct kd__report_item;

struct kd__report {
    struct kd__arena arena; /* texts */
    struct kd__report_item *items;
    size_t count;
    size_t capacity;
    size_t dropped;  /* errors beyond those that are kept */
    size_t errors;   /* ever added */
    size_t warnings; /* since the last flush, with all else that is no error */
};

/* Where something is. Borrowed strings, valid until the flush. */
struct kd__place {
    const char *file;  /* NULL: none */
    const char *entry; /* NULL: none is known */
    uint32_t line;     /* 0: none */
    uint32_t column;   /* 0: none */
};

void kd__report_init(struct kd__report *report);
void kd__report_fini(struct kd__report *report);

/*
 * Add a sentence; `level` is a KD_LOG_. Never fails: what finds no memory
 * still counts.
 */
void kd__report_add(struct kd__report *report, uint32_t level,
    const struct kd__place *place, const char *format, ...) KD_PRINTF(4, 5);

/* Show all as finished lines, in order, and forget them but their number. */
void kd__report_flush(struct kd__report *report,
    void (*show)(void *arg, uint32_t level, const char *line), void *arg);

#endif
