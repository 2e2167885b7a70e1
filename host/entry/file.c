/* SPDX-License-Identifier: MIT */
/*
 * From a file's tree to definitions. What is wrong with one entry does not
 * keep the others from being looked at.
 */

#include "entry/file.h"

#include "entry/expand.h"
#include "entry/hint.h"
#include "entry/id.h"
#include "entry/yaml.h"

#include <stdio.h>

/* A file while it is read. */
struct page {
    const struct kd__file *file;
    const char *path;
    const struct kd__node *root;
    const struct kd__node *meta; /* NULL: none, or unusable */
    const char *namespace;       /* NULL: missing or unusable */
    int is_single;
    kd_status status; /* KD_ENOMEM, once memory has run out */
};

/* Keys of a file that has a list of entries. */
static const char *const file_keys[] = {
    "namespace", "version", "meta", "entries"};
/* What is no option of an entry; the first two only if it is the file. */
static const char *const entry_keys[] = {
    "namespace", "version", "name", "kind", "meta"};

static kd_status load(
    const struct kd__file *file, const char *path, struct kd__node **root);
static void read_head(struct page *page);
static kd_status read_entries(struct page *page);
static kd_status read_entry(
    struct page *page, const struct kd__node *item, size_t index);
static struct kd__node *make_body(
    const struct page *page, const struct kd__node *item);

static struct kd__place
place_of(const struct kd__node *node)
{
    return (struct kd__place){
        node->node.file, NULL, node->node.line, node->node.column};
}

static void
report_not(const struct page *page, const struct kd__node *node,
    const char *what, const char *wanted)
{
    const struct kd__place place = place_of(node);
    char words[KD__NODE_WORDS];

    kd__node_describe(&node->node, words);
    if (node->is_plain && node->node.type != KD_NODE_STRING &&
        node->node.len > 0)
        kd__report_add(page->file->report, KD_LOG_ERROR, &place,
            "%s must be %s, not %s; quote it: \"%.40s\"", what, wanted, words,
            node->node.text);
    else
        kd__report_add(page->file->report, KD_LOG_ERROR, &place,
            "%s must be %s, not %s", what, wanted, words);
}

kd_status
kd__file_read(const struct kd__file *file, const char *path)
{
    struct page page = {file, path, NULL, NULL, NULL, 0, KD_OK};
    struct kd__node *root = NULL;
    kd_status status = load(file, path, &root);

    if (status != KD_OK || root == NULL)
        return status;
    page.root = root;
    if (root->node.type != KD_NODE_MAP) {
        char words[KD__NODE_WORDS];
        const struct kd__place place = place_of(root);

        kd__report_add(file->report, KD_LOG_ERROR, &place,
            "a file must be a mapping with namespace and entries, not %s",
            kd__node_describe(&root->node, words));
        return KD_OK;
    }
    read_head(&page);
    status = read_entries(&page);
    return page.status != KD_OK ? page.status : status;
}

static kd_status
load(const struct kd__file *file, const char *path, struct kd__node **root)
{
    const char *name = kd__folder_join(file->arena, file->folder->name, path);
    kd_error err = KD_ERROR_INIT;
    const char *text;
    size_t len;
    kd_status status;

    if (name == NULL)
        return KD_ENOMEM;
    status =
        kd__folder_read(file->folder, path, file->arena, &text, &len, &err);
    if (status == KD_OK)
        return kd__yaml_parse(text, len, name, file->arena, file->report, root);
    if (status == KD_ENOMEM)
        return status;
    kd__report_add(file->report, KD_LOG_ERROR,
        &(struct kd__place){name, NULL, 1, 1}, "failed to read it: %s",
        err.text);
    return KD_OK;
}

static int
is_blank(const kd_node *node)
{
    return strspn(node->text, " \t\r\n") >= node->len;
}

/* A node with its variables replaced; NULL when that was reported. */
static const struct kd__node *
expand(struct page *page, const struct kd__node *node, const char *what)
{
    const struct kd__place place = place_of(node);
    kd_error err = KD_ERROR_INIT;
    const struct kd__node *out = NULL;
    kd_status status =
        kd__expand_node(page->file->env, page->file->arena, node, &out, &err);

    if (status == KD_OK)
        return out;
    if (status == KD_ENOMEM)
        page->status = status;
    else
        kd__report_add(
            page->file->report, KD_LOG_ERROR, &place, "%s: %s", what, err.text);
    return NULL;
}

