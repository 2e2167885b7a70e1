/* SPDX-License-Identifier: MIT */
/*
 * What the parts of the set share.
 */

#include "entry/set.h"

#include "entry/expand.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static int
compare(const void *a, const void *b)
{
    const kd_entry *x = *(kd_entry *const *)a;
    const kd_entry *y = *(kd_entry *const *)b;

    return strcmp(x->id, y->id);
}

void
kd__set_sort(struct kd__entries *set)
{
    size_t i;

    if (set->count > 0)
        qsort(set->list, set->count, sizeof(*set->list), compare);
    for (i = 0; i < set->count; i++)
        set->list[i]->index = i;
}

void
kd__set_report(struct kd__entries *set, uint32_t level, const kd_entry *entry,
    const struct kd__ref *ref, const char *format, ...)
{
    struct kd__place place = entry->place;
    char text[512];
    va_list args;

    va_start(args, format);
    if (vsnprintf(text, sizeof(text), format, args) < 0)
        text[0] = '\0';
    va_end(args);
    kd__expand_hide(set->config.env, ref->node, text, sizeof(text));
    if (ref->node->node.line > 0) {
        place.file = ref->node->node.file;
        place.line = ref->node->node.line;
        place.column = ref->node->node.column;
    }
    if (level == KD_LOG_ERROR)
        set->list[entry->index]->is_broken = 1;
    kd__report_add(&set->report, level, &place, "%s: %s", ref->path, text);
}
