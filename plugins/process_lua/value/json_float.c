/* SPDX-License-Identifier: MIT */
/*
 * Floats as JSON. C writes and reads them as the locale wants it, which belongs
 * to the program that embeds us: whatever is no digit, sign or exponent is its
 * decimal point.
 */

#include "value/json.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Enough for every double to be told from its neighbours. */
#define DIGITS_MAX 17

static size_t put_point(char *text);

size_t
kl__json_float(double number, char text[KL_JSON_FLOAT])
{
    /* Down to 15 digits %g drops what is not needed, but for subnormal ones. */
    int first = fabs(number) < DBL_MIN ? 1 : 15;
    int is_same = 0;
    size_t len;

    for (int digits = first; digits <= DIGITS_MAX && !is_same; digits++) {
        snprintf(text, KL_JSON_FLOAT, "%.*g", digits, number);
        is_same = digits == DIGITS_MAX ||
                  !(strtod(text, NULL) < number || strtod(text, NULL) > number);
    }
    len = put_point(text);
    if (strpbrk(text, ".e") == NULL) {
        memcpy(text + len, ".0", sizeof(".0"));
        len += 2;
    }
    return len;
}

static size_t
put_point(char *text)
{
    size_t point = strspn(text, "-+0123456789e");
    char *rest = text + point;

    if (*rest == '\0')
        return point;
    /* Some are of several bytes. */
    rest += strcspn(rest, "-+0123456789e");
    text[point] = '.';
    memmove(text + point + 1, rest, strlen(rest) + 1);
    return strlen(text);
}
