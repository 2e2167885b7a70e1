/* SPDX-License-Identifier: MIT */
/*
 * Reads one element after the other, and only then looks whether there is such
 * a day: the year may come last.
 */

#include "time/layout_parse.h"

#include "time/calendar.h"
#include "time/layout.h"
#include "time/zone_name.h"

#include <string.h>

/* What has been read so far. */
struct reading {
    const char *at;
    const char *end;
    const char *layout; /* What is left of it. */
    const char *layout_end;
    struct kl__parsed *parsed;
    int month; /* 0: not said. */
    int day;   /* -1: not said. */
    int year_day;
    int half; /* 0: not said, 1: before noon, 2: after. */
    const char *problem;
};

static int
is_digit(const char *at, const char *end)
{
    return at < end && *at >= '0' && *at <= '9';
}

/* A number of `min` to `max` digits. Returns 0 if there is none. */
static int
read_digits(struct reading *r, int min, int max, int *value)
{
    int count = 0;

    *value = 0;
    while (count < max && is_digit(r->at + count, r->end)) {
        *value = *value * 10 + (r->at[count] - '0');
        count++;
    }
    if (count < min)
        return 0;
    r->at += count;
    return 1;
}

/* Likewise, within a range; beyond it there is a problem. */
static int
read_range(struct reading *r, int min_digits, int low, int high,
    const char *problem, int *value)
{
    if (!read_digits(r, min_digits, 2, value))
        return 0;
    if (*value < low || *value > high)
        r->problem = problem;
    return 1;
}

static char
lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* One of some names, or of their first letters; -1 if it is none. */
static int
read_name(
    struct reading *r, const char *const *names, int count, size_t letters)
{
    int i;

    for (i = 0; i < count; i++) {
        size_t len = letters == 0 ? strlen(names[i]) : letters;
        size_t j = 0;

        if ((size_t)(r->end - r->at) < len)
            continue;
        while (j < len && lower(r->at[j]) == lower(names[i][j]))
            j++;
        if (j == len) {
            r->at += len;
            return i;
        }
    }
    return -1;
}

static int
read_month_name(struct reading *r, size_t letters)
{
    r->month = read_name(r, kl__month_names, 12, letters) + 1;
    return r->month != 0;
}

static int
read_year(struct reading *r)
{
    int value;

    if (!read_digits(r, 2, 2, &value))
        return 0;
    /* As Unix has it: 69 is the year before its own. */
    r->parsed->year = value >= 69 ? 1900 + value : 2000 + value;
    return 1;
}

static int
read_long_year(struct reading *r)
{
    int value;

    if (!read_digits(r, 4, 4, &value))
        return 0;
    r->parsed->year = value;
    return 1;
}

static void
skip_spaces(struct reading *r, int max)
{
    while (max-- > 0 && r->at < r->end && *r->at == ' ')
        r->at++;
}

static int
read_year_day(struct reading *r, int is_padded_with_spaces)
{
    if (is_padded_with_spaces)
        skip_spaces(r, 2);
    return read_digits(r, is_padded_with_spaces ? 1 : 3, 3, &r->year_day);
}

/* Digits behind a point; those beyond nanoseconds are dropped. */
static int
read_fraction(struct reading *r, size_t digits)
{
    int32_t unit = 100000000;
    size_t i;

    if ((size_t)(r->end - r->at) < digits + 1 ||
        (*r->at != '.' && *r->at != ','))
        return 0;
    r->parsed->nsec = 0;
    for (i = 1; i <= digits; i++) {
        if (!is_digit(r->at + i, r->end))
            return 0;
        r->parsed->nsec += (r->at[i] - '0') * unit;
        unit /= 10;
    }
    r->at += digits + 1;
    return 1;
}

/* A point and any number of digits, if there are any. */
static int
read_open_fraction(struct reading *r)
{
    size_t digits = 0;

    if (r->at == r->end || (*r->at != '.' && *r->at != ','))
        return 1;
    while (is_digit(r->at + 1 + digits, r->end))
        digits++;
    return digits == 0 || read_fraction(r, digits);
}

static int
read_second(struct reading *r, int min_digits)
{
    const char *next = r->layout;
    struct kl__layout_part part;

    if (!read_range(
            r, min_digits, 0, 59, ": second out of range", &r->parsed->second))
        return 0;
    /* A fraction is welcome also where the layout has none. */
    part = kl__layout_next(&next, r->layout_end);
    if (part.element == KL_FRACTION || part.element == KL_FRACTION_CUT)
        return 1;
    return read_open_fraction(r);
}

