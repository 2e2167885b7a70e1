/* SPDX-License-Identifier: MIT */
/*
 * Kinds in the order of their ids, each with its own options. What the host
 * knows for all kinds (meta, lifecycle, limits) stands once, at the end; a kind
 * says which of them it takes.
 */

#include "cli/kinds_page.h"

#include "cli/columns.h"
#include "cli/options_table.h"
#include "load/kind_check.h"
#include "load/option_check.h"

#include <stdlib.h>
#include <string.h>

struct shown {
    const kd_kind *kind;
    const kd_kind *whole; /* Of a policy, with the options of supervisors. */
    const kd_plugin *plugin;
};

struct page {
    struct shown *kinds;
    size_t n;
    FILE *out;
};

/* A kind that takes all that the host knows; nobody offers it. */
static const kd_kind everything = {
    .size = sizeof(kd_kind),
    .flags = KD_KIND_LIFECYCLE | KD_KIND_LIMITS,
    .cls = KD_CLASS_WORKER,
};

static int page_fill(struct page *page, kd_runtime *runtime);
static const kd_kind *find_whole(kd_runtime *runtime, const kd_kind *kind);
static int by_id(const void *a, const void *b);
static int print_kind(const struct page *page, const struct shown *shown);
static void print_common_names(const struct page *page, const kd_kind *kind);
static int print_own(const struct page *page, const kd_kind *kind);
static int print_common(const struct page *page);
static int print_table(const struct page *page, struct kd__columns *table);

int
kd__kinds_page_print(kd_runtime *runtime, FILE *out)
{
    struct page page = {NULL, 0, out};
    int failed = page_fill(&page, runtime);
    size_t i;

    if (failed == 0)
        fputs("# Kinds of entries and their options\n\n"
              "Made by `kindred kinds --markdown` from the tables by which "
              "entries are checked.\n",
            out);
    for (i = 0; i < page.n && failed == 0; i++)
        failed = print_kind(&page, &page.kinds[i]);
    if (failed == 0)
        failed = print_common(&page);
    free(page.kinds);
    return failed;
}

static int
page_fill(struct page *page, kd_runtime *runtime)
{
    const kd_plugin *plugin;
    size_t cap = 0;
    size_t i, k;

    for (i = 0; (plugin = kd_runtime_plugin_at(runtime, i, NULL)) != NULL;
         i++) {
        for (k = 0; plugin->kinds[k] != NULL; k++) {
            if (page->n == cap) {
                void *more;

                cap = cap * 2 + 16;
                more = realloc(page->kinds, cap * sizeof(page->kinds[0]));
                if (more == NULL)
                    return -1;
                page->kinds = more;
            }
            page->kinds[page->n].kind = plugin->kinds[k];
            page->kinds[page->n].whole = find_whole(runtime, plugin->kinds[k]);
            page->kinds[page->n++].plugin = plugin;
        }
    }
    if (page->n > 0)
        qsort(page->kinds, page->n, sizeof(page->kinds[0]), by_id);
    return 0;
}

/* What entries of a kind take; the kind itself where nobody runs policies. */
static const kd_kind *
find_whole(kd_runtime *runtime, const kd_kind *kind)
{
    const kd_kind *whole = kd_runtime_kind_find(runtime, kind->id);

    return whole == NULL ? kind : whole;
}

static int
by_id(const void *a, const void *b)
{
    const struct shown *left = a;
    const struct shown *right = b;

    return strcmp(left->kind->id, right->kind->id);
}

static int
print_kind(const struct page *page, const struct shown *shown)
{
    fprintf(page->out, "\n## %s\n\n%s. Class %s, from the plugin `%s`.\n",
        shown->kind->id, shown->kind->help,
        kd__kind_class_word(shown->kind->cls), shown->plugin->name);
    print_common_names(page, shown->whole);
    return print_own(page, shown->whole);
}

static void
print_common_names(const struct page *page, const kd_kind *kind)
{
    const kd_option *common;
    size_t i;

    for (i = 0; (common = kd_common_option_at(kind, i)) != NULL; i++)
        fprintf(page->out, "%s`%s`", i == 0 ? "It also takes " : ", ",
            common->name);
    if (i > 0)
        fputs(": see [options of many kinds](#options-of-many-kinds).\n",
            page->out);
}

static int
print_own(const struct page *page, const kd_kind *kind)
{
    struct kd__columns table = {NULL, 0, 0};
    int failed = kd__columns_add(&table, "option", "type", "default", "");
    size_t i;

    for (i = 0; i < kind->n_options && failed == 0; i++)
        failed = kd__options_table_add(&table, kd__option_at(kind->options, i));
    if (failed == 0)
        failed = print_table(page, &table);
    kd__columns_fini(&table);
    return failed;
}

static int
print_common(const struct page *page)
{
    struct kd__columns table = {NULL, 0, 0};
    int failed = kd__columns_add(&table, "option", "type", "default", "");
    const kd_option *common;
    size_t i;

    fputs("\n## Options of many kinds\n", page->out);
    for (i = 0; failed == 0; i++) {
        common = kd_common_option_at(&everything, i);
        if (common == NULL)
            break;
        failed = kd__options_table_add(&table, common);
    }
    if (failed == 0)
        failed = print_table(page, &table);
    kd__columns_fini(&table);
    return failed;
}

/* A head alone is no table. */
static int
print_table(const struct page *page, struct kd__columns *table)
{
    if (table->n <= 1)
        return 0;
    fputs("\n", page->out);
    kd__columns_print_markdown(table, page->out);
    return 0;
}
