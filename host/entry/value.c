/* SPDX-License-Identifier: MIT */
/*
 * Typed values from what YAML said. Each says in words what would be right.
 */

#include "entry/value.h"

#include "entry/expand.h"
#include "entry/id.h"
#include "entry/quantity.h"
#include "entry/scalar.h"
#include "entry/source.h"

#include <stdio.h>

/* Finish a node of which memory may have run out. */
static struct kd__node *
finish(struct kd__check *check, struct kd__node *node, const void *part)
{
    if (part == NULL)
        check->status = KD_ENOMEM;
    return part == NULL ? NULL : node;
}

struct kd__node *
kd__value_text(struct kd__check *check, const struct kd__node *raw,
    const char *text, size_t len)
{
    struct kd__node *node = kd__check_node(check, raw, KD_NODE_STRING);

    if (node == NULL)
        return NULL;
    node->node.text = text;
    node->node.len = len;
    return node;
}

/* The string that `raw` is, or NULL with a report. */
static const char *
take_text(struct kd__check *check, const struct kd__node *raw,
    const char *wanted, size_t *len)
{
    char words[KD__NODE_WORDS];

    *len = raw->node.len;
    if (raw->node.type == KD_NODE_STRING)
        return raw->node.text;
    if (raw->is_plain && *len > 0)
        kd__check_report(check, raw, " must be %s, not %s; quote it: \"%.40s\"",
            wanted, kd__node_describe(&raw->node, words), raw->node.text);
    else
        kd__check_expect(check, raw, wanted);
    return NULL;
}

struct kd__node *
kd__value_bool(struct kd__check *check, const kd_option *option,
    const struct kd__node *raw)
{
    (void)option;
    if (raw->node.type != KD_NODE_BOOL)
        return kd__check_expect(check, raw, "true or false");
    return kd__quantity_make(check, raw, KD_NODE_BOOL, raw->node.integer, 0);
}

struct kd__node *
kd__value_string(struct kd__check *check, const kd_option *option,
    const struct kd__node *raw)
{
    size_t len;
    const char *text = take_text(check, raw, "a string", &len);

    (void)option;
    return text == NULL ? NULL : kd__value_text(check, raw, text, len);
}

int
kd__value_has_choice(const char *choices, const char *text, size_t len)
{
    for (;;) {
        size_t word = strcspn(choices, "|");

        if (word == len && memcmp(choices, text, len) == 0)
            return 1;
        if (choices[word] == '\0')
            return 0;
        choices += word + 1;
    }
}

void
kd__value_list_choices(const char *choices, char *out, size_t size)
{
    size_t len = 0;

    while (len < size) {
        size_t word = strcspn(choices, "|");
        const char *rest = choices + word + (choices[word] == '|');
        const char *between = strchr(rest, '|') != NULL ? ", " : " or ";

        len += (size_t)snprintf(out + len, size - len, "%.*s%s", (int)word,
            choices, *rest == '\0' ? "" : between);
        if (*rest == '\0')
            break;
        choices = rest;
    }
}

struct kd__node *
kd__value_choice(struct kd__check *check, const kd_option *option,
    const struct kd__node *raw)
{
    char words[200];
    const char *text;
    size_t len;

    kd__value_list_choices(option->choices, words, sizeof(words));
    text = take_text(check, raw, words, &len);
    if (text == NULL)
        return NULL;
    if (!kd__value_has_choice(option->choices, text, len))
        return kd__check_expect(check, raw, words);
    return kd__value_text(check, raw, text, len);
}

struct kd__node *
kd__value_source(struct kd__check *check, const kd_option *option,
    const struct kd__node *raw)
{
    const kd_entry *entry = check->entry;
    kd_error err = KD_ERROR_INIT;
    struct kd__source source;
    struct kd__node *node;
    size_t len;
    const char *text =
        take_text(check, raw, "source text or file://PATH", &len);

    (void)option;
    if (text == NULL)
        return NULL;
    if (kd__source_is_file(text)) {
        raw = kd__check_expand(check, raw);
        if (raw == NULL)
            return NULL;
        text = raw->node.text;
        len = raw->node.len;
    }
    node = kd__value_text(check, raw, text, len);
    if (node == NULL)
        return NULL;
    node->node.chunk = entry->id;
    if (!kd__source_is_file(text))
        return node;
    if (kd__source_read(check->folder, entry->base, text, len, check->arena,
            &source, &err) != KD_OK) {
        if (err.code == KD_ENOMEM)
            return finish(check, node, NULL);
        kd__check_report(check, raw, ": %s", err.text);
        return NULL;
    }
    node->node.text = source.text;
    node->node.len = source.len;
    node->node.chunk = source.chunk;
    node->node.source_file = source.file;
    return node;
}

