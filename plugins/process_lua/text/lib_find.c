/* SPDX-License-Identifier: MIT */
/*
 * string.find, match, gmatch and gsub over the bounded matcher.
 *
 * A match lives on the C stack and points into the subject and the pattern,
 * which the Lua stack or the iterator's upvalues keep alive. Nothing here needs
 * undoing: gsub may be left for good while it calls a function of the program.
 */

#include "text/lib_string.h"

#include "process/preempt.h"
#include "text/match.h"

#include <lauxlib.h>
#include <stdbool.h>
#include <string.h>

/* The bytes that make a text more than itself, in front of a pattern's end. */
#define SPECIALS "^$*+?.([%-"

/* The upvalues of gmatch's iterator. */
enum {
    GMATCH_SUBJECT = 1,
    GMATCH_PATTERN,
    GMATCH_FROM, /* where to go on, an offset */
    GMATCH_AVOID /* where the last match ended, or -1 */
};

static int find(lua_State *L, bool wants_place);
static bool is_plain(const char *pattern, size_t len);
static size_t start_offset(lua_State *L, int index, size_t len);
static int find_plain(lua_State *L, const char *subject, size_t len,
    const char *text, size_t text_len, size_t from);
static int gmatch_next(lua_State *L);
static bool search(lua_State *L, struct kl__match *match, const char *from,
    const char *avoid, const char **start, const char **end);
static int push_captures(
    lua_State *L, struct kl__match *match, const char *start, const char *end);
static void push_capture(lua_State *L, struct kl__match *match, unsigned i,
    const char *start, const char *end);
static bool add_replacement(lua_State *L, struct kl__match *match,
    luaL_Buffer *result, int type, const char *start, const char *end);
static void add_template(lua_State *L, struct kl__match *match,
    luaL_Buffer *result, const char *start, const char *end);
static void pay(lua_State *L, struct kl__match *match, size_t grains);

int
kl__string_find(lua_State *L)
{
    return find(L, true);
}

int
kl__string_match(lua_State *L)
{
    return find(L, false);
}

int
kl__string_gmatch(lua_State *L)
{
    size_t len;
    size_t from;

    kl__error_subject(L, 1, &len);
    luaL_checkstring(L, 2);
    from = start_offset(L, 3, len);
    lua_settop(L, 2);
    lua_pushinteger(L, (lua_Integer)from);
    lua_pushinteger(L, -1);
    lua_pushcclosure(L, gmatch_next, 4);
    return 1;
}

int
kl__string_gsub(lua_State *L)
{
    size_t len, pattern_len;
    const char *subject = kl__error_subject(L, 1, &len);
    const char *pattern = luaL_checklstring(L, 2, &pattern_len);
    lua_Integer max = luaL_optinteger(L, 4, (lua_Integer)len + 1);
    int type = lua_type(L, 3);
    const char *at = subject, *avoid = NULL, *start, *end;
    bool has_changed = false;
    struct kl__match match;
    luaL_Buffer result;
    lua_Integer count = 0;

    luaL_argexpected(L,
        type == LUA_TNUMBER || type == LUA_TSTRING || type == LUA_TTABLE ||
            type == LUA_TFUNCTION,
        3, "string/function/table");

    kl__preempt_call(L);
    kl__match_init(&match, subject, len, pattern, pattern_len, true);
    luaL_buffinit(L, &result);
    while (count < max && search(L, &match, at, avoid, &start, &end)) {
        luaL_addlstring(&result, at, (size_t)(start - at));
        if (add_replacement(L, &match, &result, type, start, end))
            has_changed = true;
        at = avoid = end;
        count++;
        if (match.is_anchored)
            break;
    }
    if (has_changed) {
        luaL_addlstring(&result, at, (size_t)(subject + len - at));
        luaL_pushresult(&result);
    } else {
        lua_pushvalue(L, 1);
    }
    lua_pushinteger(L, count);
    return 2;
}

static int
find(lua_State *L, bool wants_place)
{
    size_t len, pattern_len;
    const char *subject = kl__error_subject(L, 1, &len);
    const char *pattern = luaL_checklstring(L, 2, &pattern_len);
    size_t from = start_offset(L, 3, len);
    const char *start, *end;
    struct kl__match match;

    kl__preempt_call(L);
    if (from > len) {
        lua_pushnil(L);
        return 1;
    }
    if (wants_place && (lua_toboolean(L, 4) || is_plain(pattern, pattern_len)))
        return find_plain(L, subject, len, pattern, pattern_len, from);

    kl__match_init(&match, subject, len, pattern, pattern_len, true);
    if (!search(L, &match, subject + from, NULL, &start, &end)) {
        lua_pushnil(L);
        return 1;
    }
    if (!wants_place)
        return push_captures(L, &match, start, end);
    lua_pushinteger(L, start - subject + 1);
    lua_pushinteger(L, end - subject);
    return 2 + push_captures(L, &match, NULL, NULL);
}

static bool
is_plain(const char *pattern, size_t len)
{
    size_t i;

    for (i = 0; i < len; i++) {
        if (pattern[i] != '\0' && strchr(SPECIALS, pattern[i]) != NULL)
            return false;
    }
    return true;
}

/* An optional position as an offset: negative ones count from the end. */
static size_t
start_offset(lua_State *L, int index, size_t len)
{
    lua_Integer position = luaL_optinteger(L, index, 1);

    if (position > 0)
        return (size_t)position - 1;
    if (position == 0 || position < -(lua_Integer)len)
        return 0;
    return len - (size_t)-position;
}

