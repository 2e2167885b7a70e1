/* SPDX-License-Identifier: MIT */
/*
 * An application as a tree, before it runs: what `kindred check --tree` shows.
 */
#ifndef KD_CLI_TREE_PAGE_H
#define KD_CLI_TREE_PAGE_H

#include <kindred/embed.h>
#include <stdio.h>

/* Of a runtime that was opened. Returns 0, or -1 without memory. */
int kd__tree_page_print(kd_runtime *runtime, FILE *out);

#endif
