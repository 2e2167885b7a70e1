/* SPDX-License-Identifier: MIT */
/*
 * Entries without YAML: the defaults of their kind, and what a test sets.
 *
 * Nodes have the types that the host would give them (entry.h). A default that
 * is a list or a map of its own stays absent: a test that needs it borrows the
 * entries of a real runtime.
 */

#include "state.h"

#include <kindred/duration.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * The services that tell of an entry are not given a kd_api. So an entry of the
 * fake begins with a mark, and what has none is the lender's: there can be one
 * in a program.
 */
static const char own_mark;
static const kd_api *lender;

static struct fake_node *
node_new(kd_entry *entry, const char *key, size_t key_len)
{
    struct fake_node *node = calloc(1, sizeof(*node));
    char *name = malloc(key_len + 1);

    if (node == NULL || name == NULL) {
        free(node);
        free(name);
        entry->status = KD_ENOMEM;
        return NULL;
    }
    memcpy(name, key, key_len);
    name[key_len] = '\0';
    node->pub.size = (uint32_t)sizeof(node->pub);
    node->pub.key = name;
    node->pub.file = "fake";
    node->all = entry->nodes;
    entry->nodes = node;
    return node;
}

static struct fake_node *
child_find(const struct fake_node *map, const char *key, size_t len)
{
    const kd_node *node;

    for (node = map->pub.child; node != NULL; node = node->next) {
        if (strlen(node->key) == len && memcmp(node->key, key, len) == 0)
            return (struct fake_node *)(uintptr_t)node;
    }
    return NULL;
}

static struct fake_node *
child_make(kd_entry *entry, struct fake_node *map, const char *key, size_t len)
{
    struct fake_node *node = child_find(map, key, len);

    if (node != NULL)
        return node;
    node = node_new(entry, key, len);
    if (node == NULL)
        return NULL;
    node->pub.next = map->pub.child;
    map->pub.child = &node->pub;
    map->pub.type = KD_NODE_MAP;
    map->pub.count++;
    return node;
}

static struct fake_node *
path_make(kd_entry *entry, const char *path)
{
    struct fake_node *node = entry->root;
    size_t len;

    while (node != NULL && *path != '\0') {
        len = strcspn(path, ".");
        node = child_make(entry, node, path, len);
        path += path[len] == '.' ? len + 1 : len;
    }
    return node;
}

static kd_status
text_set(struct fake_node *node, const char *text)
{
    char *copy = strdup(text);

    if (copy == NULL)
        return KD_ENOMEM;
    free(node->text);
    node->text = copy;
    node->pub.type = KD_NODE_STRING;
    node->pub.text = copy;
    node->pub.len = strlen(copy);
    node->pub.entry = NULL;
    return KD_OK;
}

kd_status
kd_fake_set_text(kd_entry *entry, const char *path, const char *text)
{
    struct fake_node *node = path_make(entry, path);
    kd_status status = node == NULL ? KD_ENOMEM : text_set(node, text);

    /* What names an entry means it. */
    if (status == KD_OK)
        node->pub.entry = fake_entry_find(&entry->fake->api, text);
    return status;
}

static kd_status
number_set(kd_entry *entry, const char *path, uint32_t type, int64_t integer,
    double number)
{
    struct fake_node *node = path_make(entry, path);

    if (node == NULL)
        return KD_ENOMEM;
    node->pub.type = type;
    node->pub.integer = integer;
    node->pub.number = number;
    return KD_OK;
}

kd_status
kd_fake_set_int(kd_entry *entry, const char *path, int64_t value)
{
    return number_set(entry, path, KD_NODE_INT, value, 0);
}

kd_status
kd_fake_set_bool(kd_entry *entry, const char *path, int value)
{
    return number_set(entry, path, KD_NODE_BOOL, value != 0, 0);
}

kd_status
kd_fake_set_float(kd_entry *entry, const char *path, double value)
{
    return number_set(entry, path, KD_NODE_FLOAT, 0, value);
}

/* `64 MiB`, `4096`: what a table of options may say. */
static int64_t
size_parse(const char *text)
{
    static const char units[] = "KMG";
    char *end;
    int64_t bytes = strtoll(text, &end, 10);
    const char *unit;

    while (*end == ' ')
        end++;
    unit = *end == '\0' ? NULL : strchr(units, *end);
    return unit == NULL ? bytes : bytes << (10 * (unit - units + 1));
}

static void
default_set(struct fake_node *node, const kd_option *option)
{
    kd_error err = KD_ERROR_INIT;

    switch (option->type) {
    case KD_OPTION_BOOL:
        node->pub.type = KD_NODE_BOOL;
        node->pub.integer = strcmp(option->def, "true") == 0;
        return;
    case KD_OPTION_INT:
        node->pub.type = KD_NODE_INT;
        node->pub.integer = strtoll(option->def, NULL, 0);
        return;
    case KD_OPTION_SIZE:
        node->pub.type = KD_NODE_INT;
        node->pub.integer = size_parse(option->def);
        return;
    case KD_OPTION_FLOAT:
        node->pub.type = KD_NODE_FLOAT;
        node->pub.number = strtod(option->def, NULL);
        return;
    case KD_OPTION_DURATION:
        node->pub.type = KD_NODE_INT;
        if (kd_duration_parse(option->def, strlen(option->def),
                &node->pub.integer, &err) == KD_OK)
            return;
        break;
    default:
        break;
    }
    text_set(node, option->def);
}

