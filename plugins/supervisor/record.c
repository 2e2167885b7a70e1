/* SPDX-License-Identifier: MIT */
/*
 * Terms to nodes, as far as child records need it. The sentences are those of
 * the host's checks of YAML, without a place.
 */

#include "record.h"

#include "node_term.h"

#include <kindred/duration.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* Everything that the nodes consist of, so that it can be freed. */
struct block {
    struct block *next;
    /* What was asked for follows. */
};

struct record {
    const kd_api *api;
    struct block *blocks;
    kd_node *root;
    kd_error *err;
    char path[80]; /* Of the option that is looked at. */
};

typedef kd_node *reader(
    struct record *record, const kd_option *option, kd_reader *from);

static reader read_value, read_bool, read_int, read_float, read_string,
    read_duration, read_choice, read_entry, read_list, read_group, read_any;

static reader *const readers[] = {
    [KD_OPTION_BOOL] = read_bool,
    [KD_OPTION_INT] = read_int,
    [KD_OPTION_FLOAT] = read_float,
    [KD_OPTION_STRING] = read_string,
    [KD_OPTION_DURATION] = read_duration,
    [KD_OPTION_CHOICE] = read_choice,
    [KD_OPTION_ENTRY] = read_entry,
    [KD_OPTION_LIST] = read_list,
    [KD_OPTION_GROUP] = read_group,
    [KD_OPTION_ANY] = read_any,
};

static void *take(struct record *record, size_t len);
static kd_node *node_new(struct record *record, uint32_t type);
static kd_node *node_text(struct record *record, const void *data, size_t len);
static void append(kd_node *parent, kd_node **last, kd_node *child);
static kd_node *refuse(struct record *record, const char *format, ...)
    KD_PRINTF(2, 3);
static kd_node *expect(
    struct record *record, const char *wanted, const kd_item *item);
static int has_word(const char *words, const void *text, size_t len);
static void list_words(const char *words, char *out, size_t size);

struct record *
ks__record_make(const kd_api *api, const kd_option *group, const char *except,
    const kd_payload *term, kd_error *err)
{
    struct record *record = calloc(1, sizeof(*record));
    kd_reader from = kd_reader_make(term->data, term->len);

    if (record == NULL) {
        kd_error_set(err, KD_ENOMEM, "out of memory");
        return NULL;
    }
    record->api = api;
    record->err = err;
    record->root = read_group(record, group, &from);
    if (record->root != NULL && except != NULL &&
        kd_node_find(record->root, except) != NULL)
        record->root =
            refuse(record, "option %s is not for start_child", except);
    if (record->root != NULL)
        return record;
    ks__record_free(record);
    return NULL;
}

void
ks__record_free(struct record *record)
{
    struct block *block;

    if (record == NULL)
        return;
    while ((block = record->blocks) != NULL) {
        record->blocks = block->next;
        free(block);
    }
    free(record);
}

const kd_node *
ks__record_node(const struct record *record)
{
    return record->root;
}

static kd_node *
read_value(struct record *record, const kd_option *option, kd_reader *from)
{
    return readers[option->type](record, option, from);
}

static kd_node *
read_bool(struct record *record, const kd_option *option, kd_reader *from)
{
    kd_item item;
    kd_node *node;

    (void)option;
    if (kd_reader_next(from, &item) != KD_TERM_BOOL)
        return expect(record, "true or false", &item);
    node = node_new(record, KD_NODE_BOOL);
    if (node != NULL)
        node->integer = item.integer;
    return node;
}

static kd_node *
read_int(struct record *record, const kd_option *option, kd_reader *from)
{
    kd_item item;
    kd_node *node;

    if (kd_reader_next(from, &item) != KD_TERM_INT)
        return expect(record, "an integer", &item);
    if (item.integer < option->min || item.integer > option->max)
        return refuse(record, "%s must be at least %lld and at most %lld",
            record->path, (long long)option->min, (long long)option->max);
    node = node_new(record, KD_NODE_INT);
    if (node != NULL)
        node->integer = item.integer;
    return node;
}

static kd_node *
read_float(struct record *record, const kd_option *option, kd_reader *from)
{
    double number;
    kd_item item;
    kd_node *node;

    kd_reader_next(from, &item);
    if (item.type != KD_TERM_INT && item.type != KD_TERM_FLOAT)
        return expect(record, "a number", &item);
    number = item.type == KD_TERM_INT ? (double)item.integer : item.number;
    /* Written so that what is no number is refused too. */
    if (!(number >= (double)option->min && number <= (double)option->max))
        return refuse(record, "%s must be at least %lld and at most %lld",
            record->path, (long long)option->min, (long long)option->max);
    node = node_new(record, KD_NODE_FLOAT);
    if (node != NULL)
        node->number = number;
    return node;
}

static kd_node *
read_string(struct record *record, const kd_option *option, kd_reader *from)
{
    kd_item item;

    (void)option;
    if (kd_reader_next(from, &item) != KD_TERM_STRING)
        return expect(record, "a string", &item);
    if (item.len > 0 && memchr(item.data, '\0', item.len) != NULL)
        return refuse(record, "%s must not contain a NUL", record->path);
    return node_text(record, item.data, item.len);
}

