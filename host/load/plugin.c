/* SPDX-License-Identifier: MIT */
/*
 * The steps from a path to a descriptor, and the two calls in its life.
 */

#include "load/plugin.h"

#include "base/error.h"
#include "base/memory.h"
#include "load/dso.h"
#include "load/elf_whole.h"
#include "load/path_trust.h"
#include "load/plugin_check.h"

#include <string.h>

static kd_status open_resolved(
    const char *path, const kd_plugin **descriptor, kd_error *err);

kd_status
kd__plugin_open(
    const char *path, const kd_plugin **descriptor, char **file, kd_error *err)
{
    char *resolved = NULL;
    kd_status status = kd__path_resolve(path, &resolved, err);

    if (status == KD_OK)
        status = open_resolved(resolved, descriptor, err);
    if (status != KD_OK)
        kd__error_prefix(err, "%s", resolved != NULL ? resolved : path);
    if (status == KD_OK && file != NULL)
        *file = resolved;
    else
        kd__free(resolved);
    return status;
}

static kd_status
open_resolved(const char *path, const kd_plugin **descriptor, kd_error *err)
{
    kd_plugin_query_fn query = NULL;
    kd_status status = kd__path_trust(path, err);

    if (status == KD_OK)
        status = kd__elf_whole(path, err);
    if (status == KD_OK)
        status = kd__dso_open(path, &query, err);
    if (status != KD_OK)
        return status;
    *descriptor = query();
    return kd__plugin_check(*descriptor, err);
}

struct kd__plugin *
kd__plugin_new(const kd_plugin *descriptor, const char *file)
{
    struct kd__plugin *plugin = kd__calloc(1, sizeof(*plugin));

    if (plugin == NULL)
        return NULL;
    plugin->descriptor = descriptor;
    if (file != NULL) {
        plugin->file = kd__strdup(file);
        if (plugin->file == NULL) {
            kd__free(plugin);
            return NULL;
        }
    }
    return plugin;
}

void
kd__plugin_free(struct kd__plugin *plugin)
{
    if (plugin == NULL)
        return;
    kd__free(plugin->file);
    kd__free(plugin);
}

const char *
kd__plugin_file(const struct kd__plugin *plugin)
{
    return plugin->file != NULL ? plugin->file : "built in";
}

kd_status
kd__plugin_init(struct kd__plugin *plugin, const kd_api *api, kd_error *err)
{
    const kd_plugin *descriptor = plugin->descriptor;
    kd_error own = KD_ERROR_INIT;
    kd_status status = KD_OK;

    if (plugin->inited)
        return KD_OK;
    plugin->state = NULL;
    if (descriptor->init != NULL)
        status = descriptor->init(api, &plugin->state, &own);
    status = kd__error_check(&own, status);
    plugin->inited = status == KD_OK;
    if (plugin->inited)
        return KD_OK;
    plugin->state = NULL;
    kd__error_prefix(&own, "plugin %s: init", descriptor->name);
    if (err != NULL)
        *err = own;
    return status;
}

void
kd__plugin_fini(struct kd__plugin *plugin)
{
    if (!plugin->inited)
        return;
    if (plugin->descriptor->fini != NULL)
        plugin->descriptor->fini(plugin->state);
    plugin->state = NULL;
    plugin->inited = 0;
}
