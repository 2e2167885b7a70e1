/* SPDX-License-Identifier: MIT */
/*
 * What a channel is made of, for channel.c, select.c and the timers.
 *
 * A channel is a userdata. Its values that are buffered are in a user value,
 * those of waiting senders on the senders' stacks; the functions below need
 * the userdata itself, by its index on the stack, where they touch the buffer.
 */
#ifndef KL_CHANNEL_CORE_H
#define KL_CHANNEL_CORE_H

#include "channel/channel.h"
#include "process/waiter.h"
#include "value/object.h"

/* In channel.c, with the methods. */
extern const struct kl__type kl__channel_type;

/* User value of a channel. */
#define KL_CHANNEL_BUFFER 1 /* The one value, or a table that is a ring. */

struct kl__channel {
    struct kl__queue receivers;
    struct kl__queue senders;
    const struct kl__source *source; /* NULL: the program's own. */
    void *arg;
    uint32_t capacity;
    uint32_t head;  /* Place of the oldest value in the ring. */
    uint32_t count; /* Buffered values. */
    int is_closed;
};

/* Whether what its source has is all that a receive could get: most mail. */
static inline int
kl__channel_is_bare(const struct kl__channel *ch)
{
    return ch->source != NULL && ch->count == 0 && ch->senders.first == NULL &&
           !ch->is_closed;
}

/* What became of a receive that does not wait. */
#define KL_TAKE_NONE   (-1) /* Nothing there, nothing pushed. */
#define KL_TAKE_CLOSED 0    /* Pushed nil. */
#define KL_TAKE_VALUE  1    /* Pushed a value. */

/* As kl__channel_push(), followed by `extra` bytes: kl__channel_extra(). */
struct kl__channel *kl__channel_push_extra(lua_State *L, lua_Integer capacity,
    const struct kl__source *source, void *arg, size_t extra);

void *kl__channel_extra(struct kl__channel *ch);

/*
 * Receive what is ready in the process itself, from the channel at a positive
 * index.
 */
int kl__channel_take(lua_State *L, struct kl__process *p, int index);

/* Give the first value of the source to who waits longest; there are both. */
void kl__channel_serve(struct kl__process *p, struct kl__channel *ch);

/*
 * The source has got one value. As kl__channel_notify(), without a look at the
 * source: while somebody waits it has nothing else.
 */
static inline void
kl__channel_arrived(struct kl__process *p, struct kl__channel *ch)
{
    if (ch->receivers.first != NULL)
        kl__channel_serve(p, ch);
}

/* Rank of what the source has, UINT64_MAX for nothing or no source. */
uint64_t kl__channel_rank(struct kl__process *p, struct kl__channel *ch);

/*
 * Send the value at one positive index to the open channel at another, if that
 * needs no waiting. Returns whether it was sent.
 */
int kl__channel_put(lua_State *L, struct kl__process *p, int index, int value);

/*
 * Hand the value on top of the stack to a receiver that waits, and pop it; or
 * return 0 and leave it. The receiver's stack may be L: nothing else may be on
 * it then that the caller put there.
 */
int kl__channel_give(
    lua_State *L, struct kl__process *p, struct kl__channel *ch);

/*
 * Pop a value into the buffer of the channel at a positive index. Drops it,
 * and returns 0, if the channel is full or closed.
 */
int kl__channel_store(lua_State *L, int index);

#endif
