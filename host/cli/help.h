/* SPDX-License-Identifier: MIT */
/*
 * Help, made from the tables that the parser reads.
 */
#ifndef KD_CLI_HELP_H
#define KD_CLI_HELP_H

#include "cli/command.h"

#include <stdio.h>

/* What `kindred --help` says. */
void kd__help_all(FILE *out);

/* What `kindred COMMAND --help` says. */
void kd__help_command(FILE *out, const struct kd__command *command);

#endif
