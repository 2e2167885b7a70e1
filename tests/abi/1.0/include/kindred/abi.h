/* SPDX-License-Identifier: MIT */
/*
 * The ground rules of the ABI: its version, what is promised, how it grows, and
 * how a struct says how large it is.
 *
 * The promise
 *
 * A plugin built for 1.x loads in every later 1.y, and does there what it did;
 * so does a program with the library of a later 1.y. What is in these headers
 * keeps its number, its place, its type and its meaning. A break would be
 * another major: another symbol of plugins, beside the first, and the first is
 * kept for two years. What is only a convenience of the includer, and static or
 * a macro, may change in the source.
 *
 * How it grows
 *
 * - Structs at their end. Each begins with `uint32_t size`, set by whoever
 * fills it in to sizeof(the struct) as he saw it, and KD_HAS says whether a
 * member is there. What is beyond is absent: NULL or 0 must always mean "as
 * before".
 * - Lists by more numbers: status codes, signals, types of nodes and options,
 *   classes, flags. What the host hands out may have numbers that a plugin does
 *   not know: it passes over signals and flags, takes a status for
 *   KD_EINTERNAL, a type of node for one that has nothing in it. What is handed
 *   to the host must be known to it, and is refused otherwise: flags, types,
 *   and members beyond what it has unless they are 0. Members beyond are passed
 *   over in two places: in the constant data of a plugin, which can do without,
 *   or its target says so, and in a record for the log.
 * - Services by ids, "kindred.terminal/1"; another revision is another id.
 *
 * What never grows: kd_pid, kd_stamp, kd_proc and kd_port, which have no size,
 * and kd_payload and kd_error, which others contain.
 *
 * A plugin says by KD_ABI_TARGET which minor it needs at the least. Functions
 * and macros of later minors are then hidden from it, so that they cannot be
 * used by mistake; to do without what an older host lacks, look with KD_HAS
 * and call through the table. Where a minor changes how something behaves, the
 * host keeps the old ways for those with a lower target.
 *
 * How it is laid out
 *
 * No hidden padding, and sizes are multiples of 8: a struct ending in an odd
 * word would have padding that a later member could fall into without changing
 * sizeof, and KD_HAS would then believe an old object. Members are fixed-width
 * integers, double, size_t, pointers and function pointers; never enum, bool,
 * int, long, bit-fields or unions. Pointers have 64 bits. Times are
 * nanoseconds.
 */
#ifndef KINDRED_ABI_H
#define KINDRED_ABI_H

#include <stddef.h>
#include <stdint.h>

/** First word of a stamp: "kndr", as an integer so that byte order shows. */
#define KD_ABI_MAGIC ((uint32_t)0x6b6e6472)
/** The ABI of these headers. Plain numbers: #if can read them. */
#define KD_ABI_MAJOR 1
#define KD_ABI_MINOR 0

/**
 * The oldest host minor that this plugin can live with: older ones refuse it,
 * and say why. Define it before the first include to use what came later. What
 * came with minor N stands between `#if KD_ABI_TARGET >= N` and `#endif`;
 * members of structs never do.
 */
#ifndef KD_ABI_TARGET
#define KD_ABI_TARGET 0
#endif
#if KD_ABI_TARGET > KD_ABI_MINOR
#error "KD_ABI_TARGET is of a later minor than these headers"
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

KD_STATIC_ASSERT(sizeof(void *) == 8, "Kindred is for 64-bit targets");

/** Pins the size of an ABI struct that is as it was in 1.0. */
#define KD_ABI_STRUCT(type, bytes) KD_ABI_GROWN(type, bytes, bytes)

/** Pins the size of one that has grown since, and its size in 1.0. */
#define KD_ABI_GROWN(type, first, bytes)                                       \
    KD_STATIC_ASSERT(                                                          \
        sizeof(type) == (bytes), #type " changed its size: append only");      \
    enum { type##_first_size_ = (first) }

/** The size of a struct in 1.0: the least that the other side can have. */
#define KD_FIRST_SIZE(type) ((uint32_t)type##_first_size_)

/** Whether the struct behind `ptr` is recent enough to have `field`. */
#define KD_HAS(type, ptr, field)                                               \
    ((ptr)->size >= offsetof(type, field) + sizeof((ptr)->field))

#endif
