/* SPDX-License-Identifier: MIT */
/*
 * A list with a ring of those that were appended last.
 */

#include "proc/backlog.h"

#include "base/block.h"

#include <string.h>

struct kd__backlog *
kd__backlog_new(void)
{
    struct kd__backlog *backlog = kd__block_new(sizeof(*backlog));

    if (backlog == NULL)
        return NULL;
    memset(backlog, 0, sizeof(*backlog));
    kd__lock_init(&backlog->lock);
    return backlog;
}

void
kd__backlog_free(struct kd__backlog *backlog)
{
    if (backlog == NULL)
        return;
    kd__lock_fini(&backlog->lock);
    kd__block_free(backlog, sizeof(*backlog));
}

void
kd__backlog_append(struct kd__backlog *backlog, struct kd__mail *list)
{
    struct kd__mail **recent;
    struct kd__mail *mail;

    if (backlog->first == NULL)
        backlog->first = list;
    else
        backlog->last->pub.next = &list->pub;
    for (mail = list; mail != NULL; mail = kd__mail_next(mail)) {
        recent = &backlog->recent[backlog->at];
        if (*recent != NULL)
            (*recent)->ahead = mail;
        *recent = mail;
        backlog->at = (backlog->at + 1) % KD__BACKLOG_AHEAD;
        backlog->last = mail;
    }
}

struct kd__mail *
kd__backlog_take(struct kd__backlog *backlog)
{
    struct kd__mail *first = backlog->first;

    backlog->first = NULL;
    memset(backlog->recent, 0, sizeof(backlog->recent));
    return first;
}
