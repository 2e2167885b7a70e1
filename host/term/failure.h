/* SPDX-License-Identifier: MIT */
/*
 * Errors as payloads: making the ones the host is the author of, and reading
 * what it must know of the others.
 */
#ifndef KD_TERM_FAILURE_H
#define KD_TERM_FAILURE_H

#include <kindred/payload.h>
#include <kindred/status.h>

/* What the host reads of an error term. Strings are borrowed, not ended. */
struct kd__failure {
    const char *kind;
    size_t kind_len;
    const char *message;
    size_t message_len;
    uint32_t flags; /* KD_ERROR_RETRYABLE, KD_ERROR_FINAL or neither. */
};

/* An error term of this kind and sentence; NULL without memory. */
kd_buf *kd__failure_buf(const char *kind, const char *message, uint32_t flags);

/* The same from a kd_error. */
kd_buf *kd__failure_from(const kd_error *err);

/* KD_OK; KD_EFORMAT if the payload is no error term. */
kd_status kd__failure_read(
    const kd_payload *payload, struct kd__failure *failure);

#endif
