/* SPDX-License-Identifier: MIT */
/*
 * Formats sentences into kd_error. Cuts what is too long, never fails.
 */

#include "base/error.h"

#include <stdio.h>
#include <string.h>

static int is_listed(kd_status code);

kd_status
kd__error(kd_error *err, kd_status code, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    kd__error_v(err, code, format, args);
    va_end(args);
    return code;
}

kd_status
kd__error_v(kd_error *err, kd_status code, const char *format, va_list args)
{
    if (err == NULL)
        return code;
    err->size = (uint32_t)sizeof(*err);
    err->code = code;
    err->flags = code == KD_EFULL || code == KD_ELIMIT ? KD_ERROR_RETRYABLE : 0;
    err->reserved = 0;
    if (vsnprintf(err->text, sizeof(err->text), format, args) < 0)
        err->text[0] = '\0';
    return code;
}

kd_status
kd__error_memory(kd_error *err)
{
    return kd__error(err, KD_ENOMEM, "out of memory");
}

void
kd__error_prefix(kd_error *err, const char *format, ...)
{
    char text[KD_ERROR_TEXT];
    size_t room;
    size_t used;
    va_list args;
    int n;

    if (err == NULL)
        return;
    memcpy(text, err->text, sizeof(text));
    va_start(args, format);
    n = vsnprintf(err->text, sizeof(err->text), format, args);
    va_end(args);
    used = n < 0 ? 0 : (size_t)n;
    if (used + 3 > sizeof(err->text))
        return;
    room = sizeof(err->text) - used;
    snprintf(err->text + used, room, ": %.*s", (int)(room - 3), text);
}

kd_status
kd__error_check(kd_error *err, kd_status code)
{
    if (code == KD_OK)
        return KD_OK;
    if (!is_listed(code))
        return kd__error(
            err, KD_EPLUGIN, "unknown status %ld returned", (long)code);
    if (err != NULL && err->code != code) {
        if (err->code == KD_OK)
            return kd__error(err, code, "%s", kd_status_text(code));
        err->code = code;
    }
    return code;
}

static int
is_listed(kd_status code)
{
#define LISTED(name, number, word, text)                                       \
    if (code == name)                                                          \
        return 1;
    KD_STATUS_MAP(LISTED)
#undef LISTED
    return 0;
}