/* Numbers are nanoseconds here (semantics Z2). */
static kd_node *
read_duration(struct record *record, const kd_option *option, kd_reader *from)
{
    kd_error why = KD_ERROR_INIT;
    kd_item item;
    kd_node *node;
    int64_t ns;

    switch (kd_reader_next(from, &item)) {
    case KD_TERM_INT:
        ns = item.integer;
        break;
    case KD_TERM_FLOAT:
        if (item.number >= 0x1p63)
            return refuse(
                record, "%s is more than a duration can be", record->path);
        /* Not what is no number. */
        ns = item.number >= 0 ? (int64_t)item.number : -1;
        break;
    case KD_TERM_STRING:
        if (option->choices != NULL &&
            has_word(option->choices, item.data, item.len))
            return node_text(record, item.data, item.len);
        if (kd_duration_parse((const char *)item.data, item.len, &ns, &why) !=
            KD_OK)
            return refuse(record, "%s: %s", record->path, why.text);
        break;
    default:
        return expect(record, "a duration with a unit like 5s", &item);
    }
    if (ns < 0)
        return refuse(record, "%s must be at least 0s", record->path);
    node = node_new(record, KD_NODE_INT);
    if (node != NULL)
        node->integer = ns;
    return node;
}

static kd_node *
read_choice(struct record *record, const kd_option *option, kd_reader *from)
{
    char words[120];
    kd_item item;

    list_words(option->choices, words, sizeof(words));
    if (kd_reader_next(from, &item) != KD_TERM_STRING ||
        !has_word(option->choices, item.data, item.len))
        return expect(record, words, &item);
    return node_text(record, item.data, item.len);
}

static kd_node *
read_entry(struct record *record, const kd_option *option, kd_reader *from)
{
    const kd_api *api = record->api;
    const int is_host = option->classes == KD_CLASS_HOST;
    const kd_entry *entry;
    kd_item item;
    kd_node *node;

    if (kd_reader_next(from, &item) != KD_TERM_STRING)
        return expect(record, "the id of an entry", &item);
    node = node_text(record, item.data, item.len);
    if (node == NULL)
        return NULL;
    entry = api->entry_find(api, node->text);
    if (entry == NULL)
        return refuse(record, "%s: %s not found: %.100s", record->path,
            is_host ? "host" : "entry", node->text);
    if ((api->entry_class(entry) & option->classes) == 0)
        return refuse(record, "%s: not a %s: %.100s (%s)", record->path,
            is_host ? "host" : "process", node->text, api->entry_kind(entry));
    node->entry = entry;
    return node;
}

/* A table without elements may be either. */
static int
is_empty(const kd_item *item)
{
    return (item->type == KD_TERM_MAP || item->type == KD_TERM_ARRAY) &&
           item->len == 0;
}

static kd_node *
read_list(struct record *record, const kd_option *option, kd_reader *from)
{
    kd_node *list = node_new(record, KD_NODE_LIST);
    kd_node *last = NULL;
    kd_item item;
    size_t i;

    if (kd_reader_next(from, &item) != KD_TERM_ARRAY && !is_empty(&item))
        return expect(record, "a list", &item);
    for (i = 0; list != NULL && i < item.len; i++) {
        kd_node *child = read_value(record, option->item, from);

        if (child == NULL)
            return NULL;
        append(list, &last, child);
    }
    return list;
}

static const kd_option *
find_option(const kd_option *group, const kd_item *key)
{
    size_t i;

    for (i = 0; i < group->n_fields; i++) {
        const char *name = group->fields[i].name;

        if (key->type == KD_TERM_STRING && strlen(name) == key->len &&
            memcmp(name, key->data, key->len) == 0)
            return &group->fields[i];
    }
    return NULL;
}

static int
check_required(
    struct record *record, const kd_option *group, const kd_node *map)
{
    size_t i;

    for (i = 0; i < group->n_fields; i++) {
        const kd_option *option = &group->fields[i];

        if ((option->flags & KD_OPTION_REQUIRED) == 0 ||
            kd_node_find(map, option->name) != NULL)
            continue;
        refuse(record, "%s%s%s is required", record->path,
            record->path[0] == '\0' ? "" : ".", option->name);
        return 0;
    }
    return 1;
}

static kd_node *
refuse_key(struct record *record, const kd_option *group, const kd_item *key)
{
    char known[160] = "";
    size_t len = 0;
    size_t i;

    if (key->type != KD_TERM_STRING)
        return refuse(record, "keys of a record must be strings");
    for (i = 0; i < group->n_fields && len < sizeof(known); i++)
        len += (size_t)snprintf(known + len, sizeof(known) - len, "%s%s",
            i == 0 ? "" : ", ", group->fields[i].name);
    return refuse(record, "unknown option %s%s%.*s; known here: %s",
        record->path, record->path[0] == '\0' ? "" : ".",
        (int)(key->len < 40 ? key->len : 40), (const char *)key->data, known);
}

