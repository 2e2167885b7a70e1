/* SPDX-License-Identifier: MIT */
/*
 * Reads a rule, and asks it.
 *
 * Which clock holds is what the last change said, so the changes of the years
 * before and after are looked at too: clocks on the other side of the world are
 * in another year for some hours, and summer in the south goes on over its end.
 */

#include "time/zone_rule.h"

#include "time/calendar.h"

#include <string.h>

#define HOUR_S    3600
#define DAY_S     86400
#define MAX_HOURS (24 * 7 - 1)

struct text {
    const char *at;
    const char *end;
};

static int
is_at(const struct text *text, char c)
{
    return text->at < text->end && *text->at == c;
}

/* Step over this character, if it is there. */
static int
skip(struct text *text, char c)
{
    if (!is_at(text, c))
        return 0;
    text->at++;
    return 1;
}

static int
is_digit(const struct text *text)
{
    return text->at < text->end && *text->at >= '0' && *text->at <= '9';
}

static int
read_number(struct text *text, int low, int high, int *value)
{
    if (!is_digit(text))
        return 0;
    for (*value = 0; is_digit(text); text->at++) {
        *value = *value * 10 + (*text->at - '0');
        if (*value > high)
            return 0;
    }
    return *value >= low;
}

/* Letters, or anything at all in angle brackets. */
static int
read_name(struct text *text, char *name)
{
    int is_quoted = skip(text, '<');
    const char *stop = is_quoted ? ">" : "0123456789,-+";
    const char *start = text->at;
    size_t len;

    while (text->at < text->end && strchr(stop, *text->at) == NULL)
        text->at++;
    len = (size_t)(text->at - start);
    if (len > KL_ZONE_RULE_NAME_MAX || (is_quoted && !skip(text, '>')) ||
        (!is_quoted && len < 3))
        return 0;
    memcpy(name, start, len);
    name[len] = '\0';
    return 1;
}

/* Hours, with minutes and seconds if need be, and a sign. */
static int
read_time(struct text *text, int32_t *time_s)
{
    int sign = skip(text, '-') ? -1 : 1;
    int hours, minutes = 0, seconds = 0;

    if (sign > 0)
        skip(text, '+');
    if (!read_number(text, 0, MAX_HOURS, &hours))
        return 0;
    if (skip(text, ':') && !read_number(text, 0, 59, &minutes))
        return 0;
    if (skip(text, ':') && !read_number(text, 0, 59, &seconds))
        return 0;
    *time_s = sign * ((hours * 60 + minutes) * 60 + seconds);
    return 1;
}

/* Rules count west of UTC. */
static int
read_offset(struct text *text, int32_t *offset_s)
{
    if (!read_time(text, offset_s))
        return 0;
    *offset_s = -*offset_s;
    return 1;
}

static int
read_day(struct text *text, struct kl__zone_change *change)
{
    if (skip(text, 'J')) {
        change->by = KL_DAY_OF_365;
        return read_number(text, 1, 365, &change->day);
    }
    if (!skip(text, 'M')) {
        change->by = KL_DAY_OF_YEAR;
        return read_number(text, 0, 365, &change->day);
    }
    change->by = KL_WEEKDAY_OF_ANY;
    return read_number(text, 1, 12, &change->month) && skip(text, '.') &&
           read_number(text, 1, 5, &change->week) && skip(text, '.') &&
           read_number(text, 0, 6, &change->day);
}

static int
read_change(struct text *text, struct kl__zone_change *change)
{
    change->time_s = 2 * HOUR_S;
    return skip(text, ',') && read_day(text, change) &&
           (!skip(text, '/') || read_time(text, &change->time_s));
}

static int
read_summer(struct text *text, struct kl__zone_rule *rule)
{
    /* What the tz database's own code takes for granted. */
    static const char usual[] = ",M3.2.0,M11.1.0";

    rule->has_summer = 1;
    if (!read_name(text, rule->summer.name))
        return 0;
    rule->summer.offset_s = rule->standard.offset_s + HOUR_S;
    if (text->at < text->end && *text->at != ',' &&
        !read_offset(text, &rule->summer.offset_s))
        return 0;
    if (text->at == text->end) {
        text->at = usual;
        text->end = usual + sizeof(usual) - 1;
    }
    return read_change(text, &rule->to_summer) &&
           read_change(text, &rule->to_standard);
}

int
kl__zone_rule_parse(const char *text, size_t len, struct kl__zone_rule *rule)
{
    struct text rest = {text, text + len};

    memset(rule, 0, sizeof(*rule));
    if (!read_name(&rest, rule->standard.name) ||
        !read_offset(&rest, &rule->standard.offset_s))
        return -1;
    if (rest.at < rest.end && !read_summer(&rest, rule))
        return -1;
    return rest.at == rest.end ? 0 : -1;
}

/* The day of its month, from 1. */
static int
day_of_month(const struct kl__zone_change *change, int64_t year)
{
    int64_t first_s = kl__calendar_seconds(year, change->month, 1, 0, 0, 0);
    int first = kl__calendar_date(first_s).weekday;
    int day = 1 + (change->day - first + 7) % 7 + (change->week - 1) * 7;

    /* The fifth is the last. */
    while (day > kl__calendar_days(year, change->month))
        day -= 7;
    return day;
}

/* When it comes in a year, as a unix time; clocks have that offset before. */
static int64_t
change_at(const struct kl__zone_change *change, int64_t year, int32_t offset_s)
{
    int month = 1;
    int day = change->day;

    if (change->by == KL_DAY_OF_YEAR)
        day++;
    else if (change->by == KL_DAY_OF_365)
        day += day >= 60 && kl__calendar_is_leap(year);
    if (change->by == KL_WEEKDAY_OF_ANY) {
        month = change->month;
        day = day_of_month(change, year);
    }
    return kl__calendar_seconds(year, month, day, 0, 0, 0) + change->time_s -
           offset_s;
}

struct kl__zone_period
kl__zone_rule_at(const struct kl__zone_rule *rule, int64_t sec)
{
    const struct kl__zone_clock *clock = &rule->standard;
    int64_t year = kl__calendar_date(sec).year - 1;
    int64_t last = INT64_MIN;
    int i;

    for (i = 0; rule->has_summer && i < 3; i++, year++) {
        int64_t winter =
            change_at(&rule->to_standard, year, rule->summer.offset_s);
        int64_t summer =
            change_at(&rule->to_summer, year, rule->standard.offset_s);

        if (winter <= sec && winter > last) {
            last = winter;
            clock = &rule->standard;
        }
        /* At the same time as the other: then it is always summer. */
        if (summer <= sec && summer >= last) {
            last = summer;
            clock = &rule->summer;
        }
    }
    return (struct kl__zone_period){clock->offset_s, clock->name};
}
