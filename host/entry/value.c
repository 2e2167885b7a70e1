/* SPDX-License-Identifier: MIT */
/*
 * Typed values from what YAML said. Each says in words what would be right.
 */

#include "entry/value.h"

#include "entry/id.h"
#include "entry/source.h"

#include <kindred/duration.h>
#include <stdio.h>

/* Finish a node of which memory may have run out. */
static struct kd__node *
finish(struct kd__check *check, struct kd__node *node, const void *part)
{
    if (part == NULL)
        check->status = KD_ENOMEM;
    return part == NULL ? NULL : node;
}

static struct kd__node *
make_number(struct kd__check *check, const struct kd__node *raw, uint32_t type,
    int64_t integer, double number)
{
    struct kd__node *node = kd__check_node(check, raw, type);

    if (node == NULL)
        return NULL;
    node->node.integer = integer;
    node->node.number = number;
    return node;
}

static struct kd__node *
make_text(struct kd__check *check, const struct kd__node *raw, const char *text,
    size_t len)
{
    struct kd__node *node = kd__check_node(check, raw, KD_NODE_STRING);

    if (node == NULL)
        return NULL;
    node->node.text = text;
    node->node.len = len;
    return node;
}

/*
 * The string that `raw` is, or NULL with a report. All text of options passes
 * here on its way from YAML, so this is where `${NAME}` is to be replaced.
 */
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
    return make_number(check, raw, KD_NODE_BOOL, raw->node.integer, 0);
}

static int
is_bounded(const kd_option *option)
{
    return option->min != 0 || option->max != 0;
}

static int
check_bounds(struct kd__check *check, const kd_option *option,
    const struct kd__node *raw, int64_t value)
{
    if (!is_bounded(option) || (value >= option->min && value <= option->max))
        return 1;
    if (value > option->max)
        kd__check_report(
            check, raw, " must be at most %lld", (long long)option->max);
    else if (option->min == 1)
        kd__check_report(check, raw, " must be greater than 0");
    else if (option->min == 0)
        kd__check_report(check, raw, " must be greater than 0, or 0");
    else
        kd__check_report(
            check, raw, " must be at least %lld", (long long)option->min);
    return 0;
}

struct kd__node *
kd__value_int(struct kd__check *check, const kd_option *option,
    const struct kd__node *raw)
{
    if (raw->node.type != KD_NODE_INT)
        return kd__check_expect(check, raw, "an integer");
    if (!check_bounds(check, option, raw, raw->node.integer))
        return NULL;
    return make_number(check, raw, KD_NODE_INT, raw->node.integer, 0);
}

struct kd__node *
kd__value_float(struct kd__check *check, const kd_option *option,
    const struct kd__node *raw)
{
    double number = raw->node.number;

    if (raw->node.type == KD_NODE_INT)
        number = (double)raw->node.integer;
    else if (raw->node.type != KD_NODE_FLOAT)
        return kd__check_expect(check, raw, "a number");
    /* Written so that what is no number is refused too. */
    if (is_bounded(option) &&
        !(number >= (double)option->min && number <= (double)option->max)) {
        kd__check_report(check, raw, " must be at least %lld and at most %lld",
            (long long)option->min, (long long)option->max);
        return NULL;
    }
    return make_number(check, raw, KD_NODE_FLOAT, 0, number);
}

struct kd__node *
kd__value_string(struct kd__check *check, const kd_option *option,
    const struct kd__node *raw)
{
    size_t len;
    const char *text = take_text(check, raw, "a string", &len);

    (void)option;
    return text == NULL ? NULL : make_text(check, raw, text, len);
}

/* Bounds of durations in words that can be written into the file. */
static int
check_duration(struct kd__check *check, const kd_option *option,
    const struct kd__node *raw, int64_t ns)
{
    char least[KD_DURATION_TEXT], most[KD_DURATION_TEXT];

    if (!is_bounded(option) || (ns >= option->min && ns <= option->max))
        return 1;
    kd_duration_format(option->min, least, sizeof(least));
    kd_duration_format(option->max, most, sizeof(most));
    if (ns < option->min)
        kd__check_report(check, raw, " must be at least %s", least);
    else
        kd__check_report(check, raw, " must be at most %s", most);
    return 0;
}

