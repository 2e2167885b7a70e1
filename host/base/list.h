/* SPDX-License-Identifier: MIT */
/*
 * Intrusive doubly linked lists with a sentinel.
 *
 * A hook that is on no list points to itself, so removing it again does no
 * harm and "is it on a list?" has an answer.
 */
#ifndef KD_BASE_LIST_H
#define KD_BASE_LIST_H

#include <stddef.h>

struct kd__list {
    struct kd__list *next;
    struct kd__list *prev;
};

/* The struct of `type` whose `member` is at `ptr`. */
#define KD_CONTAINER_OF(ptr, type, member)                                     \
    ((type *)(void *)((char *)(ptr)-offsetof(type, member)))

static inline void
kd__list_init(struct kd__list *list)
{
    list->next = list->prev = list;
}

static inline int
kd__list_is_empty(const struct kd__list *list)
{
    return list->next == list;
}

static inline void
kd__list_add(struct kd__list *list, struct kd__list *hook)
{
    hook->prev = list->prev;
    hook->next = list;
    list->prev->next = hook;
    list->prev = hook;
}

static inline void
kd__list_remove(struct kd__list *hook)
{
    hook->prev->next = hook->next;
    hook->next->prev = hook->prev;
    kd__list_init(hook);
}

/* Not safe against removal of `hook` inside the body. */
#define KD_LIST_FOREACH(hook, list)                                            \
    for (hook = (list)->next; hook != (list); hook = hook->next)

#endif
