/* SPDX-License-Identifier: MIT */
/*
 * Looks for the first match in a subject, and keeps the budget.
 *
 * Most searches pass many places where nothing can begin. Where a pattern
 * begins with an item that takes a byte, these are passed in a tight loop.
 */

#include "text/match.h"

#include "text/match_run.h"

#include <string.h>

#define GRAINS_MAX ((int64_t)KL_MATCH_STEPS_MAX * KL_GRAINS_PER_STEP)

/* A lead is looked for behind so many opening parentheses. */
#define LEAD_CAPTURES 8

static void find_lead(struct kl__match *match);
static const char *skip_to_lead(struct kl__match *match, const char *at);

void
kl__match_init(struct kl__match *match, const char *subject, size_t subject_len,
    const char *pattern, size_t pattern_len, bool may_anchor)
{
    match->subject = subject;
    match->subject_end = subject + subject_len;
    match->is_anchored = may_anchor && pattern_len > 0 && *pattern == '^';
    match->pattern = pattern + (match->is_anchored ? 1 : 0);
    match->pattern_end = pattern + pattern_len;
    match->grains = GRAINS_MAX;
    match->error = NULL;
    match->captures_len = 0;
    match->open = 0;
    match->has_lead = false;
    if (!match->is_anchored)
        find_lead(match);
}

bool
kl__match_search(struct kl__match *match, const char *from, const char *avoid,
    const char **start, const char **end)
{
    const char *at = from;

    for (; at <= match->subject_end; at++) {
        if (match->has_lead)
            at = skip_to_lead(match, at);
        if (at == NULL)
            return false;
        *start = at;
        *end = kl__match_run(match, at);
        if (*end != NULL && *end != avoid)
            return true;
        if (match->error != NULL || match->is_anchored)
            return false;
    }
    return false;
}

bool
kl__match_pay(struct kl__match *match, int64_t grains)
{
    match->grains -= grains;
    return match->grains >= 0 || kl__match_fail(match, "pattern too complex");
}

/*
 * Sees whether the pattern begins with an item that takes at least one byte.
 * Places where that byte is missing can then be passed without a run.
 */
static void
find_lead(struct kl__match *match)
{
    const char *at = match->pattern;
    const char *limit = match->pattern + LEAD_CAPTURES;
    const char *end = match->pattern_end;

    while (at < end && at < limit && *at == '(')
        at++;
    if (at == end || strchr("()$", *at) != NULL)
        return;
    if (*at == KL_ESCAPE && at + 1 < end &&
        strchr("bf0123456789", at[1]) != NULL)
        return;
    if (kl__item_read(&match->lead, at, end) != NULL)
        return;
    match->has_lead = match->lead.kind != KL_ITEM_ANY &&
                      (match->lead.repeat == '\0' || match->lead.repeat == '+');
}

/* Returns NULL when no such byte is left, or the budget is spent. */
static const char *
skip_to_lead(struct kl__match *match, const char *at)
{
    size_t left = (size_t)(match->subject_end - at);
    const char *found;

    if (match->lead.kind == KL_ITEM_LITERAL) {
        found = memchr(at, match->lead.byte, left);
        if (found != NULL)
            left = (size_t)(found - at);
        return kl__match_pay(match, (int64_t)(left / KL_BYTES_PER_GRAIN))
                   ? found
                   : NULL;
    }
    found = kl__match_pass(match, &match->lead, at, false);
    return found == match->subject_end || match->error != NULL ? NULL : found;
}
