/* SPDX-License-Identifier: MIT */
/*
 * A depth-first walk with its own stack: chains of needs may be as long as an
 * application has entries.
 */

#include "entry/order.h"

#include "base/memory.h"

#define UNSEEN ((size_t)0)
#define DONE   SIZE_MAX

struct walk {
    const struct kd__order_graph *graph;
    size_t *next;  /* of each thing: what it needs that is to be seen next */
    size_t *place; /* of each thing: on the stack from 1, or UNSEEN, DONE */
    size_t *stack;
    size_t depth;
    size_t *out;
    size_t n_out;
};

static void
push(struct walk *walk, size_t thing)
{
    walk->stack[walk->depth++] = thing;
    walk->place[thing] = walk->depth;
    walk->next[thing] = walk->graph->first[thing];
}

static void
pop(struct walk *walk)
{
    size_t thing = walk->stack[--walk->depth];

    walk->place[thing] = DONE;
    walk->out[walk->n_out++] = thing;
}

kd_status
kd__order_sort(const struct kd__order_graph *graph, size_t *out,
    void (*cycle)(void *arg, const size_t *things, size_t n), void *arg)
{
    struct walk walk = {graph, NULL, NULL, NULL, 0, out, 0};
    size_t *room = kd__calloc(graph->n * 3 + 1, sizeof(*room));
    size_t i;

    if (room == NULL)
        return KD_ENOMEM;
    walk.next = room;
    walk.place = room + graph->n;
    walk.stack = room + graph->n * 2;
    for (i = 0; i < graph->n; i++) {
        if (walk.place[i] == UNSEEN)
            push(&walk, i);
        while (walk.depth > 0) {
            size_t thing = walk.stack[walk.depth - 1];
            size_t needed, place;

            if (walk.next[thing] == graph->first[thing + 1]) {
                pop(&walk);
                continue;
            }
            needed = graph->to[walk.next[thing]++];
            place = walk.place[needed];
            if (place == UNSEEN)
                push(&walk, needed);
            else if (place != DONE && cycle != NULL)
                cycle(arg, walk.stack + place - 1, walk.depth - place + 1);
        }
    }
    kd__free(room);
    return KD_OK;
}
