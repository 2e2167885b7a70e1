/* SPDX-License-Identifier: MIT */
/*
 * KD_TERM_EXT_ERROR, whose body is a map.
 */

#include "fault.h"

#include <stdarg.h>
#include <stdio.h>

static const char unknown[] = "unknown error";

static int is_key(const kd_item *item, const char *word);

void
ks__fault_write(kd_writer *to, const char *kind, size_t kind_len,
    const char *text, size_t text_len, uint32_t flags)
{
    kd_writer body = {NULL, 0, 0, KD_OK};

    kd_write_map(&body, flags == 0 ? 2 : 3);
    kd_write_text(&body, "kind");
    kd_write_string(&body, kind, kind_len);
    kd_write_text(&body, "message");
    kd_write_string(&body, text, text_len);
    if (flags != 0) {
        kd_write_text(&body, "retryable");
        kd_write_bool(&body, (flags & KD_ERROR_RETRYABLE) != 0);
    }
    to->status = body.status != KD_OK ? body.status : to->status;
    if (body.status == KD_OK)
        kd_write_ext(to, KD_TERM_EXT_ERROR, body.data, body.len);
    kd_writer_free(&body);
}

void
ks__fault_format(kd_writer *to, const char *kind, const char *format, ...)
{
    char text[KD_ERROR_TEXT];
    va_list args;

    va_start(args, format);
    if (vsnprintf(text, sizeof(text), format, args) < 0)
        text[0] = '\0';
    va_end(args);
    ks__fault_write(to, kind, strlen(kind), text, strlen(text), 0);
}

void
ks__fault_status(kd_writer *to, const kd_error *err)
{
    const char *kind = kd_status_kind(err->code);

    ks__fault_write(
        to, kind, strlen(kind), err->text, strlen(err->text), err->flags);
}

void
ks__fault_read(const kd_payload *error, struct fault *fault)
{
    kd_reader r;
    kd_item item, value;
    size_t pairs;

    *fault = (struct fault){"Internal", 8, unknown, sizeof(unknown) - 1};
    if (error == NULL || error->format != KD_FORMAT_TERM)
        return;
    r = kd_reader_make(error->data, error->len);
    if (kd_reader_next(&r, &item) != KD_TERM_EXT ||
        item.integer != KD_TERM_EXT_ERROR)
        return;
    r = kd_reader_make(item.data, item.len);
    if (kd_reader_next(&r, &item) != KD_TERM_MAP)
        return;
    for (pairs = item.len; pairs > 0; pairs--) {
        kd_reader at;

        if (kd_reader_next(&r, &item) != KD_TERM_STRING)
            return;
        at = r;
        if (kd_reader_next(&at, &value) == KD_TERM_STRING) {
            if (is_key(&item, "kind")) {
                fault->kind = (const char *)value.data;
                fault->kind_len = value.len;
            } else if (is_key(&item, "message")) {
                fault->text = (const char *)value.data;
                fault->text_len = value.len;
            }
        }
        if (kd_reader_skip(&r) != KD_OK)
            return;
    }
}

kd_payload
ks__fault_payload(const kd_writer *from)
{
    if (from->status != KD_OK || from->len == 0)
        return kd_payload_none();
    return kd_payload_make(KD_FORMAT_TERM, from->data, from->len);
}

static int
is_key(const kd_item *item, const char *word)
{
    return item->len == strlen(word) &&
           memcmp(item->data, word, item->len) == 0;
}
