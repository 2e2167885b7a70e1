/* SPDX-License-Identifier: MIT */
/*
 * The ground rules of the plugin ABI: its version, how a struct says how large
 * it is, and what may stand in one.
 *
 * Every ABI struct but kd_pid begins with `uint32_t size`, set by whoever fills
 * it in to sizeof(the struct) as he saw it. Structs grow only at their end, so
 * `size` tells which members exist. No hidden padding, and sizes are multiples
 * of 8: a struct ending in an odd word would have padding that a later member
 * could fall into without changing sizeof, and KD_HAS would then believe an old
 * object. Members are fixed-width integers, size_t, pointers and function
 * pointers; never enum, bool, long, bit-fields or unions.
 *
 * The promise, from 1.0 on: a plugin built for 1.x loads in every later 1.y.
 * Until then the ABI is 0.x, any struct may change with the minor number, and
 * a plugin loads only in a host of the same minor.
 */
#ifndef KINDRED_ABI_H
#define KINDRED_ABI_H

#include <stddef.h>
#include <stdint.h>

/** First word of a stamp: "kndr", as an integer so that byte order shows. */
#define KD_ABI_MAGIC ((uint32_t)0x6b6e6472)
#define KD_ABI_MAJOR ((uint16_t)0)
#define KD_ABI_MINOR ((uint16_t)2)

/**
 * The oldest host minor that this plugin can live with. Define it before the
 * first include; the default asks for the host the headers came from while
 * the ABI is 0.x.
 */
#ifndef KD_ABI_TARGET
#define KD_ABI_TARGET KD_ABI_MINOR
#endif

#ifdef __cplusplus
#define KD_BEGIN_DECLS                    extern "C" {
#define KD_END_DECLS                      }
#define KD_STATIC_ASSERT(condition, text) static_assert(condition, text)
#else
#define KD_BEGIN_DECLS
#define KD_END_DECLS
#define KD_STATIC_ASSERT(condition, text) _Static_assert(condition, text)
#endif

#if defined(__GNUC__)
#define KD_EXPORT            __attribute__((visibility("default")))
#define KD_PRINTF(at, first) __attribute__((format(printf, at, first)))
#else
#define KD_EXPORT
#define KD_PRINTF(at, first)
#endif

/** Pins the size of an ABI struct on 64-bit targets. */
#define KD_ABI_STRUCT(type, bytes)                                             \
    KD_STATIC_ASSERT(sizeof(void *) != 8 || sizeof(type) == (bytes),           \
        #type " changed its size: append only")

/** Whether the struct behind `ptr` is recent enough to have `field`. */
#define KD_HAS(type, ptr, field)                                               \
    ((ptr)->size >= offsetof(type, field) + sizeof((ptr)->field))

#endif
