/* SPDX-License-Identifier: MIT */
/*
 * Text in columns, each as wide as its widest cell.
 */
#ifndef KD_CLI_COLUMNS_H
#define KD_CLI_COLUMNS_H

#include <stdio.h>

#define KD__COLUMNS_N 4

/* Zero-initialise it. */
struct kd__columns {
    char *(*rows)[KD__COLUMNS_N];
    size_t n;
    size_t cap;
};

/*
 * Add a row; the texts are copied, NULL is an empty cell.
 *
 * Returns 0, or -1 without memory.
 */
int kd__columns_add(struct kd__columns *table, const char *a, const char *b,
    const char *c, const char *d);

/* Sort the rows from `first` on by their first cell, in byte order. */
void kd__columns_sort(struct kd__columns *table, size_t first);

/* Print it; every line begins with `margin`. */
void kd__columns_print(
    const struct kd__columns *table, FILE *out, const char *margin);

/* Print it as a table of Markdown; the first row is its head. */
void kd__columns_print_markdown(const struct kd__columns *table, FILE *out);

void kd__columns_fini(struct kd__columns *table);

#endif