static struct kd__node *
add_ref(struct kd__check *check, const kd_option *option, struct kd__node *node)
{
    kd_entry *entry = check->entry;
    struct kd__ref *ref = kd__arena_alloc(check->arena, sizeof(*ref));

    if (ref == NULL)
        return finish(check, node, NULL);
    ref->node = node;
    ref->option = option;
    ref->path = kd__arena_copy(check->arena, check->path, check->path_len);
    if (entry->last_ref == NULL)
        entry->refs = ref;
    else
        entry->last_ref->next = ref;
    entry->last_ref = ref;
    return finish(check, node, ref->path);
}

struct kd__node *
kd__value_entry(struct kd__check *check, const kd_option *option,
    const struct kd__node *raw)
{
    struct kd__node *node;
    size_t len;
    const char *text = take_text(check, raw, "the id of an entry", &len);

    if (text == NULL)
        return NULL;
    if (kd__id_is_name(text, len))
        text = kd__id_join(check->arena, check->entry->namespace, text);
    else if (!kd__id_is_whole(text, len))
        return kd__check_expect(check, raw,
            "the id of an entry, namespace:name of letters, digits and _ . - "
            "/");
    if (text == NULL)
        return finish(check, NULL, NULL);
    node = kd__value_text(check, raw, text, strlen(text));
    return node == NULL ? NULL : add_ref(check, option, node);
}

/* What is in a list or map, with its variables replaced, in a new one. */
static struct kd__node *
expand_parts(struct kd__check *check, const struct kd__node *raw)
{
    struct kd__node *node = kd__check_node(check, raw, raw->node.type);
    const kd_node *item;
    size_t i = 0;

    for (item = raw->node.child; item != NULL && node != NULL;
         item = item->next) {
        struct kd__node *value;
        char name[32];
        size_t back;

        snprintf(name, sizeof(name), "[%zu]", i++);
        back = kd__check_enter(check, item->key == NULL ? name : item->key);
        value = kd__value_any(check, NULL, kd__node_of(item));
        if (value != NULL)
            kd__node_append(node, value);
        kd__check_leave(check, back);
    }
    return node;
}

/* Of a plain scalar the text decides what it is; quoted is a string. */
static struct kd__node *
expand_scalar(struct kd__check *check, const struct kd__node *raw)
{
    const struct kd__node *text = kd__check_expand(check, raw);
    struct kd__node *node;
    const char *wrong = NULL;

    if (text == NULL)
        return NULL;
    node = kd__node_copy(check->arena, text);
    if (node == NULL)
        return finish(check, NULL, NULL);
    kd__node_set_key(node, raw->node.key, raw->key_line, raw->key_column);
    if (node->is_plain && node->node.len > 0)
        wrong = kd__scalar_resolve(&node->node);
    if (wrong != NULL)
        kd__check_report(check, raw, ": %s", wrong);
    return node;
}

struct kd__node *
kd__value_any(struct kd__check *check, const kd_option *option,
    const struct kd__node *raw)
{
    struct kd__node *node;

    (void)option;
    if (check->in_default == 0 && kd__expand_is_needed(&raw->node))
        return raw->node.type == KD_NODE_STRING ? expand_scalar(check, raw)
                                                : expand_parts(check, raw);
    node = kd__node_copy(check->arena, raw);
    if (node == NULL)
        return finish(check, NULL, NULL);
    kd__node_set_key(node, raw->node.key, raw->key_line, raw->key_column);
    if (check->in_default > 0)
        node->node.line = node->node.column = 0;
    return node;
}
