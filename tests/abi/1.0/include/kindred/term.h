/* SPDX-License-Identifier: MIT */
/*
 * Writing and reading KD_FORMAT_TERM: MessagePack, inline, for both sides.
 *
 * Follows the MessagePack specification. Two extension types are ours: an
 * error value and a pid. Integers and floats stay what they were, strings are
 * bytes. A map's keys are booleans, numbers or strings. The reader trusts
 * nothing: it never reads past the end, and a container that claims more
 * elements than bytes are left is malformed. kd_writer and kd_reader are
 * conveniences of the includer and never cross the boundary.
 */
#ifndef KINDRED_TERM_H
#define KINDRED_TERM_H

#include <kindred/payload.h>
#include <stdlib.h>
#include <string.h>

KD_BEGIN_DECLS

/**
 * Extension: an error. Its body is one map with the string keys `kind`,
 * `message`, and optionally `retryable` (boolean), `details` (map), `stack`
 * (string).
 */
#define KD_TERM_EXT_ERROR 1
/** Extension: a pid, 16 bytes: node, host, serial, each big-endian. */
#define KD_TERM_EXT_PID 2

/**
 * Containers nested deeper than this are malformed: 64 levels of a program's
 * value, and two that wrap it (an argument list, the details of an error).
 */
#define KD_TERM_MAX_DEPTH 66

/** What kd_reader_next() found. */
#define KD_TERM_END  ((uint32_t)0) /**< Nothing is left. */
#define KD_TERM_NIL  ((uint32_t)1)
#define KD_TERM_BOOL ((uint32_t)2) /**< In `integer`: 0 or 1. */
#define KD_TERM_INT  ((uint32_t)3) /**< In `integer`. */
#define KD_TERM_UINT                                                           \
    ((uint32_t)4) /**< Above INT64_MAX, in `integer` as its bits. */
#define KD_TERM_FLOAT ((uint32_t)5) /**< In `number`. */
#define KD_TERM_STRING                                                         \
    ((uint32_t)6) /**< In `data`, `len`; also for MessagePack's bin. */
#define KD_TERM_ARRAY ((uint32_t)7) /**< `len` values follow. */
#define KD_TERM_MAP                                                            \
    ((uint32_t)8)                 /**< `len` pairs follow, key before value.   \
                                   */
#define KD_TERM_EXT ((uint32_t)9) /**< In `data`, `len`; type in `integer`. */
#define KD_TERM_BAD                                                            \
    ((uint32_t)10) /**< Malformed; the reader is at its end.                   \
                    */

/** Builds a term in memory of its own. Zero-initialise it. */
typedef struct kd_writer {
    unsigned char *data; /**< From malloc; kd_writer_free() or yours to free. */
    size_t len;
    size_t cap;
    kd_status
        status; /**< KD_OK, or KD_ENOMEM: then all that follows is void. */
} kd_writer;

/** Walks over terms in borrowed memory. */
typedef struct kd_reader {
    const unsigned char *at;
    const unsigned char *end;
} kd_reader;

/** One value, or the head of a container. Strings are borrowed. */
typedef struct kd_item {
    uint32_t type; /**< KD_TERM_ */
    int64_t integer;
    double number;
    const unsigned char *data;
    size_t len;
} kd_item;

/** Frees what was written. */
static inline void
kd_writer_free(kd_writer *w)
{
    free(w->data);
    w->data = NULL;
    w->len = w->cap = 0;
    w->status = KD_OK;
}

/** What was written, borrowed from the writer. */
static inline kd_payload
kd_writer_payload(const kd_writer *w)
{
    return kd_payload_make(KD_FORMAT_TERM, w->data, w->len);
}

/** Room for `n` more bytes, already counted in; NULL when memory is out. */
static inline unsigned char *
kd_writer_grow(kd_writer *w, size_t n)
{
    unsigned char *data;
    size_t cap;

    if (w->status != KD_OK)
        return NULL;
    if (n > w->cap - w->len) {
        cap = w->cap < 64 ? 128 : w->cap * 2;
        if (cap < w->len + n)
            cap = w->len + n;
        data = cap < w->len ? NULL : (unsigned char *)realloc(w->data, cap);
        if (data == NULL) {
            w->status = KD_ENOMEM;
            return NULL;
        }
        w->data = data;
        w->cap = cap;
    }
    data = w->data + w->len;
    w->len += n;
    return data;
}

