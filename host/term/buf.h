/* SPDX-License-Identifier: MIT */
/*
 * Immutable, reference-counted payload buffers: what kd_buf is.
 */
#ifndef KD_TERM_BUF_H
#define KD_TERM_BUF_H

#include <kindred/embed.h>
#include <kindred/payload.h>

/* One reference; NULL without memory. */
kd_buf *kd__buf_copy(uint32_t format, const void *data, size_t len);
kd_buf *kd__buf_wrap(uint32_t format, const void *data, size_t len,
    void (*release)(void *arg), void *arg);
/* The payload's own buffer, retained, or a copy of its bytes. */
kd_buf *kd__buf_of(const kd_payload *payload);

/*
 * From now on it is not counted: threads that pass on what is always the same
 * do not contend for its count. Whoever pins it frees it by kd__buf_unpin(),
 * when nobody has it any more. NULL is allowed.
 */
void kd__buf_pin(kd_buf *buf);
void kd__buf_unpin(kd_buf *buf);

kd_buf *kd__buf_retain(kd_buf *buf);
void kd__buf_release(kd_buf *buf);

/* Where it is from; NULL: malloc. */
const kd_allocator *kd__buf_memory(const kd_buf *buf);

/* What is in it; none for NULL. */
kd_payload kd__buf_payload(kd_buf *buf);

extern const kd_payload kd__no_payload;

/* For arguments that may be NULL. */
static inline const kd_payload *
kd__payload_or_none(const kd_payload *payload)
{
    return payload == NULL ? &kd__no_payload : payload;
}

#endif
