/* SPDX-License-Identifier: MIT */
/*
 * Error objects (semantics R): a userdata for programs, a term on the way.
 */
#ifndef KL_ERROR_H
#define KL_ERROR_H

#include <kindred/payload.h>
#include <kindred/term.h>
#include <lua.h>

/* The name of their metatable in the registry. */
#define KL_ERROR_TYPE "kindred.error"

#define KL_RETRY_UNKNOWN (-1)
#define KL_RETRY_NO      0
#define KL_RETRY_YES     1

/* The userdata itself; all else of an Error stands in its user values. */
struct kl__error {
    int retryable; /* KL_RETRY_ */
};

/* The user values. The last two may be nil. */
#define KL_ERROR_KIND    1
#define KL_ERROR_MESSAGE 2
#define KL_ERROR_STACK   3
#define KL_ERROR_DETAILS 4

/*
 * Pop the four user values, in their order, and push the Error made of them.
 * Needs six free stack slots, as kl__error_push() and its like need twelve.
 */
void kl__error_new(lua_State *L, int retryable);

/* Pop a string and push an Error with that sentence, made here and now. */
void kl__error_make(lua_State *L, const char *kind, int retryable);

/* Push an Error with this kind and sentence. */
void kl__error_push(lua_State *L, const char *kind, int retryable,
    const char *format, ...) KD_PRINTF(4, 5);

/* Push nil and such an Error; returns 2, for `return kl__error_nil(...)`. */
int kl__error_nil(lua_State *L, const char *kind, int retryable,
    const char *format, ...) KD_PRINTF(4, 5);

/* Push nil and the Error of a status and its sentence; returns 2. */
int kl__error_status(lua_State *L, const kd_error *err);

/* Whether the value at an index is an Error. */
int kl__error_is(lua_State *L, int index);

/* The Error at an index, or NULL. */
const struct kl__error *kl__error_test(lua_State *L, int index);

/*
 * Push on L the traceback of a coroutine, L or another, from this level on: 1
 * is the function that called the current C function. What calls the program is
 * left out.
 */
void kl__error_trace(lua_State *L, lua_State *of, int level);

/* Push the table of errors.call_stack() for a traceback. */
void kl__error_frames(lua_State *L, const char *trace);

/*
 * Write the value at an index as the error of a process (semantics X1): an
 * Error as it is, a string as Internal, anything else by tostring. `stack` is
 * a traceback or NULL; `to` is empty. Never raises because of the value.
 */
void kl__error_write(lua_State *L, int index, const char *stack, kd_writer *to);

/*
 * Push the Error whose KD_TERM_EXT_ERROR body this is. What is malformed in it
 * is left out.
 */
void kl__error_read(lua_State *L, const void *body, size_t len);

/* Push the table that is the global `errors`; returns 1. */
int kl__open_errors(lua_State *L);

#endif
