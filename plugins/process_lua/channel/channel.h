/* SPDX-License-Identifier: MIT */
/*
 * Channels of one process (semantics H), a userdata for programs.
 *
 * A channel is the program's own, or a timer's, or has a source outside: mail
 * or events. A source is asked when a receiver comes, and says when it has
 * something for those that wait. With a capacity, its first value counts as
 * buffered: it is chosen before mail; and as many as it has places are still
 * received after a close.
 */
#ifndef KL_CHANNEL_H
#define KL_CHANNEL_H

#include <lua.h>
#include <stdint.h>

struct kl__process;
struct kl__channel;

/* A source, by which receives are served from outside the state. */
struct kl__source {
    /*
     * Rank of the first value there is, UINT64_MAX if none. Lower goes first
     * among mail (H6 rule 3); 0 is an event, which goes before everything.
     */
    uint64_t (*peek)(struct kl__process *p, struct kl__channel *ch);
    /*
     * Push that value and forget it. Only after a peek that found one. L may be
     * the stack of a task that waits, with room for a dozen values.
     */
    void (*take)(lua_State *L, struct kl__process *p, struct kl__channel *ch);
};

/* Push a new channel. `arg` is the source's own: kl__channel::arg. */
struct kl__channel *kl__channel_push(lua_State *L, lua_Integer capacity,
    const struct kl__source *source, void *arg);

void kl__channel_set_arg(struct kl__channel *ch, void *arg);

/* The channel at an index, or an argument error that says so. */
struct kl__channel *kl__channel_check(lua_State *L, int index);

/*
 * The source has at least one value now: serve the receivers that wait, as
 * long as there are any and peek finds something.
 */
void kl__channel_notify(struct kl__process *p, struct kl__channel *ch);

/*
 * Close: receivers that wait get nil, false; buffered values stay. From then
 * on the source is not asked again.
 */
void kl__channel_close(struct kl__process *p, struct kl__channel *ch);

/* Push the table that is the global `channel`; returns 1. */
int kl__open_channel(lua_State *L);

#endif
