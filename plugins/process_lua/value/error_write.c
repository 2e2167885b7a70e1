/* SPDX-License-Identifier: MIT */
/*
 * Errors on their way out: as KD_TERM_EXT_ERROR terms.
 */

#include "value/encode.h"
#include "value/error.h"

#include <lauxlib.h>
#include <string.h>

static size_t begin(kd_writer *to);
static void finish(kd_writer *to, size_t start, size_t pairs);
static void write_field(kd_writer *to, const char *key, lua_State *L);
static int write_body(struct kl__encoder *e, int index, const char *kind,
    const char *stack, size_t *pairs);
static int write_details(struct kl__encoder *e, int index, size_t *pairs);
static void write_sentence(
    kd_writer *to, const char *text, size_t len, const char *stack);
static int tostring(lua_State *L);
static void push_sentence(lua_State *L, int index);

/* Head, length and type; how long the body is becomes known at its end. */
#define HEAD_BYTES 6

int
kl__encode_error(struct kl__encoder *e, int index)
{
    size_t start = begin(e->to);
    size_t pairs;

    if (write_body(e, index, "", NULL, &pairs) != 0)
        return -1;
    finish(e->to, start, pairs);
    return 0;
}

void
kl__error_write(lua_State *L, int index, const char *stack, kd_writer *to)
{
    struct kl__encoder e = {.L = L, .to = to, .root = "error"};
    int top = lua_gettop(L);
    const char *text;
    size_t pairs, len;

    index = lua_absindex(L, index);
    e.max_bytes = (size_t)1 << 20;
    if (!lua_checkstack(L, LUA_MINSTACK)) {
        write_sentence(to, "stack overflow", 14, stack);
        return;
    }
    if (kl__error_is(L, index)) {
        begin(to);
        if (write_body(&e, index, "Internal", stack, &pairs) != 0) {
            /* Its details are beyond all measure: without them, then. */
            e.leaves_details = 1;
            to->len = 0;
            begin(to);
            write_body(&e, index, "Internal", stack, &pairs);
        }
        finish(to, 0, pairs);
        lua_settop(L, top);
        return;
    }
    push_sentence(L, index);
    /* Its __tostring may have used the same buffer, for what it sent. */
    to->len = 0;
    to->status = KD_OK;
    text = lua_tolstring(L, -1, &len);
    write_sentence(to, text, len, stack);
    lua_settop(L, top);
}

static size_t
begin(kd_writer *to)
{
    size_t start = to->len;

    kd_write_head(to, 0xc9, 0, 4);
    kd_write_head(to, KD_TERM_EXT_ERROR, 0, 0);
    kd_write_map(to, 0);
    return start;
}

static void
finish(kd_writer *to, size_t start, size_t pairs)
{
    size_t end = to->len;

    if (to->status != KD_OK)
        return;
    to->len = start;
    kd_write_head(to, 0xc9, end - start - HEAD_BYTES, 4);
    to->len = start + HEAD_BYTES;
    kd_write_map(to, pairs);
    to->len = end;
}

/* Pops the string on top. */
static void
write_field(kd_writer *to, const char *key, lua_State *L)
{
    size_t len;
    const char *text = lua_tolstring(L, -1, &len);

    kd_write_text(to, key);
    kd_write_string(to, text, len);
    lua_pop(L, 1);
}

/* `kind` and `stack` stand in for what the Error has not. */
static int
write_body(struct kl__encoder *e, int index, const char *kind,
    const char *stack, size_t *pairs)
{
    const struct kl__error *error = kl__error_test(e->L, index);

    *pairs = 2;
    lua_getiuservalue(e->L, index, KL_ERROR_KIND);
    if (lua_rawlen(e->L, -1) == 0) {
        lua_pop(e->L, 1);
        lua_pushstring(e->L, kind);
    }
    write_field(e->to, "kind", e->L);
    lua_getiuservalue(e->L, index, KL_ERROR_MESSAGE);
    write_field(e->to, "message", e->L);
    if (error->retryable != KL_RETRY_UNKNOWN) {
        kd_write_text(e->to, "retryable");
        kd_write_bool(e->to, error->retryable);
        ++*pairs;
    }
    if (lua_getiuservalue(e->L, index, KL_ERROR_STACK) == LUA_TSTRING) {
        write_field(e->to, "stack", e->L);
        ++*pairs;
    } else {
        lua_pop(e->L, 1);
        if (stack != NULL) {
            kd_write_text(e->to, "stack");
            kd_write_text(e->to, stack);
            ++*pairs;
        }
    }
    return write_details(e, index, pairs);
}

/* Details that are their own ancestor, or too deep, go as a whole. */
static int
write_details(struct kl__encoder *e, int index, size_t *pairs)
{
    int top = lua_gettop(e->L);
    size_t mark = e->to->len;
    int status;

    if (!e->leaves_details &&
        lua_getiuservalue(e->L, index, KL_ERROR_DETAILS) == LUA_TTABLE) {
        kd_write_text(e->to, "details");
        e->quiet++;
        status = kl__encode_table(e, top + 1, 1);
        e->quiet--;
        if (status == 0) {
            ++*pairs;
        } else if (e->is_too_large) {
            return -1;
        } else {
            e->to->len = mark;
        }
    }
    lua_settop(e->L, top);
    return 0;
}

static void
write_sentence(kd_writer *to, const char *text, size_t len, const char *stack)
{
    size_t start = begin(to);

    kd_write_text(to, "kind");
    kd_write_text(to, "Internal");
    kd_write_text(to, "message");
    kd_write_string(to, text, len);
    if (stack != NULL) {
        kd_write_text(to, "stack");
        kd_write_text(to, stack);
    }
    finish(to, start, stack == NULL ? 2 : 3);
}

static int
tostring(lua_State *L)
{
    luaL_tolstring(L, 1, NULL);
    return 1;
}

/* What was raised may have a __tostring of its own, which may raise again. */
static void
push_sentence(lua_State *L, int index)
{
    if (luaL_getmetafield(L, index, "__tostring") == LUA_TNIL) {
        luaL_tolstring(L, index, NULL);
        return;
    }
    lua_pop(L, 1);
    lua_pushcfunction(L, tostring);
    lua_pushvalue(L, index);
    if (lua_pcall(L, 1, 1, 0) != LUA_OK) {
        lua_pop(L, 1);
        lua_pushfstring(
            L, "(error object is a %s value)", luaL_typename(L, index));
    }
}
