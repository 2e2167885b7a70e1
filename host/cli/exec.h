/* SPDX-License-Identifier: MIT */
/*
 * The one process that `run --exec` is about.
 */
#ifndef KD_CLI_EXEC_H
#define KD_CLI_EXEC_H

#include "cli/settings.h"

#include <kindred/embed.h>

struct kd__exec {
    int fd;        /* readable once it has ended; else -1 */
    int status;    /* then what the command ends with, */
    char *message; /* and of a failure why, */
    char *trace;   /* and where; each NULL if there is none */
};

/* Returns 0, or -1 with errno. */
int kd__exec_init(struct kd__exec *exec);

void kd__exec_fini(struct kd__exec *exec);

/* Spawn the entry with the arguments that `settings` say. */
kd_status kd__exec_start(struct kd__exec *exec, kd_runtime *runtime,
    const struct kd__settings *settings, kd_error *err);

/*
 * Wait for its end. Says on stderr why it failed, if it did; returns the status
 * of the command.
 */
int kd__exec_end(const struct kd__exec *exec);

#endif
