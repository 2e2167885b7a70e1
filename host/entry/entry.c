/* SPDX-License-Identifier: MIT */
/*
 * Reading entries: nothing here changes one.
 */

#include "entry/entry.h"

const char *
kd__entry_id(const kd_entry *entry)
{
    return entry->id;
}

const char *
kd__entry_kind(const kd_entry *entry)
{
    return entry->kind_id;
}

uint32_t
kd__entry_class(const kd_entry *entry)
{
    return entry->kind == NULL ? 0 : entry->kind->cls;
}

/* The element of a map whose key is the first `len` bytes of `key`. */
static const kd_node *
find_part(const kd_node *map, const char *key, size_t len)
{
    const kd_node *node;

    if (map->type != KD_NODE_MAP)
        return NULL;
    for (node = map->child; node != NULL; node = node->next) {
        if (strncmp(node->key, key, len) == 0 && node->key[len] == '\0')
            return node;
    }
    return NULL;
}

const kd_node *
kd__entry_get(const kd_entry *entry, const char *path)
{
    const kd_node *node = entry->tree == NULL ? NULL : &entry->tree->node;

    while (node != NULL && *path != '\0') {
        size_t len = strcspn(path, ".");

        node = find_part(node, path, len);
        path += len + (path[len] == '.');
    }
    return node;
}

void *
kd__entry_prepared(const kd_entry *entry)
{
    return entry->prepared;
}

const kd_entry *
kd__entry_host(const kd_entry *entry)
{
    return entry->host;
}

uint32_t
kd__entry_auto_start(const kd_entry *entry)
{
    return entry->auto_start;
}

const kd_entry *const *
kd__entry_needs(const kd_entry *entry, size_t *n)
{
    *n = entry->n_needs;
    return entry->needs;
}

int
kd__entry_is_process(const kd_entry *entry)
{
    const kd_worker_kind *worker;

    if (kd__entry_class(entry) != KD_CLASS_WORKER)
        return 0;
    worker = entry->kind->impl;
    return worker == NULL || (worker->flags & KD_WORKER_NO_SPAWN) == 0;
}
