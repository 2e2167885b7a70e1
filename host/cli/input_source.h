/* SPDX-License-Identifier: MIT */
/*
 * Where the process of --exec reads from: stdin, until the runtime stops.
 */
#ifndef KD_CLI_INPUT_SOURCE_H
#define KD_CLI_INPUT_SOURCE_H

#include <stddef.h>

struct kd__input_source {
    int wake; /* readable when it is to end; -1: there is none */
};

/* Returns 0, or -1 with errno; _fini is legal either way. */
int kd__input_source_init(struct kd__input_source *source);
void kd__input_source_fini(struct kd__input_source *source);

/* As kd_config::input. What cannot be read is complained of, and the end. */
size_t kd__input_source_read(
    struct kd__input_source *source, char *data, size_t room);

/* As kd_config::input_end. */
void kd__input_source_end(struct kd__input_source *source);

#endif
