/* SPDX-License-Identifier: MIT */
/*
 * Payloads: what messages, arguments, results and errors are made of.
 *
 * A payload is bytes with a format. The common format, KD_FORMAT_TERM, is
 * MessagePack with two extension types (term.h writes and reads it); the host
 * looks into no other. Small payloads are copied into the message. Large ones
 * are better made into a kd_buf, which is immutable and shared by reference.
 */
#ifndef KINDRED_PAYLOAD_H
#define KINDRED_PAYLOAD_H

#include <kindred/types.h>

KD_BEGIN_DECLS

/** No payload at all. */
#define KD_FORMAT_NONE ((uint32_t)0)
/** One MessagePack value, see term.h. */
#define KD_FORMAT_TERM ((uint32_t)1)
/** Bytes of which nothing is known. */
#define KD_FORMAT_BYTES ((uint32_t)2)
/** Text in UTF-8. */
#define KD_FORMAT_TEXT ((uint32_t)3)

/**
 * A payload as it is handed over: borrowed bytes, and the buffer they lie in
 * when there is one.
 *
 * As an argument: with `buf` the host retains it and copies nothing, and `data`
 * and `len` must be what the buffer says; without it the bytes are copied
 * before the call returns. As something received: valid until the message,
 * signal or exit it came with is released; retain `buf`, or copy, to keep it.
 * Where a pointer to one is an argument, NULL means none. Frozen, for all its
 * size: other ABI structs hold payloads by value.
 */
typedef struct kd_payload {
    uint32_t size;    /**< sizeof(kd_payload). */
    uint32_t format;  /**< KD_FORMAT_ of the bytes. */
    const void *data; /**< NULL only when len is 0. */
    size_t len;       /**< Bytes at `data`. */
    kd_buf *buf;      /**< Borrowed; NULL when the bytes lie elsewhere. */
} kd_payload;
KD_ABI_STRUCT(kd_payload, 32);

/** A payload over borrowed bytes. */
static inline kd_payload
kd_payload_make(uint32_t format, const void *data, size_t len)
{
    kd_payload payload;

    payload.size = (uint32_t)sizeof(payload);
    payload.format = format;
    payload.data = data;
    payload.len = len;
    payload.buf = NULL;
    return payload;
}

/** No payload: format KD_FORMAT_NONE. */
static inline kd_payload
kd_payload_none(void)
{
    return kd_payload_make(KD_FORMAT_NONE, NULL, 0);
}

KD_END_DECLS

#endif
