/* SPDX-License-Identifier: MIT */
/*
 * Walks over a KD_TERM_EXT_ERROR term, whose form the host has checked.
 */

#include "service_error.h"

#include <kindred/status.h>
#include <kindred/term.h>

static void take(
    struct service_error *error, const kd_item *key, const kd_item *value);
static int is_key(const kd_item *key, const char *word);

void
ks__service_error_read(const kd_payload *payload, struct service_error *error)
{
    kd_reader r, at;
    kd_item key, item;
    size_t pairs;

    memset(error, 0, sizeof(*error));
    if (payload->format != KD_FORMAT_TERM)
        return;
    r = kd_reader_make(payload->data, payload->len);
    if (kd_reader_next(&r, &item) != KD_TERM_EXT ||
        item.integer != KD_TERM_EXT_ERROR)
        return;
    r = kd_reader_make(item.data, item.len);
    if (kd_reader_next(&r, &item) != KD_TERM_MAP)
        return;
    for (pairs = item.len; pairs > 0; pairs--) {
        kd_reader_next(&r, &key);
        at = r;
        kd_reader_next(&at, &item);
        take(error, &key, &item);
        if (kd_reader_skip(&r) != KD_OK)
            return;
    }
}

static void
take(struct service_error *error, const kd_item *key, const kd_item *value)
{
    if (value->type == KD_TERM_BOOL && is_key(key, "retryable")) {
        error->flags = value->integer ? KD_ERROR_RETRYABLE : KD_ERROR_FINAL;
        return;
    }
    if (value->type != KD_TERM_STRING)
        return;
    if (is_key(key, "message")) {
        error->text = (const char *)value->data;
        error->text_len = value->len;
    } else if (is_key(key, "stack")) {
        error->stack = (const char *)value->data;
        error->stack_len = value->len;
    }
}

static int
is_key(const kd_item *key, const char *word)
{
    return key->type == KD_TERM_STRING && key->len == strlen(word) &&
           memcmp(key->data, word, key->len) == 0;
}
