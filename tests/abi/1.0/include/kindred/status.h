/* SPDX-License-Identifier: MIT */
/*
 * Errors: a code from one list, and a sentence where there is room for one.
 *
 * Nothing in Kindred uses errno, long jumps or exceptions across the boundary
 * between host and plugin. The list grows: a plugin takes a code of the host's
 * that it does not know for KD_EINTERNAL, as kd_status_kind() does. A code of a
 * plugin's that the host does not know counts as a fault of the plugin, and is
 * replaced by KD_EPLUGIN.
 */
#ifndef KINDRED_STATUS_H
#define KINDRED_STATUS_H

#include <kindred/abi.h>
#include <stdarg.h>
#include <stdio.h>

KD_BEGIN_DECLS

/** KD_OK, or one of the negative KD_E codes. */
typedef int32_t kd_status;

/**
 * The list: X(code name, number, error kind as programs see it, sentence).
 *
 * Numbers are never used again. The kind is what a failure with this code
 * shows as in Lua and in logs; an error that travels as a payload names its
 * kind, and its code is the first of the list with that kind.
 */
#define KD_STATUS_MAP(X)                                                       \
    X(KD_EINVAL, -1, "Invalid", "invalid argument")                            \
    X(KD_ENOTFOUND, -2, "NotFound", "not found")                               \
    X(KD_EEXIST, -3, "AlreadyExists", "already exists")                        \
    X(KD_EPERM, -4, "PermissionDenied", "permission denied")                   \
    X(KD_EUNAVAIL, -5, "Unavailable", "not available now")                     \
    X(KD_EINTERNAL, -6, "Internal", "internal error")                          \
    X(KD_ECANCELED, -7, "Canceled", "canceled")                                \
    X(KD_ECONFLICT, -8, "Conflict", "in conflict with its state")              \
    X(KD_ETIMEOUT, -9, "Timeout", "timed out")                                 \
    X(KD_ELIMIT, -10, "RateLimited", "limit reached")                          \
    X(KD_EUNKNOWN, -11, "", "unknown error")                                   \
    X(KD_EGONE, -12, "NotFound", "process not found")                          \
    X(KD_EFULL, -13, "RateLimited", "mailbox full")                            \
    X(KD_ETOOBIG, -14, "Invalid", "too large")                                 \
    X(KD_ENOMEM, -15, "Internal", "out of memory")                             \
    X(KD_EABI, -16, "Invalid", "ABI mismatch")                                 \
    X(KD_ENOTPLUGIN, -17, "Invalid", "not a kindred plugin")                   \
    X(KD_EPLUGIN, -18, "Internal", "plugin broke its contract")                \
    X(KD_EBUSY, -19, "Unavailable", "busy")                                    \
    X(KD_ESYSTEM, -20, "Internal", "system call failed")                       \
    X(KD_EFORMAT, -21, "Invalid", "malformed data")                            \
    X(KD_ENOHOST, -22, "NotFound", "host not found")                           \
    X(KD_ENONODE, -23, "NotFound", "node not found")

#define KD_OK                                      ((kd_status)0)
#define KD_STATUS_VALUE_(name, number, kind, text) name = number,
enum { KD_STATUS_MAP(KD_STATUS_VALUE_) KD_STATUS_LAST_ = -24 };
#undef KD_STATUS_VALUE_

/** Trying again later makes sense. */
#define KD_ERROR_RETRYABLE ((uint32_t)1)
/** Trying again is useless: supervisors and services do not. */
#define KD_ERROR_FINAL ((uint32_t)2)

/** Room for a sentence, its end included. */
#define KD_ERROR_TEXT 240

/**
 * An error with a sentence, always supplied by the caller.
 *
 * Out parameters of this type may be NULL unless said otherwise. `text` always
 * ends in NUL; it is cut, never overrun. The host puts context in front, so
 * that a plugin says only what it knows. Frozen, for all its size: both sides
 * write it.
 */
typedef struct kd_error {
    uint32_t size;  /**< sizeof(kd_error). */
    kd_status code; /**< KD_OK when nothing was written. */
    uint32_t flags; /**< KD_ERROR_RETRYABLE, KD_ERROR_FINAL or neither. */
    uint32_t reserved;
    char text[KD_ERROR_TEXT]; /**< UTF-8. */
} kd_error;
KD_ABI_STRUCT(kd_error, 256);

/** An error that holds nothing yet. */
#define KD_ERROR_INIT                                                          \
    {                                                                          \
        sizeof(kd_error), KD_OK, 0, 0,                                         \
        {                                                                      \
            0                                                                  \
        }                                                                      \
    }

/**
 * Write an error, as printf does: `return kd_error_set(err, KD_EINVAL, ...)`.
 *
 * @param err  may be NULL.
 * @return `code`.
 */
KD_PRINTF(3, 4)
static inline kd_status
kd_error_set(kd_error *err, kd_status code, const char *format, ...)
{
    va_list args;

    if (err == NULL)
        return code;
    err->code = code;
    err->flags = 0;
    va_start(args, format);
    vsnprintf(err->text, sizeof(err->text), format, args);
    va_end(args);
    return code;
}

/** The error kind of a code as programs see it; "Internal" for unknown ones. */
static inline const char *
kd_status_kind(kd_status code)
{
#define KD_STATUS_CASE_(name, number, kind, text)                              \
    case name:                                                                 \
        return kind;
    switch (code) {
        KD_STATUS_MAP(KD_STATUS_CASE_)
    default:
        return "Internal";
    }
#undef KD_STATUS_CASE_
}

/** The short sentence of a code. */
static inline const char *
kd_status_text(kd_status code)
{
#define KD_STATUS_CASE_(name, number, kind, text)                              \
    case name:                                                                 \
        return text;
    switch (code) {
        KD_STATUS_MAP(KD_STATUS_CASE_)
    case 0:
        return "ok";
    default:
        return "unknown status";
    }
#undef KD_STATUS_CASE_
}

KD_END_DECLS

#endif