static int
read_half(struct reading *r, const char *before, const char *after)
{
    if (r->end - r->at < 2)
        return 0;
    if (memcmp(r->at, before, 2) == 0)
        r->half = 1;
    else if (memcmp(r->at, after, 2) == 0)
        r->half = 2;
    else
        return 0;
    r->at += 2;
    return 1;
}

/* Two digits at a place that is there. */
static int
read_pair(const char *at, int *value)
{
    if (!is_digit(at, at + 1) || !is_digit(at + 1, at + 2))
        return 0;
    *value = (at[0] - '0') * 10 + (at[1] - '0');
    return 1;
}

/*
 * The numbers of an offset, behind its sign: a pair of digits every so many
 * characters. A whole day or hour or minute is let pass, as people write them.
 */
static int
read_offset_parts(struct reading *r, const char *at, int count, int width)
{
    static const char *const problems[] = {
        ": time zone offset hour out of range",
        ": time zone offset minute out of range",
        ": time zone offset second out of range"};
    static const int highest[] = {24, 60, 60};
    static const int unit_s[] = {3600, 60, 1};
    int i, value;

    for (i = 0; i < count; i++) {
        if (!read_pair(at + i * width, &value))
            return 0;
        if (value > highest[i])
            r->problem = problems[i];
        r->parsed->offset_s += value * unit_s[i];
    }
    return 1;
}

static int
read_offset(struct reading *r, unsigned form)
{
    int width = (form & KL_OFFSET_COLON) != 0 ? 3 : 2;
    int count = 1 + ((form & KL_OFFSET_MINUTES) != 0) +
                ((form & KL_OFFSET_SECONDS) != 0);
    const char *at = r->at;
    int i;

    if ((form & KL_OFFSET_Z) != 0 && at < r->end && *at == 'Z') {
        r->at++;
        r->parsed->zone = KL_PARSED_UTC;
        return 1;
    }
    if (r->end - at < 3 + (count - 1) * width)
        return 0;
    for (i = 1; i < count && width == 3; i++) {
        if (at[i * width] != ':')
            return 0;
    }
    r->parsed->offset_s = 0;
    if (!read_offset_parts(r, at + 1, count, width) ||
        (*at != '+' && *at != '-'))
        return 0;
    if (*at == '-')
        r->parsed->offset_s = -r->parsed->offset_s;
    if (r->parsed->zone != KL_PARSED_UTC)
        r->parsed->zone = KL_PARSED_OFFSET;
    r->at += 3 + (count - 1) * width;
    return 1;
}

static int
read_zone_name(struct reading *r)
{
    size_t len = (size_t)(r->end - r->at);

    if (len >= 3 && memcmp(r->at, "UTC", 3) == 0) {
        r->parsed->zone = KL_PARSED_UTC;
        r->at += 3;
        return 1;
    }
    len = kl__zone_name_len(r->at, len);
    if (len == 0)
        return 0;
    r->parsed->name = r->at;
    r->parsed->name_len = len;
    if (r->parsed->zone == KL_PARSED_NONE)
        r->parsed->zone = KL_PARSED_NAME;
    r->at += len;
    return 1;
}

static int
read_date(struct reading *r, const struct kl__layout_part *part)
{
    static const char no_month[] = ": month out of range";

    switch (part->element) {
    case KL_LONG_YEAR:
        return read_long_year(r);
    case KL_YEAR:
        return read_year(r);
    case KL_LONG_MONTH:
        return read_month_name(r, 0);
    case KL_MONTH:
        return read_month_name(r, 3);
    case KL_NUM_MONTH:
        return read_range(r, 1, 1, 12, no_month, &r->month);
    case KL_ZERO_MONTH:
        return read_range(r, 2, 1, 12, no_month, &r->month);
    case KL_LONG_WEEKDAY:
        return read_name(r, kl__weekday_names, 7, 0) >= 0;
    case KL_WEEKDAY:
        return read_name(r, kl__weekday_names, 7, 3) >= 0;
    case KL_UNDER_DAY:
        skip_spaces(r, 1);
        return read_digits(r, 1, 2, &r->day);
    case KL_DAY:
        return read_digits(r, 1, 2, &r->day);
    case KL_ZERO_DAY:
        return read_digits(r, 2, 2, &r->day);
    default:
        return read_year_day(r, part->element == KL_UNDER_YDAY);
    }
}

