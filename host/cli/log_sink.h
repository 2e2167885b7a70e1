/* SPDX-License-Identifier: MIT */
/*
 * The log as the command shows it: on stderr, for humans or as JSON lines.
 */
#ifndef KD_CLI_LOG_SINK_H
#define KD_CLI_LOG_SINK_H

#include <kindred/api.h>
#include <stdio.h>

struct kd__log_sink {
    int is_json;
    int has_colour;
    uint32_t level; /* the most detailed that is wanted */
};

/* For stderr: colours on a terminal, unless NO_COLOR or TERM=dumb say no. */
void kd__log_sink_init(struct kd__log_sink *log, int is_json, uint32_t level);

/* Write one record. The callback of kd_config. */
void kd__log_sink_write(const struct kd__log_sink *log,
    const kd_log_record *record, int64_t unix_ns, const char *pid);

/* Write a record of the command's own, if its level is wanted. */
void kd__log_sink_note(
    const struct kd__log_sink *log, uint32_t level, const char *text);

/* One record as its line or lines. `pid` may be NULL or empty. */
void kd__log_sink_format(const struct kd__log_sink *log, FILE *out,
    const kd_log_record *record, int64_t unix_ns, const char *pid);

#endif
