/* SPDX-License-Identifier: MIT */
/*
 * What the command itself has to say on stderr.
 */
#ifndef KD_CLI_COMPLAIN_H
#define KD_CLI_COMPLAIN_H

#include <kindred/abi.h>
#include <stddef.h>

/* "kindred: " and a sentence, as one line. */
void kd__complain(const char *format, ...) KD_PRINTF(1, 2);

/* The same, unless nobody reads for a second: the last word holds up no end. */
void kd__complain_at_end(const char *format, ...) KD_PRINTF(1, 2);

/*
 * Write all of it, waiting where the other side is slow.
 *
 * Returns 0, or the errno that ended it.
 */
int kd__write_all(int fd, const char *data, size_t len);

#endif
