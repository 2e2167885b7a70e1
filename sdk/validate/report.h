/* SPDX-License-Identifier: MIT */
/*
 * What the user reads, or his machine.
 */
#ifndef VALIDATE_REPORT_H
#define VALIDATE_REPORT_H

#include "trial.h"

struct report {
    int is_tap;  /* In the Test Anything Protocol. */
    size_t n[3]; /* By verdict. */
};

/* The trial's last rule. */
void report_rule(
    struct report *report, const struct rule *rule, const struct trial *trial);
void report_end(struct report *report, const struct trial *trial);

#endif
