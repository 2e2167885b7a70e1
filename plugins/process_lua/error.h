/* SPDX-License-Identifier: MIT */
/*
 * Error objects (semantics R): a userdata for programs, a term on the way.
 */
#ifndef KL_ERROR_H
#define KL_ERROR_H

#include <kindred/payload.h>
#include <kindred/term.h>
#include <lua.h>

#define KL_ERROR_TYPE "kindred.error"

#define KL_RETRY_UNKNOWN (-1)
#define KL_RETRY_NO      0
#define KL_RETRY_YES     1

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

/*
 * Write the value at an index as the error of a process (semantics X1): an
 * Error as it is, a string as Internal, anything else by tostring. `stack` is
 * a traceback or NULL.
 */
void kl__error_write(lua_State *L, int index, const char *stack, kd_writer *to);

/* Push the Error whose KD_TERM_EXT_ERROR body this is. */
void kl__error_read(lua_State *L, const void *body, size_t len);

/* Adds the global `errors`. */
int kl__open_errors(lua_State *L);

#endif
