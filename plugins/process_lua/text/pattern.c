/* SPDX-License-Identifier: MIT */
/*
 * Reads items of patterns and tests bytes against them.
 *
 * Ranges and classes inside brackets follow the manual; where it leaves a
 * mixture open ([%a-z], [a-]), stock Lua's reading is kept, and the
 * differential test holds both together.
 */

#include "text/pattern.h"

#include <ctype.h>
#include <limits.h>
#include <stddef.h>

/* So many members of a set are looked at in the time of one plain test. */
#define MEMBERS_PER_GRAIN 2

static bool is_repeat(char c);
static const char *read_set(
    struct kl__item *item, const char *at, const char *end);
static bool set_has(const struct kl__item *item, unsigned char byte);
static bool class_has(unsigned char letter, unsigned char byte);

const char *
kl__item_read(struct kl__item *item, const char *at, const char *end)
{
    const char *error = NULL;

    item->byte = (unsigned char)*at;
    item->weight = 1;
    item->next = at + 1;
    if (*at == '[') {
        error = read_set(item, at + 1, end);
    } else if (*at == '.') {
        item->kind = KL_ITEM_ANY;
    } else if (*at != KL_ESCAPE) {
        item->kind = KL_ITEM_LITERAL;
    } else if (at + 1 == end) {
        error = "malformed pattern (ends with '%')";
    } else {
        item->byte = (unsigned char)at[1];
        item->kind = isalpha(item->byte) ? KL_ITEM_CLASS : KL_ITEM_LITERAL;
        item->next = at + 2;
    }
    if (error != NULL)
        return error;

    item->repeat = '\0';
    if (item->next < end && is_repeat(*item->next))
        item->repeat = *item->next++;
    return NULL;
}

bool
kl__item_has_kind(const struct kl__item *item, unsigned char byte)
{
    if (item->kind == KL_ITEM_CLASS)
        return class_has(item->byte, byte);
    return set_has(item, byte) != item->is_negated;
}

static bool
is_repeat(char c)
{
    return c == '*' || c == '+' || c == '-' || c == '?';
}

/* The first member may be a bracket itself, and an escaped one always may. */
static const char *
read_set(struct kl__item *item, const char *at, const char *end)
{
    ptrdiff_t members;
    const char *start;

    item->kind = KL_ITEM_SET;
    item->is_negated = at < end && *at == '^';
    if (item->is_negated)
        at++;
    start = at;
    while (at < end && (*at != ']' || at == start))
        at += (*at == KL_ESCAPE && at + 1 < end) ? 2 : 1;
    if (at >= end)
        return "malformed pattern (missing ']')";

    item->set = start;
    item->set_end = at;
    item->next = at + 1;
    members = (at - start) / MEMBERS_PER_GRAIN;
    item->weight = members < INT_MAX ? 1 + (unsigned)members : INT_MAX;
    return NULL;
}

static bool
set_has(const struct kl__item *item, unsigned char byte)
{
    const char *at = item->set;

    while (at < item->set_end) {
        unsigned char low = (unsigned char)*at;

        if (low == KL_ESCAPE) {
            if (class_has((unsigned char)at[1], byte))
                return true;
            at += 2;
        } else if (item->set_end - at > 2 && at[1] == '-') {
            if (low <= byte && byte <= (unsigned char)at[2])
                return true;
            at += 3;
        } else {
            if (low == byte)
                return true;
            at++;
        }
    }
    return false;
}

/* An upper-case letter is the class's opposite; no letter stands for itself. */
static bool
class_has(unsigned char letter, unsigned char byte)
{
    bool has;

    /* The bit of lower case; no other byte becomes a letter by it. */
    switch (letter | 0x20) {
    case 'a':
        has = isalpha(byte) != 0;
        break;
    case 'c':
        has = iscntrl(byte) != 0;
        break;
    case 'd':
        has = isdigit(byte) != 0;
        break;
    case 'g':
        has = isgraph(byte) != 0;
        break;
    case 'l':
        has = islower(byte) != 0;
        break;
    case 'p':
        has = ispunct(byte) != 0;
        break;
    case 's':
        has = isspace(byte) != 0;
        break;
    case 'u':
        has = isupper(byte) != 0;
        break;
    case 'w':
        has = isalnum(byte) != 0;
        break;
    case 'x':
        has = isxdigit(byte) != 0;
        break;
    case 'z': /* no longer in the manual, but still there */
        has = byte == 0;
        break;
    default:
        return letter == byte;
    }
    return has == ((letter & 0x20) != 0);
}
