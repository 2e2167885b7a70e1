/* SPDX-License-Identifier: MIT */
/*
 * What a supervisor writes into the log (semantics S24): one record for each
 * thing it does about a child, but not more than ten a second; what is beyond
 * is one record with their number when the second is over. One that is left out
 * costs a comparison or two.
 */
#ifndef KS_REPORT_H
#define KS_REPORT_H

#include "children.h"

struct supervisor;

enum report_type {
    REPORT_STARTED,
    REPORT_RESTART,  /* It has failed, or ended, and starts again. */
    REPORT_STOPPED,  /* It was told to end, and has. */
    REPORT_UNEASY,   /* The same, but it failed meanwhile or was forced. */
    REPORT_ENDED,    /* By itself, normally; not restarted. */
    REPORT_FAILED,   /* The same, but a failure; or one of many that stop. */
    REPORT_GIVEN_UP, /* The supervisor gives up because of it. */
    N_REPORTS
};

/* All zero: nothing was written yet. */
struct report {
    kd_time second; /* When the second began; 0: none has. */
    uint32_t written;
    uint64_t left_out;
};

/* `error` is why, or NULL; `delay_ns` is how long a restart waits. */
void ks__report(struct supervisor *s, enum report_type type,
    const struct child *child, const kd_payload *error, uint64_t delay_ns);

/* When the record of what was left out is due; KD_NEVER: nothing was. */
kd_time ks__report_due(const struct report *report);

/* Write it, if it is due, or if all is over. */
void ks__report_flush(struct supervisor *s, int is_last);

#endif
