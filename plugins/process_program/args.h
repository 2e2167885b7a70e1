/* SPDX-License-Identifier: MIT */
/*
 * Spawn arguments as strings for a command line (semantics E2). Pure.
 */
#ifndef KP_ARGS_H
#define KP_ARGS_H

#include <kindred/term.h>

/* Strings, each with its NUL. Zero it, and free `text` as a writer. */
struct kp_args {
    kd_writer text;
    size_t count;
};

/* KD_OK; KD_EINVAL: one is neither a string nor a number; KD_ENOMEM. */
kd_status kp__args_read(
    struct kp_args *args, const kd_payload *payload, kd_error *err);

/* Room for a number's text. */
#define KP_NUMBER_TEXT 40

/* A number as Lua writes it; its length. 0: the item is none. */
size_t kp__number_text(const kd_item *item, char *text);

/* "a table", "nil": for messages. */
const char *kp__item_name(const kd_item *item);

#endif
