/* SPDX-License-Identifier: MIT */
/*
 * Terms to text.
 */

#include "args.h"

#include <inttypes.h>
#include <stdio.h>

static kd_status refuse(
    kd_error *err, size_t number, const char *what, kd_status code);

kd_status
kp__args_read(struct kp_args *args, const kd_payload *payload, kd_error *err)
{
    kd_reader r = kd_reader_make(payload->data, payload->len);
    char text[KP_NUMBER_TEXT];
    kd_item head, item;
    size_t len;

    if (payload->format != KD_FORMAT_TERM)
        return KD_OK;
    if (kd_reader_next(&r, &head) != KD_TERM_ARRAY)
        return refuse(err, 1, "malformed", KD_EINVAL);
    for (size_t i = 1; i <= head.len; i++) {
        kd_reader_next(&r, &item);
        len = kp__number_text(&item, text);
        if (len > 0) {
            kd_write_raw(&args->text, text, len + 1);
        } else if (item.type != KD_TERM_STRING) {
            return refuse(err, i, kp__item_name(&item), KD_EINVAL);
        } else if (memchr(item.data, '\0', item.len) != NULL) {
            return refuse(err, i, "a string with a zero byte", KD_EINVAL);
        } else {
            kd_write_raw(&args->text, item.data, item.len);
            kd_write_raw(&args->text, "", 1);
        }
        args->count++;
    }
    return args->text.status;
}

size_t
kp__number_text(const kd_item *item, char *text)
{
    int len = 0;

    if (item->type == KD_TERM_INT) {
        len = snprintf(text, KP_NUMBER_TEXT, "%" PRId64, item->integer);
    } else if (item->type == KD_TERM_UINT) {
        len =
            snprintf(text, KP_NUMBER_TEXT, "%" PRIu64, (uint64_t)item->integer);
    } else if (item->type == KD_TERM_FLOAT) {
        len = snprintf(text, KP_NUMBER_TEXT, "%.14g", item->number);
        if (text[strspn(text, "-0123456789")] == '\0')
            len += snprintf(text + len, KP_NUMBER_TEXT - (size_t)len, ".0");
    }
    return (size_t)len;
}

const char *
kp__item_name(const kd_item *item)
{
    switch (item->type) {
    case KD_TERM_NIL:
        return "nil";
    case KD_TERM_BOOL:
        return "a boolean";
    case KD_TERM_ARRAY:
    case KD_TERM_MAP:
        return "a table";
    case KD_TERM_EXT:
        return item->integer == KD_TERM_EXT_PID ? "a pid" : "an error";
    default:
        return "malformed";
    }
}

static kd_status
refuse(kd_error *err, size_t number, const char *what, kd_status code)
{
    return kd_error_set(err, code,
        "arguments of a program are strings and numbers: args[%zu] is %s",
        number, what);
}