static kd_node *
read_group(struct record *record, const kd_option *group, kd_reader *from)
{
    const size_t back = strlen(record->path);
    kd_node *map = node_new(record, KD_NODE_MAP);
    kd_node *last = NULL;
    kd_item item, key;
    size_t i;

    if (kd_reader_next(from, &item) != KD_TERM_MAP && !is_empty(&item))
        return expect(record, "a mapping", &item);
    for (i = 0; map != NULL && i < item.len; i++) {
        const kd_option *option;
        kd_node *child;

        kd_reader_next(from, &key);
        option = find_option(group, &key);
        if (option == NULL)
            return refuse_key(record, group, &key);
        snprintf(record->path + back, sizeof(record->path) - back, "%s%s",
            back > 0 ? "." : "", option->name);
        child = read_value(record, option, from);
        record->path[back] = '\0';
        if (child == NULL)
            return NULL;
        child->key = option->name;
        append(map, &last, child);
    }
    return map != NULL && check_required(record, group, map) ? map : NULL;
}

/* As it is: it goes on as it came, and lies in the message so long. */
static kd_node *
read_any(struct record *record, const kd_option *option, kd_reader *from)
{
    const char *first = (const char *)from->at;
    kd_node *node;

    (void)option;
    if (kd_reader_skip(from) != KD_OK)
        return refuse(record, "%s is malformed", record->path);
    node = node_new(record, KS_NODE_RAW);
    if (node != NULL) {
        node->text = first;
        node->len = (size_t)((const char *)from->at - first);
    }
    return node;
}

static void *
take(struct record *record, size_t len)
{
    struct block *block = calloc(1, sizeof(*block) + len);

    if (block == NULL) {
        kd_error_set(record->err, KD_ENOMEM, "out of memory");
        return NULL;
    }
    block->next = record->blocks;
    record->blocks = block;
    return block + 1;
}

static kd_node *
node_new(struct record *record, uint32_t type)
{
    kd_node *node = take(record, sizeof(*node));

    if (node != NULL) {
        node->size = (uint32_t)sizeof(*node);
        node->type = type;
    }
    return node;
}

static kd_node *
node_text(struct record *record, const void *data, size_t len)
{
    kd_node *node = node_new(record, KD_NODE_STRING);
    char *text = node == NULL ? NULL : take(record, len + 1);

    if (text == NULL)
        return NULL;
    if (len > 0)
        memcpy(text, data, len);
    node->text = text;
    node->len = len;
    return node;
}

static void
append(kd_node *parent, kd_node **last, kd_node *child)
{
    if (*last == NULL)
        parent->child = child;
    else
        (*last)->next = child;
    *last = child;
    parent->count++;
}

/* The first refusal is the one that is told. */
static kd_node *
refuse(struct record *record, const char *format, ...)
{
    kd_error *err = record->err;
    va_list args;

    if (err->code != KD_OK)
        return NULL;
    err->code = KD_EINVAL;
    va_start(args, format);
    if (vsnprintf(err->text, sizeof(err->text), format, args) < 0)
        err->text[0] = '\0';
    va_end(args);
    return NULL;
}

static kd_node *
expect(struct record *record, const char *wanted, const kd_item *item)
{
    static const char *const words[] = {
        [KD_TERM_END] = "nothing",
        [KD_TERM_NIL] = "null",
        [KD_TERM_BOOL] = "a boolean",
        [KD_TERM_INT] = "an integer",
        [KD_TERM_UINT] = "an integer",
        [KD_TERM_FLOAT] = "a number",
        [KD_TERM_ARRAY] = "a list",
        [KD_TERM_MAP] = "a mapping",
        [KD_TERM_EXT] = "an object",
        [KD_TERM_BAD] = "nonsense",
    };
    const char *name = record->path[0] == '\0' ? "record" : record->path;

    if (item->type == KD_TERM_STRING)
        return refuse(record, "%s must be %s, not the text \"%.*s\"", name,
            wanted, (int)(item->len < 40 ? item->len : 40),
            (const char *)item->data);
    return refuse(
        record, "%s must be %s, not %s", name, wanted, words[item->type]);
}

static int
has_word(const char *words, const void *text, size_t len)
{
    for (;;) {
        const size_t word = strcspn(words, "|");

        if (word == len && memcmp(words, text, len) == 0)
            return 1;
        if (words[word] == '\0')
            return 0;
        words += word + 1;
    }
}

/* "a, b or c" from "a|b|c". */
static void
list_words(const char *words, char *out, size_t size)
{
    size_t len = 0;

    while (len < size) {
        const size_t word = strcspn(words, "|");
        const char *rest = words + word + (words[word] == '|');
        const char *between = strchr(rest, '|') != NULL ? ", " : " or ";

        len += (size_t)snprintf(out + len, size - len, "%.*s%s", (int)word,
            words, *rest == '\0' ? "" : between);
        if (*rest == '\0')
            return;
        words = rest;
    }
}
