/* SPDX-License-Identifier: MIT */
/*
 * See open.h. Nothing is started: an application that is opened has been read,
 * checked and prepared.
 */

#include "open.h"

#include <stdio.h>
#include <string.h>

static int
needs_options(const kd_kind *kind)
{
    const kd_option *option = kind->options;
    size_t i, step = kind->n_options == 0 ? 0 : option->size;

    for (i = 0; i < kind->n_options; i++) {
        if (option->flags & KD_OPTION_REQUIRED)
            return 1;
        option = (const kd_option *)((const char *)option + step);
    }
    return 0;
}

int
write_app(const kd_plugin *plugin, const char *dir, char *left_out, size_t room)
{
    char path[4096];
    size_t i, used = 0;
    FILE *file;

    snprintf(path, sizeof(path), "%s/_index.yaml", dir);
    file = fopen(path, "w");
    if (file == NULL)
        return -1;
    fprintf(file, "version: \"1.0\"\nnamespace: validate\nentries:\n");
    fprintf(file, "  - {name: none, kind: registry.entry}\n");
    left_out[0] = '\0';
    for (i = 0; plugin->kinds[i] != NULL; i++) {
        if (!needs_options(plugin->kinds[i]))
            fprintf(
                file, "  - {name: k%zu, kind: %s}\n", i, plugin->kinds[i]->id);
        else if (used < room)
            used += (size_t)snprintf(left_out + used, room - used, "%s%s",
                used == 0 ? "" : ", ", plugin->kinds[i]->id);
    }
    return fclose(file);
}

static void
diagnostic(void *arg, uint32_t level, const char *line)
{
    if (level == KD_LOG_ERROR && ((struct subject *)arg)->is_loud)
        broken(arg, "%s", line);
}

kd_status
open_runtime(struct subject *subject, kd_runtime **runtime)
{
    const char *const *beside = subject->beside;
    kd_config config;
    kd_error err = KD_ERROR_INIT;
    kd_status status;

    memset(&config, 0, sizeof(config));
    config.size = (uint32_t)sizeof(config);
    config.arg = subject;
    config.diagnostic = diagnostic;
    status = kd_runtime_new(&config, runtime, &err);
    if (status == KD_OK)
        status = kd_runtime_load(*runtime, subject->path, &err);
    for (; status == KD_OK && beside != NULL && *beside != NULL; beside++)
        status = kd_runtime_load(*runtime, *beside, &err);
    if (status == KD_OK)
        status = kd_runtime_search(*runtime, &err);
    if (status == KD_OK)
        status = kd_runtime_open(*runtime, subject->app, &err);
    if (status != KD_OK && subject->is_loud)
        broken(subject, "a runtime refuses it: %s", err.text);
    return status;
}
