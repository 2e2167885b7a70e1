/* SPDX-License-Identifier: MIT */
/*
 * The log as the command shows it: on stderr, for humans or as JSON lines.
 */
#ifndef KD_CLI_LOG_H
#define KD_CLI_LOG_H

#include <kindred/api.h>
#include <stdio.h>

struct kd__log {
    int is_json;
    int has_colour;
    uint32_t level; /* the most detailed that is wanted */
};

/* For stderr: colours on a terminal, unless NO_COLOR or TERM=dumb say no. */
void kd__log_init(struct kd__log *log, int is_json, uint32_t level);

/* Write one record. The callback of kd_config. */
void kd__log_write(const struct kd__log *log, const kd_log_record *record,
    int64_t unix_ns, const char *pid);

/* Write a record of the command's own, if its level is wanted. */
void kd__log_note(const struct kd__log *log, uint32_t level, const char *text);

/* One record as its line or lines. `pid` may be NULL or empty. */
void kd__log_format(const struct kd__log *log, FILE *out,
    const kd_log_record *record, int64_t unix_ns, const char *pid);

#endif
