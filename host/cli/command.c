/* SPDX-License-Identifier: MIT */
/*
 * The list of commands, in the order of help.
 */

#include "cli/command.h"

#include <stddef.h>

const struct kd__command *const kd__commands[] = {
    &kd__command_run,
    &kd__command_check,
    &kd__command_kinds,
    &kd__command_inspect,
    NULL,
};
