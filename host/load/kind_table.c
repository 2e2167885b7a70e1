/* SPDX-License-Identifier: MIT */
/*
 * The kind table: first look at every kind, then add them all.
 */

#include "load/kind_table.h"

#include "base/error.h"
#include "base/memory.h"
#include "load/policy.h"

#include <string.h>

static kd_status count_new(const struct kd__kind_table *table,
    const struct kd__plugin *plugin, size_t *n, kd_error *err);
static kd_status reserve(struct kd__kind_table *table, size_t n, kd_error *err);

void
kd__kind_table_fini(struct kd__kind_table *table)
{
    size_t i;

    for (i = 0; i < table->n; i++)
        kd__policy_free(table->rows[i].policy);
    kd__free(table->rows);
    table->rows = NULL;
    table->n = table->cap = 0;
}

kd_status
kd__kind_table_add(
    struct kd__kind_table *table, struct kd__plugin *plugin, kd_error *err)
{
    const kd_kind *const *kinds = plugin->descriptor->kinds;
    size_t n = 0;
    size_t i;
    kd_status status = count_new(table, plugin, &n, err);

    if (status == KD_OK)
        status = reserve(table, n, err);
    if (status != KD_OK)
        return status;
    for (i = 0; i < n; i++) {
        table->rows[table->n].kind = kinds[i];
        table->rows[table->n].plugin = plugin;
        table->rows[table->n].policy = NULL;
        table->n++;
    }
    return KD_OK;
}

const struct kd__kind_row *
kd__kind_table_find(const struct kd__kind_table *table, const char *id)
{
    size_t i;

    for (i = 0; i < table->n; i++) {
        if (strcmp(table->rows[i].kind->id, id) == 0)
            return &table->rows[i];
    }
    return NULL;
}

static kd_status
count_new(const struct kd__kind_table *table, const struct kd__plugin *plugin,
    size_t *n, kd_error *err)
{
    const kd_kind *const *kinds = plugin->descriptor->kinds;
    const struct kd__kind_row *row;

    for (*n = 0; kinds[*n] != NULL; ++*n) {
        row = kd__kind_table_find(table, kinds[*n]->id);
        if (row != NULL)
            return kd__error(err, KD_ECONFLICT,
                "kind %s of plugin %s (%s) is there already, from plugin %s "
                "(%s)",
                kinds[*n]->id, plugin->descriptor->name,
                kd__plugin_file(plugin), row->plugin->descriptor->name,
                kd__plugin_file(row->plugin));
    }
    return KD_OK;
}

static kd_status
reserve(struct kd__kind_table *table, size_t n, kd_error *err)
{
    struct kd__kind_row *rows;
    size_t cap = table->n + n;

    if (cap <= table->cap)
        return KD_OK;
    cap = cap < 32 ? 32 : cap * 2;
    rows = kd__realloc(table->rows, cap * sizeof(*rows));
    if (rows == NULL)
        return kd__error_memory(err);
    table->rows = rows;
    table->cap = cap;
    return KD_OK;
}
