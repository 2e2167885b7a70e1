/* SPDX-License-Identifier: MIT */
/*
 * One item of a Lua pattern: a set of bytes and how many of them are wanted.
 *
 * The pattern is read as it is run, never compiled: an error that a match does
 * not come to is no error in Lua, so that there is nothing to gain from looking
 * ahead. Pure: no allocation, no Lua state.
 */

#ifndef KINDRED_PROCESS_LUA_PATTERN_H
#define KINDRED_PROCESS_LUA_PATTERN_H

#include <stdbool.h>

#define KL__ESCAPE '%'

/* How a set of bytes is written. */
enum kl__item_kind {
    KL__ITEM_ANY,     /* . */
    KL__ITEM_LITERAL, /* x or %. */
    KL__ITEM_CLASS,   /* %a */
    KL__ITEM_SET      /* [...] */
};

struct kl__item {
    enum kl__item_kind kind;
    unsigned char byte;  /* the literal, or the letter of the class */
    bool is_negated;     /* [^...] */
    char repeat;         /* one of * + - ? or 0 */
    const char *set;     /* the members of a set, */
    const char *set_end; /* up to its bracket */
    const char *next;    /* where the next item begins */
    unsigned weight;     /* the cost of a test, in grains */
};

/*
 * Reads the item at `at`, which is before `end`. Returns NULL, or an error in
 * the words of Lua.
 */
const char *kl__item_read(
    struct kl__item *item, const char *at, const char *end);

bool kl__item_has(const struct kl__item *item, unsigned char byte);

#endif
