/* SPDX-License-Identifier: MIT */
/*
 * Requests under way are found by their numbers, in a table of the registry. An
 * answer stays in a list of the process until the task that waits for it reads
 * it: reading may leave the process by a long jump.
 */

#include "mail/ask.h"

#include "process/process.h"
#include "value/payload.h"
#include "value/value.h"

#include <lauxlib.h>

#define ASKS "kindred.asks"

struct ask {
    struct kl__task *task;
    kd_ref ref;
    int outcome; /* KL_ASK_, 0: it is under way. */
};

/* To a process, with what is in the scratch buffer. */
struct question {
    kd_pid to;
    const char *topic;
    kd_time due_ns;
};

static kd_status send(
    struct kl__process *p, const void *arg, kd_ref *ref, kd_error *err);
static struct ask *find(struct kl__process *p, kd_ref ref);
static void settle(struct kl__process *p, struct ask *ask, int outcome);
static int is_timeout(const kd_payload *error);
static kd_message *take_reply(struct kl__process *p, kd_ref ref);
static void push_answer(lua_State *L, const kd_message *message);

int
kl__ask(lua_State *L, kd_pid to, const char *topic, kd_time due_ns,
    lua_KFunction done, kd_error *err)
{
    const struct question question = {to, topic, due_ns};

    return kl__ask_by(L, send, &question, done, err);
}

int
kl__ask_by(lua_State *L, kl__ask_send send_by, const void *arg,
    lua_KFunction done, kd_error *err)
{
    struct kl__process *p = kl__process_of(L);
    struct ask *ask;
    kd_status status;

    kl__task_check_wait(L);
    luaL_getsubtable(L, LUA_REGISTRYINDEX, ASKS);
    ask = (struct ask *)lua_newuserdatauv(L, sizeof(*ask), 0);
    ask->task = kl__task_current(L);
    ask->outcome = 0;
    status = send_by(p, arg, &ask->ref, err);
    kl__value_scratch_trim(p);
    if (status != KD_OK) {
        err->code = status;
        lua_pop(L, 2);
        return 0;
    }
    kl__task_external(p, 1);
    lua_pushvalue(L, -1);
    lua_rawseti(L, -3, (lua_Integer)ask->ref);
    lua_remove(L, -2);
    return kl__task_wait(L, done, lua_gettop(L));
}

/* The userdata lies at the place that `ctx` says. */
int
kl__ask_take(lua_State *L, lua_KContext ctx)
{
    struct kl__process *p = kl__process_of(L);
    const struct ask *ask = lua_touserdata(L, (int)ctx);
    kd_message *message;

    if (ask->outcome != KL_ASK_ANSWERED)
        return ask->outcome;
    for (message = p->mail.replies.first; message != NULL;
         message = message->next) {
        if (message->ref == ask->ref) {
            push_answer(L, message);
            break;
        }
    }
    kd_proc_release(p->proc, take_reply(p, ask->ref));
    return KL_ASK_ANSWERED;
}

void
kl__ask_reply(struct kl__process *p, kd_message *message)
{
    struct ask *ask;

    kl__letters_append(&p->mail.replies, message);
    ask = find(p, message->ref);
    if (ask != NULL)
        settle(p, ask, KL_ASK_ANSWERED);
    else
        kd_proc_release(p->proc, take_reply(p, message->ref));
}

void
kl__ask_failed(struct kl__process *p, const kd_signal *signal)
{
    struct ask *ask = find(p, signal->ref);

    if (ask != NULL)
        settle(
            p, ask, is_timeout(&signal->error) ? KL_ASK_TIMEOUT : KL_ASK_ENDED);
}

static kd_status
send(struct kl__process *p, const void *arg, kd_ref *ref, kd_error *err)
{
    const struct question *question = (const struct question *)arg;
    kd_payload payload =
        kd_payload_make(KD_FORMAT_TERM, p->scratch.data, p->scratch.len);

    return kd_proc_request(p->proc, question->to, question->topic, &payload,
        question->due_ns, ref, err);
}

static struct ask *
find(struct kl__process *p, kd_ref ref)
{
    lua_State *L = kl__process_aside(p);
    struct ask *ask = NULL;

    luaL_checkstack(L, LUA_MINSTACK, NULL);
    if (lua_getfield(L, LUA_REGISTRYINDEX, ASKS) == LUA_TTABLE) {
        lua_rawgeti(L, -1, (lua_Integer)ref);
        ask = (struct ask *)lua_touserdata(L, -1);
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
    return ask;
}

/* The task holds the userdata on its stack; the table need not any more. */
static void
settle(struct kl__process *p, struct ask *ask, int outcome)
{
    lua_State *L = kl__process_aside(p);

    lua_getfield(L, LUA_REGISTRYINDEX, ASKS);
    lua_pushnil(L);
    lua_rawseti(L, -2, (lua_Integer)ask->ref);
    lua_pop(L, 1);
    ask->outcome = outcome;
    kl__task_external(p, -1);
    kl__task_ready(p, ask->task);
}

/* Its kind stands first in what the host makes. */
static int
is_timeout(const kd_payload *error)
{
    static const char word[] = "Timeout";
    kd_reader r = kd_reader_make(error->data, error->len);
    kd_item item;

    if (kd_reader_next(&r, &item) != KD_TERM_EXT)
        return 0;
    r = kd_reader_make(item.data, item.len);
    if (kd_reader_next(&r, &item) != KD_TERM_MAP ||
        kd_reader_next(&r, &item) != KD_TERM_STRING ||
        kd_reader_next(&r, &item) != KD_TERM_STRING)
        return 0;
    return item.len == sizeof(word) - 1 &&
           memcmp(item.data, word, item.len) == 0;
}

static kd_message *
take_reply(struct kl__process *p, kd_ref ref)
{
    struct kl__letters rest = {NULL, NULL};
    kd_message *found = NULL;
    kd_message *message;

    while ((message = kl__letters_shift(&p->mail.replies)) != NULL) {
        if (message->ref == ref)
            found = message;
        else
            kl__letters_append(&rest, message);
    }
    p->mail.replies = rest;
    return found;
}

static void
push_answer(lua_State *L, const kd_message *message)
{
    const kd_payload *payload = &message->payload;
    kd_reader reader = kd_reader_make(payload->data, payload->len);
    kd_item item;

    luaL_checkstack(L, LUA_MINSTACK, NULL);
    if (payload->format == KD_FORMAT_TERM &&
        kd_reader_next(&reader, &item) == KD_TERM_EXT &&
        item.integer == KD_TERM_EXT_ERROR)
        lua_pushnil(L);
    kl__payload_read(L, payload);
}