/** Bytes as they are: a term that is there already, say. */
static inline void
kd_write_raw(kd_writer *w, const void *data, size_t len)
{
    unsigned char *to = kd_writer_grow(w, len);

    if (to != NULL && len > 0)
        memcpy(to, data, len);
}

/** A head byte and the low `bytes` bytes of `value`, big-endian. */
static inline void
kd_write_head(kd_writer *w, unsigned head, uint64_t value, size_t bytes)
{
    unsigned char *to = kd_writer_grow(w, 1 + bytes);

    if (to == NULL)
        return;
    to[0] = (unsigned char)head;
    for (size_t i = bytes; i > 0; i--) {
        to[i] = (unsigned char)(value & 0xff);
        value >>= 8;
    }
}

static inline void
kd_write_nil(kd_writer *w)
{
    kd_write_head(w, 0xc0, 0, 0);
}

static inline void
kd_write_bool(kd_writer *w, int value)
{
    kd_write_head(w, value ? 0xc3 : 0xc2, 0, 0);
}

/** An integer, in its shortest form. */
static inline void
kd_write_int(kd_writer *w, int64_t value)
{
    uint64_t bits = (uint64_t)value;

    if (value >= 0) {
        if (value < 0x80)
            kd_write_head(w, (unsigned)value, 0, 0);
        else if (value <= 0xff)
            kd_write_head(w, 0xcc, bits, 1);
        else if (value <= 0xffff)
            kd_write_head(w, 0xcd, bits, 2);
        else if (value <= 0xffffffffLL)
            kd_write_head(w, 0xce, bits, 4);
        else
            kd_write_head(w, 0xcf, bits, 8);
    } else if (value >= -32) {
        kd_write_head(w, (unsigned)(bits & 0xff), 0, 0);
    } else if (value >= INT8_MIN) {
        kd_write_head(w, 0xd0, bits, 1);
    } else if (value >= INT16_MIN) {
        kd_write_head(w, 0xd1, bits, 2);
    } else if (value >= INT32_MIN) {
        kd_write_head(w, 0xd2, bits, 4);
    } else {
        kd_write_head(w, 0xd3, bits, 8);
    }
}

/** A float; it stays one however round it is. */
static inline void
kd_write_float(kd_writer *w, double value)
{
    uint64_t bits;

    memcpy(&bits, &value, sizeof(bits));
    kd_write_head(w, 0xcb, bits, 8);
}

/** A string of any bytes, at most 4 GiB. */
static inline void
kd_write_string(kd_writer *w, const char *text, size_t len)
{
    if (len < 32)
        kd_write_head(w, 0xa0u | (unsigned)len, 0, 0);
    else if (len <= 0xff)
        kd_write_head(w, 0xd9, len, 1);
    else if (len <= 0xffff)
        kd_write_head(w, 0xda, len, 2);
    else
        kd_write_head(w, 0xdb, len, 4);
    kd_write_raw(w, text, len);
}

/** A string that ends in NUL. */
static inline void
kd_write_text(kd_writer *w, const char *text)
{
    kd_write_string(w, text, strlen(text));
}

/** The head of an array; `count` values must follow. */
static inline void
kd_write_array(kd_writer *w, size_t count)
{
    if (count < 16)
        kd_write_head(w, 0x90u | (unsigned)count, 0, 0);
    else if (count <= 0xffff)
        kd_write_head(w, 0xdc, count, 2);
    else
        kd_write_head(w, 0xdd, count, 4);
}

/** The head of a map; `count` pairs must follow. */
static inline void
kd_write_map(kd_writer *w, size_t count)
{
    if (count < 16)
        kd_write_head(w, 0x80u | (unsigned)count, 0, 0);
    else if (count <= 0xffff)
        kd_write_head(w, 0xde, count, 2);
    else
        kd_write_head(w, 0xdf, count, 4);
}

