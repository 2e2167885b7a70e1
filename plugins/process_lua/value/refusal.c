/* SPDX-License-Identifier: MIT */
/*
 * The sentence about a value that cannot travel, with the path to it:
 * `cannot send a function (at args[1].callback)`.
 */

#include "value/encode.h"

#include <ctype.h>
#include <lauxlib.h>
#include <stdio.h>

/* A key is shown up to here: it may have millions of bytes. */
#define KEY_SHOWN 64

static void add_path(luaL_Buffer *b, lua_State *L, const struct kl__level *l);
static void add_key(luaL_Buffer *b, lua_State *L, int index);
static void add_text(luaL_Buffer *b, const char *text, size_t len);
static int is_identifier(const char *text, size_t len);

int
kl__encode_refuse(struct kl__encoder *e, const char *what)
{
    char number[32];
    luaL_Buffer b;

    if (e->quiet > 0) {
        lua_pushliteral(e->L, "");
        return -1;
    }
    luaL_buffinit(e->L, &b);
    luaL_addstring(&b, "cannot ");
    luaL_addstring(&b, e->verb == NULL ? "send" : e->verb);
    luaL_addchar(&b, ' ');
    luaL_addstring(&b, what);
    luaL_addstring(&b, " (at ");
    luaL_addstring(&b, e->root);
    if (e->argument > 0) {
        snprintf(number, sizeof(number), "[%d]", e->argument);
        luaL_addstring(&b, number);
    }
    add_path(&b, e->L, e->level);
    luaL_addchar(&b, ')');
    luaL_pushresult(&b);
    return -1;
}

/* Outermost first; no deeper than values may be. */
static void
add_path(luaL_Buffer *b, lua_State *L, const struct kl__level *level)
{
    char number[32];

    if (level == NULL)
        return;
    add_path(b, L, level->up);
    if (level->key != 0) {
        add_key(b, L, level->key);
    } else {
        snprintf(number, sizeof(number), "[%lld]", (long long)level->at);
        luaL_addstring(b, number);
    }
}

static void
add_key(luaL_Buffer *b, lua_State *L, int index)
{
    char number[48];
    const char *text;
    size_t len;

    switch (lua_type(L, index)) {
    case LUA_TSTRING:
        text = lua_tolstring(L, index, &len);
        add_text(b, text, len);
        return;
    case LUA_TBOOLEAN:
        luaL_addstring(b, lua_toboolean(L, index) ? "[true]" : "[false]");
        return;
    default:
        if (lua_isinteger(L, index))
            snprintf(number, sizeof(number), "[%lld]",
                (long long)lua_tointeger(L, index));
        else
            snprintf(number, sizeof(number), "[%.14g]",
                (double)lua_tonumber(L, index));
        luaL_addstring(b, number);
    }
}

static void
add_text(luaL_Buffer *b, const char *text, size_t len)
{
    size_t shown = len > KEY_SHOWN ? KEY_SHOWN : len;
    char escape[8];

    if (is_identifier(text, len)) {
        luaL_addchar(b, '.');
        luaL_addlstring(b, text, len);
        return;
    }
    luaL_addstring(b, "[\"");
    for (size_t i = 0; i < shown; i++) {
        unsigned char byte = (unsigned char)text[i];

        if (byte == '"' || byte == '\\')
            snprintf(escape, sizeof(escape), "\\%c", byte);
        else if (byte < ' ' || byte == 0x7f)
            snprintf(escape, sizeof(escape), "\\x%02x", byte);
        else
            snprintf(escape, sizeof(escape), "%c", byte);
        luaL_addstring(b, escape);
    }
    luaL_addstring(b, shown < len ? "...\"]" : "\"]");
}

/* In the sense of Lua, but for its reserved words. */
static int
is_identifier(const char *text, size_t len)
{
    if (len == 0 || len > KEY_SHOWN || isdigit((unsigned char)text[0]))
        return 0;
    for (size_t i = 0; i < len; i++) {
        unsigned char byte = (unsigned char)text[i];

        if (byte >= 0x80 || (!isalnum(byte) && byte != '_'))
            return 0;
    }
    return 1;
}