static int
read_part(struct reading *r, const struct kl__layout_part *part)
{
    struct kl__parsed *to = r->parsed;

    switch (part->element) {
    case KL_HOUR:
        return read_range(r, 1, 0, 23, ": hour out of range", &to->hour);
    case KL_HOUR12:
        return read_range(r, 1, 0, 12, ": hour out of range", &to->hour);
    case KL_ZERO_HOUR12:
        return read_range(r, 2, 0, 12, ": hour out of range", &to->hour);
    case KL_MINUTE:
        return read_range(r, 1, 0, 59, ": minute out of range", &to->minute);
    case KL_ZERO_MINUTE:
        return read_range(r, 2, 0, 59, ": minute out of range", &to->minute);
    case KL_SECOND:
        return read_second(r, 1);
    case KL_ZERO_SECOND:
        return read_second(r, 2);
    case KL_UPPER_PM:
        return read_half(r, "AM", "PM");
    case KL_LOWER_PM:
        return read_half(r, "am", "pm");
    case KL_ZONE_OFFSET:
        return read_offset(r, part->form);
    case KL_ZONE_NAME:
        return read_zone_name(r);
    case KL_FRACTION:
        return read_fraction(r, part->len - 1);
    case KL_FRACTION_CUT:
        return read_open_fraction(r);
    default:
        return read_date(r, part);
    }
}

/* The text in front of an element must be there; spaces may be more or less. */
static int
skip_plain(struct reading *r, const struct kl__layout_part *part)
{
    const char *plain = part->plain;
    const char *end = plain + part->plain_len;

    while (plain < end) {
        if (*plain == ' ') {
            if (r->at < r->end && *r->at != ' ')
                return 0;
            while (plain < end && *plain == ' ')
                plain++;
            while (r->at < r->end && *r->at == ' ')
                r->at++;
        } else {
            if (r->at == r->end || *r->at != *plain)
                return 0;
            plain++;
            r->at++;
        }
    }
    return 1;
}

/* The month and day of a day of the year, if that is what was given. */
static void
use_year_day(struct reading *r)
{
    struct kl__date date;
    int64_t sec;

    if (r->year_day < 1 ||
        r->year_day > 365 + kl__calendar_is_leap(r->parsed->year)) {
        r->problem = ": day-of-year out of range";
        return;
    }
    sec = kl__calendar_seconds(r->parsed->year, 1, r->year_day, 0, 0, 0);
    date = kl__calendar_date(sec);
    if (r->month > 0 && r->month != date.month)
        r->problem = ": day-of-year does not match month";
    else if (r->day >= 0 && r->day != date.day)
        r->problem = ": day-of-year does not match day";
    r->month = date.month;
    r->day = date.day;
}

static void
conclude(struct reading *r)
{
    struct kl__parsed *to = r->parsed;

    if (r->half == 2 && to->hour < 12)
        to->hour += 12;
    else if (r->half == 1 && to->hour == 12)
        to->hour = 0;
    if (r->year_day >= 0)
        use_year_day(r);
    to->month = r->month == 0 ? 1 : r->month;
    to->day = r->day < 0 ? 1 : r->day;
    if (r->problem == NULL &&
        (to->day < 1 || to->day > kl__calendar_days(to->year, to->month)))
        r->problem = ": day out of range";
}

static int
misfit_set(struct kl__misfit *misfit, const struct reading *r, const char *at,
    const char *wanted, size_t wanted_len)
{
    misfit->problem = r->problem;
    misfit->text = at;
    misfit->text_len = (size_t)(r->end - at);
    misfit->wanted = wanted;
    misfit->wanted_len = wanted_len;
    return -1;
}

int
kl__layout_parse(const char *layout, size_t layout_len, const char *text,
    size_t len, struct kl__parsed *parsed, struct kl__misfit *misfit)
{
    struct reading r = {.at = text,
        .end = text + len,
        .layout = layout,
        .layout_end = layout + layout_len,
        .parsed = parsed,
        .day = -1,
        .year_day = -1};
    struct kl__layout_part part;

    memset(parsed, 0, sizeof(*parsed));
    for (;;) {
        const char *at;

        part = kl__layout_next(&r.layout, r.layout_end);
        if (!skip_plain(&r, &part))
            return misfit_set(misfit, &r, r.at, part.plain, part.plain_len);
        if (part.element == KL_ELEMENT_NONE)
            break;
        at = r.at;
        if (!read_part(&r, &part) || r.problem != NULL)
            return misfit_set(misfit, &r, at, part.text, part.len);
    }

    if (r.at != r.end) {
        r.problem = ": extra text: ";
        return misfit_set(misfit, &r, r.at, "", 0);
    }
    conclude(&r);
    return r.problem == NULL ? 0 : misfit_set(misfit, &r, r.end, "", 0);
}
