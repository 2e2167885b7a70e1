/* SPDX-License-Identifier: MIT */
/*
 * Terms as JSON. The term is walked over once to judge it, so that the second
 * walk, which writes, meets nothing that is cut short or too deep.
 */

#include "cli/json.h"

#include <inttypes.h>
#include <kindred/term.h>
#include <math.h>

/* An extension holds a term of its own: depth is counted across them. */
#define DEPTH_MAX (2 * KD_TERM_MAX_DEPTH)

static void put_value(FILE *out, kd_reader *reader, int depth);

/* Bytes of the UTF-8 character at `at`, 0 when it is none. */
static size_t
character_len(const unsigned char *at, size_t left)
{
    size_t len = at[0] < 0x80 ? 1 : at[0] < 0xe0 ? 2 : at[0] < 0xf0 ? 3 : 4;
    uint32_t code = at[0];
    size_t i;

    if (len == 1)
        return 1;
    if (at[0] < 0xc2 || at[0] > 0xf4 || len > left)
        return 0;
    code &= 0x7fu >> len;
    for (i = 1; i < len; i++) {
        if ((at[i] & 0xc0) != 0x80)
            return 0;
        code = code << 6 | (at[i] & 0x3fu);
    }
    if ((len == 3 && code < 0x800) || (len == 4 && code < 0x10000) ||
        (code >= 0xd800 && code < 0xe000) || code > 0x10ffff)
        return 0;
    return len;
}

void
kd__json_string(FILE *out, const char *text, size_t len)
{
    const unsigned char *at = (const unsigned char *)text;
    size_t n;

    putc('"', out);
    while (len > 0) {
        n = character_len(at, len);
        if (n == 0)
            fputs("\\ufffd", out);
        else if (*at == '"' || *at == '\\')
            fprintf(out, "\\%c", *at);
        else if (*at == '\n')
            fputs("\\n", out);
        else if (*at < ' ' || *at == 0x7f)
            fprintf(out, "\\u%04x", *at);
        else
            fwrite(at, 1, n, out);
        n += n == 0;
        at += n;
        len -= n;
    }
    putc('"', out);
}

static void
put_number(FILE *out, double number)
{
    char text[32];

    if (!isfinite(number)) {
        fputs("null", out);
        return;
    }
    /* As short as it can be and still be the same number. */
    snprintf(text, sizeof(text), "%.15g", number);
    if (strtod(text, NULL) < number || strtod(text, NULL) > number)
        snprintf(text, sizeof(text), "%.17g", number);
    fputs(text, out);
}

static void
put_extension(FILE *out, const kd_item *item, int depth)
{
    kd_reader body = kd_reader_make(item->data, item->len);
    kd_reader walk = body;
    kd_pid pid;

    if (kd_item_pid(item, &pid) == KD_OK)
        fprintf(out, "\"%" PRIu32 ":%" PRIu32 ":0x%" PRIx64 "\"", pid.node,
            pid.host, pid.serial);
    else if (item->integer == KD_TERM_EXT_ERROR &&
             kd_reader_skip(&walk) == KD_OK)
        put_value(out, &body, depth + 1);
    else
        fputs("null", out);
}

/* JSON has strings for keys only. What else there is, no program of ours can
 * make. */
static void
put_key(FILE *out, kd_reader *reader)
{
    kd_reader key = *reader;
    kd_item item;

    switch (kd_reader_next(&key, &item)) {
    case KD_TERM_STRING:
        kd__json_string(out, (const char *)item.data, item.len);
        break;
    case KD_TERM_BOOL:
    case KD_TERM_INT:
    case KD_TERM_UINT:
    case KD_TERM_FLOAT:
        putc('"', out);
        key = *reader;
        put_value(out, &key, 0);
        putc('"', out);
        break;
    default:
        fputs("\"\"", out);
        break;
    }
    (void)kd_reader_skip(reader);
    putc(':', out);
}

static void
put_elements(FILE *out, kd_reader *reader, const kd_item *item, int depth)
{
    int is_map = item->type == KD_TERM_MAP;
    size_t i;

    putc(is_map ? '{' : '[', out);
    for (i = 0; i < item->len; i++) {
        if (i > 0)
            putc(',', out);
        if (is_map)
            put_key(out, reader);
        put_value(out, reader, depth + 1);
    }
    putc(is_map ? '}' : ']', out);
}

static void
put_value(FILE *out, kd_reader *reader, int depth)
{
    kd_reader begin = *reader;
    kd_item item;

    switch (kd_reader_next(reader, &item)) {
    case KD_TERM_BOOL:
        fputs(item.integer ? "true" : "false", out);
        break;
    case KD_TERM_INT:
        fprintf(out, "%" PRId64, item.integer);
        break;
    case KD_TERM_UINT:
        fprintf(out, "%" PRIu64, (uint64_t)item.integer);
        break;
    case KD_TERM_FLOAT:
        put_number(out, item.number);
        break;
    case KD_TERM_STRING:
        kd__json_string(out, (const char *)item.data, item.len);
        break;
    case KD_TERM_ARRAY:
    case KD_TERM_MAP:
        if (depth < DEPTH_MAX) {
            put_elements(out, reader, &item, depth);
            break;
        }
        *reader = begin;
        (void)kd_reader_skip(reader);
        fputs("null", out);
        break;
    case KD_TERM_EXT:
        put_extension(out, &item, depth);
        break;
    default:
        fputs("null", out);
        break;
    }
}

void
kd__json_term(FILE *out, const kd_payload *payload)
{
    kd_reader reader = kd_reader_make(payload->data, payload->len);
    kd_reader walk = reader;

    if (payload->format != KD_FORMAT_TERM || kd_reader_skip(&walk) != KD_OK)
        fputs("null", out);
    else
        put_value(out, &reader, 0);
}
