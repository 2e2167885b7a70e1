/* SPDX-License-Identifier: MIT */
/*
 * Mail and events of one process, sorted by the channel that will hand them
 * over (semantics M2 to M4), from before any channel exists.
 *
 * A message stays in the list of its topic, or of all other mail, until a
 * program receives it; so long it counts against the mailbox. Where it goes is
 * decided anew when a channel of listen comes or goes: one that was sent before
 * is found by it, and what it leaves behind goes to the inbox.
 */
#ifndef KL_MAIL_H
#define KL_MAIL_H

#include <kindred/message.h>
#include <lua.h>
#include <stdint.h>

#include "mail/route.h"

struct kl__process;
struct kl__event;

/* A pid that text stands for: most mail goes where the last went. */
struct kl__known {
    kd_pid pid;
    size_t len; /* 0: none yet. */
    char text[40];
};

/* Any message needs what stands first. */
struct kl__mail {
    struct kl__routes routes;   /* Topics with a channel of listen. */
    struct kl__event *events;   /* Events not yet read. */
    struct kl__channel *recent; /* Of all channels the one last looked at. */
    int has_more;               /* The last fetch has not taken all. */
    int inbox_ref;              /* Where `inbox` stands in the registry. */
    struct kl__known known;     /* The last destination. */
    uint64_t arrived;           /* Number of the last message. */
    struct kl__letters rest;    /* What has no channel yet, or the inbox's. */
    struct kl__letters replies; /* Answers that nobody has read; see ask.h. */
    struct kl__event *events_last;
    struct kl__event *cancel;  /* The one of them that is a CANCEL. */
    struct kl__channel *inbox; /* NULL until asked for; anchored in Lua. */
    struct kl__channel *event_channel;
    int event_ref; /* Where that stands in the registry. */
};

/* Take all signals of the slice, as events; called before anything else. */
void kl__mail_signals(struct kl__process *p);
/*
 * Take messages and wake who waits for them; not all of them, if there are
 * very many. Returns, and keeps in has_more, whether there may be others.
 */
int kl__mail_fetch(struct kl__process *p);
/*
 * Forget all channels, whose state goes. What no program has read stays, in its
 * order; answers to what it asked go. The limits are looked up anew.
 */
void kl__mail_detach(struct kl__process *p);
/* Release everything; the state is gone or will not be used again. */
void kl__mail_fini(struct kl__process *p);

/* Push the channel of the inbox, of events, or of a topic. */
void kl__mail_inbox(lua_State *L, struct kl__process *p);
void kl__mail_events(lua_State *L, struct kl__process *p);
/* `whole`: from now on it gives Message objects. Raises without memory. */
void kl__mail_listen(lua_State *L, struct kl__process *p, const char *topic,
    size_t len, int whole);

/* Close one of these channels. Returns 0 if it is none. */
int kl__mail_unlisten(
    lua_State *L, struct kl__process *p, struct kl__channel *ch);

#endif
