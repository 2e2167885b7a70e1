/* SPDX-License-Identifier: MIT */
/*
 * Keeps all rows, since the widths are known only at the end.
 */

#include "cli/columns.h"

#include <stdlib.h>
#include <string.h>

static int
grow(struct kd__columns *table)
{
    size_t cap = table->cap == 0 ? 32 : table->cap * 2;
    void *rows = realloc(table->rows, cap * sizeof(*table->rows));

    if (rows == NULL)
        return -1;
    table->rows = rows;
    table->cap = cap;
    return 0;
}

int
kd__columns_add(struct kd__columns *table, const char *a, const char *b,
    const char *c, const char *d)
{
    const char *const texts[KD__COLUMNS_N] = {a, b, c, d};
    int i;

    if (table->n == table->cap && grow(table) != 0)
        return -1;
    for (i = 0; i < KD__COLUMNS_N; i++) {
        table->rows[table->n][i] = strdup(texts[i] != NULL ? texts[i] : "");
        if (table->rows[table->n][i] == NULL) {
            while (i-- > 0)
                free(table->rows[table->n][i]);
            return -1;
        }
    }
    table->n++;
    return 0;
}

static int
compare(const void *a, const void *b)
{
    char *const *left = a;
    char *const *right = b;

    return strcmp(left[0], right[0]);
}

void
kd__columns_sort(struct kd__columns *table, size_t first)
{
    if (first < table->n)
        qsort(table->rows + first, table->n - first, sizeof(*table->rows),
            compare);
}

static int
width(const struct kd__columns *table, int column)
{
    size_t widest = 0;
    size_t i;

    for (i = 0; i < table->n; i++) {
        size_t len = strlen(table->rows[i][column]);

        widest = len > widest ? len : widest;
    }
    return (int)widest;
}

void
kd__columns_print(
    const struct kd__columns *table, FILE *out, const char *margin)
{
    int widths[KD__COLUMNS_N];
    int column, last;
    size_t i;

    for (column = 0; column < KD__COLUMNS_N; column++)
        widths[column] = width(table, column);
    for (i = 0; i < table->n; i++) {
        char *const *row = table->rows[i];

        /* No blanks at the end of a line. */
        last = KD__COLUMNS_N - 1;
        while (last > 0 && *row[last] == '\0')
            last--;
        fputs(margin, out);
        for (column = 0; column < last; column++)
            fprintf(out, "%-*s  ", widths[column], row[column]);
        fprintf(out, "%s\n", row[last]);
    }
}

/* A bar would end the cell, also inside a code span. */
static void
print_cell(const char *text, FILE *out)
{
    fputs(" ", out);
    for (; *text != '\0'; text++) {
        if (*text == '|')
            fputs("\\", out);
        fputc(*text, out);
    }
    fputs(" |", out);
}

void
kd__columns_print_markdown(const struct kd__columns *table, FILE *out)
{
    int column;
    size_t i;

    for (i = 0; i < table->n; i++) {
        fputs("|", out);
        for (column = 0; column < KD__COLUMNS_N; column++)
            print_cell(table->rows[i][column], out);
        fputs(i == 0 ? "\n|---|---|---|---|\n" : "\n", out);
    }
}

void
kd__columns_fini(struct kd__columns *table)
{
    size_t i;
    int column;

    for (i = 0; i < table->n; i++) {
        for (column = 0; column < KD__COLUMNS_N; column++)
            free(table->rows[i][column]);
    }
    free(table->rows);
    table->rows = NULL;
    table->n = table->cap = 0;
}
