/* SPDX-License-Identifier: MIT */
/*
 * Arguments for processes, from words of a command line.
 */
#ifndef VALIDATE_ARGS_H
#define VALIDATE_ARGS_H

#include <kindred/term.h>

/*
 * Write an array of what the words say: integers, floats, true, false and nil
 * are such, everything else is a string.
 */
void args_write(kd_writer *writer, const char *const *words, size_t count);

#endif
