/* SPDX-License-Identifier: MIT */
/*
 * From the bus to channels.
 *
 * One message can be for several subscriptions. Each has a delivery of its own,
 * and the message's `ref`, which has no meaning in mail, counts them.
 */

#include "events/subscription.h"

#include "channel/channel_core.h"
#include "mail/mail.h"
#include "process/process.h"
#include "value/value.h"

#include <lauxlib.h>
#include <stdlib.h>
#include <string.h>

/* Events that a closed channel still hands over. */
#define BUFFER 64

struct kl__delivery {
    struct kl__delivery *next;
    kd_message *message;
    uint64_t rank; /* Among all that has arrived. */
};

/* The parts of such a message; the data is the value at `data`. */
struct event {
    uint64_t number;
    struct kl__bus_event names;
    kd_item path;
    kd_reader data;
};

static uint64_t peek(struct kl__process *p, struct kl__channel *ch);
static void take(lua_State *L, struct kl__process *p, struct kl__channel *ch);
static struct kl__subscription *make(
    struct kl__process *p, const struct kl__bus_event *patterns);
static void unlink_own(
    struct kl__process *p, struct kl__subscription *subscription);
static void free_one(
    struct kl__process *p, struct kl__subscription *subscription);
static int deliver(struct kl__process *p, struct kl__subscription *subscription,
    kd_message *message);
static void drop_first(
    struct kl__process *p, struct kl__subscription *subscription);
static int read_event(const kd_message *message, struct event *event);
static int read_name(kd_reader *r, const char **text, size_t *len);
static void set_text(
    lua_State *L, const char *key, const void *text, size_t len);

static const struct kl__source source = {peek, take};

struct kl__subscription *
kl__subscription_open(
    lua_State *L, struct kl__process *p, const struct kl__bus_event *patterns)
{
    struct kl__channel *ch = kl__channel_push(L, BUFFER, &source, NULL);
    struct kl__subscription *made;
    int ref;

    lua_pushvalue(L, -1);
    ref = luaL_ref(L, LUA_REGISTRYINDEX);
    made = make(p, patterns);
    if (made == NULL) {
        luaL_unref(L, LUA_REGISTRYINDEX, ref);
        lua_pop(L, 1);
        return NULL;
    }
    made->channel = ch;
    made->ref = ref;
    kl__channel_set_arg(ch, made);
    made->next = p->subscriptions.first;
    p->subscriptions.first = made;
    kl__task_external(p, 1);
    return made;
}

void
kl__subscription_close(
    lua_State *L, struct kl__process *p, struct kl__subscription *subscription)
{
    int ref = subscription->ref;

    kl__channel_close(p, subscription->channel);
    kl__task_external(p, -1);
    unlink_own(p, subscription);
    free_one(p, subscription);
    luaL_unref(L, LUA_REGISTRYINDEX, ref);
}

void
kl__subscriptions_sort(struct kl__process *p, kd_message *message)
{
    struct kl__subscription *each = p->subscriptions.first;
    struct event event;

    message->ref = 1;
    if (read_event(message, &event) != 0)
        each = NULL;
    for (; each != NULL; each = each->next) {
        if (event.number > each->entry.since &&
            kl__bus_wants(&each->entry, &event.names) &&
            deliver(p, each, message))
            kl__channel_arrived(p, each->channel);
    }
    if (--message->ref == 0)
        kd_proc_release(p->proc, message);
}

void
kl__subscriptions_fini(struct kl__process *p)
{
    struct kl__subscriptions *all = &p->subscriptions;
    struct kl__subscription *each;

    while ((each = all->first) != NULL) {
        all->first = each->next;
        free_one(p, each);
    }
    kl__bus_member_drop(all->member);
    all->member = NULL;
}

int
kl__event_write(lua_State *L, uint64_t number,
    const struct kl__bus_event *event, const char *path, size_t path_len,
    int data, kd_writer *to)
{
    kd_write_array(to, 5);
    kd_write_int(to, (int64_t)number);
    kd_write_string(to, event->system, event->system_len);
    kd_write_string(to, event->kind, event->kind_len);
    kd_write_string(to, path, path_len);
    return kl__value_write(L, data, "data", to);
}

static uint64_t
peek(struct kl__process *p, struct kl__channel *ch)
{
    const struct kl__subscription *subscription = ch->arg;

    while (subscription->first == NULL && kl__mail_fetch(p))
        continue;
    return subscription->first == NULL ? UINT64_MAX : subscription->first->rank;
}

