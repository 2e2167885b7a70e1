/* SPDX-License-Identifier: MIT */
/*
 * Requests: questions to a process of another kind, to which a task waits for
 * the answer. They travel on topics that programs never see.
 */
#ifndef KL_ASK_H
#define KL_ASK_H

#include <kindred/message.h>
#include <lua.h>

struct kl__process;

/*
 * Ask, with what is in the scratch buffer, and wait. Returns 0 if nothing could
 * be asked, and then *err says why. Else it does not return but as lua_yieldk()
 * does: `done` goes on, on the same stack, when it is over. What there is then
 * on top is
 *
 *     KL_ASK_ANSWERED   the answer's value, or nil and the Error it is;
 *     KL_ASK_ENDED      nothing: the process has ended;
 *     KL_ASK_TIMEOUT    nothing: there was no answer before `due_ns`,
 *
 * and `done` learns which by kl__ask_take(). Raises where nobody can wait.
 */
int kl__ask(lua_State *L, kd_pid to, const char *topic, kd_time due_ns,
    lua_KFunction done, kd_error *err);

/*
 * The same, for a request that `send` makes: it is called once, with `arg`, and
 * tells the number that the answer will bear.
 */
typedef kd_status (*kl__ask_send)(
    struct kl__process *p, const void *arg, kd_ref *ref, kd_error *err);
int kl__ask_by(lua_State *L, kl__ask_send send, const void *arg,
    lua_KFunction done, kd_error *err);

#define KL_ASK_ANSWERED 1
#define KL_ASK_ENDED    2
#define KL_ASK_TIMEOUT  3

/* For `done`: how it went; pushes the answer. */
int kl__ask_take(lua_State *L, lua_KContext ctx);

/* For the driver: an answer has come, which is taken over; or none will. */
void kl__ask_reply(struct kl__process *p, kd_message *message);
void kl__ask_failed(struct kl__process *p, const kd_signal *signal);

#endif
