/* SPDX-License-Identifier: MIT */
/*
 * Runs a pattern against a subject, with its own stack of choices.
 *
 * A choice is an item with `* + - ?` that could have taken another number of
 * bytes. What comes behind it is tried for one number; when that fails, the
 * newest choice takes its next number, and the captures become what they were
 * there: those begun later vanish, those closed later are open again. So a
 * capture needs no choice of its own, and nothing here recurses.
 */

#include "text/match_run.h"

#include <stdio.h>
#include <string.h>

struct choice {
    struct kl__item item;
    const char *at;   /* where the item's bytes ended last time */
    const char *stop; /* the shortest end of a greedy item, NULL for a lazy */
    unsigned captures_len;
    uint32_t open;
    unsigned depth;
};

struct run {
    struct kl__match *match;
    const char *at;   /* in the subject */
    const char *next; /* in the pattern */
    unsigned depth;   /* as stock Lua counts it, which recurses here */
    unsigned choices_len;
    struct choice choices[KL_MATCH_DEPTH_MAX];
};

static bool advance(struct run *run);
static bool retreat(struct run *run);
static bool open_capture(struct run *run);
static bool close_capture(struct run *run);
static bool take_balance(struct run *run);
static bool take_frontier(struct run *run);
static bool take_reference(struct run *run);
static bool take_item(struct run *run);
static bool take_greedy(struct run *run, const struct kl__item *item);
static void add_choice(
    struct run *run, const struct kl__item *item, const char *stop);
static bool go_deeper(struct run *run);

const char *
kl__match_run(struct kl__match *match, const char *at)
{
    struct run run;

    match->captures_len = 0;
    match->open = 0;
    run.match = match;
    run.at = at;
    run.next = match->pattern;
    run.depth = 1;
    run.choices_len = 0;
    while (run.next < match->pattern_end) {
        if (!advance(&run) && !retreat(&run))
            return NULL;
    }
    return run.at;
}

const char *
kl__match_pass(struct kl__match *match, const struct kl__item *item,
    const char *at, bool wanted)
{
    const char *start = at;
    const char *end = match->subject_end;
    int64_t most = match->grains / item->weight;

    if (item->kind == KL_ITEM_ANY)
        return wanted ? end : at;
    if (end - at > most)
        end = at + most;
    while (at < end && kl__item_has(item, (unsigned char)*at) == wanted)
        at++;
    /* At a limit of the budget, one more byte is one too many. */
    if (at == end && end < match->subject_end)
        (void)kl__match_pay(match, match->grains + 1);
    else
        (void)kl__match_pay(match, (at - start) * (int64_t)item->weight);
    return at;
}

bool
kl__match_fail(struct kl__match *match, const char *error)
{
    match->error = error;
    return false;
}

/* Goes one item on, in the pattern and in the subject. */
static bool
advance(struct run *run)
{
    const char *item = run->next;
    const char *end = run->match->pattern_end;

    if (!kl__match_pay(run->match, KL_GRAINS_PER_STEP))
        return false;
    if (*item == '(')
        return open_capture(run);
    if (*item == ')')
        return close_capture(run);
    if (*item == '$' && item + 1 == end) {
        run->next = end;
        return run->at == run->match->subject_end;
    }
    if (*item == KL_ESCAPE && item + 1 < end) {
        if (item[1] == 'b')
            return take_balance(run);
        if (item[1] == 'f')
            return take_frontier(run);
        if (item[1] >= '0' && item[1] <= '9')
            return take_reference(run);
    }
    return take_item(run);
}

/* Goes back to the newest choice that has another number of bytes to offer. */
static bool
retreat(struct run *run)
{
    struct kl__match *match = run->match;

    while (match->error == NULL && run->choices_len > 0) {
        struct choice *choice = &run->choices[run->choices_len - 1];
        bool is_lazy = choice->stop == NULL;

        if (is_lazy &&
            (choice->at == match->subject_end ||
                !kl__item_has(&choice->item, (unsigned char)*choice->at))) {
            run->choices_len--;
            continue;
        }
        choice->at += is_lazy ? 1 : -1;
        run->at = choice->at;
        run->next = choice->item.next;
        run->depth = choice->depth;
        match->captures_len = choice->captures_len;
        match->open = choice->open;
        if (choice->at == choice->stop)
            run->choices_len--;
        return kl__match_pay(match, choice->item.weight);
    }
    return false;
}

static bool
open_capture(struct run *run)
{
    struct kl__match *match = run->match;
    struct kl__capture *capture = &match->captures[match->captures_len];
    bool is_position =
        run->next + 1 < match->pattern_end && run->next[1] == ')';

    if (match->captures_len == KL_CAPTURES_MAX)
        return kl__match_fail(match, "too many captures");
    capture->start = run->at;
    capture->len = KL_CAPTURE_POSITION;
    if (!is_position)
        match->open |= UINT32_C(1) << match->captures_len;
    match->captures_len++;
    run->next += is_position ? 2 : 1;
    return go_deeper(run);
}

