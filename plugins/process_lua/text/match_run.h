/* SPDX-License-Identifier: MIT */
/*
 * One attempt of a pattern at one place; internal to the matcher.
 */

#ifndef KL_MATCH_RUN_H
#define KL_MATCH_RUN_H

#include "text/match.h"

#include <stdbool.h>

/* memcmp and memchr pass so many bytes in the time of one plain test. */
#define KL_BYTES_PER_GRAIN 16

/* Returns the end of the match that begins at `at`, or NULL. */
const char *kl__match_run(struct kl__match *match, const char *at);

/* Passes bytes while they are (or are not) in the item; up to the end. */
const char *kl__match_pass(struct kl__match *match, const struct kl__item *item,
    const char *at, bool wanted);

/* Ends all further matching with an error, which must last. Returns false. */
bool kl__match_fail(struct kl__match *match, const char *error);

#endif
