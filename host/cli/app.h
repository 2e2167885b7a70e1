/* SPDX-License-Identifier: MIT */
/*
 * A runtime as the commands use it: log, output and plugins as the settings
 * say, and every failure told on stderr where it happens.
 */
#ifndef KD_CLI_APP_H
#define KD_CLI_APP_H

#include "cli/input_source.h"
#include "cli/log_sink.h"
#include "cli/output_sink.h"
#include "cli/settings.h"

#include <kindred/embed.h>

struct kd__app {
    const struct kd__settings *settings;
    kd_runtime *runtime;
    struct kd__log_sink log;
    struct kd__output_sink output;
    struct kd__input_source input;
    size_t n_errors; /* that opening the application has shown */
};

/*
 * Make the runtime; nothing is loaded. Returns 0, or -1 after saying why.
 * _fini is legal either way.
 */
int kd__app_init(struct kd__app *app, const struct kd__settings *settings);

/* Load all plugins that the settings, the environment and the installation
   have. Returns 0, or -1 after saying why. */
int kd__app_load(struct kd__app *app);

/* Open the application folder. Returns 0, or -1 after saying why. */
int kd__app_open(struct kd__app *app);

void kd__app_fini(struct kd__app *app);

/* The folder: the command's word, else the current one. */
const char *kd__app_dir(const struct kd__app *app);

#endif
