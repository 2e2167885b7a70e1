/* SPDX-License-Identifier: MIT */
/*
 * All that a child gets is written into the scratch buffer of the process, one
 * after the other, and what may raise is done before the child is made.
 *
 * Its first mail is a table: topic, payload and whether it is of several
 * values, for each message. A payload is a string, or false if there is none.
 */

#include "calls/child.h"

#include "calls/context.h"
#include "modules/lib_process.h"
#include "process/preempt.h"
#include "process/process.h"
#include "value/error.h"
#include "value/value.h"

#include <lauxlib.h>
#include <string.h>

/* Elements of the table for each message. */
enum { TOPIC = 1, PAYLOAD, IS_MANY, MAIL_STEP = IS_MANY };

static int write_all(lua_State *L, const struct kl__child *child,
    kd_writer *scratch, kd_spawn *how);
static const kd_mail *push_mail(lua_State *L, int index, size_t *n);
static int take_over(
    lua_State *L, const kd_spawn *how, kd_pid holder, kd_error *err);
static int refuse_arguments(lua_State *L, const struct kl__child *child);
static int refuse(lua_State *L, const struct kl__child *child, const char *text,
    const char *id);
static int refuse_kind(lua_State *L, const struct kl__child *child,
    const char *text, const kd_entry *entry);
static int fail(lua_State *L, const struct kl__child *child, kd_status status,
    kd_error *err);

int
kl__child_make(lua_State *L, const struct kl__child *child, kd_pid *pid)
{
    struct kl__process *p = kl__process_of(L);
    int top = lua_gettop(L);
    kd_status status;
    kd_spawn how;
    kd_error err;

    memset(&how, 0, sizeof(how));
    how.size = (uint32_t)sizeof(how);
    how.flags = child->flags;
    how.entry = child->entry;
    how.host = child->host;
    how.name = child->name;
    if (child->mail != 0)
        how.mail = push_mail(L, child->mail, &how.n_mail);
    if (write_all(L, child, kl__value_scratch(p), &how) != 0)
        return refuse_arguments(L, child);
    do {
        kl__process_error_init(&err);
        status = kd_proc_spawn(p->proc, &how, pid, &err);
    } while (status == KD_EEXIST && !take_over(L, &how, *pid, &err));
    kl__value_scratch_trim(p);
    kl__preempt_gave(p);
    lua_settop(L, top);
    if (status == KD_EEXIST)
        status = err.code;
    return status == KD_OK ? 0 : fail(L, child, status, &err);
}

void
kl__child_mail(lua_State *L, int mail, int topic, int first, int last)
{
    struct kl__process *p = kl__process_of(L);
    kd_writer *scratch = kl__value_scratch(p);
    lua_Integer count = lua_istable(L, mail) ? luaL_len(L, mail) : 0;
    int is_many = last > first;
    int status = 0;

    if (is_many)
        status = kl__value_write_args(L, first, last, scratch);
    else if (first == last)
        status = kl__value_write(L, first, "args[1]", scratch);
    if (status != 0)
        luaL_error(L, "%s", lua_tostring(L, -1));
    lua_createtable(L, (int)count + MAIL_STEP, 0);
    for (lua_Integer i = 1; i <= count; i++) {
        lua_rawgeti(L, mail, i);
        lua_rawseti(L, -2, i);
    }
    lua_pushvalue(L, topic);
    lua_rawseti(L, -2, count + TOPIC);
    if (last < first)
        lua_pushboolean(L, 0);
    else
        lua_pushlstring(L, (const char *)scratch->data, scratch->len);
    lua_rawseti(L, -2, count + PAYLOAD);
    lua_pushboolean(L, is_many);
    lua_rawseti(L, -2, count + IS_MANY);
    kl__value_scratch_trim(p);
}

/*
 * Arguments and context. Returns 0; or -1, with a sentence pushed, for what
 * cannot travel.
 */
static int
write_all(lua_State *L, const struct kl__child *child, kd_writer *scratch,
    kd_spawn *how)
{
    const kd_proc *proc = kl__process_of(L)->proc;
    size_t args_len = 0;

    if (child->last >= child->first &&
        kl__value_write_args(L, child->first, child->last, scratch) != 0)
        return -1;
    args_len = scratch->len;
    if (child->is_bare)
        kd_write_map(scratch, 0);
    else if (child->changes != 0)
        kl__context_write(L, child->changes, scratch);
    if (scratch->status != KD_OK) {
        lua_pushliteral(L, "out of memory");
        return -1;
    }
    how->args = kd_payload_none();
    if (args_len > 0)
        how->args = kd_payload_make(KD_FORMAT_TERM, scratch->data, args_len);
    how->context = kd_proc_context(proc);
    if (scratch->len > args_len)
        how->context = kd_payload_make(
            KD_FORMAT_TERM, scratch->data + args_len, scratch->len - args_len);
    return 0;
}

