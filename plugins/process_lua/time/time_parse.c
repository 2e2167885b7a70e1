/* SPDX-License-Identifier: MIT */
/*
 * From what a text says to a Time: which zone is meant, and its error.
 */

#include "time/time_parse.h"

#include "time/layout_parse.h"
#include "time/time_value.h"
#include "value/error.h"

#include <lauxlib.h>
#include <stdlib.h>
#include <string.h>

/* Places on the stack. */
enum { LAYOUT = 1, TEXT = 2, ZONE = 3 };

/* What is no plain ASCII as bytes in hexadecimal. */
static void
add_quoted(luaL_Buffer *to, const char *text, size_t len)
{
    static const char digits[] = "0123456789abcdef";
    size_t i;

    luaL_addchar(to, '"');
    for (i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];

        if (c < ' ' || c >= 0x80) {
            luaL_addstring(to, "\\x");
            luaL_addchar(to, digits[c >> 4]);
            luaL_addchar(to, digits[c & 15]);
            continue;
        }
        if (c == '"' || c == '\\')
            luaL_addchar(to, '\\');
        luaL_addchar(to, text[i]);
    }
    luaL_addchar(to, '"');
}

/* In the words of Go. */
static int
push_misfit(lua_State *L, const struct kl__misfit *misfit)
{
    size_t layout_len, len;
    const char *layout = lua_tolstring(L, LAYOUT, &layout_len);
    const char *text = lua_tolstring(L, TEXT, &len);
    luaL_Buffer buffer;

    lua_pushnil(L);
    luaL_buffinit(L, &buffer);
    luaL_addstring(&buffer, "parsing time ");
    add_quoted(&buffer, text, len);
    if (misfit->problem == NULL) {
        luaL_addstring(&buffer, " as ");
        add_quoted(&buffer, layout, layout_len);
        luaL_addstring(&buffer, ": cannot parse ");
        add_quoted(&buffer, misfit->text, misfit->text_len);
        luaL_addstring(&buffer, " as ");
        add_quoted(&buffer, misfit->wanted, misfit->wanted_len);
    } else {
        luaL_addstring(&buffer, misfit->problem);
        if (strchr(misfit->problem + 1, ':') != NULL)
            add_quoted(&buffer, misfit->text, misfit->text_len);
    }
    luaL_pushresult(&buffer);
    kl__error_make(L, "Invalid", KL_RETRY_NO);
    return 2;
}

/* Push the Time at `sec` in a zone that the text itself has made. */
static int
push_in_own(lua_State *L, const struct kl__parsed *parsed, int64_t sec)
{
    const char *name = parsed->name_len > 0 ? parsed->name : "";
    const struct kl__zone *zone =
        kl__zone_push_fixed(L, name, parsed->name_len, parsed->offset_s);

    kl__time_push_unix(L, sec, parsed->nsec, zone, lua_gettop(L));
    return 1;
}

static int
is_name(const struct kl__parsed *parsed, const char *name)
{
    return strlen(name) == parsed->name_len &&
           memcmp(name, parsed->name, parsed->name_len) == 0;
}

/* The zone of the call knows the offset that was given: show it there. */
static int
push_with_offset(lua_State *L, const struct kl__parsed *parsed, int64_t local,
    const struct kl__zone *zone)
{
    int64_t sec = local - parsed->offset_s;
    struct kl__zone_period period = kl__zone_at(zone, sec);

    if (period.offset_s == parsed->offset_s &&
        (parsed->name_len == 0 || is_name(parsed, period.name))) {
        kl__time_push_unix(L, sec, parsed->nsec, zone, ZONE);
        return 1;
    }
    return push_in_own(L, parsed, sec);
}

/*
 * An abbreviation means something only in a zone that has it. Elsewhere it
 * stays a name, without an offset.
 */
static int
push_with_name(lua_State *L, struct kl__parsed *parsed, int64_t local,
    const struct kl__zone *zone)
{
    char hours[8] = "";
    int32_t offset_s;

    if (kl__zone_offset(
            zone, parsed->name, parsed->name_len, local, &offset_s)) {
        kl__time_push_unix(L, local - offset_s, parsed->nsec, zone, ZONE);
        return 1;
    }
    if (parsed->name_len > 3 && parsed->name_len < sizeof(hours) + 3 &&
        memcmp(parsed->name, "GMT", 3) == 0) {
        memcpy(hours, parsed->name + 3, parsed->name_len - 3);
        parsed->offset_s = (int32_t)strtol(hours, NULL, 10) * 3600;
    }
    return push_in_own(L, parsed, local - parsed->offset_s);
}

int
kl__time_parse(lua_State *L)
{
    size_t layout_len, len;
    const char *layout = luaL_checklstring(L, LAYOUT, &layout_len);
    const char *text = luaL_checklstring(L, TEXT, &len);
    int has_zone = !lua_isnoneornil(L, ZONE);
    const struct kl__zone *near = &kl__zone_local;
    const struct kl__zone *zone = &kl__zone_utc;
    struct kl__parsed parsed;
    struct kl__misfit misfit;
    int64_t local;

    if (has_zone)
        near = zone = kl__zone_kept(kl__zone_check(L, ZONE));
    lua_settop(L, ZONE);
    if (kl__layout_parse(layout, layout_len, text, len, &parsed, &misfit) != 0)
        return push_misfit(L, &misfit);

    local = kl__calendar_seconds(parsed.year, parsed.month, parsed.day,
        parsed.hour, parsed.minute, parsed.second);
    switch (parsed.zone) {
    case KL_PARSED_UTC:
        kl__time_push_unix(L, local, parsed.nsec, &kl__zone_utc, 0);
        return 1;
    case KL_PARSED_OFFSET:
        return push_with_offset(L, &parsed, local, near);
    case KL_PARSED_NAME:
        return push_with_name(L, &parsed, local, near);
    default:
        kl__time_push_unix(
            L, kl__zone_to_unix(zone, local), parsed.nsec, zone, ZONE);
        return 1;
    }
}
