/* SPDX-License-Identifier: MIT */
/*
 * Errors that came from elsewhere: KD_TERM_EXT_ERROR terms, read with as much
 * distrust as any other.
 */

#include "value/decode.h"
#include "value/error.h"

#include <string.h>

/* Where the parts of an error's body lie. */
struct parts {
    kd_item kind;
    kd_item message;
    kd_item stack;
    kd_reader details;
    int has_details;
    int retryable;
};

static int read_parts(struct parts *parts, const void *body, size_t len);
static int read_part(struct parts *parts, kd_reader *r);
static int is_key(const kd_item *key, const char *word);
static void push_item(lua_State *L, const kd_item *item);

int
kl__decode_error(lua_State *L, const void *body, size_t len, unsigned depth)
{
    struct parts parts;

    if (read_parts(&parts, body, len) != 0 || !lua_checkstack(L, LUA_MINSTACK))
        return -1;
    push_item(L, &parts.kind);
    push_item(L, &parts.message);
    if (parts.stack.type == KD_TERM_STRING && parts.stack.len > 0)
        push_item(L, &parts.stack);
    else
        lua_pushnil(L);
    if (!parts.has_details) {
        lua_pushnil(L);
    } else if (kl__decode_value(L, &parts.details, depth) != 0) {
        lua_pop(L, 3);
        return -1;
    }
    kl__error_new(L, parts.retryable);
    return 0;
}

void
kl__error_read(lua_State *L, const void *body, size_t len)
{
    if (kl__decode_error(L, body, len, 0) != 0)
        kl__error_push(
            L, "Internal", KL_RETRY_UNKNOWN, "an error that cannot be read");
}

static int
read_parts(struct parts *parts, const void *body, size_t len)
{
    kd_reader r = kd_reader_make(body, len);
    kd_item map;

    memset(parts, 0, sizeof(*parts));
    parts->retryable = KL_RETRY_UNKNOWN;
    if (kd_reader_next(&r, &map) != KD_TERM_MAP)
        return -1;
    for (size_t left = map.len; left > 0; left--) {
        if (read_part(parts, &r) != 0)
            return -1;
    }
    return 0;
}

static int
read_part(struct parts *parts, kd_reader *r)
{
    kd_reader value;
    kd_item key, item;

    if (kd_reader_next(r, &key) != KD_TERM_STRING)
        return -1;
    value = *r;
    if (kd_reader_skip(r) != KD_OK)
        return -1;
    if (is_key(&key, "details")) {
        parts->details = value;
        parts->has_details = kd_reader_next(&value, &item) == KD_TERM_MAP;
        return 0;
    }
    kd_reader_next(&value, &item);
    if (is_key(&key, "retryable") && item.type == KD_TERM_BOOL)
        parts->retryable = item.integer ? KL_RETRY_YES : KL_RETRY_NO;
    else if (item.type != KD_TERM_STRING)
        return 0;
    else if (is_key(&key, "kind"))
        parts->kind = item;
    else if (is_key(&key, "message"))
        parts->message = item;
    else if (is_key(&key, "stack"))
        parts->stack = item;
    return 0;
}

static int
is_key(const kd_item *key, const char *word)
{
    return key->len == strlen(word) && memcmp(key->data, word, key->len) == 0;
}

/* A part that is not there is the empty string. */
static void
push_item(lua_State *L, const kd_item *item)
{
    lua_pushlstring(
        L, item->len == 0 ? "" : (const char *)item->data, item->len);
}
