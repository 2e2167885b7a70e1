/* SPDX-License-Identifier: MIT */
/*
 * Whether bytes are UTF-8 as RFC 3629 has it: nothing overlong, no surrogates,
 * nothing beyond U+10FFFF. Pure.
 */
#ifndef KL_UTF8_H
#define KL_UTF8_H

#include <stddef.h>

/* How many bytes at the beginning are UTF-8; `len` if all are. */
size_t kl__utf8_span(const char *text, size_t len);

#endif
