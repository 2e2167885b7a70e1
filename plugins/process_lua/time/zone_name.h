/* SPDX-License-Identifier: MIT */
/*
 * Abbreviations of time zones, as Go guesses them.
 */
#ifndef KL_ZONE_NAME_H
#define KL_ZONE_NAME_H

#include <stddef.h>

/* Length of the one that a text begins with, or 0: "CEST", "GMT-8", "+03". */
size_t kl__zone_name_len(const char *text, size_t len);

#endif
