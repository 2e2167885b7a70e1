/* SPDX-License-Identifier: MIT */
/*
 * Reads the terms that a process leaves behind. Pure.
 */

#include "cli/exit_status.h"

#include "cli/command.h"

#include <kindred/term.h>

/* Beyond it shells have meanings of their own. */
#define STATUS_MAX 125

int
kd__exit_status(const kd_payload *value)
{
    kd_reader reader = kd_reader_make(value->data, value->len);
    kd_item item;

    if (value->format != KD_FORMAT_TERM)
        return KD__STATUS_OK;
    switch (kd_reader_next(&reader, &item)) {
    case KD_TERM_INT:
        if (item.integer < 0 || item.integer > STATUS_MAX)
            return KD__STATUS_FAILED;
        return (int)item.integer;
    case KD_TERM_UINT:
        return KD__STATUS_FAILED;
    case KD_TERM_BOOL:
        return item.integer ? KD__STATUS_OK : KD__STATUS_FAILED;
    default:
        return KD__STATUS_OK;
    }
}

/* Whether the reader stands before this string; it is behind it then. */
static int
is_key(const kd_item *item, const char *key)
{
    return item->type == KD_TERM_STRING && item->len == strlen(key) &&
           memcmp(item->data, key, item->len) == 0;
}

/* The string under a key of the map that the bytes begin with. */
static int
find_string(const kd_item *error, const char *key, kd_item *found)
{
    kd_reader reader = kd_reader_make(error->data, error->len);
    kd_item head;
    size_t i;

    if (kd_reader_next(&reader, &head) != KD_TERM_MAP)
        return 0;
    for (i = 0; i < head.len; i++) {
        kd_reader_next(&reader, found);
        if (is_key(found, key))
            return kd_reader_next(&reader, found) == KD_TERM_STRING;
        if (found->type == KD_TERM_BAD || found->type == KD_TERM_END ||
            kd_reader_skip(&reader) != KD_OK)
            return 0;
    }
    return 0;
}

char *
kd__exit_message(const kd_payload *error)
{
    kd_reader reader = kd_reader_make(error->data, error->len);
    kd_item item;
    kd_item text;

    if (error->format == KD_FORMAT_TERM &&
        kd_reader_next(&reader, &item) == KD_TERM_EXT &&
        item.integer == KD_TERM_EXT_ERROR) {
        if (find_string(&item, "message", &text) && text.len > 0)
            return strndup((const char *)text.data, text.len);
        if (find_string(&item, "kind", &text) && text.len > 0)
            return strndup((const char *)text.data, text.len);
    }
    return strdup("unknown error");
}
