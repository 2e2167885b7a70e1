/* SPDX-License-Identifier: MIT */
/*
 * The real runtime that a plugin is tried in, and the application of it: the
 * author's, or one with an entry of each kind that needs no options.
 */
#ifndef VALIDATE_OPEN_H
#define VALIDATE_OPEN_H

#include "rule.h"

#include <stddef.h>

/*
 * Write such an application into `dir`. Kinds with required options are left
 * out, with their ids in `left_out`. Nonzero: it cannot be written.
 */
int write_app(
    const kd_plugin *plugin, const char *dir, char *left_out, size_t room);

/* A runtime with the plugin and the application opened; whose subject is loud
 * tells what fails. */
kd_status open_runtime(struct subject *subject, kd_runtime **runtime);

#endif
