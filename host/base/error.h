/* SPDX-License-Identifier: MIT */
/*
 * Writing into a caller's kd_error.
 */
#ifndef KD_BASE_ERROR_H
#define KD_BASE_ERROR_H

#include <kindred/status.h>
#include <stdarg.h>

/*
 * Fill in code and sentence; flags become 0, but KD_ERROR_RETRYABLE for
 * KD_EFULL and KD_ELIMIT. Returns the code, for `return kd__error(...)`. `err`
 * may be NULL.
 */
kd_status kd__error(kd_error *err, kd_status code, const char *format, ...)
    KD_PRINTF(3, 4);
kd_status kd__error_v(kd_error *err, kd_status code, const char *format,
    va_list args) KD_PRINTF(3, 0);

/* KD_ERROR_INIT without zeroing all of the text, for where each slice or spawn
 * has one. */
static inline void
kd__error_init(kd_error *err)
{
    err->size = (uint32_t)sizeof(*err);
    err->code = KD_OK;
    err->flags = err->reserved = 0;
    err->text[0] = '\0';
}

/* The sentence of KD_ENOMEM. Returns it. */
kd_status kd__error_memory(kd_error *err);

/* Put context and ": " in front of a sentence that is there. */
void kd__error_prefix(kd_error *err, const char *format, ...) KD_PRINTF(2, 3);

/*
 * What a plugin returned, made sure of: a code that is not in the list, or
 * positive, becomes KD_EPLUGIN with a sentence; a failure without a sentence
 * gets the code's own.
 */
kd_status kd__error_check(kd_error *err, kd_status code);

#endif
