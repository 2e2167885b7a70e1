/* SPDX-License-Identifier: MIT */
/*
 * One key of a filter against one entry.
 */

#include "modules/entry_filter.h"

#include "text/match.h"
#include "value/node_value.h"

#include <string.h>

#define META     "meta."
#define META_LEN (sizeof(META) - 1)

static int match_node(lua_State *L, const kd_node *node,
    enum kl__comparison comparison, int value);
static int match_text(lua_State *L, const kd_node *node,
    enum kl__comparison comparison, int value);
static int match_pattern(lua_State *L, const char *text, size_t len,
    const char *pattern, size_t pattern_len);
static const kd_node *find_meta(const kd_node *map, const char *path);
static kd_node text_node(const char *text, size_t len);

int
kl__filter_read(const char *text, struct kl__filter_key *key)
{
    static const char *const fields[] = {"kind", "name", "ns", "id"};

    key->comparison = KL_COMPARE_EQUAL;
    if (*text != '\0' && strchr("~*^$", *text) != NULL)
        key->comparison = (enum kl__comparison) * text++;
    if (*text == '.')
        text++;
    key->field = text;
    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
        if (strcmp(text, fields[i]) == 0)
            return 1;
    }
    return strncmp(text, META, META_LEN) == 0 && text[META_LEN] != '\0';
}

int
kl__filter_match(lua_State *L, const kd_api *api, const kd_entry *entry,
    const struct kl__filter_key *key, int value)
{
    const char *id = api->entry_id(entry);
    size_t ns_len = strcspn(id, ":");
    const char *name = id[ns_len] == ':' ? id + ns_len + 1 : id;
    kd_node node;

    if (strncmp(key->field, META, META_LEN) == 0)
        return match_node(L,
            find_meta(api->entry_get(entry, "meta"), key->field + META_LEN),
            key->comparison, value);
    if (strcmp(key->field, "kind") == 0)
        id = api->entry_kind(entry);
    else if (strcmp(key->field, "name") == 0)
        id = name;
    node = text_node(id, strcmp(key->field, "ns") == 0 ? ns_len : strlen(id));
    return match_node(L, &node, key->comparison, value);
}

static int
match_node(lua_State *L, const kd_node *node, enum kl__comparison comparison,
    int value)
{
    if (comparison == KL_COMPARE_EQUAL)
        return kl__node_equals(L, value, node);
    if (node == NULL)
        return 0;
    /* A list contains its elements. */
    if (comparison == KL_COMPARE_CONTAINS && node->type == KD_NODE_LIST) {
        for (node = node->child; node != NULL; node = node->next) {
            if (kl__node_equals(L, value, node))
                return 1;
        }
        return 0;
    }
    if (node->type != KD_NODE_STRING || lua_type(L, value) != LUA_TSTRING)
        return 0;
    return match_text(L, node, comparison, value);
}

static int
match_text(lua_State *L, const kd_node *node, enum kl__comparison comparison,
    int value)
{
    size_t len;
    const char *wanted = lua_tolstring(L, value, &len);
    const char *text = node->text;

    if (comparison == KL_COMPARE_PATTERN)
        return match_pattern(L, text, node->len, wanted, len);
    if (len > node->len)
        return 0;
    switch (comparison) {
    case KL_COMPARE_CONTAINS:
        return len == 0 || memmem(text, node->len, wanted, len) != NULL;
    case KL_COMPARE_BEGINS:
        return memcmp(text, wanted, len) == 0;
    default:
        return memcmp(text + node->len - len, wanted, len) == 0;
    }
}

static int
match_pattern(lua_State *L, const char *text, size_t len, const char *pattern,
    size_t pattern_len)
{
    struct kl__match match;
    const char *start, *end;
    int found;

    kl__match_init(&match, text, len, pattern, pattern_len, true);
    found = kl__match_search(&match, text, NULL, &start, &end);
    /* A matcher does not mind; who reads the captures would. */
    if (found && match.open != 0)
        match.error = "unfinished capture";
    if (match.error == NULL)
        return found;
    lua_pushstring(L, match.error);
    return -1;
}

/* A key may have dots itself: it goes before a path. */
static const kd_node *
find_meta(const kd_node *map, const char *path)
{
    const kd_node *node = kd_node_find(map, path);
    const char *dot = strchr(path, '.');

    if (node != NULL || dot == NULL || map == NULL || map->type != KD_NODE_MAP)
        return node;
    for (node = map->child; node != NULL; node = node->next) {
        if (strlen(node->key) == (size_t)(dot - path) &&
            strncmp(node->key, path, (size_t)(dot - path)) == 0)
            return find_meta(node, dot + 1);
    }
    return NULL;
}

static kd_node
text_node(const char *text, size_t len)
{
    kd_node node = {.size = sizeof(node), .type = KD_NODE_STRING};

    node.text = text;
    node.len = len;
    return node;
}
