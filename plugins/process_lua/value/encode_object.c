/* SPDX-License-Identifier: MIT */
/*
 * Our own objects on the way into a term: Errors and Payloads travel, all
 * others are refused by their name.
 */

#include "value/encode.h"

#include "value/error.h"
#include "value/payload.h"

#include <lauxlib.h>
#include <stdio.h>

static int write_payload(struct kl__encoder *e, int index);
static int term_fits(kd_reader *r, unsigned room);
static int error_fits(const kd_item *item, unsigned room);

int
kl__encode_object(struct kl__encoder *e, int index)
{
    if (kl__error_is(e->L, index))
        return kl__encode_error(e, index);
    if (kl__payload_is(e->L, index))
        return write_payload(e, index);
    return kl__encode_refuse_object(e, index);
}

int
kl__encode_refuse_object(struct kl__encoder *e, int index)
{
    char what[48];
    const char *name, *dot;

    if (luaL_getmetafield(e->L, index, "__name") != LUA_TSTRING)
        return kl__encode_refuse(e, "a userdata");
    name = lua_tostring(e->L, -1);
    dot = strrchr(name, '.');
    name = dot == NULL ? name : dot + 1;
    snprintf(what, sizeof(what), "%s %s",
        strchr("aeiou", name[0]) == NULL ? "a" : "an", name);
    return kl__encode_refuse(e, what);
}

/* As the value it holds, and without decoding it if nobody has yet. */
static int
write_payload(struct kl__encoder *e, int index)
{
    unsigned depth = e->level == NULL ? 0 : e->level->depth;
    kd_payload bytes = kl__payload_bytes(e->L, index);
    kd_reader r = kd_reader_make(bytes.data, bytes.len);
    kd_reader all = r;
    int status;

    if (bytes.format == KD_FORMAT_NONE) {
        lua_getiuservalue(e->L, index, KL_PAYLOAD_CONTENT);
        status = kl__encode_value(e, lua_gettop(e->L));
        if (status == 0)
            lua_pop(e->L, 1);
        return status;
    }
    if (bytes.format != KD_FORMAT_TERM) {
        kd_write_string(e->to, (const char *)bytes.data, bytes.len);
        return 0;
    }
    if (kd_reader_skip(&all) != KD_OK)
        return kl__encode_refuse(e, "a malformed payload");
    if (!term_fits(&r, KL_DEPTH_MAX - depth))
        return kl__encode_refuse(e, "a value nested deeper than 64 levels");
    kd_write_raw(e->to, bytes.data, bytes.len);
    return 0;
}

/* Whether a term is well formed and has no more than `room` levels. */
static int
term_fits(kd_reader *r, unsigned room)
{
    kd_item item;
    size_t left;

    switch (kd_reader_next(r, &item)) {
    case KD_TERM_END:
    case KD_TERM_BAD:
        return 0;
    case KD_TERM_EXT:
        return item.integer != KD_TERM_EXT_ERROR || error_fits(&item, room);
    case KD_TERM_ARRAY:
    case KD_TERM_MAP:
        if (room == 0)
            return 0;
        left = item.type == KD_TERM_MAP ? 2 * item.len : item.len;
        while (left > 0 && term_fits(r, room - 1))
            left--;
        return left == 0;
    default:
        return 1;
    }
}

/* The map in an Error is no level, but its details are. */
static int
error_fits(const kd_item *error, unsigned room)
{
    kd_reader r = kd_reader_make(error->data, error->len);
    kd_reader value;
    kd_item map, item;

    if (kd_reader_next(&r, &map) != KD_TERM_MAP)
        return 0;
    for (size_t left = 2 * map.len; left > 0; left--) {
        value = r;
        if (kd_reader_next(&value, &item) == KD_TERM_EXT ||
            !term_fits(&r, room))
            return 0;
    }
    return 1;
}
