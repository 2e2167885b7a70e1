/* SPDX-License-Identifier: MIT */
/*
 * Queues of waiting tasks: doubly linked, since a select leaves the middle of
 * all its queues but one.
 */

#include "process/waiter.h"

#include "process/task.h"

#include <stddef.h>

static void init(struct kl__wait *wait, struct kl__task *task,
    struct kl__waiter *waiters, int count);
static void leave(struct kl__waiter *waiter);

struct kl__wait *
kl__wait_push(lua_State *L, int count)
{
    struct kl__wait *wait;

    wait = lua_newuserdatauv(
        L, sizeof(*wait) + (size_t)count * sizeof(wait->waiters[0]), 0);
    init(wait, kl__task_current(L), (struct kl__waiter *)(wait + 1), count);
    return wait;
}

void
kl__wait_one(struct kl__task *task, struct kl__queue *queue, int value)
{
    init(&task->wait, task, &task->waiter, 1);
    kl__wait_add(&task->wait, 0, queue, value);
}

void
kl__wait_add(
    struct kl__wait *wait, int index, struct kl__queue *queue, int value)
{
    struct kl__waiter *waiter = &wait->waiters[index];

    waiter->value = value;
    waiter->queue = queue;
    waiter->next = NULL;
    waiter->prev = queue->last;
    if (queue->last != NULL)
        queue->last->next = waiter;
    else
        queue->first = waiter;
    queue->last = waiter;
}

void
kl__waiter_win(struct kl__process *p, struct kl__waiter *waiter, int ok)
{
    struct kl__wait *wait = waiter->wait;
    struct kl__waiter *end = wait->waiters + wait->count;

    for (struct kl__waiter *each = wait->waiters; each < end; each++)
        leave(each);
    wait->won = waiter;
    wait->ok = ok;
    kl__task_ready(p, wait->task);
}

static void
init(struct kl__wait *wait, struct kl__task *task, struct kl__waiter *waiters,
    int count)
{
    wait->task = task;
    wait->count = count;
    wait->won = NULL;
    wait->ok = 0;
    wait->waiters = waiters;
    for (int i = 0; i < count; i++) {
        waiters[i].queue = NULL;
        waiters[i].wait = wait;
    }
}

static void
leave(struct kl__waiter *waiter)
{
    struct kl__queue *queue = waiter->queue;

    if (queue == NULL)
        return;

    if (waiter->prev != NULL)
        waiter->prev->next = waiter->next;
    else
        queue->first = waiter->next;
    if (waiter->next != NULL)
        waiter->next->prev = waiter->prev;
    else
        queue->last = waiter->prev;
    waiter->queue = NULL;
}
