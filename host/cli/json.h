/* SPDX-License-Identifier: MIT */
/*
 * JSON, as the log needs it: written, never read.
 */
#ifndef KD_CLI_JSON_H
#define KD_CLI_JSON_H

#include <kindred/payload.h>
#include <stdio.h>

/* A string in quotes. Bytes that are not UTF-8 become U+FFFD. */
void kd__json_string(FILE *out, const char *text, size_t len);

/* A whole term; what is malformed is null. A pid is its three numbers. */
void kd__json_term(FILE *out, const kd_payload *payload);

#endif
