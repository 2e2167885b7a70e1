/* SPDX-License-Identifier: MIT */
/*
 * Two places: one for what was sent, one for what was received. A process that
 * answers with what it got, and one that tells many the same, find it there.
 */

#include "value/shared.h"

#include "process/process.h"

#include <stdint.h>
#include <stdlib.h>

/* What comes before the bytes of a string, at most. */
#define HEAD_MAX 5

struct place {
    const char *text; /* The string's own bytes, or NULL. */
    kd_buf *buf;
};

struct kl__shared {
    struct place sent, received;
};

static kd_buf *find(const struct kl__shared *shared, const char *text);
static kd_buf *wrap(struct kl__process *p, const char *text, size_t len);
static void put(
    struct kl__process *p, struct place *place, const char *text, kd_buf *buf);
static void forget(
    struct kl__process *p, struct place *place, const void *block, size_t len);
static struct kl__shared *shared_of(struct kl__process *p);

int
kl__shared_payload(
    struct kl__process *p, const char *text, size_t len, kd_payload *payload)
{
    struct kl__shared *shared = shared_of(p);
    kd_buf *buf;

    if (shared == NULL)
        return -1;
    buf = find(shared, text);
    if (buf == NULL) {
        buf = wrap(p, text, len);
        if (buf == NULL)
            return -1;
        put(p, &shared->sent, text, buf);
    }
    *payload = p->api->buf_payload(buf);
    return 0;
}

void
kl__shared_learn(
    struct kl__process *p, const char *text, const kd_payload *payload)
{
    struct kl__shared *shared = shared_of(p);

    if (shared != NULL)
        put(p, &shared->received, text, p->api->buf_retain(payload->buf));
}

void
kl__shared_forget(struct kl__process *p, const void *block, size_t len)
{
    if (p->shared == NULL)
        return;
    forget(p, &p->shared->sent, block, len);
    forget(p, &p->shared->received, block, len);
}

void
kl__shared_fini(struct kl__process *p)
{
    if (p->shared == NULL)
        return;
    p->api->buf_release(p->shared->sent.buf);
    p->api->buf_release(p->shared->received.buf);
    free(p->shared);
    p->shared = NULL;
}

static kd_buf *
find(const struct kl__shared *shared, const char *text)
{
    if (shared->sent.text == text)
        return shared->sent.buf;
    return shared->received.text == text ? shared->received.buf : NULL;
}

/* The only copy: the buffer takes the bytes that the writer has made. */
static kd_buf *
wrap(struct kl__process *p, const char *text, size_t len)
{
    kd_writer w = {0};
    kd_buf *buf;

    kd_writer_grow(&w, len + HEAD_MAX);
    w.len = 0;
    kd_write_string(&w, text, len);
    if (w.status != KD_OK)
        return NULL;
    buf = p->api->buf_wrap(p->api, KD_FORMAT_TERM, w.data, w.len, free, w.data);
    if (buf == NULL)
        kd_writer_free(&w);
    return buf;
}

static void
put(struct kl__process *p, struct place *place, const char *text, kd_buf *buf)
{
    p->api->buf_release(place->buf);
    place->text = text;
    place->buf = buf;
}

static void
forget(
    struct kl__process *p, struct place *place, const void *block, size_t len)
{
    if ((uintptr_t)place->text - (uintptr_t)block < len)
        put(p, place, NULL, NULL);
}

static struct kl__shared *
shared_of(struct kl__process *p)
{
    if (p->shared == NULL)
        p->shared = (struct kl__shared *)calloc(1, sizeof(*p->shared));
    return p->shared;
}
