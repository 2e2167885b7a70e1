/* SPDX-License-Identifier: MIT */
/*
 * Buffers. All are on a list, so that one that nobody released has a name.
 */

#include "state.h"

#include <stdlib.h>

static kd_buf *
buf_new(const kd_api *api)
{
    kd_fake *fake = (kd_fake *)(uintptr_t)api;
    kd_buf *buf;

    if (fake_refused(fake, KD_FAKE_BUF) != KD_OK)
        return NULL;
    buf = calloc(1, sizeof(*buf));
    if (buf == NULL)
        return NULL;
    buf->fake = fake;
    buf->refs = 1;
    pthread_mutex_lock(&fake->lock);
    buf->next = fake->bufs;
    fake->bufs = buf;
    pthread_mutex_unlock(&fake->lock);
    return buf;
}

static kd_buf *
buf_copy(const kd_api *api, uint32_t format, const void *data, size_t len)
{
    kd_payload payload = kd_payload_make(format, data, len);
    kd_buf *buf = buf_new(api);

    if (buf == NULL)
        return NULL;
    if (fake_bytes_set(&buf->bytes, &payload) != KD_OK) {
        buf->refs = 0;
        return NULL;
    }
    buf->payload = fake_bytes_payload(&buf->bytes);
    buf->payload.buf = buf;
    return buf;
}

static kd_buf *
buf_wrap(const kd_api *api, uint32_t format, const void *data, size_t len,
    void (*release)(void *arg), void *arg)
{
    kd_buf *buf = buf_new(api);

    if (buf == NULL)
        return NULL;
    buf->payload = kd_payload_make(format, data, len);
    buf->payload.buf = buf;
    buf->release = release;
    buf->arg = arg;
    return buf;
}

static kd_buf *
buf_retain(kd_buf *buf)
{
    pthread_mutex_lock(&buf->fake->lock);
    buf->refs++;
    pthread_mutex_unlock(&buf->fake->lock);
    return buf;
}

static void
buf_release(kd_buf *buf)
{
    long left;

    if (buf == NULL)
        return;
    pthread_mutex_lock(&buf->fake->lock);
    left = --buf->refs;
    pthread_mutex_unlock(&buf->fake->lock);
    if (left < 0)
        fake_complain(buf->fake, "a buffer is released once too often");
    if (left == 0 && buf->release != NULL)
        buf->release(buf->arg);
}

static kd_payload
buf_payload(kd_buf *buf)
{
    return buf->payload;
}

void
fake_buf_calls(kd_api *api)
{
    api->buf_copy = buf_copy;
    api->buf_wrap = buf_wrap;
    api->buf_retain = buf_retain;
    api->buf_release = buf_release;
    api->buf_payload = buf_payload;
}

void
fake_bufs_free(kd_fake *fake)
{
    kd_buf *buf;

    while ((buf = fake->bufs) != NULL) {
        fake->bufs = buf->next;
        if (buf->refs > 0)
            fake_complain(fake, "a buffer of %zu bytes is never released",
                buf->payload.len);
        free(buf->bytes.data);
        free(buf);
    }
}
