/* SPDX-License-Identifier: MIT */
/*
 * Durations as text: `1h30m`, `100ms`, `-1.5s`; in memory they are nanoseconds
 * in an int64_t.
 *
 * The grammar and the rounding are those of Go's package time. It is all
 * inline, so that YAML options in the host and programs in a plugin read the
 * same text alike without either linking the other. Pure: no allocation, no
 * locale, no state.
 */
#ifndef KINDRED_DURATION_H
#define KINDRED_DURATION_H

#include <kindred/status.h>

#include <stddef.h>
#include <stdint.h>
#include <string.h>

KD_BEGIN_DECLS

/** Room for every duration as text, its end included. */
#define KD_DURATION_TEXT 32

/* Names that end in an underscore belong to this header. */

/* The magnitude of INT64_MIN: one more than the largest positive duration. */
#define KD_DURATION_LIMIT_ ((uint64_t)1 << 63)

/* Text that is cut where its room ends; `len` goes on counting. */
typedef struct kd_duration_text_ {
    char *at;
    size_t room; /* the end included */
    size_t len;
} kd_duration_text_;

static inline void
kd_duration_put_(kd_duration_text_ *out, const char *text, size_t len)
{
    size_t left = out->len < out->room ? out->room - out->len - 1 : 0;

    if (left > 0)
        memcpy(out->at + out->len, text, len < left ? len : left);
    out->len += len;
}

static inline void
kd_duration_end_(kd_duration_text_ *out)
{
    if (out->len < out->room)
        out->at[out->len] = '\0';
    else if (out->room > 0)
        out->at[out->room - 1] = '\0';
}

/* In quotes, with what could spoil a log or a terminal as \xNN. */
static inline void
kd_duration_quote_(kd_duration_text_ *out, const char *text, size_t len)
{
    static const char hex[] = "0123456789abcdef";
    size_t i;

    kd_duration_put_(out, "\"", 1);
    for (i = 0; i < len && out->len < out->room; i++) {
        unsigned char byte = (unsigned char)text[i];
        char escape[4] = {'\\', 'x', hex[byte >> 4], hex[byte & 15]};

        if (byte < ' ' || byte >= 0x80) {
            kd_duration_put_(out, escape, 4);
            continue;
        }
        if (byte == '"' || byte == '\\')
            kd_duration_put_(out, "\\", 1);
        kd_duration_put_(out, text + i, 1);
    }
    kd_duration_put_(out, "\"", 1);
}

/* Nanoseconds in a unit, 0 for an unknown one. */
static inline uint64_t
kd_duration_unit_(const char *name, size_t len)
{
    /* Both micro signs, U+00B5 and U+03BC, are in use. */
    static const struct {
        const char *name;
        uint64_t ns;
    } units[] = {
        {"ns", 1},
        {"us", 1000},
        {"\xc2\xb5s", 1000},
        {"\xce\xbcs", 1000},
        {"ms", 1000000},
        {"s", 1000000000},
        {"m", UINT64_C(60000000000)},
        {"h", UINT64_C(3600000000000)},
    };
    size_t i;

    for (i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        if (strlen(units[i].name) == len &&
            memcmp(units[i].name, name, len) == 0)
            return units[i].ns;
    }
    return 0;
}

static inline int
kd_duration_is_digit_(char c)
{
    return c >= '0' && c <= '9';
}

/* Reads digits from *at on; 0 when they are beyond 64 bits. */
static inline int
kd_duration_whole_(const char **at, const char *end, uint64_t *value)
{
    for (*value = 0; *at < end && kd_duration_is_digit_(**at); ++*at) {
        if (*value > KD_DURATION_LIMIT_ / 10)
            return 0;
        *value = *value * 10 + (uint64_t)(**at - '0');
        if (*value > KD_DURATION_LIMIT_)
            return 0;
    }
    return 1;
}

/*
 * Reads the digits behind a point, as value / scale. Those that no longer fit
 * are dropped: they are far below a nanosecond.
 */
