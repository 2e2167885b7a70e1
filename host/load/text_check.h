/* SPDX-License-Identifier: MIT */
/*
 * Texts that a plugin hands over: whether they are there, bounded, one line.
 *
 * Pure. No text is read beyond its bound, so that one without an end does as
 * little harm as C allows.
 */
#ifndef KD_LOAD_TEXT_CHECK_H
#define KD_LOAD_TEXT_CHECK_H

#include <stddef.h>

/* Longest name of a plugin, kind, option or offer. */
#define KD__NAME_MAX 100
/* Longest line of help, unit, default or list of choices. */
#define KD__LINE_MAX 400

/* Not empty and not too long; letters, digits and bytes of `also` only. */
int kd__text_is_name(const char *text, const char *also);

/* A name of at least two parts with dots between, "vendor.name". */
int kd__text_is_dotted(const char *text);

/* One line of printable text, not empty and not too long. */
int kd__text_is_line(const char *text);

/*
 * `text` if it is a line, else a word for it: for sentences about something
 * whose name may itself be wrong.
 */
const char *kd__text_or(const char *text, const char *otherwise);

#endif
