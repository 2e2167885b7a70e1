/* SPDX-License-Identifier: MIT */
/*
 * Reading a time by a layout.
 *
 * Pure: no allocation, no Lua state. The text may be anything.
 */
#ifndef KL_LAYOUT_PARSE_H
#define KL_LAYOUT_PARSE_H

#include <stddef.h>
#include <stdint.h>

/* What the text says about its zone. */
enum kl__parsed_zone {
    KL_PARSED_NONE,
    KL_PARSED_UTC,
    KL_PARSED_OFFSET, /* And perhaps a name. */
    KL_PARSED_NAME
};

struct kl__parsed {
    int64_t year;
    int month;
    int day;
    int hour;
    int minute;
    int second;
    int32_t nsec;
    enum kl__parsed_zone zone;
    int32_t offset_s;
    const char *name; /* In the text; not NUL-terminated. */
    size_t name_len;
};

/* Why a text was refused. */
struct kl__misfit {
    const char *problem; /* ": month out of range", or NULL: */
    const char *text;    /* this part of the text does not fit */
    size_t text_len;
    const char *wanted; /* this part of the layout. */
    size_t wanted_len;
};

/* Returns 0, or -1 and why. */
int kl__layout_parse(const char *layout, size_t layout_len, const char *text,
    size_t len, struct kl__parsed *parsed, struct kl__misfit *misfit);

#endif
