/* SPDX-License-Identifier: MIT */
/*
 * Lua values to terms and back (semantics M8 to M10).
 */
#ifndef KL_VALUE_H
#define KL_VALUE_H

#include "process/process.h"
#include "value/decode.h"

#include <kindred/term.h>
#include <lua.h>

/* A scratch buffer beyond this goes when it is no longer needed. */
#define KL_SCRATCH_KEPT ((size_t)64 << 10)

/*
 * Append the value at an index as a term. Returns 0; or -1 with the sentence
 * of M10, `cannot send a function (at args[1].callback)`, pushed as a string.
 * `root` is how its path begins: "args[1]", "result".
 */
int kl__value_write(lua_State *L, int index, const char *root, kd_writer *to);

/*
 * Append the values at indices first..last as one term array, each with a root
 * of `args[<n>]`, n from 1. Returns as above.
 */
int kl__value_write_args(lua_State *L, int first, int last, kd_writer *to);

/*
 * Push the value of one term. Returns 0; or -1 with nothing pushed when it is
 * malformed.
 */
static inline int
kl__value_read(lua_State *L, kd_reader *from)
{
    return kl__decode_value(L, from, 0);
}

/*
 * Push each element of a term array; returns how many, or -1 when malformed.
 */
int kl__value_read_args(lua_State *L, const kd_payload *args);

/*
 * The process's own buffer for encoding, empty. What is in it is gone with the
 * next call of this.
 */
static inline kd_writer *
kl__value_scratch(struct kl__process *p)
{
    p->scratch.len = 0;
    p->scratch.status = KD_OK;
    return &p->scratch;
}

/* To be called when it was used: a large one is not kept. */
static inline void
kl__value_scratch_trim(struct kl__process *p)
{
    if (p->scratch.cap > KL_SCRATCH_KEPT)
        kd_writer_free(&p->scratch);
}

/*
 * Pop the sentence of a refusal and push nil and an Error with it; returns 2.
 * `retryable` (KL_RETRY_) is that of a value; of want of memory it is unknown.
 */
int kl__value_refuse(lua_State *L, int retryable);

#endif