static int
find_plain(lua_State *L, const char *subject, size_t len, const char *text,
    size_t text_len, size_t from)
{
    const char *found = memmem(subject + from, len - from, text, text_len);

    if (found == NULL) {
        lua_pushnil(L);
        return 1;
    }
    lua_pushinteger(L, found - subject + 1);
    lua_pushinteger(L, found - subject + (lua_Integer)text_len);
    return 2;
}

/* Each call has a budget of its own: between calls the program can be ended. */
static int
gmatch_next(lua_State *L)
{
    size_t len, pattern_len;
    const char *subject =
        lua_tolstring(L, lua_upvalueindex(GMATCH_SUBJECT), &len);
    const char *pattern =
        lua_tolstring(L, lua_upvalueindex(GMATCH_PATTERN), &pattern_len);
    lua_Integer from = lua_tointeger(L, lua_upvalueindex(GMATCH_FROM));
    lua_Integer avoid = lua_tointeger(L, lua_upvalueindex(GMATCH_AVOID));
    const char *start, *end;
    struct kl__match match;

    kl__preempt_call(L);
    if (from > (lua_Integer)len)
        return 0;
    kl__match_init(&match, subject, len, pattern, pattern_len, false);
    if (!search(L, &match, subject + from, avoid < 0 ? NULL : subject + avoid,
            &start, &end)) {
        return 0;
    }
    lua_pushinteger(L, end - subject);
    lua_copy(L, -1, lua_upvalueindex(GMATCH_FROM));
    lua_replace(L, lua_upvalueindex(GMATCH_AVOID));
    return push_captures(L, &match, start, end);
}

/* Raises the matcher's errors. */
static bool
search(lua_State *L, struct kl__match *match, const char *from,
    const char *avoid, const char **start, const char **end)
{
    if (kl__match_search(match, from, avoid, start, end))
        return true;
    if (match->error != NULL)
        luaL_error(L, "%s", match->error);
    return false;
}

/* Without captures the whole match counts as one, unless `start` is NULL. */
static int
push_captures(
    lua_State *L, struct kl__match *match, const char *start, const char *end)
{
    unsigned count = match->captures_len;
    unsigned i;

    if (count == 0 && start != NULL)
        count = 1;
    luaL_checkstack(L, (int)count, "too many captures");
    for (i = 0; i < count; i++)
        push_capture(L, match, i, start, end);
    return (int)count;
}

/* The first capture of a pattern without any is the whole match. */
static void
push_capture(lua_State *L, struct kl__match *match, unsigned i,
    const char *start, const char *end)
{
    const struct kl__capture *capture = &match->captures[i];

    if (i >= match->captures_len) {
        if (i > 0)
            luaL_error(L, "invalid capture index %%%d", (int)i + 1);
        lua_pushlstring(L, start, (size_t)(end - start));
        return;
    }
    if ((match->open & (UINT32_C(1) << i)) != 0)
        luaL_error(L, "unfinished capture");
    if (capture->len == KL_CAPTURE_POSITION)
        lua_pushinteger(L, capture->start - match->subject + 1);
    else
        lua_pushlstring(L, capture->start, (size_t)capture->len);
}

/* Adds what stands for one match; false if it is the match itself. */
static bool
add_replacement(lua_State *L, struct kl__match *match, luaL_Buffer *result,
    int type, const char *start, const char *end)
{
    switch (type) {
    case LUA_TFUNCTION:
        lua_pushvalue(L, 3);
        lua_call(L, push_captures(L, match, start, end), 1);
        break;
    case LUA_TTABLE:
        push_capture(L, match, 0, start, end);
        lua_gettable(L, 3);
        break;
    default:
        add_template(L, match, result, start, end);
        return true;
    }

    if (!lua_toboolean(L, -1)) {
        lua_pop(L, 1);
        luaL_addlstring(result, start, (size_t)(end - start));
        return false;
    }
    if (!lua_isstring(L, -1))
        luaL_error(L, "invalid replacement value (a %s)", luaL_typename(L, -1));
    luaL_addvalue(result);
    return true;
}

/* A replacement string, where %0 to %9 stand for captures and %% for itself. */
static void
add_template(lua_State *L, struct kl__match *match, luaL_Buffer *result,
    const char *start, const char *end)
{
    size_t len;
    const char *at = lua_tolstring(L, 3, &len);
    const char *stop = at + len;
    const char *escape;

    pay(L, match, len / KL_GRAINS_PER_STEP);
    while ((escape = memchr(at, KL_ESCAPE, (size_t)(stop - at))) != NULL) {
        luaL_addlstring(result, at, (size_t)(escape - at));
        at = escape + 2;
        pay(L, match, KL_GRAINS_PER_STEP);
        if (escape[1] == KL_ESCAPE) {
            luaL_addchar(result, KL_ESCAPE);
        } else if (escape[1] == '0') {
            luaL_addlstring(result, start, (size_t)(end - start));
        } else if (escape[1] >= '1' && escape[1] <= '9') {
            push_capture(L, match, (unsigned)(escape[1] - '1'), start, end);
            luaL_addvalue(result);
        } else {
            luaL_error(
                L, "invalid use of '%c' in replacement string", KL_ESCAPE);
        }
    }
    luaL_addlstring(result, at, (size_t)(stop - at));
}

/* The time for a long replacement without a result has to be paid too. */
static void
pay(lua_State *L, struct kl__match *match, size_t grains)
{
    if (!kl__match_pay(match, (int64_t)grains))
        luaL_error(L, "%s", match->error);
}