struct kd__node *
kd__value_duration(struct kd__check *check, const kd_option *option,
    const struct kd__node *raw)
{
    const int is_zero = raw->node.type == KD_NODE_INT && raw->node.integer == 0;
    kd_error err = KD_ERROR_INIT;
    int64_t ns = 0;

    if (raw->node.type != KD_NODE_STRING && !is_zero)
        return kd__check_expect(check, raw, "a duration with a unit like 5s");
    if (!is_zero &&
        kd_duration_parse(raw->node.text, raw->node.len, &ns, &err) != KD_OK) {
        kd__check_report(check, raw, ": %s", err.text);
        return NULL;
    }
    if (!check_duration(check, option, raw, ns))
        return NULL;
    return make_number(check, raw, KD_NODE_INT, ns, 0);
}

/* Reads `64 MiB`; 0 when it is no size, -1 when it is beyond 64 bits. */
static int
read_size(const kd_node *node, int64_t *bytes)
{
    static const struct {
        const char *word;
        int shift;
    } units[] = {{"KiB", 10}, {"MiB", 20}, {"GiB", 30}};
    const char *at = node->text;
    size_t i;

    if (*at < '0' || *at > '9' || strlen(at) != node->len)
        return 0;
    for (*bytes = 0; *at >= '0' && *at <= '9'; at++) {
        if (__builtin_mul_overflow(*bytes, 10, bytes) ||
            __builtin_add_overflow(*bytes, *at - '0', bytes))
            return -1;
    }
    at += *at == ' ';
    for (i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
        if (strcmp(at, units[i].word) == 0)
            return __builtin_mul_overflow(
                       *bytes, (int64_t)1 << units[i].shift, bytes)
                       ? -1
                       : 1;
    }
    return 0;
}

struct kd__node *
kd__value_size(struct kd__check *check, const kd_option *option,
    const struct kd__node *raw)
{
    int64_t bytes = raw->node.integer;
    int found = raw->node.type == KD_NODE_INT;

    if (raw->node.type == KD_NODE_STRING)
        found = read_size(&raw->node, &bytes);
    if (found == 0)
        return kd__check_expect(
            check, raw, "a size in bytes, or like 64 KiB, MiB or GiB");
    if (found < 0) {
        kd__check_report(check, raw, " is a size beyond 64 bits");
        return NULL;
    }
    if (bytes < 0) {
        kd__check_report(check, raw, " must be a size, which is not negative");
        return NULL;
    }
    if (!check_bounds(check, option, raw, bytes))
        return NULL;
    return make_number(check, raw, KD_NODE_INT, bytes, 0);
}

static int
has_choice(const char *choices, const char *text, size_t len)
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

/* "a, b or c" from "a|b|c". */
static void
list_choices(const char *choices, char *out, size_t size)
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

    list_choices(option->choices, words, sizeof(words));
    text = take_text(check, raw, words, &len);
    if (text == NULL)
        return NULL;
    if (!has_choice(option->choices, text, len))
        return kd__check_expect(check, raw, words);
    return make_text(check, raw, text, len);
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
    node = make_text(check, raw, text, len);
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
    node = make_text(check, raw, text, strlen(text));
    return node == NULL ? NULL : add_ref(check, option, node);
}

struct kd__node *
kd__value_any(struct kd__check *check, const kd_option *option,
    const struct kd__node *raw)
{
    struct kd__node *node = kd__node_copy(check->arena, raw);

    (void)option;
    if (node == NULL)
        return finish(check, NULL, NULL);
    kd__node_set_key(node, raw->node.key, raw->key_line, raw->key_column);
    if (check->in_default > 0)
        node->node.line = node->node.column = 0;
    return node;
}
