/* SPDX-License-Identifier: MIT */
/*
 * Lua values to terms (semantics M8 to M10). On the way of every message, so
 * that it makes nothing in the Lua state and looks at each key once, or twice
 * in what may be an array.
 */

#include "value/encode.h"

#include <stdio.h>

/* In bytes, for each value that is left out. */
#define DROP_COST 64

static inline void write_string(lua_State *L, int index, kd_writer *to);
static inline int has_room(const struct kl__encoder *e);
static int write_array(
    struct kl__encoder *e, struct kl__level *level, int index, size_t count);
static int write_pairs(
    struct kl__encoder *e, struct kl__level *level, int index, int is_map);
static int write_key(struct kl__encoder *e, int index);
static int leave_out(
    struct kl__encoder *e, struct kl__level *level, size_t mark);
static void finish_map(kd_writer *to, size_t start, size_t count);
static int is_list(lua_State *L, int index, lua_Unsigned count);

int
kl__encode_scalar(lua_State *L, int index, int type, kd_writer *to)
{
    switch (type) {
    case LUA_TNIL:
        kd_write_nil(to);
        return 1;
    case LUA_TBOOLEAN:
        kd_write_bool(to, lua_toboolean(L, index));
        return 1;
    case LUA_TNUMBER:
        if (lua_isinteger(L, index))
            kd_write_int(to, lua_tointeger(L, index));
        else
            kd_write_float(to, lua_tonumber(L, index));
        return 1;
    case LUA_TSTRING:
        write_string(L, index, to);
        return 1;
    default:
        return 0;
    }
}

int
kl__encode_value(struct kl__encoder *e, int index)
{
    int type = lua_type(e->L, index);

    if (kl__encode_scalar(e->L, index, type, e->to))
        return 0;
    switch (type) {
    case LUA_TTABLE:
        return kl__encode_table(e, index, 0);
    case LUA_TUSERDATA:
        return kl__encode_object(e, index);
    case LUA_TFUNCTION:
        return kl__encode_refuse(e, "a function");
    case LUA_TTHREAD:
        return kl__encode_refuse(e, "a thread");
    default:
        return kl__encode_refuse(e, "a userdata");
    }
}

int
kl__encode_table(struct kl__encoder *e, int index, int is_map)
{
    const struct kl__level *up = e->level;
    struct kl__level level;
    lua_Unsigned count;
    int status;

    if (kl__encode_enter(e, &level, index) != 0)
        return -1;
    e->level = &level;
    count = is_map ? 0 : lua_rawlen(e->L, index);
    if (count > 0 && is_list(e->L, index, count))
        status = write_array(e, &level, index, (size_t)count);
    else
        status = write_pairs(e, &level, index, is_map);
    e->level = up;
    return status;
}

int
kl__encode_enter(struct kl__encoder *e, struct kl__level *level, int index)
{
    const struct kl__level *up;

    level->up = e->level;
    level->identity = lua_topointer(e->L, index);
    level->depth = e->level == NULL ? 1 : e->level->depth + 1;
    level->key = 0;
    level->at = 0;
    for (up = e->level; up != NULL; up = up->up) {
        if (up->identity == level->identity)
            return kl__encode_refuse(e, "a cycle");
    }
    /* Beside key and value there must be room for a sentence. */
    if (level->depth > KL_DEPTH_MAX || !lua_checkstack(e->L, LUA_MINSTACK))
        return kl__encode_refuse(e, "a value nested deeper than 64 levels");
    return 0;
}

int
kl__encode_check_size(struct kl__encoder *e)
{
    size_t bytes = e->to->len + e->dropped;
    char text[96];

    if (bytes <= e->max_bytes)
        return 0;
    e->is_too_large = 1;
    snprintf(text, sizeof(text), "message too large: %zu bytes (limit %zu)",
        bytes, e->max_bytes);
    lua_pushstring(e->L, text);
    return -1;
}

/* Most are short: head and bytes then need room once. */
static inline void
write_string(lua_State *L, int index, kd_writer *to)
{
    size_t len;
    const char *text = lua_tolstring(L, index, &len);
    unsigned char *at;

    if (len >= 32) {
        kd_write_string(to, text, len);
        return;
    }
    at = kd_writer_grow(to, len + 1);
    if (at == NULL)
        return;
    at[0] = (unsigned char)(0xa0u | len);
    memcpy(at + 1, text, len);
}

