/* SPDX-License-Identifier: MIT */
/*
 * Edit distance, where a third of the letters may be wrong. Words of a few
 * letters are near to everything, so nothing is said about them.
 */

#include "entry/hint.h"

#include <string.h>

#define LEN_MIN ((size_t)4)
#define LEN_MAX ((size_t)48)

static size_t
least(size_t a, size_t b, size_t c)
{
    size_t ab = a < b ? a : b;

    return ab < c ? ab : c;
}

static size_t
distance(const char *a, size_t a_len, const char *b, size_t b_len)
{
    size_t row[LEN_MAX + 1];
    size_t i, j;

    for (j = 0; j <= b_len; j++)
        row[j] = j;
    for (i = 1; i <= a_len; i++) {
        size_t corner = row[0];

        row[0] = i;
        for (j = 1; j <= b_len; j++) {
            size_t above = row[j];

            row[j] = least(above + 1, row[j - 1] + 1,
                corner + (a[i - 1] == b[j - 1] ? 0 : 1));
            corner = above;
        }
    }
    return row[b_len];
}

void
kd__hint_offer(struct kd__hint *hint, const char *known)
{
    size_t word_len = strlen(hint->word);
    size_t known_len = strlen(known);
    size_t found;

    if (word_len < LEN_MIN || word_len > LEN_MAX || known_len > LEN_MAX)
        return;
    found = distance(hint->word, word_len, known, known_len);
    if (found > word_len / 3)
        return;
    if (hint->nearest == NULL || found < hint->distance) {
        hint->nearest = known;
        hint->distance = found;
    }
}
