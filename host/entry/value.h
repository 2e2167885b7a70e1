/* SPDX-License-Identifier: MIT */
/*
 * Values of options that have no parts and are no quantities: one function a
 * type.
 */
#ifndef KD_ENTRY_VALUE_H
#define KD_ENTRY_VALUE_H

#include "entry/check.h"

typedef struct kd__node *kd__value_check(struct kd__check *check,
    const kd_option *option, const struct kd__node *raw);

/* A string in the place of `raw`; NULL without memory. */
struct kd__node *kd__value_text(struct kd__check *check,
    const struct kd__node *raw, const char *text, size_t len);

/* Whether the text is one of the words with `|` between. */
int kd__value_has_choice(const char *choices, const char *text, size_t len);
/* "a, b or c" from "a|b|c"; cut where `out` ends. */
void kd__value_list_choices(const char *choices, char *out, size_t size);

kd__value_check kd__value_bool;
kd__value_check kd__value_string;
kd__value_check kd__value_choice;
kd__value_check kd__value_source;
kd__value_check kd__value_entry;
kd__value_check kd__value_any;

#endif
