/* SPDX-License-Identifier: MIT */
/*
 * Matching of Lua patterns that always comes to an end soon.
 *
 * The pattern language of Lua 5.4, with two bounds: a match keeps the places
 * that it may come back to in a small array instead of on the C stack, and
 * everything done for one kl__match is paid from one budget of steps. Nothing
 * can interrupt C code, so that the budget is what keeps `("a*"):rep(12).."b"`
 * from holding a worker thread for ever.
 *
 * Pure: no allocation, no Lua state, and so no long jump from here.
 */

#ifndef KL_MATCH_H
#define KL_MATCH_H

#include "text/pattern.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define KL_CAPTURES_MAX    32
#define KL_MATCH_DEPTH_MAX 200
#define KL_MATCH_STEPS_MAX 10000000

/*
 * A step is one item of the pattern tried at one place. What runs in a tight
 * loop, such as the bytes that a `%s*` passes, is paid in grains.
 */
#define KL_GRAINS_PER_STEP 8

/* The length of a capture `()`, which has only a place. */
#define KL_CAPTURE_POSITION (-1)

struct kl__capture {
    const char *start;
    ptrdiff_t len;
};

/* All members are to be read only, once kl__match_init() has filled them in. */
struct kl__match {
    const char *subject; /* borrowed, as is the pattern */
    const char *subject_end;
    const char *pattern; /* behind its anchor, if it has one */
    const char *pattern_end;
    bool is_anchored;
    bool has_lead; /* whether every match begins with a byte of lead */
    struct kl__item lead;
    int64_t grains;    /* what is left of the budget */
    const char *error; /* NULL, or why there is no result */
    char error_text[48];
    unsigned captures_len;
    uint32_t open; /* a bit for each capture that has no end yet */
    struct kl__capture captures[KL_CAPTURES_MAX];
};

/*
 * Both texts must outlive the match. `may_anchor` is false where a `^` in front
 * stands for itself, as in gmatch.
 */
void kl__match_init(struct kl__match *match, const char *subject,
    size_t subject_len, const char *pattern, size_t pattern_len,
    bool may_anchor);

/*
 * Finds the first match that begins at `from` or later (only there, if the
 * pattern is anchored) and does not end at `avoid`, which may be NULL. Returns
 * false when there is none or when match->error is set.
 */
bool kl__match_search(struct kl__match *match, const char *from,
    const char *avoid, const char **start, const char **end);

/* Pays for work; false and match->error once the budget is spent. */
bool kl__match_pay(struct kl__match *match, int64_t grains);

#endif