static inline void
kd_duration_fraction_(
    const char **at, const char *end, uint64_t *value, double *scale)
{
    int is_full = 0;

    *value = 0;
    *scale = 1;
    for (; *at < end && kd_duration_is_digit_(**at); ++*at) {
        uint64_t digit = (uint64_t)(**at - '0');

        is_full = is_full || *value > (KD_DURATION_LIMIT_ - digit) / 10;
        if (!is_full) {
            *value = *value * 10 + digit;
            *scale *= 10;
        }
    }
}

/* What may be wrong with a duration, and the beginning of its sentence. */
#define KD_DURATION_INVALID_ "time: invalid duration "
#define KD_DURATION_MISSING_ "time: missing unit in duration "
#define KD_DURATION_UNKNOWN_ "time: unknown unit "

/*
 * Reads one number with its unit from *at on. Returns NULL, or what is wrong;
 * *at is then behind the unit, and *unit at its beginning.
 */
static inline const char *
kd_duration_group_(
    const char **at, const char *end, const char **unit, uint64_t *value)
{
    const char *start = *at;
    uint64_t part = 0;
    double scale = 1;
    size_t digits;
    uint64_t unit_ns;

    if (!kd_duration_whole_(at, end, value))
        return KD_DURATION_INVALID_;
    digits = (size_t)(*at - start);
    if (*at < end && **at == '.') {
        ++*at;
        kd_duration_fraction_(at, end, &part, &scale);
        digits = (size_t)(*at - start) - 1;
    }
    if (digits == 0)
        return KD_DURATION_INVALID_;

    *unit = *at;
    while (*at < end && **at != '.' && !kd_duration_is_digit_(**at))
        ++*at;
    if (*at == *unit)
        return KD_DURATION_MISSING_;
    unit_ns = kd_duration_unit_(*unit, (size_t)(*at - *unit));
    if (unit_ns == 0)
        return KD_DURATION_UNKNOWN_;

    if (*value > KD_DURATION_LIMIT_ / unit_ns)
        return KD_DURATION_INVALID_;
    /* In Go's order of operations, so that it rounds the same way. */
    *value *= unit_ns;
    *value += (uint64_t)((double)part * ((double)unit_ns / scale));
    return *value > KD_DURATION_LIMIT_ ? KD_DURATION_INVALID_ : NULL;
}

/* Writes the sentence; `unit` is empty where it is not the unit's fault. */
static inline kd_status
kd_duration_refuse_(kd_error *err, const char *what, const char *unit,
    size_t unit_len, const char *text, size_t len)
{
    kd_duration_text_ out;

    if (err == NULL)
        return KD_EINVAL;

    out.at = err->text;
    out.room = sizeof(err->text);
    out.len = 0;
    err->code = KD_EINVAL;
    err->flags = 0;
    kd_duration_put_(&out, what, strlen(what));
    if (unit_len > 0) {
        kd_duration_quote_(&out, unit, unit_len);
        kd_duration_put_(&out, " in duration ", 13);
    }
    kd_duration_quote_(&out, text, len);
    kd_duration_end_(&out);
    return KD_EINVAL;
}

/**
 * Read a duration: an optional sign, then `0` or groups of a decimal number and
 * a unit (`ns us µs ms s m h`), without spaces.
 *
 * @param text  borrowed for the call; `len` bytes, no NUL is needed.
 * @param ns    owned by the caller, written on success only.
 * @param err   owned by the caller, may be NULL. Its sentence is one of
 *     time: missing unit in duration "5"
 *     time: unknown unit "x" in duration "5x"
 *     time: invalid duration "<text>"   (also beyond 64 bits)
 *
 * @return KD_OK; KD_EINVAL.
 *
 * [any]
 */
