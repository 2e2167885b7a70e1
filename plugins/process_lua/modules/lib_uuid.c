/* SPDX-License-Identifier: MIT */
/*
 * The module `uuid` (semantics B9), with libuuid, whose state is one a thread.
 *
 * It knows nothing of version 7 yet, which is made here by RFC 9562: 48 bits
 * of milliseconds, 12 bits of their fraction, the rest random. Those of one
 * process ascend, since the fraction is counted on where the clock stands.
 */

#include "modules/lib_uuid.h"

#include "modules/lib_base.h"
#include "process/process.h"
#include "value/dest.h"
#include "value/error.h"

#include <lauxlib.h>
#include <stdio.h>
#include <string.h>
#include <sys/time.h>
#include <uuid/uuid.h>

#define URN            "urn:uuid:"
#define URN_LEN        (sizeof(URN) - 1)
#define SIMPLE_LEN     32
#define VERSION_TIME   1
#define VERSION_7      7
#define FRACTIONS_A_MS 4096

static int
push_uuid(lua_State *L, const uuid_t id)
{
    char text[UUID_STR_LEN];

    uuid_unparse_lower(id, text);
    lua_pushlstring(L, text, UUID_STR_LEN - 1);
    return 1;
}

/* 32 digits, as the 36 characters that libuuid wants. */
static void
add_hyphens(const char *simple, char standard[UUID_STR_LEN])
{
    snprintf(standard, UUID_STR_LEN, "%.8s-%.4s-%.4s-%.4s-%.12s", simple,
        simple + 8, simple + 12, simple + 16, simple + 20);
}

/* Any of the forms that format() makes, in either case. */
static int
read_uuid(const char *text, size_t len, uuid_t id)
{
    char standard[UUID_STR_LEN];

    if (len == URN_LEN + UUID_STR_LEN - 1 && memcmp(text, URN, URN_LEN) == 0) {
        text += URN_LEN;
        len -= URN_LEN;
    }
    if (strlen(text) != len)
        return 0;
    if (len == SIMPLE_LEN) {
        add_hyphens(text, standard);
        text = standard;
    }
    return strlen(text) == UUID_STR_LEN - 1 && uuid_parse(text, id) == 0;
}

static int
test_uuid(lua_State *L, int index, uuid_t id)
{
    size_t len;
    const char *text;

    if (lua_type(L, index) != LUA_TSTRING)
        return 0;
    text = lua_tolstring(L, index, &len);
    return read_uuid(text, len, id);
}

static int
refuse(lua_State *L, int index)
{
    lua_settop(L, index);
    return kl__error_nil(L, "Invalid", KL_RETRY_NO, "invalid UUID: %s",
        luaL_tolstring(L, index, NULL));
}

static int
uuid_v1(lua_State *L)
{
    uuid_t id;

    uuid_generate_time(id);
    return push_uuid(L, id);
}

static int
uuid_v4(lua_State *L)
{
    uuid_t id;

    uuid_generate_random(id);
    return push_uuid(L, id);
}

/* Milliseconds and their fraction, later than all before. */
static uint64_t
next_tick(struct kl__process *p)
{
    uint64_t ns = (uint64_t)p->api->unix_ns(p->api);
    uint64_t tick =
        ns / 1000000 * FRACTIONS_A_MS + ns % 1000000 * FRACTIONS_A_MS / 1000000;

    if (tick <= p->last_uuid)
        tick = p->last_uuid + 1;
    p->last_uuid = tick;
    return tick;
}

static int
uuid_v7(lua_State *L)
{
    uint64_t tick = next_tick(kl__process_of(L));
    uint64_t ms = tick / FRACTIONS_A_MS;
    uuid_t id;

    /* Its variant is right already. */
    uuid_generate_random(id);
    for (int i = 0; i < 6; i++)
        id[i] = (unsigned char)(ms >> (40 - 8 * i));
    id[6] = (unsigned char)(VERSION_7 << 4 | (tick >> 8 & 0xf));
    id[7] = (unsigned char)(tick & 0xff);
    return push_uuid(L, id);
}

