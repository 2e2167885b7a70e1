/* SPDX-License-Identifier: MIT */
/*
 * KD_TERM_EXT_ERROR terms. The reader looks at kind, message and retryable and
 * steps over the rest, but makes sure that all of it is well formed: what has
 * passed here may be handed to any process.
 */

#include "term/failure.h"

#include "term/buf.h"

#include <kindred/term.h>

/* What an error takes beside its kind and message, at most: heads and keys. */
#define FRAME 64
#define ROOM  512

static void write_body(
    kd_writer *body, const char *kind, const char *message, uint32_t flags);
static kd_status read_pair(kd_reader *r, struct kd__failure *failure);
static int is_key(const kd_item *key, const char *word);

/* Sentences of the host fit into `room`, and need no memory but the buffer. */
kd_buf *
kd__failure_buf(const char *kind, const char *message, uint32_t flags)
{
    unsigned char room[2][ROOM];
    kd_writer body = {0};
    kd_writer term = {0};
    kd_buf *buf = NULL;
    int fits = strlen(kind) + strlen(message) + FRAME <= ROOM;

    if (fits) {
        body = (kd_writer){room[0], 0, ROOM, KD_OK};
        term = (kd_writer){room[1], 0, ROOM, KD_OK};
    }
    write_body(&body, kind, message, flags);
    if (body.status == KD_OK)
        kd_write_ext(&term, KD_TERM_EXT_ERROR, body.data, body.len);
    if (body.status == KD_OK && term.status == KD_OK)
        buf = kd__buf_copy(KD_FORMAT_TERM, term.data, term.len);
    if (!fits) {
        kd_writer_free(&body);
        kd_writer_free(&term);
    }
    return buf;
}

kd_buf *
kd__failure_from(const kd_error *err)
{
    return kd__failure_buf(kd_status_kind(err->code), err->text, err->flags);
}

kd_status
kd__failure_read(const kd_payload *payload, struct kd__failure *failure)
{
    kd_reader r;
    kd_item item;
    size_t pairs;

    memset(failure, 0, sizeof(*failure));
    failure->kind = failure->message = "";
    if (payload->format != KD_FORMAT_TERM)
        return KD_EFORMAT;
    r = kd_reader_make(payload->data, payload->len);
    if (kd_reader_next(&r, &item) != KD_TERM_EXT ||
        item.integer != KD_TERM_EXT_ERROR || r.at != r.end)
        return KD_EFORMAT;
    r = kd_reader_make(item.data, item.len);
    if (kd_reader_next(&r, &item) != KD_TERM_MAP)
        return KD_EFORMAT;
    for (pairs = item.len; pairs > 0; pairs--) {
        if (read_pair(&r, failure) != KD_OK)
            return KD_EFORMAT;
    }
    return r.at == r.end ? KD_OK : KD_EFORMAT;
}

static void
write_body(
    kd_writer *body, const char *kind, const char *message, uint32_t flags)
{
    kd_write_map(body, flags == 0 ? 2 : 3);
    kd_write_text(body, "kind");
    kd_write_text(body, kind);
    kd_write_text(body, "message");
    kd_write_text(body, message);
    if (flags != 0) {
        kd_write_text(body, "retryable");
        kd_write_bool(body, (flags & KD_ERROR_RETRYABLE) != 0);
    }
}

static kd_status
read_pair(kd_reader *r, struct kd__failure *failure)
{
    kd_reader value;
    kd_item key;
    kd_item item;

    if (kd_reader_next(r, &key) != KD_TERM_STRING)
        return KD_EFORMAT;
    value = *r;
    if (kd_reader_skip(r) != KD_OK)
        return KD_EFORMAT;
    kd_reader_next(&value, &item);
    if (is_key(&key, "kind") && item.type == KD_TERM_STRING) {
        failure->kind = (const char *)item.data;
        failure->kind_len = item.len;
    } else if (is_key(&key, "message") && item.type == KD_TERM_STRING) {
        failure->message = (const char *)item.data;
        failure->message_len = item.len;
    } else if (is_key(&key, "retryable") && item.type == KD_TERM_BOOL) {
        failure->flags = item.integer ? KD_ERROR_RETRYABLE : KD_ERROR_FINAL;
    }
    return KD_OK;
}

static int
is_key(const kd_item *key, const char *word)
{
    return key->len == strlen(word) && memcmp(key->data, word, key->len) == 0;
}
