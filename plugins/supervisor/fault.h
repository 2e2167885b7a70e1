/* SPDX-License-Identifier: MIT */
/*
 * Errors as terms: made for those who are told, read from those who failed.
 */
#ifndef KS_FAULT_H
#define KS_FAULT_H

#include <kindred/term.h>

/* Kind and sentence of an error; borrowed from its payload, without an end. */
struct fault {
    const char *kind;
    size_t kind_len;
    const char *text;
    size_t text_len;
};

/* Write an error term; `flags` are KD_ERROR_ bits. */
void ks__fault_write(kd_writer *to, const char *kind, size_t kind_len,
    const char *text, size_t text_len, uint32_t flags);

/* The same with a sentence that is put together, and cut at KD_ERROR_TEXT. */
void ks__fault_format(kd_writer *to, const char *kind, const char *format, ...)
    KD_PRINTF(3, 4);

/* What kd_error says. */
void ks__fault_status(kd_writer *to, const kd_error *err);

/* What an error term says; for NULL, or what is none, that it is not known. */
void ks__fault_read(const kd_payload *error, struct fault *fault);

/* What was written, or none. */
kd_payload ks__fault_payload(const kd_writer *from);

#endif