/* It is the newest one that is open. */
static bool
close_capture(struct run *run)
{
    struct kl__match *match = run->match;
    unsigned i = match->captures_len;

    if (match->open == 0)
        return kl__match_fail(match, "invalid pattern capture");
    do
        i--;
    while ((match->open & (UINT32_C(1) << i)) == 0);
    match->captures[i].len = run->at - match->captures[i].start;
    match->open &= ~(UINT32_C(1) << i);
    run->next++;
    return go_deeper(run);
}

/* %bxy: from an x to the y that closes it. */
static bool
take_balance(struct run *run)
{
    const char *item = run->next;
    const char *end = run->match->subject_end;
    const char *at = run->at;
    size_t nesting = 1;

    if (run->match->pattern_end - item < 4)
        return kl__match_fail(
            run->match, "malformed pattern (missing arguments to '%b')");
    if (at == end || *at != item[2])
        return false;
    for (at++; at < end; at++) {
        if (*at == item[3])
            nesting--;
        else if (*at == item[2])
            nesting++;
        if (nesting == 0)
            break;
    }
    if (!kl__match_pay(run->match, at - run->at) || at == end)
        return false;
    run->at = at + 1;
    run->next += 4;
    return true;
}

/* %f[set]: between a byte outside the set and one in it; a NUL at the ends. */
static bool
take_frontier(struct run *run)
{
    const struct kl__match *match = run->match;
    const char *set = run->next + 2;
    unsigned char before, after;
    struct kl__item item;
    const char *error;

    if (set >= match->pattern_end || *set != '[')
        return kl__match_fail(run->match, "missing '[' after '%f' in pattern");
    error = kl__item_read(&item, set, match->pattern_end);
    if (error != NULL)
        return kl__match_fail(run->match, error);
    /* It is read and tested twice. */
    if (!kl__match_pay(run->match, 3 * (int64_t)item.weight))
        return false;

    before = run->at > match->subject ? (unsigned char)run->at[-1] : 0;
    after = run->at < match->subject_end ? (unsigned char)*run->at : 0;
    run->next = item.set_end + 1;
    return !kl__item_has(&item, before) && kl__item_has(&item, after);
}

/* %1: what a capture took, once more. That of a position is nowhere. */
static bool
take_reference(struct run *run)
{
    struct kl__match *match = run->match;
    int number = run->next[1] - '0';
    unsigned i = (unsigned)number - 1;
    const struct kl__capture *capture;

    if (number == 0 || i >= match->captures_len ||
        (match->open & (UINT32_C(1) << i)) != 0) {
        snprintf(match->error_text, sizeof(match->error_text),
            "invalid capture index %%%d", number);
        return kl__match_fail(match, match->error_text);
    }
    capture = &match->captures[i];
    if (capture->len == KL_CAPTURE_POSITION ||
        match->subject_end - run->at < capture->len ||
        !kl__match_pay(match, capture->len / KL_BYTES_PER_GRAIN))
        return false;
    if (memcmp(run->at, capture->start, (size_t)capture->len) != 0)
        return false;
    run->at += capture->len;
    run->next += 2;
    return true;
}

static bool
take_item(struct run *run)
{
    struct kl__match *match = run->match;
    struct kl__item item;
    const char *error;
    bool has;

    error = kl__item_read(&item, run->next, match->pattern_end);
    if (error != NULL)
        return kl__match_fail(match, error);
    if (item.weight > 1 && !kl__match_pay(match, item.weight))
        return false;

    has = run->at < match->subject_end &&
          kl__item_has(&item, (unsigned char)*run->at);
    run->next = item.next;
    if (item.repeat == '\0') {
        run->at++;
        return has;
    }
    if (!has)
        return item.repeat != '+';
    if (item.repeat != '-')
        return take_greedy(run, &item);
    if (!go_deeper(run))
        return false;
    add_choice(run, &item, NULL);
    return true;
}

/* The byte at run->at is known to fit. */
static bool
take_greedy(struct run *run, const struct kl__item *item)
{
    const char *least = run->at + (item->repeat == '+' ? 1 : 0);
    unsigned depth = run->depth;

    if (!go_deeper(run))
        return false;
    run->at = item->repeat == '?'
                  ? run->at + 1
                  : kl__match_pass(run->match, item, run->at + 1, true);
    if (run->match->error != NULL)
        return false;
    if (run->at == least)
        return true;
    add_choice(run, item, least);
    if (item->repeat == '?')
        run->choices[run->choices_len - 1].depth = depth;
    return true;
}

/* The caller has gone deeper, which is what bounds their number. */
static void
add_choice(struct run *run, const struct kl__item *item, const char *stop)
{
    struct choice *choice = &run->choices[run->choices_len++];

    choice->item = *item;
    choice->at = run->at;
    choice->stop = stop;
    choice->captures_len = run->match->captures_len;
    choice->open = run->match->open;
    choice->depth = run->depth;
}

static bool
go_deeper(struct run *run)
{
    if (run->depth == KL_MATCH_DEPTH_MAX)
        return kl__match_fail(run->match, "pattern too complex");
    run->depth++;
    return true;
}
