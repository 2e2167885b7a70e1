/* SPDX-License-Identifier: MIT */
/*
 * Goes over a text twice: to learn how long the result is, and to write it.
 */

#include "entry/expand.h"

#include "base/error.h"

#include <string.h>

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_"
#define DIGITS  "0123456789"

#define NAME_MAX_SHOWN 60

/* Shorter values are not hidden; of longer ones a sentence may say so much. */
#define SECRET_MIN    4
#define SECRET_PREFIX 16

/* Where in a text we are, and what comes out of it. */
struct scan {
    const struct kd__env *env;
    const char *at;
    const char *end;
    char *out; /* NULL: only counted */
    size_t len;
};

static kd_status scan_text(struct scan *scan, kd_error *err);
static kd_status scan_variable(struct scan *scan, kd_error *err);
static size_t name_len(const char *at, const char *end);
static const char *variable_get(
    const struct kd__env *env, const char *name, size_t len);
static void hide_variable(const struct kd__env *env, const char *name,
    size_t len, char *text, size_t size);
static size_t replace(char *text, size_t size, size_t at, size_t len,
    const char *by, size_t by_len);

/* How many bytes from here begin with `word`. */
static int
starts(const struct scan *scan, const char *word)
{
    const size_t len = strlen(word);

    return (size_t)(scan->end - scan->at) >= len &&
           memcmp(scan->at, word, len) == 0;
}

static void
put(struct scan *scan, const char *text, size_t len)
{
    if (scan->out != NULL)
        memcpy(scan->out + scan->len, text, len);
    scan->len += len;
}

kd_status
kd__expand_text(const struct kd__env *env, struct kd__arena *arena,
    const char *text, size_t len, const char **out, size_t *out_len,
    kd_error *err)
{
    struct scan scan = {env, text, text + len, NULL, 0};
    kd_status status;
    char *room;

    *out = text;
    *out_len = len;
    if (memmem(text, len, "${", 2) == NULL)
        return KD_OK;
    status = scan_text(&scan, err);
    if (status != KD_OK)
        return status;
    room = kd__arena_alloc(arena, scan.len + 1);
    if (room == NULL)
        return kd__error_memory(err);
    scan = (struct scan){env, text, text + len, room, 0};
    status = scan_text(&scan, err);
    *out = room;
    *out_len = scan.len;
    return status;
}

kd_status
kd__expand_node(const struct kd__env *env, struct kd__arena *arena,
    const struct kd__node *raw, const struct kd__node **out, kd_error *err)
{
    struct kd__node *node;
    const char *text;
    kd_status status;
    size_t len;

    *out = raw;
    if (raw->node.type != KD_NODE_STRING)
        return KD_OK;
    status = kd__expand_text(
        env, arena, raw->node.text, raw->node.len, &text, &len, err);
    if (status != KD_OK || text == raw->node.text)
        return status;
    node = kd__node_copy(arena, raw);
    if (node == NULL)
        return kd__error_memory(err);
    kd__node_set_key(node, raw->node.key, raw->key_line, raw->key_column);
    node->node.text = text;
    node->node.len = len;
    node->said = raw;
    *out = node;
    return KD_OK;
}

void
kd__expand_hide(const struct kd__env *env, const struct kd__node *node,
    char *text, size_t size)
{
    const char *at, *end;

    if (node->said == NULL || env == NULL)
        return;
    at = node->said->node.text;
    end = at + node->said->node.len;
    while ((at = memmem(at, (size_t)(end - at), "${", 2)) != NULL) {
        at += 2;
        hide_variable(env, at, name_len(at, end), text, size);
    }
}

int
kd__expand_is_needed(const kd_node *node)
{
    const kd_node *child;

    if (node->type == KD_NODE_STRING)
        return memmem(node->text, node->len, "${", 2) != NULL;
    for (child = node->child; child != NULL; child = child->next) {
        if (kd__expand_is_needed(child))
            return 1;
    }
    return 0;
}

static kd_status
scan_text(struct scan *scan, kd_error *err)
{
    kd_status status = KD_OK;

    while (scan->at < scan->end && status == KD_OK) {
        if (starts(scan, "$${")) {
            put(scan, "${", 2);
            scan->at += 3;
        } else if (starts(scan, "${")) {
            status = scan_variable(scan, err);
        } else {
            put(scan, scan->at++, 1);
        }
    }
    return status;
}

