/* SPDX-License-Identifier: MIT */
/*
 * A short list under a lock: who is in it has cost a thread already.
 */

#include "proc/stuck.h"

#include "base/memory.h"
#include "proc/proc.h"

void
kd__stuck_init(struct kd__stuck_list *list)
{
    kd__lock_init(&list->lock);
    list->first = NULL;
}

void
kd__stuck_fini(struct kd__stuck_list *list)
{
    struct kd__stuck *stuck;

    while ((stuck = list->first) != NULL) {
        list->first = stuck->next;
        kd__free(stuck);
    }
    kd__lock_fini(&list->lock);
}

void
kd__stuck_add(struct kd__proc *proc, kd_time since)
{
    struct kd__stuck_list *list = &proc->system->stuck_list;
    struct kd__stuck *stuck = kd__malloc(sizeof(*stuck));
    struct kd__stuck **at;

    if (stuck == NULL)
        return;
    stuck->next = NULL;
    stuck->pid = proc->pid;
    stuck->code = kd__proc_code(proc);
    stuck->since = since;
    kd__lock_take(&list->lock);
    for (at = &list->first; *at != NULL; at = &(*at)->next)
        continue;
    *at = stuck;
    kd__lock_drop(&list->lock);
}

void
kd__stuck_remove(const struct kd__proc *proc)
{
    struct kd__stuck_list *list = &proc->system->stuck_list;
    struct kd__stuck *stuck;
    struct kd__stuck **at = &list->first;

    kd__lock_take(&list->lock);
    while ((stuck = *at) != NULL && !kd_pid_equal(stuck->pid, proc->pid))
        at = &stuck->next;
    if (stuck != NULL)
        *at = stuck->next;
    kd__lock_drop(&list->lock);
    kd__free(stuck);
}

int
kd__stuck_oldest(struct kd__stuck_list *list, struct kd__stuck *oldest)
{
    const struct kd__stuck *first;

    kd__lock_take(&list->lock);
    first = list->first;
    if (first != NULL)
        *oldest = *first;
    kd__lock_drop(&list->lock);
    return first != NULL;
}
