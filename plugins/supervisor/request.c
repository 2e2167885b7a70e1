/* SPDX-License-Identifier: MIT */
/*
 * Requests to a supervisor (semantics S17 to S21): what the module `supervisor`
 * sends. A request is a term array of arguments; the answer is a value, or an
 * error term.
 *
 * The two that only read are answered at once. The others wait in line for
 * their turn, and hold their place in the mailbox meanwhile: so the line is
 * bounded as all mail is.
 */

#include "supervisor.h"

#include "fault.h"
#include "request_change.h"

#include <stdarg.h>
#include <stdio.h>

struct row {
    const char *topic;
    void (*serve)(struct supervisor *s, kd_message *message);
    int reads;
};

static const struct row rows[] = {
    {"@supervisor.which_children", ks__which_children, 1},
    {"@supervisor.count_children", ks__count_children, 1},
    {"@supervisor.start_child", ks__start_child, 0},
    {"@supervisor.terminate_child", ks__terminate_child, 0},
    {"@supervisor.restart_child", ks__restart_child, 0},
    {"@supervisor.delete_child", ks__delete_child, 0},
};

static const struct row *find_row(const kd_message *message);

void
ks__request(struct supervisor *s, kd_message *message)
{
    const struct row *row = find_row(message);
    struct happening happening = {.type = REQUEST, .message = message};

    if (row == NULL || (message->flags & KD_MESSAGE_REQUEST) == 0)
        kd_proc_release(s->proc, message);
    else if (row->reads)
        row->serve(s, message);
    else
        ks__happen(s, &happening);
}

void
ks__request_serve(struct supervisor *s, kd_message *message)
{
    const struct row *row = find_row(message);

    if (row != NULL)
        row->serve(s, message);
}

void
ks__request_keep(struct supervisor *s, kd_message *message)
{
    message->next = NULL;
    if (s->requests_last != NULL)
        s->requests_last->next = message;
    else
        s->requests_first = message;
    s->requests_last = message;
    s->n_requests++;
}

kd_message *
ks__request_take(struct supervisor *s)
{
    kd_message *message = s->requests_first;

    if (message == NULL)
        return NULL;
    s->requests_first = message->next;
    s->n_requests--;
    if (s->requests_first == NULL)
        s->requests_last = NULL;
    return message;
}

int
ks__request_waits(const struct supervisor *s)
{
    return s->state == IDLE && s->n_requests > 0;
}

/* One that cannot be told in this way learns of it by its timeout. */
void
ks__answer(struct supervisor *s, kd_message *message, const kd_payload *payload)
{
    kd_error err = KD_ERROR_INIT;
    kd_status status =
        kd_proc_reply(s->proc, message->from, message->ref, payload, &err);
    kd_payload why;

    if (status == KD_ETOOBIG) {
        s->scratch.len = 0;
        ks__fault_status(&s->scratch, &err);
        why = ks__fault_payload(&s->scratch);
        kd_proc_reply(s->proc, message->from, message->ref, &why, NULL);
    }
    kd_proc_release(s->proc, message);
}

void
ks__answer_pid(struct supervisor *s, kd_message *message, kd_pid pid)
{
    kd_payload payload;

    s->scratch.len = 0;
    kd_write_pid(&s->scratch, pid);
    payload = ks__fault_payload(&s->scratch);
    ks__answer(s, message, &payload);
}

void
ks__answer_true(struct supervisor *s, kd_message *message)
{
    static const unsigned char term[] = {0xc3};
    const kd_payload payload =
        kd_payload_make(KD_FORMAT_TERM, term, sizeof(term));

    ks__answer(s, message, &payload);
}

void
ks__answer_error(struct supervisor *s, kd_message *message, const char *kind,
    const char *format, ...)
{
    char text[KD_ERROR_TEXT];
    kd_payload payload;
    va_list args;

    va_start(args, format);
    if (vsnprintf(text, sizeof(text), format, args) < 0)
        text[0] = '\0';
    va_end(args);
    s->scratch.len = 0;
    ks__fault_format(&s->scratch, kind, "%s", text);
    payload = ks__fault_payload(&s->scratch);
    ks__answer(s, message, &payload);
}

void
ks__answer_stopping(struct supervisor *s, kd_message *message)
{
    char pid[KD_PID_TEXT];

    s->api->pid_text(s->api, kd_proc_self(s->proc), pid);
    ks__answer_error(
        s, message, "Unavailable", "supervisor is stopping: %s", pid);
}

static const struct row *
find_row(const kd_message *message)
{
    size_t i;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (strcmp(rows[i].topic, message->topic) == 0)
            return &rows[i];
    }
    return NULL;
}
