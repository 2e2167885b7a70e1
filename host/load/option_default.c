/* SPDX-License-Identifier: MIT */
/*
 * Defaults, type by type.
 *
 * They are written as in YAML and read for good where the YAML is; here they
 * are only judged, and what has inner structure only by its first byte.
 */

#include "load/option_default.h"

#include "base/error.h"
#include "load/text_check.h"

#include <errno.h>
#include <kindred/duration.h>
#include <stdlib.h>
#include <string.h>

static int
is_bool(const char *text)
{
    return strcmp(text, "true") == 0 || strcmp(text, "false") == 0;
}

static int
in_bounds(const kd_option *option, int64_t value)
{
    if (option->min == 0 && option->max == 0)
        return 1;
    return value >= option->min && value <= option->max;
}

static int
is_integer(const kd_option *option, const char *text)
{
    char *end;
    long long value;

    errno = 0;
    value = strtoll(text, &end, 10);
    return end != text && *end == '\0' && errno == 0 &&
           in_bounds(option, value);
}

static int
is_size(const kd_option *option, const char *text)
{
    static const struct {
        const char *word;
        int64_t bytes;
    } units[] = {
        {"", 1}, {" KiB", 1 << 10}, {" MiB", 1 << 20}, {" GiB", 1 << 30}};
    char *end;
    int64_t value;
    size_t i;

    errno = 0;
    value = strtoll(text, &end, 10);
    if (end == text || errno != 0 || value < 0)
        return 0;
    for (i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        if (strcmp(end, units[i].word) == 0)
            return value <= INT64_MAX / units[i].bytes &&
                   in_bounds(option, value * units[i].bytes);
    }
    return 0;
}

/* By its bytes: strtod would ask the locale what a decimal point is. */
static int
is_float(const char *text)
{
    return strspn(text, "+-.0123456789eE") == strlen(text) &&
           strpbrk(text, "0123456789") != NULL;
}

static int
is_choice(const kd_option *option, const char *text)
{
    size_t len = strlen(text);
    const char *at = option->choices;

    for (;;) {
        size_t word = strcspn(at, "|");

        if (word == len && memcmp(at, text, len) == 0)
            return 1;
        if (at[word] == '\0')
            return 0;
        at += word + 1;
    }
}

static int
is_duration(const kd_option *option, const char *text)
{
    int64_t ns;

    if (option->choices != NULL && is_choice(option, text))
        return 1;
    return kd_duration_parse(text, strlen(text), &ns, NULL) == KD_OK &&
           in_bounds(option, ns);
}

static int
fits(const kd_option *option, const char *text)
{
    switch (option->type) {
    case KD_OPTION_BOOL:
        return is_bool(text);
    case KD_OPTION_INT:
        return is_integer(option, text);
    case KD_OPTION_FLOAT:
        return is_float(text);
    case KD_OPTION_SIZE:
        return is_size(option, text);
    case KD_OPTION_DURATION:
        return is_duration(option, text);
    case KD_OPTION_CHOICE:
        return is_choice(option, text);
    case KD_OPTION_LIST:
        return text[0] == '[';
    case KD_OPTION_MAP:
    case KD_OPTION_GROUP:
        return text[0] == '{';
    default:
        return 1;
    }
}

kd_status
kd__option_default_check(const kd_option *option, kd_error *err)
{
    const char *text = option->def;

    if ((option->flags & KD_OPTION_REQUIRED) != 0)
        return kd__error(
            err, KD_EPLUGIN, "is required and has a default all the same");
    if (*text != '\0' && !kd__text_is_line(text))
        return kd__error(err, KD_EPLUGIN, "default is not one line of text");
    if (!fits(option, text))
        return kd__error(
            err, KD_EPLUGIN, "default '%.40s' does not fit its type", text);
    return KD_OK;
}

int
kd__option_has_choices(const kd_option *option)
{
    const char *text = option->choices;
    size_t len;

    if (!kd__text_is_line(text))
        return 0;
    len = strlen(text);
    return text[0] != '|' && text[len - 1] != '|' && strstr(text, "||") == NULL;
}
