/* SPDX-License-Identifier: MIT */
/*
 * Files of environment variables, for --env-file (semantics A13).
 *
 *     # a comment
 *     NAME=value           # blanks around it do not count, and so not this
 *     export NAME='as it stands'
 *     NAME="with \n, \r, \t, \", \\ and \$"
 *
 * Quoted values may have several lines. The last of a name holds.
 */
#ifndef KD_CLI_ENV_FILE_H
#define KD_CLI_ENV_FILE_H

#include <kindred/status.h>

/* Strings `NAME=value`, in order; free with _fini. */
struct kd__env_list {
    char **items; /* NULL behind the last; NULL if there is none */
    size_t n;
    size_t capacity;
};

/* Add the variables of a text. Returns KD_OK; KD_ENOMEM; KD_EFORMAT with a
   sentence and the line it is about. */
kd_status kd__env_file_parse(struct kd__env_list *list, const char *text,
    size_t len, unsigned *line, kd_error *err);

/* The same of a file; the sentence begins with `file:line:`. */
kd_status kd__env_file_read(
    struct kd__env_list *list, const char *file, kd_error *err);

/* Add a copy. KD_OK or KD_ENOMEM. */
kd_status kd__env_list_add(struct kd__env_list *list, const char *text);
void kd__env_list_fini(struct kd__env_list *list);

#endif