/* How long a name is that begins here; 0: there is none. */
static size_t
name_len(const char *at, const char *end)
{
    size_t len = 0;

    while (at + len < end &&
           (strchr(LETTERS, at[len]) != NULL ||
               (len > 0 && strchr(DIGITS, at[len]) != NULL)) &&
           at[len] != '\0')
        len++;
    return len;
}

static kd_status
refuse(const struct scan *scan, const char *name, kd_error *err)
{
    const size_t rest = (size_t)(scan->end - name);

    return kd__error(err, KD_EINVAL,
        "\"${%.*s\" is neither ${NAME} nor ${NAME:-text}; $${ is a plain ${",
        (int)(rest < NAME_MAX_SHOWN ? rest : NAME_MAX_SHOWN), name);
}

static kd_status
put_variable(struct scan *scan, const char *name, size_t len, const char *text,
    size_t text_len, kd_error *err)
{
    const char *value = variable_get(scan->env, name, len);

    if (text != NULL && (value == NULL || *value == '\0')) {
        put(scan, text, text_len);
        return KD_OK;
    }
    if (value == NULL)
        return kd__error(err, KD_EINVAL,
            "environment variable %.*s is not set; ${%.*s:-text} would give "
            "a text for that case",
            (int)(len < NAME_MAX_SHOWN ? len : NAME_MAX_SHOWN), name,
            (int)(len < NAME_MAX_SHOWN ? len : NAME_MAX_SHOWN), name);
    put(scan, value, strlen(value));
    return KD_OK;
}

/* At a `${`. */
static kd_status
scan_variable(struct scan *scan, kd_error *err)
{
    const char *name = scan->at + 2;
    const size_t len = name_len(name, scan->end);
    const char *close = memchr(name, '}', (size_t)(scan->end - name));
    const char *text = NULL;

    if (len == 0 || close == NULL)
        return refuse(scan, name, err);
    if (close > name + len) {
        if (close < name + len + 2 || memcmp(name + len, ":-", 2) != 0)
            return refuse(scan, name, err);
        text = name + len + 2;
        if (memmem(text, (size_t)(close - text), "${", 2) != NULL)
            return kd__error(err, KD_EINVAL,
                "a variable cannot stand in the text of ${%.*s:-text}",
                (int)(len < NAME_MAX_SHOWN ? len : NAME_MAX_SHOWN), name);
    }
    scan->at = close + 1;
    return put_variable(
        scan, name, len, text, text == NULL ? 0 : (size_t)(close - text), err);
}

/* The value of a variable, or NULL. */
static const char *
variable_get(const struct kd__env *env, const char *name, size_t len)
{
    char key[256];

    if (env == NULL || len >= sizeof(key))
        return NULL;
    memcpy(key, name, len);
    key[len] = '\0';
    return kd__env_get(env, key);
}

/* Also where the sentence has only the beginning of the value. */
static void
hide_variable(const struct kd__env *env, const char *name, size_t len,
    char *text, size_t size)
{
    const char *value = variable_get(env, name, len);
    const size_t value_len = value == NULL ? 0 : strlen(value);
    const size_t part = value_len < SECRET_PREFIX ? value_len : SECRET_PREFIX;
    size_t at = 0;

    if (value_len < SECRET_MIN)
        return;
    while (text[at] != '\0') {
        size_t same = 0;

        while (same < value_len && text[at + same] == value[same])
            same++;
        if (same < part)
            at++;
        else
            at = replace(text, size, at, same, name - 2, len + 2);
    }
}

/*
 * Puts `by` and a `}` in the place of some bytes, as far as there is room for
 * them. Returns where the text goes on.
 */
static size_t
replace(char *text, size_t size, size_t at, size_t len, const char *by,
    size_t by_len)
{
    const size_t rest = strlen(text + at + len);
    const size_t end = at + by_len + 1;
    size_t kept = rest;

    if (end >= size) {
        text[at] = '\0';
        return at;
    }
    if (kept > size - 1 - end)
        kept = size - 1 - end;
    memmove(text + end, text + at + len, kept);
    memcpy(text + at, by, by_len);
    text[end - 1] = '}';
    text[end + kept] = '\0';
    return end;
}
