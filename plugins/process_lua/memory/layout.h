/* SPDX-License-Identifier: MIT */
/*
 * What of Lua's own objects has to be known, in words and bytes of a block.
 * Whoever uses it checks that it is true of the liblua at hand (image_share.c),
 * or fails safely (image_scan.c).
 */
#ifndef KL_OBJECT_LAYOUT_H
#define KL_OBJECT_LAYOUT_H

#include <stddef.h>
#include <stdint.h>

/* Words. */
#define KL_OBJECT_NEXT   0 /* In the list of all objects. */
#define KL_STRING_CHAIN  2 /* Of short strings in one bucket. */
#define KL_UPVAL_TARGET  2 /* Where the value is; */
#define KL_UPVAL_VALUE   3 /* here, once it is closed, */
#define KL_UPVAL_OVERLAY 4 /* and then this is no pointer. */
#define KL_TABLE_ARRAY   2
#define KL_TABLE_NODES   3
#define KL_TABLE_GRAY    6 /* Link of the collector's work. */
#define KL_TABLE_WORDS   7
#define KL_CLOSURE_GRAY  2
#define KL_PROTO_GRAY    15
#define KL_PROTO_WORDS   16

/* Bytes. */
#define KL_OBJECT_TYPE   8
#define KL_OBJECT_MARK   9  /* The collector's colours. */
#define KL_TABLE_ABSENT  10 /* Of a metatable: bits for what it is without. */
#define KL_STRING_HASHED 10 /* Of a long one: whether it has its hash yet. */
#define KL_STRING_LEN    11 /* Of a short one. */
#define KL_STRING_HASH   12
#define KL_STRING_LONG   16 /* Length of a long one. */
#define KL_STRING_TEXT   24

#define KL_TYPE_SHORT ((unsigned char)0x04)
#define KL_TYPE_LONG  ((unsigned char)0x14)

/* In a state, all its short strings by their hashes. */
struct kl__string_table {
    unsigned char **hash;
    int n;
    int size; /* A power of two. */
};

#endif
