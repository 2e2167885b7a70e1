/* SPDX-License-Identifier: MIT */
/*
 * Two lists of trees: what starts with the application, in the order of that,
 * and what starts when a program spawns it. Whom an entry's processes start is
 * said by its kind (runtime/outline.h).
 *
 * An entry that occurs in several places is drawn with its children in the
 * first one only: a tree of trees can stand for more places than anybody wants
 * to see. Walked with a stack of its own: a chain of supervisors may be as long
 * as an application has entries.
 */

#include "cli/tree_page.h"

#include "runtime/outline.h"
#include "runtime/runtime.h"

#include <kindred/duration.h>
#include <stdlib.h>

/* What is known of an entry, by its index. */
#define IS_CHILD 1u /* Another one's processes start it. */
#define IS_DRAWN 2u

/* An entry whose children are being drawn. */
struct level {
    struct kd__outline outline;
    size_t at; /* The next of them. */
};

struct page {
    const kd_runtime *runtime;
    FILE *out;
    unsigned char *marks;
    struct level *levels;
    size_t n;
    size_t cap;
    const char *margin;
};

static int mark_children(struct page *page);
static int print_started(struct page *page);
static int print_spawned(struct page *page);
static int draw(struct page *page, const kd_entry *entry, const char *about);
static int draw_children(struct page *page);
static int draw_entry(struct page *page, const kd_entry *entry,
    const struct kd__outline_child *as);
static void draw_branches(const struct page *page);
static int is_last(const struct level *level);
static char *tell_service(const kd_entry *entry);
static void tell_needs(const kd_entry *entry, FILE *out);
static void tell_time(
    const kd_entry *entry, const char *words, const char *option, FILE *out);

int
kd__tree_page_print(kd_runtime *runtime, FILE *out)
{
    struct page page = {.runtime = runtime, .out = out};
    int failed;

    page.marks = calloc(kd__entries_count(runtime->entries) + 1, 1);
    failed = page.marks == NULL || mark_children(&page) != 0 ||
             print_started(&page) != 0 || print_spawned(&page) != 0;
    while (page.n > 0)
        kd__outline_fini(&page.levels[--page.n].outline);
    free(page.levels);
    free(page.marks);
    return failed ? -1 : 0;
}

/* Who is started by the processes of another entry. */
static int
mark_children(struct page *page)
{
    const struct kd__entries *entries = page->runtime->entries;
    const kd_entry *entry;
    size_t i, k;

    for (i = 0; (entry = kd__entries_at(entries, i)) != NULL; i++) {
        struct kd__outline outline;
        kd_status status = kd__outline_take(entry, &outline);

        for (k = 0; k < outline.n; k++)
            page->marks[outline.children[k].entry->index] |= IS_CHILD;
        kd__outline_fini(&outline);
        if (status != KD_OK)
            return -1;
    }
    return 0;
}

static int
print_started(struct page *page)
{
    const kd_entry *const *order;
    char *about;
    int failed = 0;
    size_t n, i;

    order = kd__entries_order(page->runtime->entries, &n);
    page->margin = "     ";
    if (n > 0)
        fputs("\nstarts with the application, each after what it needs, and "
              "stops in reverse:\n",
            page->out);
    for (i = 0; i < n && !failed; i++) {
        about = tell_service(order[i]);
        fprintf(page->out, "%3zu. ", i + 1);
        failed = about == NULL || draw(page, order[i], about) != 0;
        free(about);
    }
    return failed ? -1 : 0;
}

static int
print_spawned(struct page *page)
{
    const struct kd__entries *entries = page->runtime->entries;
    const kd_entry *entry;
    int is_first = 1;
    size_t i;

    page->margin = "  ";
    for (i = 0; (entry = kd__entries_at(entries, i)) != NULL; i++) {
        if (!kd__entry_is_process(entry) || kd__entry_auto_start(entry) ||
            (page->marks[i] & IS_CHILD) != 0)
            continue;
        if (is_first)
            fputs("\nstarts when a program spawns it:\n", page->out);
        is_first = 0;
        fputs(page->margin, page->out);
        if (draw(page, entry, "") != 0)
            return -1;
    }
    return 0;
}

/* An entry that nobody else starts, and all below it. */
static int
draw(struct page *page, const kd_entry *entry, const char *about)
{
    const struct kd__outline_child as = {NULL, entry, (char *)(uintptr_t)about};

    return draw_entry(page, entry, &as) != 0 ? -1 : draw_children(page);
}

