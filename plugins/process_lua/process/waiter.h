/* SPDX-License-Identifier: MIT */
/*
 * Tasks that wait on channels, in the queues of those channels.
 *
 * A kl__wait is one task that waits: a send, a receive, or a select on any
 * number of channels. It has a waiter for each of them, and when one wins all
 * leave their queues. A task waits for one thing at a time, so that each has a
 * wait of its own for a send or receive; that of a select is a userdata on the
 * stack of the task, which keeps it alive. The queues are not looked at when a
 * state is thrown away.
 */
#ifndef KL_WAITER_H
#define KL_WAITER_H

#include <lua.h>

struct kl__process;
struct kl__task;
struct kl__wait;

struct kl__waiter {
    struct kl__waiter *next;
    struct kl__waiter *prev;
    struct kl__queue *queue; /* NULL: in none. */
    struct kl__wait *wait;
    int value; /* A sender's: where its value is on the task's stack. */
};

struct kl__queue {
    struct kl__waiter *first; /* Waits longest. */
    struct kl__waiter *last;
};

struct kl__wait {
    struct kl__task *task;
    int count;
    int ok; /* 0: one won because the channel was closed. */
    struct kl__waiter *waiters;
    const struct kl__waiter *won; /* One of them, or NULL. */
};

/* Push a wait of the running task, with `count` waiters in no queue. */
struct kl__wait *kl__wait_push(lua_State *L, int count);

/* A task's own, with one waiter, which waits in this queue. */
void kl__wait_one(struct kl__task *task, struct kl__queue *queue, int value);

/* Let the index-th waiter wait behind all others of a queue. */
void kl__wait_add(
    struct kl__wait *wait, int index, struct kl__queue *queue, int value);

/* End the wait in favour of this waiter: its task is ready to go on. */
void kl__waiter_win(struct kl__process *p, struct kl__waiter *waiter, int ok);

#endif