/** An extension value with the given body. */
static inline void
kd_write_ext(kd_writer *w, int type, const void *body, size_t len)
{
    unsigned char kind = (unsigned char)(type & 0xff);

    if (len <= 0xff)
        kd_write_head(w, 0xc7, len, 1);
    else if (len <= 0xffff)
        kd_write_head(w, 0xc8, len, 2);
    else
        kd_write_head(w, 0xc9, len, 4);
    kd_write_raw(w, &kind, 1);
    kd_write_raw(w, body, len);
}

/** A pid as extension value. */
static inline void
kd_write_pid(kd_writer *w, kd_pid pid)
{
    unsigned char body[16];
    uint64_t words[2];

    words[0] = ((uint64_t)pid.node << 32) | pid.host;
    words[1] = pid.serial;
    for (int i = 0; i < 16; i++)
        body[i] = (unsigned char)(words[i / 8] >> (56 - 8 * (i % 8)));
    kd_write_ext(w, KD_TERM_EXT_PID, body, sizeof(body));
}

/** A reader over `len` bytes. */
static inline kd_reader
kd_reader_make(const void *data, size_t len)
{
    kd_reader r;

    r.at = (const unsigned char *)data;
    r.end = len == 0 ? r.at : r.at + len;
    return r;
}

/** Big-endian number of `bytes` bytes; the caller has checked the length. */
static inline uint64_t
kd_read_number(const unsigned char *at, size_t bytes)
{
    uint64_t value = 0;

    for (size_t i = 0; i < bytes; i++)
        value = value << 8 | at[i];
    return value;
}

static inline uint32_t
kd_reader_bad(kd_reader *r, kd_item *item)
{
    r->at = r->end;
    return item->type = KD_TERM_BAD;
}

/** `len` bytes that follow, as a string or an extension's body. */
static inline uint32_t
kd_reader_bytes(kd_reader *r, kd_item *item, uint32_t type, size_t len)
{
    if (len > (size_t)(r->end - r->at))
        return kd_reader_bad(r, item);
    item->data = r->at;
    item->len = len;
    r->at += len;
    return item->type = type;
}

/** The head of a container; every element takes a byte at least. */
static inline uint32_t
kd_reader_container(kd_reader *r, kd_item *item, uint32_t type, size_t count)
{
    size_t left = (size_t)(r->end - r->at);

    if (count > (type == KD_TERM_MAP ? left / 2 : left))
        return kd_reader_bad(r, item);
    item->len = count;
    return item->type = type;
}

/** The values whose head byte is 0xc0 to 0xdf; `n` follows the head. */
static inline uint32_t
kd_reader_long(kd_reader *r, kd_item *item, unsigned head, uint64_t n)
{
    float single;
    uint32_t bits;

    switch (head) {
    case 0xc0:
        return item->type = KD_TERM_NIL;
    case 0xc2:
    case 0xc3:
        item->integer = head & 1;
        return item->type = KD_TERM_BOOL;
    case 0xc4:
    case 0xc5:
    case 0xc6:
    case 0xd9:
    case 0xda:
    case 0xdb:
        return kd_reader_bytes(r, item, KD_TERM_STRING, (size_t)n);
    case 0xc7:
    case 0xc8:
    case 0xc9:
        if (r->at == r->end)
            return kd_reader_bad(r, item);
        item->integer = (int8_t)*r->at++;
        return kd_reader_bytes(r, item, KD_TERM_EXT, (size_t)n);
    case 0xca:
        bits = (uint32_t)n;
        memcpy(&single, &bits, sizeof(single));
        item->number = (double)single;
        return item->type = KD_TERM_FLOAT;
    case 0xcb:
        memcpy(&item->number, &n, sizeof(n));
        return item->type = KD_TERM_FLOAT;
    case 0xd0:
        item->integer = (int8_t)n;
        return item->type = KD_TERM_INT;
    case 0xd1:
        item->integer = (int16_t)n;
        return item->type = KD_TERM_INT;
    case 0xd2:
        item->integer = (int32_t)n;
        return item->type = KD_TERM_INT;
    case 0xcc:
    case 0xcd:
    case 0xce:
    case 0xcf:
    case 0xd3:
        item->integer = (int64_t)n;
        return item->type = head == 0xcf && n > (uint64_t)INT64_MAX
                                ? KD_TERM_UINT
                                : KD_TERM_INT;
    case 0xdc:
    case 0xdd:
        return kd_reader_container(r, item, KD_TERM_ARRAY, (size_t)n);
    case 0xde:
    case 0xdf:
        return kd_reader_container(r, item, KD_TERM_MAP, (size_t)n);
    default: /* 0xd4 to 0xd8: extensions of 1, 2, 4, 8, 16 bytes. */
        item->integer = (int8_t)n;
        return kd_reader_bytes(
            r, item, KD_TERM_EXT, (size_t)1 << (head - 0xd4));
    }
}

