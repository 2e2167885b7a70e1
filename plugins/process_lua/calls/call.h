/* SPDX-License-Identifier: MIT */
/*
 * Calls: children whose result somebody in this process waits for, by
 * process.exec, funcs.call, or a future.
 *
 * A call is the first member of a userdata, which a table in the registry keeps
 * while the call is under way. So long it is a reason for which the process can
 * be woken (kl__task_external).
 */
#ifndef KL_CALL_H
#define KL_CALL_H

#include <kindred/message.h>
#include <lua.h>

#include "calls/child.h"

struct kl__process;

struct kl__call {
    kd_pid pid;
    int is_owned; /* It ends with us. */
    /*
     * The child has ended: called once, by the driver between Lua code. The
     * userdata is on top of L, the main thread, to be popped; and nothing else
     * may be there that a task which waits on that thread would find.
     */
    void (*ended)(lua_State *L, struct kl__process *p, struct kl__call *call,
        const kd_signal *signal);
};

/*
 * Make the child and remember the call, the userdata on top of the stack, with
 * `ended` set. Returns 0, or pushes nil and an Error and returns 2.
 */
int kl__call_start(
    lua_State *L, struct kl__child *child, struct kl__call *call);

/*
 * Make the child and wait for its end. Returns, for `return kl__call_wait()`,
 * its value, or nil and its error; raises where nobody can wait.
 */
int kl__call_wait(lua_State *L, struct kl__child *child);

/* Forget one that is under way: nobody wants to know of its end any more. */
void kl__call_drop(lua_State *L, const struct kl__call *call);

/* End all that are owned by us, by force. */
void kl__calls_terminate(lua_State *L);

/* A child has ended: KD_SIGNAL_EXIT with a `ref`. */
void kl__calls_signal(struct kl__process *p, const kd_signal *signal);

/* Push what the end of a child gives: its value, or nil and its error. */
int kl__call_push_result(lua_State *L, const kd_signal *signal);

#endif
