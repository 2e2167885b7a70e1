/* SPDX-License-Identifier: MIT */
/*
 * Message objects: one block of memory with the sender's pid and the bytes of
 * the payload. A number or a string is decoded at once instead.
 */

#include "mail/message.h"

#include "process/process.h"
#include "value/payload.h"

#include <lauxlib.h>
#include <string.h>

/* User values: the topic once it was asked for, nil before; a value or, in the
 * end, what payload() gives. */
#define TOPIC   1
#define CONTENT 2

/* What there is of a payload. */
enum state { NOTHING, VALUE, BYTES, MANY, GIVEN };

struct message {
    kd_pid from;
    enum state state;
    uint32_t format;
    size_t len;
    size_t topic_len;
    unsigned char bytes[]; /* The topic's are behind those of the payload. */
};

static enum state state_of(const kd_message *message);
static int get_topic(lua_State *L);
static int get_from(lua_State *L);
static int get_payload(lua_State *L);
static int tostring(lua_State *L);
static void push_topic(lua_State *L, const struct message *m);
static void push_payload(lua_State *L, const struct message *message);
static void push_payloads(lua_State *L, const struct message *message);

static const luaL_Reg methods[] = {{"topic", get_topic}, {"from", get_from},
    {"payload", get_payload}, {NULL, NULL}};
static const luaL_Reg meta[] = {{"__tostring", tostring}, {NULL, NULL}};

const struct kl__type kl__message_type = {.name = "message",
    .methods = methods,
    .meta = meta,
    .common = KL_OBJECT_MESSAGE};

void
kl__message_push(lua_State *L, const kd_message *message)
{
    enum state state = state_of(message);
    size_t len = state == VALUE ? 0 : message->payload.len;
    struct message *m = (struct message *)lua_newuserdatauv(
        L, sizeof(*m) + len + message->topic_len, 2);

    m->from = message->from;
    m->state = state;
    m->format = message->payload.format;
    m->len = len;
    m->topic_len = message->topic_len;
    if (len > 0)
        memcpy(m->bytes, message->payload.data, len);
    memcpy(m->bytes + len, message->topic, message->topic_len);
    if (state == VALUE) {
        kl__payload_read(L, &message->payload);
        lua_setiuservalue(L, -2, CONTENT);
    }
    kl__object_set(L, &kl__message_type);
}

static enum state
state_of(const kd_message *message)
{
    if (message->payload.format == KD_FORMAT_NONE)
        return NOTHING;
    if (message->flags & KD_MESSAGE_MANY)
        return MANY;
    return kl__payload_is_flat(&message->payload) ? VALUE : BYTES;
}

static int
get_topic(lua_State *L)
{
    push_topic(
        L, (const struct message *)kl__object_check(L, 1, &kl__message_type));
    return 1;
}

static int
get_from(lua_State *L)
{
    const struct message *m =
        (const struct message *)kl__object_check(L, 1, &kl__message_type);
    const kd_api *api = kl__process_of(L)->api;
    char text[KD_PID_TEXT];

    if (kd_pid_is_none(m->from))
        lua_pushliteral(L, "");
    else
        lua_pushlstring(L, text, api->pid_text(api, m->from, text));
    return 1;
}

static int
get_payload(lua_State *L)
{
    struct message *m =
        (struct message *)kl__object_check(L, 1, &kl__message_type);

    lua_settop(L, 1);
    if (m->state == NOTHING) {
        lua_pushnil(L);
        return 1;
    }
    if (m->state == GIVEN) {
        lua_getiuservalue(L, 1, CONTENT);
        return 1;
    }
    push_payload(L, m);
    lua_pushvalue(L, -1);
    lua_setiuservalue(L, 1, CONTENT);
    m->state = GIVEN;
    return 1;
}

static int
tostring(lua_State *L)
{
    const struct message *m =
        (const struct message *)kl__object_check(L, 1, &kl__message_type);

    lua_pushliteral(L, "process.Message{topic=");
    push_topic(L, m);
    lua_pushliteral(L, "}");
    lua_concat(L, 3);
    return 1;
}

/* Of the message at index 1. Many are never asked for it. */
static void
push_topic(lua_State *L, const struct message *m)
{
    if (lua_getiuservalue(L, 1, TOPIC) != LUA_TNIL)
        return;
    lua_pop(L, 1);
    lua_pushlstring(L, (const char *)m->bytes + m->len, m->topic_len);
    lua_pushvalue(L, -1);
    lua_setiuservalue(L, 1, TOPIC);
}

/* The Payload, or an array of them, of the message at index 1. */
static void
push_payload(lua_State *L, const struct message *m)
{
    switch (m->state) {
    case VALUE:
        lua_getiuservalue(L, 1, CONTENT);
        kl__payload_new(L, m->format);
        return;
    case MANY:
        push_payloads(L, m);
        return;
    default:
        kl__payload_view(L, 1, m->format, m->bytes, m->len);
    }
}

/* Each of several values is a part of the bytes; malformed ends early. */
static void
push_payloads(lua_State *L, const struct message *m)
{
    kd_reader at = kd_reader_make(m->bytes, m->len);
    const unsigned char *start;
    kd_payload part;
    kd_item head;

    if (kd_reader_next(&at, &head) != KD_TERM_ARRAY)
        head.len = 0;
    lua_newtable(L);
    for (size_t i = 1; i <= head.len; i++) {
        start = at.at;
        if (kd_reader_skip(&at) != KD_OK)
            return;
        part = kd_payload_make(m->format, start, (size_t)(at.at - start));
        if (kl__payload_is_flat(&part)) {
            kl__payload_read(L, &part);
            kl__payload_new(L, m->format);
        } else {
            kl__payload_view(L, 1, m->format, part.data, part.len);
        }
        lua_rawseti(L, -2, (lua_Integer)i);
    }
}