/** The next value or container head. @return its KD_TERM_ type. */
static inline uint32_t
kd_reader_next(kd_reader *r, kd_item *item)
{
    /* Bytes of the number that follows each head from 0xc0 to 0xdf. */
    static const unsigned char follow[32] = {0, 0, 0, 0, 1, 2, 4, 1, 2, 4, 4, 8,
        1, 2, 4, 8, 1, 2, 4, 8, 1, 1, 1, 1, 1, 1, 2, 4, 2, 4, 2, 4};
    unsigned head;
    size_t bytes;
    uint64_t n;

    item->data = NULL;
    item->len = 0;
    item->integer = 0;
    item->number = 0;
    if (r->at == r->end)
        return item->type = KD_TERM_END;
    head = *r->at++;
    if (head < 0x80 || head >= 0xe0) {
        item->integer = (int8_t)head;
        return item->type = KD_TERM_INT;
    }
    if (head < 0x90)
        return kd_reader_container(r, item, KD_TERM_MAP, head & 0x0f);
    if (head < 0xa0)
        return kd_reader_container(r, item, KD_TERM_ARRAY, head & 0x0f);
    if (head < 0xc0)
        return kd_reader_bytes(r, item, KD_TERM_STRING, head & 0x1f);
    bytes = follow[head - 0xc0];
    if (head == 0xc1 || bytes > (size_t)(r->end - r->at))
        return kd_reader_bad(r, item);
    n = kd_read_number(r->at, bytes);
    r->at += bytes;
    return kd_reader_long(r, item, head, n);
}

/**
 * Step over one whole value, its elements included.
 *
 * @return KD_OK; KD_EFORMAT when it is malformed, cut short or nested deeper
 *         than KD_TERM_MAX_DEPTH.
 */
static inline kd_status
kd_reader_skip(kd_reader *r)
{
    size_t left[KD_TERM_MAX_DEPTH + 1];
    size_t depth = 0;
    kd_item item;

    left[0] = 1;
    for (;;) {
        while (left[depth] == 0) {
            if (depth == 0)
                return KD_OK;
            depth--;
        }
        left[depth]--;
        kd_reader_next(r, &item);
        if (item.type == KD_TERM_BAD || item.type == KD_TERM_END)
            return KD_EFORMAT;
        if (item.type != KD_TERM_ARRAY && item.type != KD_TERM_MAP)
            continue;
        if (depth == KD_TERM_MAX_DEPTH)
            return KD_EFORMAT;
        left[++depth] = item.type == KD_TERM_MAP ? 2 * item.len : item.len;
    }
}

/** Read the body of a KD_TERM_EXT_PID item. @return KD_OK or KD_EFORMAT. */
static inline kd_status
kd_item_pid(const kd_item *item, kd_pid *pid)
{
    if (item->type != KD_TERM_EXT || item->integer != KD_TERM_EXT_PID ||
        item->len != 16)
        return KD_EFORMAT;
    pid->node = (uint32_t)kd_read_number(item->data, 4);
    pid->host = (uint32_t)kd_read_number(item->data + 4, 4);
    pid->serial = kd_read_number(item->data + 8, 8);
    return KD_OK;
}

KD_END_DECLS

#endif
