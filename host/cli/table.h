/* SPDX-License-Identifier: MIT */
/*
 * Text in columns, each as wide as its widest cell.
 */
#ifndef KD_CLI_TABLE_H
#define KD_CLI_TABLE_H

#include <stdio.h>

#define KD__TABLE_COLUMNS 4

/* Zero-initialise it. */
struct kd__table {
    char *(*rows)[KD__TABLE_COLUMNS];
    size_t n;
    size_t cap;
};

/*
 * Add a row; the texts are copied, NULL is an empty cell.
 *
 * Returns 0, or -1 without memory.
 */
int kd__table_add(struct kd__table *table, const char *a, const char *b,
    const char *c, const char *d);

/* Sort the rows from `first` on by their first cell, in byte order. */
void kd__table_sort(struct kd__table *table, size_t first);

/* Print it; every line begins with `margin`. */
void kd__table_print(
    const struct kd__table *table, FILE *out, const char *margin);

void kd__table_fini(struct kd__table *table);

#endif
