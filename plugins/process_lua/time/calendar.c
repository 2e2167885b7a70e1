/* SPDX-License-Identifier: MIT */
/*
 * Years are counted from March here, so that the leap day is the last of one:
 * then the days before a month follow one straight line, and 400 years are one
 * period of 146,097 days.
 */

#include "time/calendar.h"

#define DAY_S       86400
#define ERA_DAYS    INT64_C(146097)
#define ERA_YEARS   400
#define EPOCH_SHIFT INT64_C(719468) /* Days from 1 March 0 to 1970. */

static int64_t
floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

int
kl__calendar_is_leap(int64_t year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int
kl__calendar_days(int64_t year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    return days[month - 1] + (month == 2 && kl__calendar_is_leap(year));
}

/* Days since 1970 of the first of a month, 1 to 12. */
static int64_t
days_before(int64_t year, int month)
{
    int64_t shifted = month <= 2 ? year - 1 : year;
    int64_t era = floor_div(shifted, ERA_YEARS);
    int64_t year_of_era = shifted - era * ERA_YEARS;
    int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5;
    int64_t leaps = year_of_era / 4 - year_of_era / 100;

    return era * ERA_DAYS + year_of_era * 365 + leaps + day_of_year -
           EPOCH_SHIFT;
}

static void
fill_day(struct kl__date *date, int64_t days)
{
    int64_t shifted = days + EPOCH_SHIFT;
    int64_t era = floor_div(shifted, ERA_DAYS);
    int64_t day = shifted - era * ERA_DAYS;
    int64_t year_of_era =
        (day - day / 1460 + day / 36524 - day / (ERA_DAYS - 1)) / 365;
    int64_t month;

    day -= 365 * year_of_era + year_of_era / 4 - year_of_era / 100;
    month = (5 * day + 2) / 153;
    date->day = (int)(day - (153 * month + 2) / 5 + 1);
    date->month = (int)(month < 10 ? month + 3 : month - 9);
    date->year = year_of_era + era * ERA_YEARS + (date->month <= 2);
    date->year_day = (int)(days - days_before(date->year, 1) + 1);
    /* 1970 began on a Thursday. */
    date->weekday = (int)(days + 4 - floor_div(days + 4, 7) * 7);
}

struct kl__date
kl__calendar_date(int64_t sec)
{
    struct kl__date date;
    int64_t days = floor_div(sec, DAY_S);
    int rest = (int)(sec - days * DAY_S);

    fill_day(&date, days);
    date.hour = rest / 3600;
    date.minute = rest / 60 % 60;
    date.second = rest % 60;
    return date;
}

int64_t
kl__calendar_seconds(int64_t year, int64_t month, int64_t day, int64_t hour,
    int64_t minute, int64_t second)
{
    int64_t years = floor_div(month - 1, 12);
    int first = (int)(month - 1 - years * 12) + 1;
    int64_t days = days_before(year + years, first) + day - 1;

    return days * DAY_S + hour * 3600 + minute * 60 + second;
}