static void
defaults(kd_entry *entry, struct fake_node *map, const kd_option *option,
    size_t count)
{
    size_t step = count == 0 ? 0 : option->size;
    struct fake_node *node;

    map->pub.type = KD_NODE_MAP;
    for (; count-- > 0;
         option = (const kd_option *)((const char *)option + step)) {
        if (option->type == KD_OPTION_GROUP) {
            node = child_make(entry, map, option->name, strlen(option->name));
            if (node != NULL)
                defaults(entry, node, option->fields, option->n_fields);
        } else if (option->def != NULL && option->def[0] != '[' &&
                   option->def[0] != '{') {
            node = child_make(entry, map, option->name, strlen(option->name));
            if (node != NULL)
                default_set(node, option);
        }
    }
}

kd_entry *
kd_fake_entry(kd_fake *fake, const char *id, const char *kind)
{
    kd_entry *entry = calloc(1, sizeof(*entry));

    if (entry == NULL)
        return NULL;
    entry->mark = &own_mark;
    entry->fake = fake;
    entry->id = strdup(id);
    entry->kind = fake_kind(fake, kind, NULL);
    entry->root = node_new(entry, "", 0);
    entry->next = fake->entries;
    fake->entries = entry;
    if (entry->id == NULL || entry->kind == NULL || entry->root == NULL)
        return NULL;
    defaults(entry, entry->root, entry->kind->options, entry->kind->n_options);
    return entry->status == KD_OK ? entry : NULL;
}

void
fake_entries_free(kd_fake *fake)
{
    kd_entry *entry;
    struct fake_node *node;

    while ((entry = fake->entries) != NULL) {
        fake->entries = entry->next;
        while ((node = entry->nodes) != NULL) {
            entry->nodes = node->all;
            free((void *)(uintptr_t)node->pub.key);
            free(node->text);
            free(node);
        }
        free(entry->id);
        free(entry);
    }
}

static int
is_own(const kd_entry *entry)
{
    return lender == NULL || entry->mark == &own_mark;
}

void
kd_fake_borrow(kd_fake *fake, const kd_api *api)
{
    fake->borrowed = api;
    lender = api;
}

static const kd_entry *
entry_at(const kd_api *api, size_t index)
{
    const kd_fake *fake = (const kd_fake *)api;
    const kd_entry *entry = fake->entries;

    while (entry != NULL && index > 0) {
        entry = entry->next;
        index--;
    }
    if (entry != NULL || fake->borrowed == NULL)
        return entry;
    return fake->borrowed->entry_at(fake->borrowed, index);
}

const kd_entry *
fake_entry_find(const kd_api *api, const char *id)
{
    const kd_fake *fake = (const kd_fake *)api;
    const kd_entry *entry;

    for (entry = fake->entries; entry != NULL; entry = entry->next) {
        if (strcmp(entry->id, id) == 0)
            return entry;
    }
    return fake->borrowed == NULL
               ? NULL
               : fake->borrowed->entry_find(fake->borrowed, id);
}

static const char *
entry_id(const kd_entry *entry)
{
    return is_own(entry) ? entry->id : lender->entry_id(entry);
}

static const char *
entry_kind(const kd_entry *entry)
{
    return is_own(entry) ? entry->kind->id : lender->entry_kind(entry);
}

static uint32_t
entry_class(const kd_entry *entry)
{
    return is_own(entry) ? entry->kind->cls : lender->entry_class(entry);
}

static const kd_node *
entry_get(const kd_entry *entry, const char *path)
{
    const struct fake_node *node;
    size_t len;

    if (!is_own(entry))
        return lender->entry_get(entry, path);
    for (node = entry->root; node != NULL && *path != '\0';
         path += path[len] == '.' ? len + 1 : len) {
        len = strcspn(path, ".");
        node = child_find(node, path, len);
    }
    return node == NULL ? NULL : &node->pub;
}

/* Of a borrowed one it is what its own runtime prepared. */
static void *
entry_prepared(const kd_entry *entry)
{
    const struct fake_use *use;

    if (!is_own(entry))
        return lender->entry_prepared(entry);
    for (use = entry->fake->uses; use != NULL; use = use->next) {
        if (use->entry == entry)
            return use->prepared;
    }
    return NULL;
}

static const kd_policy_kind *
entry_policy(const kd_api *api, const kd_entry *entry)
{
    (void)api;
    if (!is_own(entry))
        return lender->entry_policy(lender, entry);
    return entry->kind->cls == KD_CLASS_POLICY ? entry->kind->impl : NULL;
}

void
fake_entry_calls(kd_api *api)
{
    api->entry_find = fake_entry_find;
    api->entry_at = entry_at;
    api->entry_id = entry_id;
    api->entry_kind = entry_kind;
    api->entry_class = entry_class;
    api->entry_get = entry_get;
    api->entry_policy = entry_policy;
    api->entry_prepared = entry_prepared;
}
