/* SPDX-License-Identifier: MIT */
/*
 * Finds plugins in the places where they may be, and adds them.
 *
 * The places differ in one thing: what it means that a path does not exist.
 * Whoever names one on a command line means it; a list in the environment may
 * be old; an installation may well be without plugins.
 */

#include "base/memory.h"
#include "load/plugins.h"

#include "base/error.h"
#include "load/search.h"

#include <kindred/api.h>
#include <stdio.h>
#include <string.h>

#define NOTE_TEXT 1024

/* Not a level of the log: a missing path is an error. */
#define MISSING_IS_ERROR ((uint32_t)0)

/* One search: where to, and whom to tell. */
struct hunt {
    struct kd__plugins *plugins;
    kd__plugins_note *note;
    void *arg;
};

static kd_status hunt_path(
    const struct hunt *hunt, const char *path, uint32_t missing, kd_error *err);
static kd_status hunt_list(
    const struct hunt *hunt, const char *list, kd_error *err);

kd_status
kd__plugins_search(struct kd__plugins *plugins, const char *const *paths,
    size_t n, const char *env, const char *installed, kd__plugins_note *note,
    void *arg, kd_error *err)
{
    struct hunt hunt = {plugins, note, arg};
    kd_status status = KD_OK;
    size_t i;

    for (i = 0; i < n && status == KD_OK; i++)
        status = hunt_path(&hunt, paths[i], MISSING_IS_ERROR, err);
    if (status == KD_OK && env != NULL)
        status = hunt_list(&hunt, env, err);
    if (status == KD_OK && installed != NULL)
        status = hunt_path(&hunt, installed, KD_LOG_DEBUG, err);
    return status;
}

static void
tell(const struct hunt *hunt, uint32_t level, const char *what,
    const kd_error *why)
{
    char text[NOTE_TEXT];

    if (hunt->note == NULL)
        return;
    snprintf(text, sizeof(text), "%s: %s", what, why->text);
    hunt->note(hunt->arg, level, text);
}

/* The same file by another way is no news; another of the same name is. */
static int
is_loaded(const struct kd__plugins *plugins, const char *file)
{
    const struct kd__plugin *plugin;
    size_t i;

    for (i = 0; (plugin = kd__plugins_at(plugins, i)) != NULL; i++) {
        if (plugin->file != NULL && strcmp(plugin->file, file) == 0)
            return 1;
    }
    return 0;
}

static kd_status
hunt_file(const struct hunt *hunt, const char *path, kd_error *err)
{
    const kd_plugin *descriptor = NULL;
    kd_error why = KD_ERROR_INIT;
    char *file = NULL;
    kd_status status = kd__plugin_open(path, &descriptor, &file, &why);

    if (status == KD_OK && !is_loaded(hunt->plugins, file))
        status = kd__plugins_add(hunt->plugins, descriptor, file, &why);
    kd__free(file);
    if (status == KD_EEXIST) {
        tell(hunt, KD_LOG_INFO, "skipped", &why);
        return KD_OK;
    }
    if (status != KD_OK && err != NULL)
        *err = why;
    return status;
}

/* missing: the level of a note about a path that does not exist, or none. */
static kd_status
hunt_path(
    const struct hunt *hunt, const char *path, uint32_t missing, kd_error *err)
{
    struct kd__search found = {NULL, 0, 0};
    kd_error why = KD_ERROR_INIT;
    kd_status status = kd__search_path(&found, path, &why);
    size_t i;

    if (status == KD_ENOTFOUND && missing != MISSING_IS_ERROR) {
        tell(hunt, missing, "no plugins", &why);
        status = KD_OK;
    }
    for (i = 0; i < found.n && status == KD_OK; i++)
        status = hunt_file(hunt, found.paths[i], &why);
    kd__search_fini(&found);
    if (status != KD_OK && err != NULL)
        *err = why;
    return status;
}

static kd_status
hunt_list(const struct hunt *hunt, const char *list, kd_error *err)
{
    kd_status status = KD_OK;
    char *part;

    while (status == KD_OK) {
        part = kd__search_part(&list, &status);
        if (part == NULL)
            break;
        status = hunt_path(hunt, part, KD_LOG_WARN, err);
        kd__free(part);
    }
    return status == KD_ENOMEM ? kd__error_memory(err) : status;
}
