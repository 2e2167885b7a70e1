/* SPDX-License-Identifier: MIT */
/*
 * Where a `**` has to take another segment, all that follows is tried again.
 * Only the last `**` is ever gone back to, since an earlier one could not do
 * better: so the time is the product of the two lengths at most.
 */

#include "events/event_pattern.h"

#include <string.h>

/* What is left of a pattern or a text; NULL when the last was taken. */
struct rest {
    const char *at;
    const char *end;
};

static struct rest rest_of(const char *text, size_t len);
static size_t segment_len(const struct rest *rest);
static void next_segment(struct rest *rest);
static int is_any_number(const struct rest *pattern);
static const char *check_segment(const char *pattern, size_t len);
static int has_any_of(const char *text, size_t len, const char *bytes);
static int match_segment(
    const char *pattern, size_t pattern_len, const char *text, size_t len);
static int match_either(
    const char *words, const char *end, const char *text, size_t len);

const char *
kl__event_pattern_check(const char *pattern, size_t len)
{
    struct rest rest = rest_of(pattern, len);
    const char *why = NULL;

    for (; rest.at != NULL && why == NULL; next_segment(&rest))
        why = check_segment(rest.at, segment_len(&rest));
    return why;
}

int
kl__event_pattern_is_word(const char *pattern, size_t len)
{
    return memchr(pattern, '*', len) == NULL &&
           memchr(pattern, '(', len) == NULL;
}

int
kl__event_pattern_match(
    const char *pattern, size_t pattern_len, const char *text, size_t len)
{
    struct rest p = rest_of(pattern, pattern_len);
    struct rest t = rest_of(text, len);
    struct rest back_p = {NULL, NULL};
    struct rest back_t = {NULL, NULL};
    int can_go_back = 0;

    while (t.at != NULL) {
        if (p.at != NULL && is_any_number(&p)) {
            next_segment(&p);
            back_p = p;
            back_t = t;
            can_go_back = 1;
            continue;
        }
        if (p.at != NULL &&
            match_segment(p.at, segment_len(&p), t.at, segment_len(&t))) {
            next_segment(&p);
            next_segment(&t);
            continue;
        }
        if (!can_go_back)
            return 0;
        next_segment(&back_t);
        p = back_p;
        t = back_t;
    }
    while (p.at != NULL && is_any_number(&p))
        next_segment(&p);
    return p.at == NULL;
}

static struct rest
rest_of(const char *text, size_t len)
{
    struct rest rest = {text, text + len};

    return rest;
}

static size_t
segment_len(const struct rest *rest)
{
    const char *dot = memchr(rest->at, '.', (size_t)(rest->end - rest->at));

    return (size_t)((dot == NULL ? rest->end : dot) - rest->at);
}

static void
next_segment(struct rest *rest)
{
    rest->at += segment_len(rest);
    if (rest->at == rest->end)
        rest->at = NULL;
    else
        rest->at++;
}

static int
is_any_number(const struct rest *pattern)
{
    return segment_len(pattern) == 2 && memcmp(pattern->at, "**", 2) == 0;
}

/* What almost has a meaning would never match, and nobody would know why. */
static const char *
check_segment(const char *pattern, size_t len)
{
    int is_either = len >= 2 && *pattern == '(' && pattern[len - 1] == ')';

    if ((len == 1 && *pattern == '*') ||
        (len == 2 && memcmp(pattern, "**", 2) == 0))
        return NULL;
    if (is_either && has_any_of(pattern + 1, len - 2, "()*"))
        return "only words stand between ( and )";
    if (is_either)
        return NULL;
    if (has_any_of(pattern, len, "()"))
        return "( and ) enclose a whole segment";
    if (has_any_of(pattern, len, "*"))
        return "* and ** stand for whole segments";
    if (has_any_of(pattern, len, "|"))
        return "| stands between ( and )";
    return NULL;
}

static int
has_any_of(const char *text, size_t len, const char *bytes)
{
    for (; *bytes != '\0'; bytes++)
        if (memchr(text, *bytes, len) != NULL)
            return 1;
    return 0;
}

static int
match_segment(
    const char *pattern, size_t pattern_len, const char *text, size_t len)
{
    if (pattern_len == 1 && *pattern == '*')
        return 1;
    if (pattern_len >= 2 && pattern[0] == '(' &&
        pattern[pattern_len - 1] == ')')
        return match_either(pattern + 1, pattern + pattern_len - 1, text, len);
    return pattern_len == len && memcmp(pattern, text, len) == 0;
}

static int
match_either(const char *words, const char *end, const char *text, size_t len)
{
    for (;;) {
        const char *bar = memchr(words, '|', (size_t)(end - words));
        size_t word_len = (size_t)((bar == NULL ? end : bar) - words);

        if (word_len == len && memcmp(words, text, len) == 0)
            return 1;
        if (bar == NULL)
            return 0;
        words = bar + 1;
    }
}
