/* SPDX-License-Identifier: MIT */
/*
 * From an entry's path to a plugin. How one is loaded is not for this folder
 * to know: the configuration says.
 */

#include "entry/carried.h"

#include "entry/expand.h"
#include "entry/source.h"

kd_status
kd__carried_load(struct kd__entries *set, kd_entry *entry)
{
    const kd_node *path = kd__entry_get(entry, "path");
    struct kd__place place = entry->place;
    kd_error err = KD_ERROR_INIT;
    const char *real = NULL;
    kd_status status = kd__source_locate(&set->folder, entry->base, path->text,
        path->len, &set->arena, &real, &err);

    if (status == KD_OK && set->config.load_plugin != NULL)
        status = set->config.load_plugin(set->config.arg, real, &err);
    if (status == KD_OK || status == KD_ENOMEM)
        return status;
    place.file = path->file;
    place.line = path->line;
    place.column = path->column;
    entry->is_broken = 1;
    kd__expand_hide(
        set->config.env, kd__node_of(path), err.text, sizeof(err.text));
    kd__report_add(&set->report, KD_LOG_ERROR, &place, "path: %s", err.text);
    return KD_OK;
}