static int
draw_children(struct page *page)
{
    while (page->n > 0) {
        struct level *level = &page->levels[page->n - 1];
        const struct kd__outline_child *child;

        if (level->at == level->outline.n) {
            kd__outline_fini(&level->outline);
            page->n--;
            continue;
        }
        child = &level->outline.children[level->at];
        draw_branches(page);
        level->at++;
        if (draw_entry(page, child->entry, child) != 0)
            return -1;
    }
    return 0;
}

/* Its line; its children are drawn next. */
static int
draw_entry(struct page *page, const kd_entry *entry,
    const struct kd__outline_child *as)
{
    struct kd__outline outline;
    kd_status status = kd__outline_take(entry, &outline);
    const int is_again = (page->marks[entry->index] & IS_DRAWN) != 0;
    void *levels;

    if (as->name != NULL)
        fprintf(page->out, "%s  ", as->name);
    fprintf(page->out, "%s (%s", kd__entry_id(entry), kd__entry_kind(entry));
    if (outline.note != NULL)
        fprintf(page->out, ", %s", outline.note);
    fprintf(page->out, ")%s%s%s\n",
        as->text == NULL || as->text[0] == '\0' ? "" : ": ",
        as->text == NULL ? "" : as->text,
        is_again && outline.n > 0 ? "; see above" : "");
    page->marks[entry->index] |= IS_DRAWN;
    if (is_again || outline.n == 0 || status != KD_OK) {
        kd__outline_fini(&outline);
        return status == KD_OK ? 0 : -1;
    }
    if (page->n == page->cap) {
        page->cap = page->cap * 2 + 16;
        levels = realloc(page->levels, page->cap * sizeof(*page->levels));
        if (levels == NULL) {
            kd__outline_fini(&outline);
            return -1;
        }
        page->levels = levels;
    }
    page->levels[page->n++] = (struct level){outline, 0};
    return 0;
}

static void
draw_branches(const struct page *page)
{
    size_t i;

    fputs(page->margin, page->out);
    for (i = 0; i + 1 < page->n; i++)
        fputs(page->levels[i].at < page->levels[i].outline.n ? "│  " : "   ",
            page->out);
    fputs(is_last(&page->levels[i]) ? "└─ " : "├─ ", page->out);
}

static int
is_last(const struct level *level)
{
    return level->at + 1 == level->outline.n;
}

/* What its lifecycle says, in words; the caller frees it. NULL without
   memory. */
static char *
tell_service(const kd_entry *entry)
{
    const kd_node *lifecycle = kd__entry_get(entry, "lifecycle");
    const kd_node *attempts =
        kd__entry_get(entry, "lifecycle.restart.max_attempts");
    const kd_node *startup = kd_node_find(lifecycle, "startup");
    char *text = NULL;
    size_t len;
    FILE *out = open_memstream(&text, &len);

    if (out == NULL)
        return NULL;
    if (startup != NULL && strcmp(startup->text, "optional") == 0)
        fputs("optional, ", out);
    tell_time(entry, "stops within ", "lifecycle.stop_timeout", out);
    if (kd__entry_class(entry) != KD_CLASS_HOST) {
        tell_time(entry, ", starts within ", "lifecycle.start_timeout", out);
        tell_time(
            entry, ", restarts after ", "lifecycle.restart.initial_delay", out);
        tell_time(entry, " to ", "lifecycle.restart.max_delay", out);
        if (attempts != NULL && attempts->integer > 0)
            fprintf(out, ", at most %lld run%s in a row",
                (long long)attempts->integer,
                attempts->integer == 1 ? "" : "s");
    }
    tell_needs(entry, out);
    if (fclose(out) == 0)
        return text;
    free(text);
    return NULL;
}

static void
tell_needs(const kd_entry *entry, FILE *out)
{
    const kd_entry *const *needs;
    size_t n, i;

    needs = kd__entry_needs(entry, &n);
    for (i = 0; i < n; i++)
        fprintf(
            out, "%s%s", i == 0 ? "; needs " : ", ", kd__entry_id(needs[i]));
}

static void
tell_time(
    const kd_entry *entry, const char *words, const char *option, FILE *out)
{
    const kd_node *time = kd__entry_get(entry, option);
    char text[KD_DURATION_TEXT];

    if (time == NULL)
        return;
    kd_duration_format(time->integer, text, sizeof(text));
    fprintf(out, "%s%s", words, text);
}