static void
read_namespace(struct page *page)
{
    const struct kd__node *node = kd__node_get(page->root, "namespace");
    const struct kd__place place = place_of(node == NULL ? page->root : node);
    struct kd__report *report = page->file->report;

    if (node == NULL) {
        kd__report_add(report, KD_LOG_ERROR, &place, "namespace is required");
        return;
    }
    node = expand(page, node, "namespace");
    if (node == NULL)
        return;
    if (node->node.type != KD_NODE_STRING)
        report_not(page, node, "namespace", "a string");
    else if (is_blank(&node->node))
        kd__report_add(
            report, KD_LOG_ERROR, &place, "namespace must not be blank");
    else if (!kd__id_is_name(node->node.text, node->node.len))
        report_not(page, node, "namespace", "of letters, digits and _ . - /");
    else
        page->namespace = node->node.text;
}

static void
read_head(struct page *page)
{
    const struct kd__node *version = kd__node_get(page->root, "version");
    const struct kd__node *meta = kd__node_get(page->root, "meta");

    read_namespace(page);
    if (version != NULL && version->node.type != KD_NODE_STRING)
        report_not(page, version, "version", "a string");
    if (meta != NULL && meta->node.type != KD_NODE_MAP)
        report_not(page, meta, "meta", "a mapping");
    else
        page->meta = meta;
}

static int
is_one_of(const char *key, const char *const *keys, size_t n)
{
    size_t i;

    for (i = 0; i < n; i++) {
        if (strcmp(key, keys[i]) == 0)
            return 1;
    }
    return 0;
}

#define IS_ONE_OF(key, keys)                                                   \
    is_one_of((key), (keys), sizeof(keys) / sizeof((keys)[0]))

static void
check_keys(const struct page *page)
{
    const kd_node *node;
    size_t i;

    for (node = page->root->node.child; node != NULL; node = node->next) {
        const struct kd__node *item = kd__node_of(node);
        const struct kd__place place = {
            node->file, NULL, item->key_line, item->key_column};
        struct kd__hint hint = {node->key, NULL, 0};

        if (IS_ONE_OF(node->key, file_keys))
            continue;
        for (i = 0; i < sizeof(file_keys) / sizeof(file_keys[0]); i++)
            kd__hint_offer(&hint, file_keys[i]);
        if (hint.nearest != NULL)
            kd__report_add(page->file->report, KD_LOG_ERROR, &place,
                "unknown key %.80s; did you mean %s?", node->key, hint.nearest);
        else
            kd__report_add(page->file->report, KD_LOG_ERROR, &place,
                "unknown key %.80s; known beside entries: namespace, version, "
                "meta",
                node->key);
    }
}

static kd_status
read_entries(struct page *page)
{
    const struct kd__place place = place_of(page->root);
    const struct kd__node *entries = kd__node_get(page->root, "entries");
    kd_status status = KD_OK;
    const kd_node *item;
    size_t i = 0;

    page->is_single =
        entries == NULL && (kd__node_get(page->root, "name") != NULL ||
                               kd__node_get(page->root, "kind") != NULL);
    if (page->is_single)
        return read_entry(page, page->root, 0);
    check_keys(page);
    if (entries == NULL)
        kd__report_add(page->file->report, KD_LOG_ERROR, &place,
            "entries: either entries array or single entry (name/kind) must "
            "be provided");
    else if (entries->node.type != KD_NODE_LIST)
        report_not(page, entries, "entries", "a list");
    else
        for (item = entries->node.child; item != NULL && status == KD_OK;
             item = item->next)
            status = read_entry(page, kd__node_of(item), i++);
    return status;
}

/* A string of an entry that must be there; NULL when it was reported. */
static const struct kd__node *
read_word(struct page *page, const struct kd__node *item, size_t index,
    const char *key)
{
    struct kd__place place = place_of(item);
    const struct kd__node *node = kd__node_get(item, key);
    char what[48];

    if (node != NULL) {
        snprintf(what, sizeof(what), "entry[%zu].%s", index, key);
        node = expand(page, node, what);
        if (node == NULL)
            return NULL;
    }
    if (node != NULL && node->node.type == KD_NODE_STRING &&
        node->node.text[0] != '\0')
        return node;
    if (node != NULL)
        place = place_of(node);
    if (node != NULL && node->is_plain && node->node.type != KD_NODE_STRING &&
        node->node.len > 0)
        kd__report_add(page->file->report, KD_LOG_ERROR, &place,
            "entry[%zu].%s: %s is required and must be a non-empty string; "
            "quote it: \"%.40s\"",
            index, key, key, node->node.text);
    else
        kd__report_add(page->file->report, KD_LOG_ERROR, &place,
            "entry[%zu].%s: %s is required and must be a non-empty string",
            index, key, key);
    return NULL;
}

