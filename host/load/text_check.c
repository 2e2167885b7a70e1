/* SPDX-License-Identifier: MIT */
/*
 * The shape of names and lines.
 */

#include "load/text_check.h"

#include <string.h>

static int
is_alnum(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9');
}

int
kd__text_is_name(const char *text, const char *also)
{
    size_t i;

    if (text == NULL)
        return 0;
    for (i = 0; i <= KD__NAME_MAX; i++) {
        if (text[i] == '\0')
            return i > 0;
        if (!is_alnum(text[i]) && strchr(also, text[i]) == NULL)
            return 0;
    }
    return 0;
}

int
kd__text_is_dotted(const char *text)
{
    const char *at;

    if (!kd__text_is_name(text, "_.-") || strchr(text, '.') == NULL)
        return 0;
    for (at = text; *at != '\0'; at++) {
        if (*at == '.' && (at == text || at[1] == '.' || at[1] == '\0'))
            return 0;
    }
    return 1;
}

int
kd__text_is_line(const char *text)
{
    size_t i;

    if (text == NULL)
        return 0;
    for (i = 0; i <= KD__LINE_MAX; i++) {
        if (text[i] == '\0')
            return i > 0;
        if ((unsigned char)text[i] < ' ' || text[i] == 0x7f)
            return 0;
    }
    return 0;
}

const char *
kd__text_or(const char *text, const char *otherwise)
{
    return kd__text_is_line(text) ? text : otherwise;
}
