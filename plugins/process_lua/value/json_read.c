/* SPDX-License-Identifier: MIT */
/*
 * JSON to Lua values, with the parser of libyajl.
 *
 * It hands over what it finds as it goes, so that values are made where they
 * stay and no second tree exists; and it takes its memory from where we say:
 * from the process's own heap. So all of it counts against limits.memory, and a
 * process can be left by a long jump at any place.
 *
 * Two things it is too generous in, and they are checked before: bytes that
 * are not quite UTF-8, and halves of surrogate pairs.
 */

#include "value/json.h"

#include "process/process.h"
#include "value/encode.h"
#include "value/utf8.h"

#include <lauxlib.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <yajl/yajl_parse.h>

/* Before each block: its length, which a lua_Alloc must be told. */
#define BLOCK_HEAD 16

/* A number of so many digits fits in 64 bits for certain. */
#define DIGITS_FIT 18

struct reader {
    lua_State *L;
    int depth;
    lua_Integer at[KL_DEPTH_MAX]; /* Place in each array; 0: an object. */
    const char *complaint;        /* Why a callback refused, or NULL. */
};

static void *block_new(void *ctx, size_t len);
static void *block_resize(void *ctx, void *block, size_t len);
static void block_free(void *ctx, void *block);
static int got_null(void *ctx);
static int got_boolean(void *ctx, int value);
static int got_number(void *ctx, const char *text, size_t len);
static int got_string(void *ctx, const unsigned char *text, size_t len);
static int got_key(void *ctx, const unsigned char *text, size_t len);
static int begin_object(void *ctx);
static int begin_array(void *ctx);
static int end(void *ctx);

static const yajl_callbacks callbacks = {
    .yajl_null = got_null,
    .yajl_boolean = got_boolean,
    .yajl_number = got_number,
    .yajl_string = got_string,
    .yajl_start_map = begin_object,
    .yajl_map_key = got_key,
    .yajl_end_map = end,
    .yajl_start_array = begin_array,
    .yajl_end_array = end,
};

static int parse(
    struct reader *r, yajl_handle parser, const char *text, size_t len);
static int names_token(const char *why);
static void complain(lua_State *L, const char *what, size_t what_len,
    const char *text, size_t at);
static size_t surrogate_span(const char *text, size_t len);
static int read_unit(const char *at, const char *end, unsigned *unit);
static int begin(struct reader *r, lua_Integer at);
static int store(struct reader *r);
static int push_float(struct reader *r, const char *text, size_t len);

int
kl__json_read(lua_State *L, const char *text, size_t len)
{
    yajl_alloc_funcs memory = {block_new, block_resize, block_free, L};
    struct reader r = {.L = L};
    int top = lua_gettop(L);
    size_t span = kl__utf8_span(text, len);
    yajl_handle parser;
    int status = -1;

    /* A table and a key for each level. */
    if (!lua_checkstack(L, 2 * KL_DEPTH_MAX + LUA_MINSTACK)) {
        lua_pushliteral(L, "stack overflow");
        return -1;
    }
    if (span < len) {
        complain(L, "invalid UTF-8", 13, text, span);
        return -1;
    }
    span = surrogate_span(text, len);
    if (span < len) {
        complain(L, "half of a surrogate pair", 24, text, span);
        return -1;
    }
    parser = yajl_alloc(&callbacks, &memory, &r);
    yajl_config(parser, yajl_dont_validate_strings, 1);
    status = parse(&r, parser, text, len);
    yajl_free(parser);
    if (lua_gettop(L) > top + 1)
        lua_replace(L, top + 1);
    lua_settop(L, top + 1);
    return status;
}

/*
 * Leaves the value, or the sentence, on top. It tells the last byte of what is
 * wrong, which is one before where the parser stands if that was a token, or
 * where the text ends if more was to come.
 */
static int
parse(struct reader *r, yajl_handle parser, const char *text, size_t len)
{
    const unsigned char *bytes = (const unsigned char *)text;
    yajl_status status = yajl_parse(parser, bytes, len);
    size_t at = yajl_get_bytes_consumed(parser);
    unsigned char *why;

    if (status == yajl_status_ok) {
        status = yajl_complete_parse(parser);
        at = len;
    }
    if (status == yajl_status_ok)
        return 0;
    if (status == yajl_status_client_canceled) {
        complain(r->L, r->complaint, strlen(r->complaint), text, at - 1);
        return -1;
    }
    why = yajl_get_error(parser, 0, NULL, 0);
    complain(r->L, (const char *)why, strcspn((const char *)why, "\n"), text,
        at - (size_t)names_token((const char *)why));
    yajl_free_error(parser, why);
    return -1;
}

/*
 * Whether the parser complains of something that it has taken already: a token,
 * or a byte that begins none.
 */
static int
names_token(const char *why)
{
    static const char lexical[] = "lexical error: ";
    const size_t len = sizeof(lexical) - 1;

    if (strncmp(why, lexical, len) == 0)
        return strncmp(why + len, "invalid char in json text", 25) == 0;
    return strstr(why, "premature EOF") == NULL;
}

static void
complain(lua_State *L, const char *what, size_t what_len, const char *text,
    size_t at)
{
    const char *line = text;
    const char *newline;
    lua_Integer lines = 1;

    while ((newline = memchr(line, '\n', at - (size_t)(line - text))) != NULL) {
        line = newline + 1;
        lines++;
    }
    lua_pushlstring(L, what, what_len);
    lua_pushfstring(L, "%s (line %I, byte %I)", lua_tostring(L, -1), lines,
        (lua_Integer)(text + at - line) + 1);
}