static kd_status
read_entry(struct page *page, const struct kd__node *item, size_t index)
{
    struct kd__definition definition = {0};
    const struct kd__node *name, *kind;
    char what[48];

    if (item->node.type != KD_NODE_MAP) {
        snprintf(what, sizeof(what), "entry[%zu]", index);
        report_not(page, item, what, "a mapping with name and kind");
        return KD_OK;
    }
    name = read_word(page, item, index, "name");
    kind = read_word(page, item, index, "kind");
    if (name != NULL && !kd__id_is_name(name->node.text, name->node.len)) {
        snprintf(what, sizeof(what), "entry[%zu].name", index);
        report_not(page, name, what, "of letters, digits and _ . - /");
        return KD_OK;
    }
    if (name == NULL || kind == NULL || page->namespace == NULL)
        return KD_OK;
    definition.namespace = page->namespace;
    definition.name = name->node.text;
    definition.kind = kind->node.text;
    definition.base = page->path;
    definition.place = place_of(name);
    definition.kind_place = place_of(kind);
    definition.body = make_body(page, item);
    if (definition.body == NULL)
        return KD_ENOMEM;
    return page->file->define(page->file->arg, &definition);
}

/* A copy of `item` under its key, at the end of `body`. */
static kd_status
copy_item(const struct page *page, struct kd__node *body, const kd_node *item)
{
    const struct kd__node *from = kd__node_of(item);
    struct kd__node *copy = kd__node_copy(page->file->arena, from);

    if (copy == NULL)
        return KD_ENOMEM;
    kd__node_set_key(copy, item->key, from->key_line, from->key_column);
    kd__node_append(body, copy);
    return KD_OK;
}

/* The file's meta under the entry's own, key by key. */
static kd_status
merge_meta(
    const struct page *page, struct kd__node *body, const struct kd__node *own)
{
    const struct kd__node *base = page->is_single ? NULL : page->meta;
    struct kd__node *meta;
    const kd_node *item;
    kd_status status = KD_OK;

    if (base == NULL && own == NULL)
        return KD_OK;
    if (base == NULL || (own != NULL && own->node.type != KD_NODE_MAP))
        return copy_item(page, body, &own->node);
    meta = kd__node_new(page->file->arena, KD_NODE_MAP);
    if (meta == NULL)
        return KD_ENOMEM;
    meta->node.file = base->node.file;
    meta->node.line = own == NULL ? base->node.line : own->node.line;
    meta->node.column = own == NULL ? base->node.column : own->node.column;
    kd__node_set_key(meta, "meta", meta->node.line, meta->node.column);
    for (item = own == NULL ? NULL : own->node.child;
         item != NULL && status == KD_OK; item = item->next)
        status = copy_item(page, meta, item);
    for (item = base->node.child; item != NULL && status == KD_OK;
         item = item->next) {
        if (kd__node_get(own, item->key) == NULL)
            status = copy_item(page, meta, item);
    }
    kd__node_append(body, meta);
    return status;
}

static struct kd__node *
make_body(const struct page *page, const struct kd__node *item)
{
    const size_t skip = page->is_single ? 0 : 2;
    const size_t n = sizeof(entry_keys) / sizeof(entry_keys[0]) - skip;
    struct kd__node *body = kd__node_new(page->file->arena, KD_NODE_MAP);
    const kd_node *node;

    if (body == NULL)
        return NULL;
    body->node.file = item->node.file;
    body->node.line = item->node.line;
    body->node.column = item->node.column;
    for (node = item->node.child; node != NULL; node = node->next) {
        if (!is_one_of(node->key, entry_keys + skip, n) &&
            copy_item(page, body, node) != KD_OK)
            return NULL;
    }
    if (merge_meta(page, body, kd__node_get(item, "meta")) != KD_OK)
        return NULL;
    return body;
}
