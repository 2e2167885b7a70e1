/* SPDX-License-Identifier: MIT */
/*
 * The lists of an operation. They keep their memory for the next one: a restart
 * takes none.
 */

#include "supervisor.h"

#include <stdlib.h>

kd_status
ks__list_add(struct list *list, struct child *child)
{
    const size_t cap = list->cap == 0 ? 16 : list->cap * 2;
    struct child **items;

    if (list->count == list->cap) {
        items = realloc(list->items, cap * sizeof(*items));
        if (items == NULL)
            return KD_ENOMEM;
        list->items = items;
        list->cap = cap;
    }
    list->items[list->count++] = child;
    return KD_OK;
}

void
ks__list_clear(struct list *list)
{
    list->count = list->at = 0;
}

static int
compare(const void *a, const void *b)
{
    const struct child *x = *(struct child *const *)a;
    const struct child *y = *(struct child *const *)b;

    return x->at < y->at ? -1 : x->at > y->at;
}

/* Policies mostly speak of children in their order already. */
void
ks__list_sort(struct list *list)
{
    size_t i;

    for (i = 1; i < list->count; i++) {
        if (list->items[i - 1]->at > list->items[i]->at) {
            qsort(list->items, list->count, sizeof(struct child *), compare);
            return;
        }
    }
}
