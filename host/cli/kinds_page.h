/* SPDX-License-Identifier: MIT */
/*
 * The reference of kinds, as a page of Markdown: the manual's page is made by
 * it, so it says what the option tables say.
 */
#ifndef KD_CLI_KINDS_PAGE_H
#define KD_CLI_KINDS_PAGE_H

#include <kindred/embed.h>
#include <stdio.h>

/* Print it. Returns 0, or -1 without memory. */
int kd__kinds_page_print(kd_runtime *runtime, FILE *out);

#endif