static inline int
has_room(const struct kl__encoder *e)
{
    return e->to->len + e->dropped <= e->max_bytes;
}

/* Whether the keys are exactly 1 to count: that many, and none outside. */
static int
is_list(lua_State *L, int index, lua_Unsigned count)
{
    lua_Unsigned seen = 0;

    lua_pushnil(L);
    while (lua_next(L, index)) {
        lua_pop(L, 1);
        if (!lua_isinteger(L, -1) ||
            (lua_Unsigned)lua_tointeger(L, -1) - 1 >= count) {
            lua_pop(L, 1);
            return 0;
        }
        seen++;
    }
    return seen == count && count <= UINT32_MAX;
}

static int
write_array(
    struct kl__encoder *e, struct kl__level *level, int index, size_t count)
{
    int value = lua_gettop(e->L) + 1;

    kd_write_array(e->to, count);
    for (size_t i = 1; i <= count; i++) {
        size_t mark = e->to->len;

        level->at = (lua_Integer)i;
        lua_rawgeti(e->L, index, level->at);
        if (kl__encode_value(e, value) != 0 ||
            (!has_room(e) && kl__encode_check_size(e) != 0)) {
            if (leave_out(e, level, mark) != 0)
                return -1;
            kd_write_nil(e->to);
        }
        lua_settop(e->L, value - 1);
    }
    return 0;
}

/* The head comes first and says how many pairs there are: it is put right
 * when they have been counted. */
static int
write_pairs(
    struct kl__encoder *e, struct kl__level *level, int index, int is_map)
{
    size_t start = e->to->len;
    size_t count = 0;

    level->key = lua_gettop(e->L) + 1;
    kd_write_map(e->to, 0);
    lua_pushnil(e->L);
    while (lua_next(e->L, index)) {
        size_t mark = e->to->len;

        if (write_key(e, level->key) == 0 &&
            kl__encode_value(e, level->key + 1) == 0 &&
            (has_room(e) || kl__encode_check_size(e) == 0))
            count++;
        else if (leave_out(e, level, mark) != 0)
            return -1;
        lua_settop(e->L, level->key);
    }
    if (e->to->status != KD_OK)
        return 0;
    if (count == 0 && !is_map)
        e->to->data[start] = 0x90; /* An empty table is an array of none. */
    else
        finish_map(e->to, start, count);
    return 0;
}

static int
write_key(struct kl__encoder *e, int index)
{
    static const char *const refused[] = {[LUA_TTABLE] = "a table as key",
        [LUA_TFUNCTION] = "a function as key",
        [LUA_TUSERDATA] = "a userdata as key",
        [LUA_TLIGHTUSERDATA] = "a userdata as key",
        [LUA_TTHREAD] = "a thread as key"};
    int type = lua_type(e->L, index);

    if (type == LUA_TSTRING) {
        write_string(e->L, index, e->to);
        return 0;
    }
    if (type == LUA_TNUMBER || type == LUA_TBOOLEAN)
        return kl__encode_value(e, index);
    /* The path to a key ends with its table. */
    e->level = e->level->up;
    return kl__encode_refuse(e, refused[type]);
}

/*
 * Take back what was written of something refused, if it is one of an Error's
 * details; otherwise it stays refused, and -1 is returned.
 *
 * What was written in vain counts as if it had been sent: shared tables full of
 * what cannot travel could keep us for ever.
 */
static int
leave_out(struct kl__encoder *e, struct kl__level *level, size_t mark)
{
    if (e->quiet == 0 || e->is_too_large)
        return -1;
    e->dropped += e->to->len - mark + DROP_COST;
    e->to->len = mark;
    e->level = level;
    return kl__encode_check_size(e);
}

static void
finish_map(kd_writer *to, size_t start, size_t count)
{
    size_t more = count < 16 ? 0 : count <= 0xffff ? 2 : 4;
    size_t len = to->len - start - 1;
    unsigned char *head;

    if (kd_writer_grow(to, more) == NULL)
        return;
    head = to->data + start;
    if (more > 0)
        memmove(head + 1 + more, head + 1, len);
    to->len = start;
    kd_write_map(to, count);
    to->len += len;
}
