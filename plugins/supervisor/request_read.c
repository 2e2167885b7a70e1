/* SPDX-License-Identifier: MIT */
/*
 * Requests that only read: which_children, count_children.
 */

#include "supervisor.h"

static void write_child(struct supervisor *s, const struct child *child);
static void answer(struct supervisor *s, kd_message *message);

void
ks__which_children(struct supervisor *s, kd_message *message)
{
    size_t i;

    s->scratch.len = 0;
    kd_write_array(&s->scratch, s->children.count);
    for (i = 0; i < s->children.n; i++) {
        if (s->children.order[i] != NULL)
            write_child(s, ks__child_of(s->children.order[i]));
    }
    answer(s, message);
}

void
ks__count_children(struct supervisor *s, kd_message *message)
{
    const struct children *children = &s->children;

    s->scratch.len = 0;
    kd_write_map(&s->scratch, 4);
    kd_write_text(&s->scratch, "specs");
    kd_write_int(&s->scratch, (int64_t)children->count);
    kd_write_text(&s->scratch, "active");
    kd_write_int(&s->scratch, (int64_t)children->active);
    kd_write_text(&s->scratch, "supervisors");
    kd_write_int(&s->scratch, (int64_t)children->n_supervisors);
    kd_write_text(&s->scratch, "workers");
    kd_write_int(
        &s->scratch, (int64_t)(children->count - children->n_supervisors));
    answer(s, message);
}

static void
write_child(struct supervisor *s, const struct child *child)
{
    static const char *const words[] = {
        [KD_CHILD_STOPPED] = "stopped",
        [KD_CHILD_RUNNING] = "running",
        [KD_CHILD_RESTARTING] = "restarting",
    };
    kd_writer *to = &s->scratch;
    const int runs = ks__child_runs(child);

    kd_write_map(to, runs ? 5 : 4);
    kd_write_text(to, "id");
    kd_write_text(to, child->pub.id);
    if (runs) {
        kd_write_text(to, "pid");
        kd_write_pid(to, child->pid);
    }
    kd_write_text(to, "status");
    kd_write_text(to, runs ? "running" : words[child->pub.status]);
    kd_write_text(to, "restarts");
    kd_write_int(to, (int64_t)child->pub.restarts);
    kd_write_text(to, "kind");
    kd_write_text(to, child->spec->kind);
}

/* A large answer does not keep its memory. */
static void
answer(struct supervisor *s, kd_message *message)
{
    kd_payload payload =
        kd_payload_make(KD_FORMAT_TERM, s->scratch.data, s->scratch.len);

    if (s->scratch.status != KD_OK) {
        kd_writer_free(&s->scratch);
        ks__answer_error(s, message, "Internal", "out of memory");
        return;
    }
    ks__answer(s, message, &payload);
    if (s->scratch.cap > 4096)
        kd_writer_free(&s->scratch);
}