/* Push an array of messages, which lasts as long as the table does. */
static const kd_mail *
push_mail(lua_State *L, int index, size_t *n)
{
    size_t count = (size_t)luaL_len(L, index) / MAIL_STEP;
    kd_mail *mail = lua_newuserdatauv(L, count * sizeof(*mail), 0);

    for (size_t i = 0; i < count; i++) {
        lua_Integer base = (lua_Integer)i * MAIL_STEP;
        const char *bytes;
        size_t len;

        memset(&mail[i], 0, sizeof(mail[i]));
        mail[i].size = (uint32_t)sizeof(mail[i]);
        mail[i].payload = kd_payload_none();
        lua_rawgeti(L, index, base + TOPIC);
        mail[i].topic = lua_tolstring(L, -1, &mail[i].topic_len);
        lua_rawgeti(L, index, base + PAYLOAD);
        bytes = lua_tolstring(L, -1, &len);
        if (bytes != NULL)
            mail[i].payload = kd_payload_make(KD_FORMAT_TERM, bytes, len);
        lua_rawgeti(L, index, base + IS_MANY);
        mail[i].flags = lua_toboolean(L, -1) ? KD_MESSAGE_MANY : 0;
        lua_pop(L, 3);
    }
    *n = count;
    return mail;
}

/*
 * The name was taken: its holder is what we get. Returns 0 if it has ended
 * meanwhile, and so the name may be free. Else err->code says what came of it.
 */
static int
take_over(lua_State *L, const kd_spawn *how, kd_pid holder, kd_error *err)
{
    struct kl__process *p = kl__process_of(L);
    const kd_api *api = p->api;
    int is_new = 0;
    size_t i;

    kl__process_error_init(err);
    if (how->flags & KD_SPAWN_MONITOR) {
        err->code = kd_proc_monitor(p->proc, holder, err);
        is_new = err->code == KD_OK;
        if (err->code == KD_EEXIST)
            err->code = KD_OK;
    }
    for (i = 0; i < how->n_mail && err->code == KD_OK; i++)
        err->code =
            api->send(api, holder, how->mail[i].topic, how->mail[i].topic_len,
                how->mail[i].flags, &how->mail[i].payload, err);
    /* Last: it is not taken back. */
    if (err->code == KD_OK && (how->flags & KD_SPAWN_LINK))
        err->code = kd_proc_link(p->proc, holder, err);
    if (err->code != KD_OK && is_new)
        kd_proc_unmonitor(p->proc, holder, NULL);
    return err->code != KD_EGONE;
}

/*
 * The arguments are looked at only when all else is right, and the host looks
 * at all else when it is asked to spawn. What can be known without that is
 * said first, so that the order of P6 holds; the sentence about the arguments
 * is on top of the stack.
 */
static int
refuse_arguments(lua_State *L, const struct kl__child *child)
{
    const kd_api *api = kl__process_of(L)->api;
    const kd_entry *entry = api->entry_find(api, child->entry);
    const kd_entry *host = NULL;

    if (child->host != NULL) {
        host = api->entry_find(api, child->host);
        if (host == NULL)
            return refuse(L, child, "host not found", child->host);
        if (api->entry_class(host) != KD_CLASS_HOST)
            return refuse_kind(L, child, "not a host", host);
    }
    if (entry == NULL)
        return refuse(L, child, "entry not found", child->entry);
    if (api->entry_class(entry) != KD_CLASS_WORKER ||
        ((child->flags & KD_SPAWN_FUNCTION) == 0 &&
            strcmp(api->entry_kind(entry), "function.lua") == 0))
        return refuse_kind(L, child, "not a process", entry);
    return kl__value_refuse(
        L, child->is_module ? KL_RETRY_NO : KL_RETRY_UNKNOWN);
}

static int
refuse(lua_State *L, const struct kl__child *child, const char *text,
    const char *id)
{
    return kl__error_nil(L, "NotFound",
        child->is_module ? KL_RETRY_NO : KL_RETRY_UNKNOWN, "%s: %s", text, id);
}

static int
refuse_kind(lua_State *L, const struct kl__child *child, const char *text,
    const kd_entry *entry)
{
    const kd_api *api = kl__process_of(L)->api;

    return kl__error_nil(L, "Invalid",
        child->is_module ? KL_RETRY_NO : KL_RETRY_UNKNOWN, "%s: %s (%s)", text,
        api->entry_id(entry), api->entry_kind(entry));
}

static int
fail(lua_State *L, const struct kl__child *child, kd_status status,
    kd_error *err)
{
    if (child->is_module && (status == KD_EINVAL || status == KD_ENOTFOUND))
        err->flags |= KD_ERROR_FINAL;
    return kl__process_result(L, status, err);
}
