/* SPDX-License-Identifier: MIT */
/*
 * Messages that the program reads (semantics E7, E8).
 *
 * A message is taken from the mailbox at once and kept until the pipe has had
 * all of it: it counts against the mailbox until then, so a program that does
 * not read is a full mailbox to those who send.
 */

#include "program.h"

#include <errno.h>

static int is_for_stdin(const kd_message *message);
static int write_some(struct kp_program *program);
static int next_part(struct kp_program *program);
static void open_first(struct kp_input *input);
static int take_value(struct kp_program *program);
static void take_line(struct kp_program *program, const kd_item *item);
static void take_bytes(struct kp_program *program);
static void release_first(struct kp_program *program);
static void close_stdin(struct kp_program *program, const char *why);

void
kp__input_add(struct kp_program *program, kd_message *message)
{
    struct kp_input *input = &program->input;

    if (!is_for_stdin(message) || input->pipe.fd < 0) {
        kp__log(program, KD_LOG_DEBUG, "dropped a message: %s",
            is_for_stdin(message) ? "stdin is closed" : message->topic);
        kd_proc_release(program->proc, message);
        return;
    }
    message->next = NULL;
    if (input->first == NULL)
        input->first = message;
    else
        input->last->next = message;
    input->last = message;
}

void
kp__input_pump(struct kp_program *program)
{
    while (program->input.pipe.fd >= 0 && program->input.pipe.ready) {
        if (!write_some(program))
            return;
    }
}

void
kp__input_fini(struct kp_program *program)
{
    close_stdin(program, NULL);
}

static int
is_for_stdin(const kd_message *message)
{
    return message->topic_len == 5 && memcmp(message->topic, "stdin", 5) == 0;
}

/* 0: there is nothing to write. */
static int
write_some(struct kp_program *program)
{
    struct kp_input *input = &program->input;
    struct iovec parts[3];
    size_t total, skip = input->written;
    int n_parts = 0;
    char newline[] = "\n";
    ssize_t n;

    total = input->head_len + input->body_len + input->has_newline;
    if (input->written == total)
        return next_part(program);
    const struct iovec all[] = {{input->head, input->head_len},
        {(void *)(uintptr_t)input->body, input->body_len},
        {newline, input->has_newline}};
    for (size_t i = 0; i < 3; i++) {
        size_t drop = skip < all[i].iov_len ? skip : all[i].iov_len;

        skip -= drop;
        if (drop == all[i].iov_len)
            continue;
        parts[n_parts].iov_base = (char *)all[i].iov_base + drop;
        parts[n_parts++].iov_len = all[i].iov_len - drop;
    }
    n = kp__pipe_write(&input->pipe, parts, n_parts);
    if (n >= 0)
        input->written += (size_t)n;
    else if (errno != EAGAIN)
        close_stdin(program, "the program has closed its stdin");
    return 1;
}

/* The next value of the first message, or of the one after it. */
static int
next_part(struct kp_program *program)
{
    struct kp_input *input = &program->input;

    input->written = input->head_len = input->body_len = 0;
    input->has_newline = 0;
    if (input->first == NULL)
        return 0;
    if (!input->is_open) {
        if (input->first->payload.format == KD_FORMAT_NONE) {
            close_stdin(program, "stdin is closed");
            return 0;
        }
        open_first(input);
    }
    if (input->n_rest > 0 && take_value(program))
        return 1;
    release_first(program);
    return 1;
}

/* Several values that were sent together are written one by one. */
static void
open_first(struct kp_input *input)
{
    const kd_message *message = input->first;
    kd_item head;

    input->is_open = 1;
    input->n_rest = 1;
    input->rest = kd_reader_make(message->payload.data, message->payload.len);
    if ((message->flags & KD_MESSAGE_MANY) == 0 ||
        message->payload.format != KD_FORMAT_TERM)
        return;
    kd_reader_next(&input->rest, &head);
    input->n_rest = head.type == KD_TERM_ARRAY ? head.len : 0;
}

/* 0: there is none that can be read. */
static int
take_value(struct kp_program *program)
{
    struct kp_input *input = &program->input;
    const unsigned char *from = input->rest.at;
    kd_reader one = input->rest;
    kd_item item;

    input->n_rest--;
    if (input->first->payload.format != KD_FORMAT_TERM) {
        take_bytes(program);
        return 1;
    }
    if (kd_reader_skip(&input->rest) != KD_OK)
        return 0;
    if (program->plan->framing_in == KP_FRAMING_MSGPACK) {
        input->body = from;
        input->body_len = (size_t)(input->rest.at - from);
    } else {
        kd_reader_next(&one, &item);
        take_line(program, &item);
    }
    return 1;
}

static void
take_line(struct kp_program *program, const kd_item *item)
{
    struct kp_input *input = &program->input;

    input->head_len = kp__number_text(item, (char *)input->head);
    if (item->type == KD_TERM_STRING) {
        input->body = item->data;
        input->body_len = item->len;
    } else if (input->head_len == 0) {
        kp__log(program, KD_LOG_WARN, "dropped %s for stdin: no line",
            kp__item_name(item));
        return;
    }
    input->has_newline = 1;
}

/* A payload that is no term: bytes, of which nothing is known. */
static void
take_bytes(struct kp_program *program)
{
    struct kp_input *input = &program->input;
    const size_t len = input->first->payload.len;

    input->body = input->first->payload.data;
    input->body_len = len;
    input->has_newline = program->plan->framing_in == KP_FRAMING_LINES;
    if (input->has_newline)
        return;
    input->head_len = 5;
    input->head[0] = 0xdb;
    for (int i = 0; i < 4; i++)
        input->head[1 + i] = (unsigned char)(len >> (24 - 8 * i));
}

static void
release_first(struct kp_program *program)
{
    struct kp_input *input = &program->input;
    kd_message *first = input->first;

    input->first = first->next;
    input->is_open = 0;
    kd_proc_release(program->proc, first);
}

/* What has not been written never will be. */
static void
close_stdin(struct kp_program *program, const char *why)
{
    struct kp_input *input = &program->input;

    kp__pipe_close(&input->pipe, program->proc);
    if (why != NULL)
        kp__log(program, KD_LOG_DEBUG, "%s", why);
    while (input->first != NULL)
        release_first(program);
    input->written = input->head_len = input->body_len = 0;
    input->has_newline = 0;
}
