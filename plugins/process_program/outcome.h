/* SPDX-License-Identifier: MIT */
/*
 * How a program ended, as the result of its process (semantics E3, E9, E10).
 * Pure.
 */
#ifndef KP_OUTCOME_H
#define KP_OUTCOME_H

#include <kindred/term.h>

struct kp_outcome {
    uint32_t was_killed; /* By a signal, `number`; else that is its status. */
    int32_t number;
};

/* The name of a signal without SIG, "KILL"; NULL: it has none. */
const char *kp__signal_name(int32_t number);
/* The number of a name; 0: nobody's. */
int32_t kp__signal_number(const char *name);

/*
 * Whether that is a normal end. `asked` is the signal that it was asked with to
 * end; 0: nobody did.
 */
int kp__outcome_is_normal(const struct kp_outcome *outcome, int32_t asked);

/* The value of a normal end; the error of another one. */
void kp__outcome_value(const struct kp_outcome *outcome, kd_writer *to);
void kp__outcome_error(const struct kp_outcome *outcome, kd_writer *to);

#endif
