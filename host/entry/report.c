/* SPDX-License-Identifier: MIT */
/*
 * Collects sentences with their places.
 *
 * Much of a sentence comes from the application's files, so bytes that could
 * start a new line or steer a terminal are made harmless here, once for all.
 */

#include "entry/report.h"

#include "base/memory.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* More are not kept, so that a hostile file costs no memory. */
#define KEPT_MAX ((size_t)1000)
#define TEXT_MAX 1024

struct kd__report_item {
    struct kd__place place;
    const char *text;
    size_t index; /* equals stay in the order they came */
    uint32_t level;
};

static int is_said(const struct kd__report *report, uint32_t level,
    const struct kd__place *place, const char *text);
static kd_status reserve(struct kd__report *report);
static void disarm(char *text);
static int compare(const void *a, const void *b);
static void show_rest(uint32_t level, size_t more,
    void (*show)(void *arg, uint32_t level, const char *line), void *arg);
static void show_item(const struct kd__report_item *item,
    void (*show)(void *arg, uint32_t level, const char *line), void *arg);

void
kd__report_init(struct kd__report *report)
{
    memset(report, 0, sizeof(*report));
    kd__arena_init(&report->arena);
}

void
kd__report_fini(struct kd__report *report)
{
    kd__arena_fini(&report->arena);
    kd__free(report->items);
    kd__report_init(report);
}

void
kd__report_add(struct kd__report *report, uint32_t level,
    const struct kd__place *place, const char *format, ...)
{
    const size_t is_error = level == KD_LOG_ERROR ? 1 : 0;
    struct kd__report_item *item;
    char text[TEXT_MAX];
    va_list args;

    va_start(args, format);
    if (vsnprintf(text, sizeof(text), format, args) < 0)
        text[0] = '\0';
    va_end(args);
    disarm(text);
    if (is_said(report, level, place, text))
        return;
    report->errors += is_error;
    if (is_error == 0 && report->warnings++ >= KD__REPORT_SHOWN)
        return;
    if (report->count == KEPT_MAX || reserve(report) != KD_OK) {
        report->dropped += is_error;
        return;
    }
    item = &report->items[report->count];
    item->place = *place;
    item->level = level;
    item->index = report->count;
    item->text = kd__arena_copy(&report->arena, text, strlen(text));
    if (item->text == NULL)
        report->dropped += is_error;
    else
        report->count++;
}

void
kd__report_flush(struct kd__report *report,
    void (*show)(void *arg, uint32_t level, const char *line), void *arg)
{
    size_t more = report->dropped;
    size_t shown = 0;
    size_t i;

    if (report->count > 0)
        qsort(report->items, report->count, sizeof(*report->items), compare);
    for (i = 0; i < report->count; i++) {
        const struct kd__report_item *item = &report->items[i];

        if (item->level == KD_LOG_ERROR && shown++ >= KD__REPORT_SHOWN)
            more++;
        else
            show_item(item, show, arg);
    }
    if (report->warnings > KD__REPORT_SHOWN)
        show_rest(KD_LOG_WARN, report->warnings - KD__REPORT_SHOWN, show, arg);
    if (more > 0)
        show_rest(KD_LOG_ERROR, more, show, arg);
    kd__arena_fini(&report->arena);
    report->count = 0;
    report->dropped = 0;
    report->warnings = 0;
}

/* A line of a source, which other entries may use as well, is told of once. */
static int
is_said(const struct kd__report *report, uint32_t level,
    const struct kd__place *place, const char *text)
{
    if (place->file == NULL || place->line == 0 || place->column != 0)
        return 0;
    for (size_t i = 0; i < report->count; i++) {
        const struct kd__report_item *item = &report->items[i];

        if (item->level == level && item->place.line == place->line &&
            item->place.column == 0 && item->place.file != NULL &&
            strcmp(item->place.file, place->file) == 0 &&
            strcmp(item->text, text) == 0)
            return 1;
    }
    return 0;
}

static kd_status
reserve(struct kd__report *report)
{
    size_t capacity = report->capacity == 0 ? 16 : report->capacity * 2;
    struct kd__report_item *items;

    if (report->count < report->capacity)
        return KD_OK;
    items = kd__realloc(report->items, capacity * sizeof(*items));
    if (items == NULL)
        return KD_ENOMEM;
    report->items = items;
    report->capacity = capacity;
    return KD_OK;
}

static void
disarm(char *text)
{
    for (; *text != '\0'; text++) {
        if ((unsigned char)*text < ' ' || *text == 0x7f)
            *text = '?';
    }
}

static int
compare_numbers(size_t a, size_t b)
{
    return (a > b) - (a < b);
}

static int
compare(const void *a, const void *b)
{
    const struct kd__report_item *x = a;
    const struct kd__report_item *y = b;
    const char *x_file = x->place.file == NULL ? "" : x->place.file;
    const char *y_file = y->place.file == NULL ? "" : y->place.file;
    int order = strcmp(x_file, y_file);

    if (order == 0)
        order = compare_numbers(x->place.line, y->place.line);
    if (order == 0)
        order = compare_numbers(x->place.column, y->place.column);
    return order != 0 ? order : compare_numbers(x->index, y->index);
}

static void
show_rest(uint32_t level, size_t more,
    void (*show)(void *arg, uint32_t level, const char *line), void *arg)
{
    char line[64];

    snprintf(line, sizeof(line), "and %zu more %s%s", more,
        level == KD_LOG_ERROR ? "error" : "warning", more == 1 ? "" : "s");
    show(arg, level, line);
}

static void
show_item(const struct kd__report_item *item,
    void (*show)(void *arg, uint32_t level, const char *line), void *arg)
{
    const struct kd__place *place = &item->place;
    char numbers[32] = "";
    char *line;

    if (place->line > 0 && place->column > 0)
        snprintf(
            numbers, sizeof(numbers), "%u:%u:", place->line, place->column);
    else if (place->line > 0)
        snprintf(numbers, sizeof(numbers), "%u:", place->line);
    if (kd__asprintf(&line, "%s%s%s%s%s%s%s", place->file ? place->file : "",
            place->file ? ":" : "", numbers, place->file ? " " : "",
            place->entry ? place->entry : "", place->entry ? ": " : "",
            item->text) < 0) {
        show(arg, item->level, item->text);
        return;
    }
    show(arg, item->level, line);
    kd__free(line);
}
