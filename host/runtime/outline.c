/* SPDX-License-Identifier: MIT */
/*
 * Copies all that it is told.
 */

#include "runtime/outline.h"

#include "base/memory.h"
#include "entry/entry.h"

#include <string.h>

static void note(const kd_outline *calls, const char *text);
static void child(const kd_outline *calls, const char *name,
    const kd_entry *entry, const char *text);
static char *copy(struct kd__outline *outline, const char *text);

kd_status
kd__outline_take(const kd_entry *entry, struct kd__outline *made)
{
    const kd_worker_kind *worker;

    memset(made, 0, sizeof(*made));
    made->calls.size = (uint32_t)sizeof(made->calls);
    made->calls.note = note;
    made->calls.child = child;
    if (entry->kind == NULL || entry->kind->cls != KD_CLASS_WORKER)
        return KD_OK;
    worker = entry->kind->impl;
    if (worker->outline != NULL)
        worker->outline(kd__entry_prepared(entry), &made->calls);
    return made->status;
}

void
kd__outline_fini(struct kd__outline *outline)
{
    size_t i;

    for (i = 0; i < outline->n; i++) {
        kd__free(outline->children[i].name);
        kd__free(outline->children[i].text);
    }
    kd__free(outline->children);
    kd__free(outline->note);
}

static struct kd__outline *
outline_of(const kd_outline *calls)
{
    return (struct kd__outline *)(uintptr_t)calls;
}

static void
note(const kd_outline *calls, const char *text)
{
    struct kd__outline *outline = outline_of(calls);

    kd__free(outline->note);
    outline->note = copy(outline, text);
}

static void
child(const kd_outline *calls, const char *name, const kd_entry *entry,
    const char *text)
{
    struct kd__outline *outline = outline_of(calls);
    struct kd__outline_child *children = outline->children;

    if (outline->n == outline->cap) {
        outline->cap = outline->cap * 2 + 8;
        children = kd__realloc(children, outline->cap * sizeof(*children));
        if (children == NULL) {
            outline->cap = outline->n;
            outline->status = KD_ENOMEM;
            return;
        }
        outline->children = children;
    }
    children[outline->n++] = (struct kd__outline_child){
        copy(outline, name), entry, copy(outline, text)};
}

static char *
copy(struct kd__outline *outline, const char *text)
{
    char *made = text == NULL ? NULL : kd__strdup(text);

    if (text != NULL && made == NULL)
        outline->status = KD_ENOMEM;
    return made;
}
