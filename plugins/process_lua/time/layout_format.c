/* SPDX-License-Identifier: MIT */
/*
 * Each element of a layout, as text.
 */

#include "time/layout_format.h"

#include "time/layout.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct shown {
    struct kl__date date;
    int32_t nsec;
    struct kl__zone_period zone;
};

static void
add_number(luaL_Buffer *to, int64_t value, int width, char pad)
{
    char text[32];
    int len;

    if (pad == '0')
        len = snprintf(text, sizeof(text), "%0*lld", width, (long long)value);
    else
        len = snprintf(text, sizeof(text), "%*lld", width, (long long)value);
    luaL_addlstring(to, text, (size_t)len);
}

static void
add_year(luaL_Buffer *to, int64_t year)
{
    if (year < 0) {
        luaL_addchar(to, '-');
        year = -year;
    }
    add_number(to, year, 4, '0');
}

static void
add_offset(luaL_Buffer *to, int32_t offset_s, unsigned form)
{
    int32_t left = offset_s < 0 ? -offset_s : offset_s;

    if (offset_s == 0 && (form & KL_OFFSET_Z) != 0) {
        luaL_addchar(to, 'Z');
        return;
    }
    luaL_addchar(to, offset_s < 0 ? '-' : '+');
    add_number(to, left / 3600, 2, '0');
    if ((form & KL_OFFSET_MINUTES) == 0)
        return;
    if ((form & KL_OFFSET_COLON) != 0)
        luaL_addchar(to, ':');
    add_number(to, left / 60 % 60, 2, '0');
    if ((form & KL_OFFSET_SECONDS) == 0)
        return;
    if ((form & KL_OFFSET_COLON) != 0)
        luaL_addchar(to, ':');
    add_number(to, left % 60, 2, '0');
}

static void
add_zone_name(luaL_Buffer *to, const struct kl__zone_period *zone)
{
    if (zone->name[0] != '\0')
        luaL_addstring(to, zone->name);
    else
        add_offset(to, zone->offset_s, KL_OFFSET_MINUTES);
}

static void
add_fraction(luaL_Buffer *to, const struct kl__layout_part *part, int32_t nsec)
{
    char digits[16];
    size_t len = part->len - 1;

    snprintf(digits, sizeof(digits), "%09d", nsec);
    len = len > 9 ? 9 : len;
    if (part->element == KL_FRACTION_CUT) {
        while (len > 0 && digits[len - 1] == '0')
            len--;
        if (len == 0)
            return;
    }
    luaL_addchar(to, part->text[0]);
    luaL_addlstring(to, digits, len);
}

/* 12 o'clock is the hour before 1 o'clock. */
static int
hour12(int hour)
{
    return hour % 12 == 0 ? 12 : hour % 12;
}

static void
add_date(luaL_Buffer *to, enum kl__element element, const struct kl__date *date)
{
    const char *month = kl__month_names[date->month - 1];
    const char *weekday = kl__weekday_names[date->weekday];

    switch (element) {
    case KL_LONG_MONTH:
        luaL_addstring(to, month);
        break;
    case KL_MONTH:
        luaL_addlstring(to, month, 3);
        break;
    case KL_NUM_MONTH:
        add_number(to, date->month, 1, '0');
        break;
    case KL_ZERO_MONTH:
        add_number(to, date->month, 2, '0');
        break;
    case KL_LONG_WEEKDAY:
        luaL_addstring(to, weekday);
        break;
    case KL_WEEKDAY:
        luaL_addlstring(to, weekday, 3);
        break;
    case KL_DAY:
        add_number(to, date->day, 1, '0');
        break;
    case KL_UNDER_DAY:
        add_number(to, date->day, 2, ' ');
        break;
    case KL_ZERO_DAY:
        add_number(to, date->day, 2, '0');
        break;
    case KL_UNDER_YDAY:
        add_number(to, date->year_day, 3, ' ');
        break;
    case KL_ZERO_YDAY:
        add_number(to, date->year_day, 3, '0');
        break;
    case KL_LONG_YEAR:
        add_year(to, date->year);
        break;
    case KL_YEAR:
        add_number(to, llabs(date->year) % 100, 2, '0');
        break;
    default:
        break;
    }
}

static void
add_clock(
    luaL_Buffer *to, enum kl__element element, const struct kl__date *date)
{
    switch (element) {
    case KL_HOUR:
        add_number(to, date->hour, 2, '0');
        break;
    case KL_HOUR12:
        add_number(to, hour12(date->hour), 1, '0');
        break;
    case KL_ZERO_HOUR12:
        add_number(to, hour12(date->hour), 2, '0');
        break;
    case KL_MINUTE:
        add_number(to, date->minute, 1, '0');
        break;
    case KL_ZERO_MINUTE:
        add_number(to, date->minute, 2, '0');
        break;
    case KL_SECOND:
        add_number(to, date->second, 1, '0');
        break;
    case KL_ZERO_SECOND:
        add_number(to, date->second, 2, '0');
        break;
    case KL_UPPER_PM:
        luaL_addstring(to, date->hour >= 12 ? "PM" : "AM");
        break;
    case KL_LOWER_PM:
        luaL_addstring(to, date->hour >= 12 ? "pm" : "am");
        break;
    default:
        break;
    }
}

static void
add_part(luaL_Buffer *to, const struct kl__layout_part *part,
    const struct shown *shown)
{
    switch (part->element) {
    case KL_ZONE_NAME:
        add_zone_name(to, &shown->zone);
        break;
    case KL_ZONE_OFFSET:
        add_offset(to, shown->zone.offset_s, part->form);
        break;
    case KL_FRACTION:
    case KL_FRACTION_CUT:
        add_fraction(to, part, shown->nsec);
        break;
    default:
        add_date(to, part->element, &shown->date);
        add_clock(to, part->element, &shown->date);
    }
}

void
kl__layout_format(luaL_Buffer *to, const struct kl__time *time,
    const char *layout, size_t len)
{
    const char *at = layout;
    const char *end = layout + len;
    struct shown shown = {.date = kl__time_date(time),
        .nsec = time->nsec,
        .zone = kl__zone_at(time->zone, time->sec)};
    struct kl__layout_part part;

    do {
        part = kl__layout_next(&at, end);
        luaL_addlstring(to, part.plain, part.plain_len);
        add_part(to, &part, &shown);
    } while (part.element != KL_ELEMENT_NONE);
}
