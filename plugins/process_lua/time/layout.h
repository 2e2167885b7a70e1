/* SPDX-License-Identifier: MIT */
/*
 * Layouts of Go's package time: an example date shows what a time looks like.
 *
 * A layout is read as a row of elements, each with the plain text before it.
 * Pure: no allocation, no Lua state.
 */
#ifndef KL_LAYOUT_H
#define KL_LAYOUT_H

#include <stddef.h>

enum kl__element {
    KL_ELEMENT_NONE, /* The layout has ended. */
    KL_LONG_MONTH,   /* January */
    KL_MONTH,        /* Jan */
    KL_NUM_MONTH,    /* 1 */
    KL_ZERO_MONTH,   /* 01 */
    KL_LONG_WEEKDAY, /* Monday */
    KL_WEEKDAY,      /* Mon */
    KL_DAY,          /* 2 */
    KL_UNDER_DAY,    /* _2 */
    KL_ZERO_DAY,     /* 02 */
    KL_UNDER_YDAY,   /* __2 */
    KL_ZERO_YDAY,    /* 002 */
    KL_HOUR,         /* 15 */
    KL_HOUR12,       /* 3 */
    KL_ZERO_HOUR12,  /* 03 */
    KL_MINUTE,       /* 4 */
    KL_ZERO_MINUTE,  /* 04 */
    KL_SECOND,       /* 5 */
    KL_ZERO_SECOND,  /* 05 */
    KL_LONG_YEAR,    /* 2006 */
    KL_YEAR,         /* 06 */
    KL_UPPER_PM,     /* PM */
    KL_LOWER_PM,     /* pm */
    KL_ZONE_NAME,    /* MST */
    KL_ZONE_OFFSET,  /* -0700 and its kin; `form` says which. */
    KL_FRACTION,     /* .000: as many digits as in the layout. */
    KL_FRACTION_CUT  /* .999: without zeros at the end. */
};

/* Forms of an offset. */
#define KL_OFFSET_Z       1u /* UTC is a Z. */
#define KL_OFFSET_COLON   2u
#define KL_OFFSET_MINUTES 4u
#define KL_OFFSET_SECONDS 8u

struct kl__layout_part {
    const char *plain; /* In front of the element. */
    size_t plain_len;
    const char *text; /* The element, as in the layout. */
    size_t len;
    enum kl__element element;
    unsigned form; /* KL_OFFSET_ bits. */
};

/* Read the next part from *at on; *at is then behind it. */
struct kl__layout_part kl__layout_next(const char **at, const char *end);

extern const char *const kl__month_names[12];
extern const char *const kl__weekday_names[7];

#endif
