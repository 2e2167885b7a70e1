/* SPDX-License-Identifier: MIT */
/*
 * The Gregorian calendar, before its invention and after our end, in numbers.
 *
 * Pure, and without overflow: seconds within KL_CALENDAR_MAX of 1970 have a
 * date whose year has twelve digits at most.
 */
#ifndef KL_CALENDAR_H
#define KL_CALENDAR_H

#include <stdint.h>

#define KL_CALENDAR_MAX INT64_C(4000000000000000000)

/* A date and a time of day, as they are read off a clock on the wall. */
struct kl__date {
    int64_t year;
    int month;    /* 1 to 12 */
    int day;      /* 1 to 31 */
    int hour;     /* 0 to 23 */
    int minute;   /* 0 to 59 */
    int second;   /* 0 to 59 */
    int weekday;  /* 0 is Sunday. */
    int year_day; /* 1 to 366 */
};

/* What those clocks show, `sec` seconds after 1970 began on them. */
struct kl__date kl__calendar_date(int64_t sec);

/*
 * The reverse. Members may be out of their range: month 14 is February of the
 * year after. No one must be beyond KL_CALENDAR_PART, the year not beyond a
 * tenth of it.
 */
#define KL_CALENDAR_PART INT64_C(1000000000000)
int64_t kl__calendar_seconds(int64_t year, int64_t month, int64_t day,
    int64_t hour, int64_t minute, int64_t second);

int kl__calendar_is_leap(int64_t year);

/* Days of a month, 1 to 12. */
int kl__calendar_days(int64_t year, int month);

#endif
