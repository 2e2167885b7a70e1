/* SPDX-License-Identifier: MIT */
/*
 * The channels through which programs get mail and events (semantics P12 to
 * P14): sources over the lists of mail.c.
 */

#include "channel/channel_core.h"
#include "mail/event.h"
#include "mail/mail.h"
#include "mail/message.h"
#include "process/process.h"
#include "value/payload.h"

#include <lauxlib.h>

#define NOTHING UINT64_MAX

static uint64_t peek_inbox(struct kl__process *p, struct kl__channel *ch);
static void take_inbox(
    lua_State *L, struct kl__process *p, struct kl__channel *ch);
static uint64_t peek_topic(struct kl__process *p, struct kl__channel *ch);
static void take_topic(
    lua_State *L, struct kl__process *p, struct kl__channel *ch);
static uint64_t peek_event(struct kl__process *p, struct kl__channel *ch);
static void take_event(
    lua_State *L, struct kl__process *p, struct kl__channel *ch);
static uint64_t peek(struct kl__process *p, struct kl__channel *ch,
    const struct kl__letters *letters);
static void release_first(struct kl__process *p, struct kl__letters *letters);
static int open_channel(lua_State *L, struct kl__process *p,
    const struct kl__source *source, void *arg, struct kl__channel **ch);
static void close_channel(
    lua_State *L, struct kl__process *p, struct kl__channel *ch, int ref);
static void close_topic(
    lua_State *L, struct kl__process *p, struct kl__route *route);

static const struct kl__source inbox_source = {peek_inbox, take_inbox};
static const struct kl__source topic_source = {peek_topic, take_topic};
static const struct kl__source event_source = {peek_event, take_event};

void
kl__mail_inbox(lua_State *L, struct kl__process *p)
{
    struct kl__mail *mail = &p->mail;

    if (mail->inbox == NULL)
        mail->inbox_ref = open_channel(L, p, &inbox_source, NULL, &mail->inbox);
    lua_rawgeti(L, LUA_REGISTRYINDEX, mail->inbox_ref);
}

void
kl__mail_events(lua_State *L, struct kl__process *p)
{
    struct kl__mail *mail = &p->mail;

    if (mail->event_channel == NULL)
        mail->event_ref =
            open_channel(L, p, &event_source, NULL, &mail->event_channel);
    lua_rawgeti(L, LUA_REGISTRYINDEX, mail->event_ref);
}

void
kl__mail_listen(lua_State *L, struct kl__process *p, const char *topic,
    size_t len, int whole)
{
    struct kl__route *route = kl__routes_find(&p->mail.routes, topic, len);

    if (route == NULL)
        route = kl__routes_add(&p->mail.routes, topic, len);
    if (route == NULL) {
        luaL_error(L, "not enough memory");
        return;
    }
    if (route->channel == NULL) {
        route->ref = open_channel(L, p, &topic_source, route, &route->channel);
        kl__route_claim(route, &p->mail.rest);
    }
    if (whole)
        route->whole = 1;
    lua_rawgeti(L, LUA_REGISTRYINDEX, route->ref);
}

int
kl__mail_unlisten(lua_State *L, struct kl__process *p, struct kl__channel *ch)
{
    struct kl__mail *mail = &p->mail;

    if (ch == mail->inbox) {
        close_channel(L, p, ch, mail->inbox_ref);
        mail->inbox = NULL;
        return 1;
    }
    if (ch == mail->event_channel) {
        close_channel(L, p, ch, mail->event_ref);
        mail->event_channel = NULL;
        return 1;
    }
    if (ch->source != &topic_source || ch->arg == NULL)
        return 0;
    close_topic(L, p, (struct kl__route *)ch->arg);
    return 1;
}

static uint64_t
peek_inbox(struct kl__process *p, struct kl__channel *ch)
{
    return peek(p, ch, &p->mail.rest);
}

static void
take_inbox(lua_State *L, struct kl__process *p, struct kl__channel *ch)
{
    (void)ch;
    kl__message_push(L, p->mail.rest.first);
    release_first(p, &p->mail.rest);
}

static uint64_t
peek_topic(struct kl__process *p, struct kl__channel *ch)
{
    const struct kl__route *route = (const struct kl__route *)ch->arg;

    return peek(p, ch, &route->letters);
}

static void
take_topic(lua_State *L, struct kl__process *p, struct kl__channel *ch)
{
    struct kl__route *route = (struct kl__route *)ch->arg;

    if (route->whole)
        kl__message_push(L, route->letters.first);
    else
        kl__payload_read(L, &route->letters.first->payload);
    release_first(p, &route->letters);
}

static uint64_t
peek_event(struct kl__process *p, struct kl__channel *ch)
{
    (void)ch;
    return p->mail.events == NULL ? NOTHING : 0;
}

static void
take_event(lua_State *L, struct kl__process *p, struct kl__channel *ch)
{
    struct kl__event *event = p->mail.events;

    (void)ch;
    kl__event_push(L, p, event);
    if (event == p->mail.cancel)
        p->mail.cancel = NULL;
    p->mail.events = event->next;
    kl__event_free(p, event);
}

/* Who finds nothing looks once more whether something has come meanwhile. */
static uint64_t
peek(struct kl__process *p, struct kl__channel *ch,
    const struct kl__letters *letters)
{
    p->mail.recent = ch;
    while (letters->first == NULL && kl__mail_fetch(p))
        continue;
    return letters->first == NULL ? NOTHING : letters->first->ref;
}

static void
release_first(struct kl__process *p, struct kl__letters *letters)
{
    kd_proc_release(p->proc, kl__letters_shift(letters));
}

/* Returns where the registry keeps it; until unlisten it must not go. */
static int
open_channel(lua_State *L, struct kl__process *p,
    const struct kl__source *source, void *arg, struct kl__channel **ch)
{
    struct kl__channel *made =
        kl__channel_push(L, arg == NULL ? 0 : 1, source, arg);
    int ref = luaL_ref(L, LUA_REGISTRYINDEX);

    *ch = made;
    kl__task_external(p, 1);
    return ref;
}

static void
close_channel(
    lua_State *L, struct kl__process *p, struct kl__channel *ch, int ref)
{
    kl__channel_close(p, ch);
    p->mail.recent = NULL;
    luaL_unref(L, LUA_REGISTRYINDEX, ref);
    kl__task_external(p, -1);
}

/* What it leaves behind is for the inbox, in the order in which it came. */
static void
close_topic(lua_State *L, struct kl__process *p, struct kl__route *route)
{
    struct kl__channel *ch = route->channel;

    close_channel(L, p, ch, route->ref);
    kl__channel_set_arg(ch, NULL);
    kl__letters_merge(&p->mail.rest, &route->letters);
    kl__routes_remove(&p->mail.routes, route);
    if (p->mail.inbox != NULL)
        kl__channel_notify(p, p->mail.inbox);
}
