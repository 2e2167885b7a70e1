/* SPDX-License-Identifier: MIT */
/*
 * The end of a supervisor (semantics S5, S8, S12, S13, S16): all children stop
 * in reverse start order; those of a dynamic one at the same time.
 */

#include "supervisor.h"

#include "fault.h"

#include <stdarg.h>
#include <stdio.h>

static void drop_all_that_waits(struct supervisor *s);

void
ks__close(struct supervisor *s)
{
    if (s->state == CLOSING || s->state == GONE)
        return;
    ks__start_unwatch(s);
    drop_all_that_waits(s);
    s->op.child = NULL;
    s->op.due = KD_NEVER;
    s->closing_at = s->children.n;
    s->state = CLOSING;
}

void
ks__close_failed(struct supervisor *s, const char *format, ...)
{
    char text[KD_ERROR_TEXT];
    va_list args;

    va_start(args, format);
    if (vsnprintf(text, sizeof(text), format, args) < 0)
        text[0] = '\0';
    va_end(args);
    if (s->failure.len == 0)
        ks__fault_format(&s->failure, "Internal", "%s", text);
    ks__close(s);
}

void
ks__close_memory(struct supervisor *s)
{
    ks__close_failed(s, "out of memory");
}

/* Those that were told already are waited for as well. */
int
ks__step_closing(struct supervisor *s)
{
    const kd_child *pub;

    if (s->op.n_asked > 0 && !s->plan->is_dynamic)
        return 0;
    if (s->closing_at == 0) {
        if (s->op.n_asked > 0)
            return 0;
        s->state = GONE;
        return 1;
    }
    pub = s->children.order[--s->closing_at];
    if (pub != NULL && ks__child_runs(ks__child_of(pub)))
        ks__stop(s, ks__child_of(pub));
    return 1;
}

static void
drop_all_that_waits(struct supervisor *s)
{
    struct group *group;
    kd_message *message;

    if (s->op.request != NULL)
        ks__answer_stopping(s, s->op.request);
    s->op.request = NULL;
    while ((message = ks__request_take(s)) != NULL)
        ks__answer_stopping(s, message);
    while ((group = ks__waiting_first(&s->waiting)) != NULL)
        ks__waiting_remove(&s->waiting, group);
    while (s->ended_first != NULL)
        ks__end_forget(s, s->ended_first);
}