static inline kd_status
kd_duration_parse(const char *text, size_t len, int64_t *ns, kd_error *err)
{
    const char *at = text;
    const char *end = text + len;
    const char *unit = text;
    const char *wrong = NULL;
    uint64_t total = 0, value = 0;
    int is_negative = len > 0 && *text == '-';

    if (len > 0 && (*text == '-' || *text == '+'))
        at++;
    if (at == end)
        wrong = KD_DURATION_INVALID_;
    else if (end - at == 1 && *at == '0')
        at = end;
    while (wrong == NULL && at < end) {
        wrong = kd_duration_group_(&at, end, &unit, &value);
        if (wrong == NULL && total > KD_DURATION_LIMIT_ - value)
            wrong = KD_DURATION_INVALID_;
        total += value;
    }
    /* The limit itself exists only below zero. */
    if (wrong == NULL && total == KD_DURATION_LIMIT_ && !is_negative)
        wrong = KD_DURATION_INVALID_;
    if (wrong != NULL) {
        int is_unit = strcmp(wrong, KD_DURATION_UNKNOWN_) == 0;
        size_t unit_len = is_unit ? (size_t)(at - unit) : 0;

        return kd_duration_refuse_(err, wrong, unit, unit_len, text, len);
    }

    if (total == KD_DURATION_LIMIT_)
        *ns = INT64_MIN;
    else
        *ns = is_negative ? -(int64_t)total : (int64_t)total;
    return KD_OK;
}

static inline void
kd_duration_put_number_(kd_duration_text_ *out, uint64_t number)
{
    char digits[20];
    size_t i = sizeof(digits);

    do {
        digits[--i] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    kd_duration_put_(out, digits + i, sizeof(digits) - i);
}

/* number / 10^places and a unit, without zeros at the end of the fraction. */
static inline void
kd_duration_put_decimal_(
    kd_duration_text_ *out, uint64_t number, int places, const char *unit)
{
    char digits[20];
    uint64_t whole = number;
    int used = 0;
    int i;

    for (i = places; i > 0; i--) {
        digits[i] = (char)('0' + whole % 10);
        if (used == 0 && digits[i] != '0')
            used = i;
        whole /= 10;
    }
    kd_duration_put_number_(out, whole);
    digits[0] = '.';
    if (used > 0)
        kd_duration_put_(out, digits, (size_t)used + 1);
    kd_duration_put_(out, unit, strlen(unit));
}

/**
 * Write a duration: `1h30m0s`, `1.5s`, `100ms`, `1.5µs`, `0s`.
 *
 * @param buf  owned by the caller, `size` bytes; the text is cut to fit and
 *     always ends in NUL. KD_DURATION_TEXT bytes are enough. May be NULL when
 *     `size` is 0.
 *
 * @return the length of the whole text without its end.
 *
 * [any]
 */
static inline size_t
kd_duration_format(int64_t ns, char *buf, size_t size)
{
    const uint64_t second = 1000000000;
    uint64_t left = ns < 0 ? 0 - (uint64_t)ns : (uint64_t)ns;
    kd_duration_text_ out;

    out.at = buf;
    out.room = size;
    out.len = 0;
    if (ns < 0)
        kd_duration_put_(&out, "-", 1);

    if (left == 0) {
        kd_duration_put_(&out, "0s", 2);
    } else if (left < 1000) {
        kd_duration_put_decimal_(&out, left, 0, "ns");
    } else if (left < 1000000) {
        kd_duration_put_decimal_(&out, left, 3, "\xc2\xb5s");
    } else if (left < second) {
        kd_duration_put_decimal_(&out, left, 6, "ms");
    } else {
        if (left >= 3600 * second)
            kd_duration_put_decimal_(&out, left / (3600 * second), 0, "h");
        if (left >= 60 * second)
            kd_duration_put_decimal_(&out, left / (60 * second) % 60, 0, "m");
        kd_duration_put_decimal_(&out, left % (60 * second), 9, "s");
    }
    kd_duration_end_(&out);
    return out.len;
}

KD_END_DECLS

#endif
