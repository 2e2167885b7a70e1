/* SPDX-License-Identifier: MIT */
/*
 * The way of a Lua value into a term: one pass over the value, raw, which
 * runs no code of the program.
 *
 * Tables that are being written form a list through the C stack. It finds
 * cycles, and when a value is refused the path to it is read off from there.
 */
#ifndef KL_ENCODE_H
#define KL_ENCODE_H

#include <kindred/term.h>
#include <lua.h>

/* Levels of tables that may travel. */
#define KL_DEPTH_MAX 64

/* A table that is being written, and where in it the encoder is. */
struct kl__level {
    const struct kl__level *up;
    const void *identity;
    unsigned depth; /* From 1. */
    int key;        /* Index of the key on the Lua stack; 0: it is `at`. */
    lua_Integer at;
};

struct kl__encoder {
    lua_State *L;
    kd_writer *to;
    const struct kl__level *level; /* The innermost, or NULL. */
    const char *verb;              /* "send", which NULL means too. */
    const char *root;              /* How a path begins. */
    int argument;                  /* Its number, if `root` has one; or 0. */
    int is_too_large;              /* Why the value was refused. */
    unsigned quiet;     /* Within details: what is refused there is left out. */
    int leaves_details; /* All of them, of every Error. */
    size_t max_bytes;   /* Stop beyond it: shared tables grow without end. */
    size_t dropped;     /* Bytes that were written and taken back. */
};

/*
 * Append the value at an index, of this type, if nothing can be wrong with it:
 * if it is nil, a boolean, a number or a string. Returns whether it is.
 */
int kl__encode_scalar(lua_State *L, int index, int type, kd_writer *to);

/*
 * Append the value at an absolute index. Returns 0; or -1 when it is refused,
 * with the sentence of M10 on top of the stack, above whatever was left there.
 */
int kl__encode_value(struct kl__encoder *e, int index);

/*
 * The same for a table; with `is_map` it becomes a map although its keys are 1
 * to n.
 */
int kl__encode_table(struct kl__encoder *e, int index, int is_map);

/* The same for a userdata: an Error, a Payload, or nothing that travels. */
int kl__encode_object(struct kl__encoder *e, int index);

/*
 * The same for an Error. What cannot travel of its details is left out (R5): a
 * field with its name, and of a list the value, so that the rest keeps its
 * place.
 */
int kl__encode_error(struct kl__encoder *e, int index);

/*
 * Begin a table that is not yet the innermost: fill in its level. Returns 0; or
 * -1, refused, if it is its own ancestor or too deep.
 */
int kl__encode_enter(struct kl__encoder *e, struct kl__level *level, int index);

/* Refuse a userdata by its name. */
int kl__encode_refuse_object(struct kl__encoder *e, int index);

/* Push the sentence about what is refused at the place reached; returns -1. */
int kl__encode_refuse(struct kl__encoder *e, const char *what);

/* Returns 0, or -1 with a sentence pushed, if the term has grown too large. */
int kl__encode_check_size(struct kl__encoder *e);

#endif
