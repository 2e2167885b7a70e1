/* SPDX-License-Identifier: MIT */
/*
 * Patterns of the events bus (semantics B5), by segments between dots: a word
 * for itself, `*` for any one, `**` for any number of them, `(a|b)` for either.
 * Pure.
 */
#ifndef KL_EVENT_PATTERN_H
#define KL_EVENT_PATTERN_H

#include <stddef.h>

/* What is wrong with it, a constant sentence, or NULL. */
const char *kl__event_pattern_check(const char *pattern, size_t len);

/* Whether it stands only for itself. */
int kl__event_pattern_is_word(const char *pattern, size_t len);

/* One that is malformed stands for itself, at most. */
int kl__event_pattern_match(
    const char *pattern, size_t pattern_len, const char *text, size_t len);

#endif
