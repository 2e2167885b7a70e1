/* SPDX-License-Identifier: MIT */
/*
 * A command: one constant table, in a file of its own.
 */
#ifndef KD_CLI_COMMAND_H
#define KD_CLI_COMMAND_H

#include <stdint.h>

/* What the program ends with. */
#define KD__STATUS_OK     0
#define KD__STATUS_FAILED 1
#define KD__STATUS_USAGE  2

struct kd__settings;

struct kd__command {
    const char *name;
    const char *usage;        /* what follows the name */
    const char *summary;      /* one line, without a full stop */
    const char *const *about; /* paragraphs' lines, ends with NULL */
    uint32_t options;         /* KD__OPTION_ bits */
    int needs_word;           /* its argument may not be left out */
    /* Do it. Returns the status of the program. */
    int (*run)(const struct kd__settings *settings);
};

extern const struct kd__command kd__command_run;
extern const struct kd__command kd__command_check;
extern const struct kd__command kd__command_kinds;
extern const struct kd__command kd__command_inspect;

/* All of them; ends with NULL. */
extern const struct kd__command *const kd__commands[];

#endif
