/* SPDX-License-Identifier: MIT */
/*
 * There is no list of them, and there cannot be one: three or four capital
 * letters are a zone, five if the last is a T.
 */

#include "time/zone_name.h"

#include <string.h>

/* A sign and at most 23 hours. */
static size_t
signed_len(const char *text, size_t len)
{
    size_t i = 1;
    int hours = 0;

    if (len < 2 || (text[0] != '+' && text[0] != '-'))
        return 0;
    for (; i < len && text[i] >= '0' && text[i] <= '9'; i++) {
        hours = hours * 10 + (text[i] - '0');
        if (hours > 23)
            return 0;
    }
    return i == 1 ? 0 : i;
}

static size_t
capitals_len(const char *text, size_t len)
{
    size_t i = 0;

    while (i < len && i < 6 && text[i] >= 'A' && text[i] <= 'Z')
        i++;
    if (i == 5)
        return text[4] == 'T' ? 5 : 0;
    if (i == 4)
        return text[3] == 'T' || memcmp(text, "WITA", 4) == 0 ? 4 : 0;
    return i == 3 ? 3 : 0;
}

size_t
kl__zone_name_len(const char *text, size_t len)
{
    if (len < 3)
        return 0;
    if (len >= 4 &&
        (memcmp(text, "ChST", 4) == 0 || memcmp(text, "MeST", 4) == 0))
        return 4;
    if (memcmp(text, "GMT", 3) == 0)
        return 3 + signed_len(text + 3, len - 3);
    if (text[0] == '+' || text[0] == '-')
        return signed_len(text, len);
    return capitals_len(text, len);
}
