/* SPDX-License-Identifier: MIT */
/*
 * A buffer owns its bytes, which then lie behind its head in one block, or
 * wraps somebody else's, who is told when the last reference has gone.
 */

#include "term/buf.h"

#include "base/scope.h"

#include <stdatomic.h>
#include <string.h>

const kd_payload kd__no_payload = {
    sizeof(kd_payload), KD_FORMAT_NONE, NULL, 0, NULL};

struct kd_buf {
    atomic_size_t refs; /* 0: pinned. */
    uint32_t format;
    const void *data;
    size_t len;
    void (*release)(void *arg); /* NULL: the bytes are our own. */
    void *arg;
    const kd_allocator *memory; /* Where it is from. */
};

static void free_elsewhere(kd_buf *buf);
static int is_pinned(const kd_buf *buf);
static int release_one(kd_buf *buf);
static kd_buf *buf_new(
    uint32_t format, const void *data, size_t len, size_t extra);

kd_buf *
kd__buf_copy(uint32_t format, const void *data, size_t len)
{
    kd_buf *buf = buf_new(format, NULL, len, len);

    if (buf == NULL)
        return NULL;
    if (len > 0)
        memcpy(buf + 1, data, len);
    buf->data = buf + 1;
    return buf;
}

kd_buf *
kd__buf_wrap(uint32_t format, const void *data, size_t len,
    void (*release)(void *arg), void *arg)
{
    kd_buf *buf = buf_new(format, data, len, 0);

    if (buf == NULL)
        return NULL;
    buf->release = release;
    buf->arg = arg;
    return buf;
}

kd_buf *
kd__buf_of(const kd_payload *payload)
{
    if (payload->buf != NULL)
        return kd__buf_retain(payload->buf);
    return kd__buf_copy(payload->format, payload->data, payload->len);
}

void
kd__buf_pin(kd_buf *buf)
{
    if (buf != NULL)
        atomic_store_explicit(&buf->refs, 0, memory_order_relaxed);
}

void
kd__buf_unpin(kd_buf *buf)
{
    if (buf == NULL)
        return;
    atomic_store_explicit(&buf->refs, 1, memory_order_relaxed);
    kd__buf_release(buf);
}

kd_buf *
kd__buf_retain(kd_buf *buf)
{
    if (is_pinned(buf))
        return buf;
    atomic_fetch_add_explicit(&buf->refs, 1, memory_order_relaxed);
    return buf;
}

void
kd__buf_release(kd_buf *buf)
{
    size_t size;

    if (buf == NULL || is_pinned(buf) || !release_one(buf))
        return;
    size = sizeof(*buf) + (buf->data == buf + 1 ? buf->len : 0);
    if (buf->release != NULL)
        buf->release(buf->arg);
    if (buf->memory == kd__memory_here)
        kd__block_free(buf, size);
    else
        free_elsewhere(buf);
}

const kd_allocator *
kd__buf_memory(const kd_buf *buf)
{
    return buf->memory;
}

kd_payload
kd__buf_payload(kd_buf *buf)
{
    kd_payload payload;

    if (buf == NULL)
        return kd_payload_none();
    payload = kd_payload_make(buf->format, buf->data, buf->len);
    payload.buf = buf;
    return payload;
}

/* On a thread that serves nobody, or another runtime. */
static void
free_elsewhere(kd_buf *buf)
{
    KD__SCOPE(buf->memory);

    kd__free(buf);
}

static int
is_pinned(const kd_buf *buf)
{
    return atomic_load_explicit(&buf->refs, memory_order_relaxed) == 0;
}

/* Returns whether it was the last reference. Who finds that there is only his
 * own need not count it down: nobody else can take another. */
static int
release_one(kd_buf *buf)
{
    return atomic_load_explicit(&buf->refs, memory_order_acquire) == 1 ||
           atomic_fetch_sub_explicit(&buf->refs, 1, memory_order_acq_rel) == 1;
}

static kd_buf *
buf_new(uint32_t format, const void *data, size_t len, size_t extra)
{
    kd_buf *buf;

    if (extra > SIZE_MAX - sizeof(*buf))
        return NULL;
    buf = kd__block_new(sizeof(*buf) + extra);
    if (buf == NULL)
        return NULL;
    atomic_init(&buf->refs, 1);
    buf->format = format;
    buf->data = data;
    buf->len = len;
    buf->release = NULL;
    buf->arg = NULL;
    buf->memory = kd__memory_here;
    return buf;
}