static int
make_named(
    lua_State *L, void (*make)(uuid_t, const uuid_t, const char *, size_t))
{
    uuid_t space, id;
    const char *name;
    size_t len;

    if (!test_uuid(L, 1, space))
        return refuse(L, 1);
    if (!lua_isstring(L, 2))
        return kl__error_nil(
            L, "Invalid", KL_RETRY_NO, "name must be a string");
    name = lua_tolstring(L, 2, &len);
    make(id, space, name, len);
    return push_uuid(L, id);
}

static int
uuid_v3(lua_State *L)
{
    return make_named(L, uuid_generate_md5);
}

static int
uuid_v5(lua_State *L)
{
    return make_named(L, uuid_generate_sha1);
}

static int
uuid_validate(lua_State *L)
{
    uuid_t id;

    luaL_checkany(L, 1);
    lua_pushboolean(L, test_uuid(L, 1, id));
    return 1;
}

static int
uuid_version(lua_State *L)
{
    uuid_t id;

    if (!test_uuid(L, 1, id))
        return refuse(L, 1);
    lua_pushinteger(L, uuid_type(id));
    return 1;
}

static const char *
variant_name(const uuid_t id)
{
    switch (uuid_variant(id)) {
    case UUID_VARIANT_NCS:
        return "NCS";
    case UUID_VARIANT_DCE:
        return "RFC4122";
    case UUID_VARIANT_MICROSOFT:
        return "Microsoft";
    default:
        return "Future";
    }
}

static int
get_variant(lua_State *L)
{
    uuid_t id;

    if (!test_uuid(L, 1, id))
        return refuse(L, 1);
    lua_pushstring(L, variant_name(id));
    return 1;
}

/* Unix time in seconds; as fine as the version has it. */
static double
seconds_of_v1(const uuid_t id)
{
    struct timeval time;

    uuid_time(id, &time);
    return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

static double
seconds_of_v7(const uuid_t id)
{
    uint64_t ms = 0;

    for (int i = 0; i < 6; i++)
        ms = ms << 8 | id[i];
    return (double)ms / 1e3;
}

static void
set_node(lua_State *L, const uuid_t id)
{
    char node[13];

    snprintf(node, sizeof(node), "%02x%02x%02x%02x%02x%02x", id[10], id[11],
        id[12], id[13], id[14], id[15]);
    lua_pushstring(L, node);
    lua_setfield(L, -2, "node");
}

static int
parse(lua_State *L)
{
    uuid_t id;
    int version;

    if (!test_uuid(L, 1, id))
        return refuse(L, 1);
    version = uuid_type(id);
    lua_createtable(L, 0, 4);
    lua_pushinteger(L, version);
    lua_setfield(L, -2, "version");
    lua_pushstring(L, variant_name(id));
    lua_setfield(L, -2, "variant");
    if (version == VERSION_TIME || version == VERSION_7) {
        lua_pushnumber(
            L, version == VERSION_7 ? seconds_of_v7(id) : seconds_of_v1(id));
        lua_setfield(L, -2, "timestamp");
    }
    if (version == VERSION_TIME)
        set_node(L, id);
    return 1;
}

static int
format(lua_State *L)
{
    const char *form =
        lua_isnoneornil(L, 2) ? "standard" : kl__dest_text(L, 2, NULL);
    uuid_t id;

    if (!test_uuid(L, 1, id))
        return refuse(L, 1);
    push_uuid(L, id);
    if (strcmp(form, "standard") == 0)
        return 1;
    if (strcmp(form, "simple") == 0) {
        luaL_gsub(L, lua_tostring(L, -1), "-", "");
        return 1;
    }
    if (strcmp(form, "urn") == 0) {
        lua_pushfstring(L, URN "%s", lua_tostring(L, -1));
        return 1;
    }
    return kl__error_nil(
        L, "Invalid", KL_RETRY_NO, "unknown UUID format: %s", form);
}

int
kl__open_uuid(lua_State *L)
{
    static const luaL_Reg functions[] = {{"v1", uuid_v1}, {"v3", uuid_v3},
        {"v4", uuid_v4}, {"v5", uuid_v5}, {"v7", uuid_v7},
        {"validate", uuid_validate}, {"version", uuid_version},
        {"variant", get_variant}, {"parse", parse}, {"format", format},
        {NULL, NULL}};

    luaL_newlib(L, functions);
    kl__readonly(L);
    return 1;
}
