/* SPDX-License-Identifier: MIT */
/*
 * What a service reads in the error of the process that it looks after.
 */
#ifndef KS_SERVICE_ERROR_H
#define KS_SERVICE_ERROR_H

#include <kindred/payload.h>

/* Strings are borrowed from the payload and have no end; NULL: absent. */
struct service_error {
    const char *text;
    size_t text_len;
    const char *stack;
    size_t stack_len;
    uint32_t flags; /* KD_ERROR_RETRYABLE, KD_ERROR_FINAL or neither. */
};

/* Of what is no error term all is absent. */
void ks__service_error_read(
    const kd_payload *payload, struct service_error *error);

#endif
