/* SPDX-License-Identifier: MIT */
/*
 * Collects plugins. A failure leaves everything as it was before the call,
 * but for code that has been mapped, which stays.
 */

#include "load/plugins.h"

#include "base/error.h"
#include "base/memory.h"
#include "load/kind_table.h"
#include "load/plugin_check.h"
#include "load/policy.h"

#include <string.h>

struct kd__plugins {
    struct kd__plugin **all;
    size_t n;
    size_t cap;
    struct kd__kind_table kinds;
};

static const void *find_offer(const struct kd__plugins *plugins, const char *id,
    size_t index, struct kd__plugin **from);
static kd_status check_name(const struct kd__plugins *plugins,
    const kd_plugin *descriptor, const char *file, kd_error *err);
static kd_status keep(
    struct kd__plugins *plugins, struct kd__plugin *plugin, kd_error *err);

struct kd__plugins *
kd__plugins_new(void)
{
    return kd__calloc(1, sizeof(struct kd__plugins));
}

void
kd__plugins_free(struct kd__plugins *plugins)
{
    size_t i;

    if (plugins == NULL)
        return;
    for (i = 0; i < plugins->n; i++)
        kd__plugin_free(plugins->all[i]);
    kd__free(plugins->all);
    kd__kind_table_fini(&plugins->kinds);
    kd__free(plugins);
}

static kd_status
add_checked(struct kd__plugins *plugins, const kd_plugin *descriptor,
    const char *file, kd_error *err)
{
    struct kd__plugin *plugin;
    kd_status status = check_name(plugins, descriptor, file, err);

    if (status != KD_OK)
        return status;
    plugin = kd__plugin_new(descriptor, file);
    if (plugin == NULL)
        return kd__error_memory(err);
    status = keep(plugins, plugin, err);
    if (status != KD_OK)
        kd__plugin_free(plugin);
    return status;
}

kd_status
kd__plugins_add(struct kd__plugins *plugins, const kd_plugin *descriptor,
    const char *file, kd_error *err)
{
    kd_status status = kd__plugin_check(descriptor, err);

    return status == KD_OK ? add_checked(plugins, descriptor, file, err)
                           : status;
}

kd_status
kd__plugins_add_own(
    struct kd__plugins *plugins, const kd_plugin *descriptor, kd_error *err)
{
    return add_checked(plugins, descriptor, NULL, err);
}

kd_status
kd__plugins_load(struct kd__plugins *plugins, const char *path, kd_error *err)
{
    const kd_plugin *descriptor = NULL;
    char *file = NULL;
    kd_status status = kd__plugin_open(path, &descriptor, &file, err);

    if (status == KD_OK)
        status = add_checked(plugins, descriptor, file, err);
    kd__free(file);
    return status;
}

kd_status
kd__plugins_bind(struct kd__plugins *plugins, kd_error *err)
{
    struct kd__plugin *runner = NULL;
    const kd_kind *kind = find_offer(plugins, KD_SUPERVISOR_OFFER, 0, &runner);
    struct kd__kind_table *kinds = &plugins->kinds;
    kd_status status = KD_OK;
    size_t i;

    if (kind == NULL)
        return KD_OK;
    for (i = 0; i < kinds->n && status == KD_OK; i++) {
        if (kinds->rows[i].kind->cls == KD_CLASS_POLICY &&
            kinds->rows[i].policy == NULL)
            status = kd__policy_new(
                kinds->rows[i].kind, kind, runner, &kinds->rows[i].policy, err);
    }
    return status;
}

const kd_kind *
kd__plugins_find_kind(const struct kd__plugins *plugins, const char *id,
    struct kd__plugin **plugin)
{
    const struct kd__kind_row *row = kd__kind_table_find(&plugins->kinds, id);

    if (row == NULL)
        return NULL;
    if (plugin != NULL)
        *plugin = row->policy == NULL ? row->plugin : row->policy->runner;
    return row->policy == NULL ? row->kind : &row->policy->kind;
}

const kd_policy_kind *
kd__plugins_find_policy(const struct kd__plugins *plugins, const char *id)
{
    const struct kd__kind_row *row = kd__kind_table_find(&plugins->kinds, id);

    return row == NULL || row->policy == NULL ? NULL : row->kind->impl;
}

struct kd__plugin *
kd__plugins_at(const struct kd__plugins *plugins, size_t index)
{
    return index < plugins->n ? plugins->all[index] : NULL;
}

const kd_kind *
kd__plugins_kind_at(
    const struct kd__plugins *plugins, size_t index, struct kd__plugin **plugin)
{
    if (index >= plugins->kinds.n)
        return NULL;
    if (plugin != NULL)
        *plugin = plugins->kinds.rows[index].plugin;
    return plugins->kinds.rows[index].kind;
}

const void *
kd__plugins_offer(const struct kd__plugins *plugins, const char *id,
    size_t index, struct kd__plugin **plugin)
{
    return find_offer(plugins, id, index, plugin);
}

static const void *
find_offer(const struct kd__plugins *plugins, const char *id, size_t index,
    struct kd__plugin **from)
{
    const kd_offer *const *offers;
    size_t i, k;

    for (i = 0; i < plugins->n; i++) {
        offers = plugins->all[i]->descriptor->offers;
        for (k = 0; offers != NULL && offers[k] != NULL; k++) {
            if (strcmp(offers[k]->id, id) != 0 || index-- > 0)
                continue;
            if (from != NULL)
                *from = plugins->all[i];
            return offers[k]->table;
        }
    }
    return NULL;
}

static kd_status
check_name(const struct kd__plugins *plugins, const kd_plugin *descriptor,
    const char *file, kd_error *err)
{
    const struct kd__plugin *other;
    size_t i;

    for (i = 0; i < plugins->n; i++) {
        other = plugins->all[i];
        if (strcmp(other->descriptor->name, descriptor->name) == 0)
            return kd__error(err, KD_EEXIST,
                "plugin %s (%s) is loaded already, from %s", descriptor->name,
                file != NULL ? file : "built in", kd__plugin_file(other));
    }
    return KD_OK;
}

static kd_status
keep(struct kd__plugins *plugins, struct kd__plugin *plugin, kd_error *err)
{
    struct kd__plugin **all;
    kd_status status;
    size_t cap;

    if (plugins->n == plugins->cap) {
        cap = plugins->cap == 0 ? 8 : plugins->cap * 2;
        all = kd__realloc(plugins->all, cap * sizeof(*all));
        if (all == NULL)
            return kd__error_memory(err);
        plugins->all = all;
        plugins->cap = cap;
    }
    status = kd__kind_table_add(&plugins->kinds, plugin, err);
    if (status == KD_OK)
        plugins->all[plugins->n++] = plugin;
    return status;
}
