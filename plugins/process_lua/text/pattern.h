/* SPDX-License-Identifier: MIT */
/*
 * One item of a Lua pattern: a set of bytes and how many of them are wanted.
 *
 * The pattern is read as it is run, never compiled: an error that a match does
 * not come to is no error in Lua, so that there is nothing to gain from looking
 * ahead. Pure: no allocation, no Lua state.
 */

#ifndef KL_PATTERN_H
#define KL_PATTERN_H

#include <stdbool.h>

#define KL_ESCAPE '%'

/* How a set of bytes is written. */
enum kl__item_kind {
    KL_ITEM_ANY,     /* . */
    KL_ITEM_LITERAL, /* x or %. */
    KL_ITEM_CLASS,   /* %a */
    KL_ITEM_SET      /* [...] */
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

/* For classes and sets; all others are tested below. */
bool kl__item_has_kind(const struct kl__item *item, unsigned char byte);

static inline bool
kl__item_has(const struct kl__item *item, unsigned char byte)
{
    if (item->kind == KL_ITEM_LITERAL)
        return item->byte == byte;
    return item->kind == KL_ITEM_ANY || kl__item_has_kind(item, byte);
}

#endif
