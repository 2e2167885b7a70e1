/* SPDX-License-Identifier: MIT */
/*
 * Texts that somebody else has made: they move no cursor and change no colour.
 */
#ifndef KD_CLI_PUT_TEXT_H
#define KD_CLI_PUT_TEXT_H

#include <stdio.h>

/*
 * Write a text without a newline at its end; `margin` stands before each of its
 * further lines, and control characters read like \x1b.
 */
void kd__put_text(FILE *out, const char *text, const char *margin);

#endif