/*
 * Up to where each `\uD800` has its `\uDC00` behind it. Backslashes outside of
 * strings are the parser's to find.
 */
static size_t
surrogate_span(const char *text, size_t len)
{
    const char *at = text;
    const char *limit = text + len;
    unsigned first, second;

    while ((at = memchr(at, '\\', (size_t)(limit - at))) != NULL) {
        if (!read_unit(at, limit, &first)) {
            if (limit - at < 2)
                break;
            at += 2;
            continue;
        }
        if (first >= 0xdc00 && first <= 0xdfff)
            return (size_t)(at - text);
        if (first >= 0xd800 && first <= 0xdbff) {
            if (!read_unit(at + 6, limit, &second) || second < 0xdc00 ||
                second > 0xdfff)
                return (size_t)(at - text);
            at += 6;
        }
        at += 6;
    }
    return len;
}

/* Whether an escape \uXXXX begins here. */
static int
read_unit(const char *at, const char *limit, unsigned *unit)
{
    char digits[5] = {0};

    if (limit - at < 6 || at[0] != '\\' || at[1] != 'u')
        return 0;
    memcpy(digits, at + 2, 4);
    return strspn(digits, "0123456789abcdefABCDEF") == 4 &&
           sscanf(digits, "%x", unit) == 1;
}

static int
got_null(void *ctx)
{
    struct reader *r = ctx;

    lua_pushnil(r->L);
    return store(r);
}

static int
got_boolean(void *ctx, int value)
{
    struct reader *r = ctx;

    lua_pushboolean(r->L, value);
    return store(r);
}

/* Whole numbers that do not fit in 64 bits are floats, as in Lua's own text. */
static int
got_number(void *ctx, const char *text, size_t len)
{
    struct reader *r = ctx;
    lua_Integer value = 0;
    size_t i = text[0] == '-';

    if (len - i > DIGITS_FIT)
        return push_float(r, text, len) && store(r);
    for (; i < len && text[i] >= '0' && text[i] <= '9'; i++)
        value = value * 10 + (text[i] - '0');
    if (i < len)
        return push_float(r, text, len) && store(r);
    lua_pushinteger(r->L, text[0] == '-' ? -value : value);
    return store(r);
}

static int
got_string(void *ctx, const unsigned char *text, size_t len)
{
    struct reader *r = ctx;

    lua_pushlstring(r->L, len == 0 ? "" : (const char *)text, len);
    return store(r);
}

static int
got_key(void *ctx, const unsigned char *text, size_t len)
{
    struct reader *r = ctx;

    lua_pushlstring(r->L, len == 0 ? "" : (const char *)text, len);
    return 1;
}

static int
begin_object(void *ctx)
{
    return begin(ctx, 0);
}

static int
begin_array(void *ctx)
{
    return begin(ctx, 1);
}

static int
begin(struct reader *r, lua_Integer at)
{
    if (r->depth == KL_DEPTH_MAX) {
        r->complaint = "nested deeper than 64 levels";
        return 0;
    }
    lua_newtable(r->L);
    r->at[r->depth++] = at;
    return 1;
}

static int
end(void *ctx)
{
    struct reader *r = ctx;

    r->depth--;
    return store(r);
}

/* Put what is on top where it belongs; null leaves a hole. */
static int
store(struct reader *r)
{
    lua_Integer *at;

    if (r->depth == 0)
        return 1;
    at = &r->at[r->depth - 1];
    if (*at == 0)
        lua_rawset(r->L, -3);
    else
        lua_rawseti(r->L, -2, (*at)++);
    return 1;
}

/* Lua's own reading knows the locale, and keeps 64-bit integers. */
static int
push_float(struct reader *r, const char *text, size_t len)
{
    lua_State *L = r->L;
    const char *number = lua_pushlstring(L, text, len);

    if (lua_stringtonumber(L, number) != len + 1) {
        r->complaint = "a number that cannot be read";
        return 0;
    }
    if (!lua_isinteger(L, -1) && isinf(lua_tonumber(L, -1))) {
        r->complaint = "a number beyond all floats";
        return 0;
    }
    lua_remove(L, -2);
    return 1;
}

static void *
block_new(void *ctx, size_t len)
{
    return block_resize(ctx, NULL, len);
}

/* Outside of a slice there may be no memory: then it is an error as any. */
static void *
block_resize(void *ctx, void *block, size_t len)
{
    lua_State *L = ctx;
    unsigned char *old =
        block == NULL ? NULL : (unsigned char *)block - BLOCK_HEAD;
    size_t old_len = 0;
    unsigned char *made;

    if (old != NULL)
        memcpy(&old_len, old, sizeof(old_len));
    len += BLOCK_HEAD;
    made = kl__limit_realloc(kl__process_of(L), old, old_len, len);
    if (made == NULL)
        luaL_error(L, "not enough memory");
    memcpy(made, &len, sizeof(len));
    return made + BLOCK_HEAD;
}

static void
block_free(void *ctx, void *block)
{
    lua_State *L = ctx;
    unsigned char *old = (unsigned char *)block - BLOCK_HEAD;
    size_t old_len;

    if (block == NULL)
        return;
    memcpy(&old_len, old, sizeof(old_len));
    kl__limit_alloc(kl__process_of(L), old, old_len, 0);
}
