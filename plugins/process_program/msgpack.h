/* SPDX-License-Identifier: MIT */
/*
 * MessagePack values out of bytes that come in pieces (semantics E5). Pure.
 *
 * A value that is complete is also checked to be one that can travel: keys of
 * maps are booleans, numbers or strings, there is no extension but an error or
 * a pid, and nothing is deeper than 64 levels.
 */
#ifndef KP_MSGPACK_H
#define KP_MSGPACK_H

#include <stddef.h>
#include <stdint.h>

/* How deep a value may be nested; semantics M10. */
#define KP_MSGPACK_DEPTH 64

/* How far a value has been looked at. Zero it for a new one. */
struct kp_msgpack {
    size_t at;      /* Bytes. They may be more than have come. */
    unsigned depth; /* Containers that are open. */
    unsigned is_on; /* It has begun. */
    uint64_t left[KP_MSGPACK_DEPTH + 1]; /* Of each, values to come. */
};

enum kp_msgpack_state {
    KP_MSGPACK_MORE,  /* It goes on. */
    KP_MSGPACK_WHOLE, /* It is the first `at` bytes. */
    KP_MSGPACK_LONG,  /* It has more than `max` bytes: `at` or more. */
    KP_MSGPACK_BAD    /* It is none. */
};

/*
 * Look at the value at the start of `len` bytes: the same ones as in the call
 * before, and more. A value is called long as soon as it says so.
 */
enum kp_msgpack_state kp__msgpack_next(struct kp_msgpack *value,
    const unsigned char *data, size_t len, size_t max);

#endif