/* What is dropped last is found again if a push leaves the process. */
static void
take(lua_State *L, struct kl__process *p, struct kl__channel *ch)
{
    struct kl__subscription *subscription = ch->arg;
    struct event event;

    lua_createtable(L, 0, 4);
    if (read_event(subscription->first->message, &event) == 0) {
        set_text(L, "system", event.names.system, event.names.system_len);
        set_text(L, "kind", event.names.kind, event.names.kind_len);
        set_text(L, "path", event.path.data, event.path.len);
        if (kl__value_read(L, &event.data) == 0)
            lua_setfield(L, -2, "data");
    }
    drop_first(p, subscription);
}

/* On the bus, but not yet in the list. */
static struct kl__subscription *
make(struct kl__process *p, const struct kl__bus_event *patterns)
{
    struct kl__subscriptions *all = &p->subscriptions;
    size_t len = patterns->system_len + patterns->kind_len;
    struct kl__subscription *made = calloc(1, sizeof(*made) + len);
    struct kl__bus_entry *entry;

    if (all->member == NULL)
        all->member = kl__bus_member_new(kd_proc_self(p->proc));
    if (made == NULL || all->member == NULL) {
        free(made);
        return NULL;
    }
    entry = &made->entry;
    entry->member = all->member;
    memcpy(made->patterns, patterns->system, patterns->system_len);
    entry->system = made->patterns;
    entry->system_len = patterns->system_len;
    if (patterns->kind != NULL) {
        entry->kind = made->patterns + patterns->system_len;
        entry->kind_len = patterns->kind_len;
        memcpy(made->patterns + patterns->system_len, patterns->kind,
            patterns->kind_len);
    }
    if (kl__bus_add(all->bus, entry) == KD_OK)
        return made;
    free(made);
    return NULL;
}

static void
unlink_own(struct kl__process *p, struct kl__subscription *subscription)
{
    struct kl__subscription **at = &p->subscriptions.first;

    while (*at != subscription)
        at = &(*at)->next;
    *at = subscription->next;
}

static void
free_one(struct kl__process *p, struct kl__subscription *subscription)
{
    kl__bus_remove(p->subscriptions.bus, &subscription->entry);
    while (subscription->first != NULL)
        drop_first(p, subscription);
    free(subscription);
}

/* Without memory it is missed. */
static int
deliver(struct kl__process *p, struct kl__subscription *subscription,
    kd_message *message)
{
    struct kl__delivery *delivery = malloc(sizeof(*delivery));

    if (delivery == NULL)
        return 0;
    delivery->next = NULL;
    delivery->message = message;
    delivery->rank = ++p->mail.arrived;
    message->ref++;
    if (subscription->first == NULL)
        subscription->first = delivery;
    else
        subscription->last->next = delivery;
    subscription->last = delivery;
    return 1;
}

static void
drop_first(struct kl__process *p, struct kl__subscription *subscription)
{
    struct kl__delivery *delivery = subscription->first;

    subscription->first = delivery->next;
    if (--delivery->message->ref == 0)
        kd_proc_release(p->proc, delivery->message);
    free(delivery);
}

/* Any plugin may have sent it: nothing is taken for granted. */
static int
read_event(const kd_message *message, struct event *event)
{
    kd_reader r = kd_reader_make(message->payload.data, message->payload.len);
    kd_item item;

    if (message->payload.format != KD_FORMAT_TERM ||
        kd_reader_next(&r, &item) != KD_TERM_ARRAY || item.len != 5 ||
        kd_reader_next(&r, &item) != KD_TERM_INT)
        return -1;
    event->number = (uint64_t)item.integer;
    if (read_name(&r, &event->names.system, &event->names.system_len) != 0 ||
        read_name(&r, &event->names.kind, &event->names.kind_len) != 0 ||
        kd_reader_next(&r, &event->path) != KD_TERM_STRING)
        return -1;
    event->data = r;
    return 0;
}

static int
read_name(kd_reader *r, const char **text, size_t *len)
{
    kd_item item;

    if (kd_reader_next(r, &item) != KD_TERM_STRING)
        return -1;
    *text = (const char *)item.data;
    *len = item.len;
    return 0;
}

static void
set_text(lua_State *L, const char *key, const void *text, size_t len)
{
    lua_pushlstring(L, len == 0 ? "" : (const char *)text, len);
    lua_setfield(L, -2, key);
}
