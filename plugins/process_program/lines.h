/* SPDX-License-Identifier: MIT */
/*
 * Lines out of bytes that come in pieces (semantics E5). Pure.
 */
#ifndef KP_LINES_H
#define KP_LINES_H

#include <stddef.h>

/* A line, or a piece of one. */
struct kp_line {
    size_t len;  /* Of it, from the start of the bytes. */
    size_t used; /* The same with its end: what to drop of the bytes. */
};

/*
 * Find the first line in `len` bytes: without its end, `\n` or `\r\n`, and not
 * longer than `max`, which is at least 1: of a longer one the first `max`
 * bytes.
 *
 * scanned   in, out: bytes at the start that are known to have no `\n`. 0 for
 *           new bytes; kept for the caller between calls.
 * is_all    no more bytes will come: what is left is a line.
 *
 * Nonzero: there is one.
 */
int kp__lines_next(const char *data, size_t len, size_t max, int is_all,
    size_t *scanned, struct kp_line *line);

#endif
