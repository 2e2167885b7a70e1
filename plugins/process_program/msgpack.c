/* SPDX-License-Identifier: MIT */
/*
 * Two passes. The first counts values and bytes and stops anywhere: each head
 * is looked at once, however the bytes come. The second, over a value that is
 * whole, reads it.
 */

#include "msgpack.h"

#include <kindred/term.h>

/* A head: its own size, and what it promises. */
struct head {
    size_t size;
    uint64_t bytes;  /* Of a string, a number, an extension. */
    uint64_t values; /* In a container. */
    int is_container;
};

static int read_head(struct head *head, const unsigned char *data, size_t len);
static void read_long_head(struct head *head, unsigned first);
static int is_value(kd_reader *r, unsigned depth);
static int is_map(kd_reader *r, size_t pairs, unsigned depth);
static int is_extension(const kd_item *item, unsigned depth);

enum kp_msgpack_state
kp__msgpack_next(
    struct kp_msgpack *value, const unsigned char *data, size_t len, size_t max)
{
    struct head head;
    kd_reader r;

    if (!value->is_on) {
        value->is_on = 1;
        value->left[0] = 1;
    }
    for (;;) {
        while (value->depth > 0 && value->left[value->depth] == 0)
            value->depth--;
        if (value->at > max)
            return KP_MSGPACK_LONG;
        if (value->left[value->depth] == 0)
            break;
        if (value->at >= len)
            return KP_MSGPACK_MORE;
        if (data[value->at] == 0xc1)
            return KP_MSGPACK_BAD;
        if (!read_head(&head, data + value->at, len - value->at))
            return KP_MSGPACK_MORE;
        /* Each value takes a byte, so this is true of all that follow. */
        if (head.bytes > max || head.values > max) {
            value->at += head.size + head.bytes + head.values;
            return KP_MSGPACK_LONG;
        }
        value->at += head.size + (size_t)head.bytes;
        value->left[value->depth]--;
        if (!head.is_container)
            continue;
        if (value->depth == KP_MSGPACK_DEPTH)
            return KP_MSGPACK_BAD;
        value->left[++value->depth] = head.values;
    }
    if (value->at > len)
        return KP_MSGPACK_MORE;
    r = kd_reader_make(data, value->at);
    return is_value(&r, 0) ? KP_MSGPACK_WHOLE : KP_MSGPACK_BAD;
}

/* 0: not all of it is there. */
static int
read_head(struct head *head, const unsigned char *data, size_t len)
{
    const unsigned first = data[0];

    *head = (struct head){.size = 1};
    if (first >= 0xc0 && first < 0xe0) {
        read_long_head(head, first);
        if (head->size > len)
            return 0;
        if (first >= 0xdc || (first >= 0xd9 && first <= 0xdb) ||
            (first >= 0xc4 && first <= 0xc9))
            head->bytes = kd_read_number(
                data + 1, head->size - 1 - (first >= 0xc7 && first <= 0xc9));
        if (first >= 0xdc) {
            head->values = head->bytes * (first >= 0xde ? 2 : 1);
            head->bytes = 0;
        }
    } else if (first >= 0x80 && first < 0xa0) {
        head->is_container = 1;
        head->values = (first & 0x0f) * (first < 0x90 ? 2u : 1u);
    } else if (first >= 0xa0 && first < 0xc0) {
        head->bytes = first & 0x1f;
    }
    return 1;
}

/* From 0xc0 to 0xdf: the size of the head, and what it has without being
 * told. */
static void
read_long_head(struct head *head, unsigned first)
{
    static const unsigned char sizes[32] = {1, 1, 1, 1, 2, 3, 5, 3, 4, 6, 5, 9,
        2, 3, 5, 9, 2, 3, 5, 9, 2, 2, 2, 2, 2, 2, 3, 5, 3, 5, 3, 5};

    head->size = sizes[first - 0xc0];
    head->is_container = first >= 0xdc;
    if (first >= 0xd4 && first <= 0xd8)
        head->bytes = UINT64_C(1) << (first - 0xd4);
}

static int
is_value(kd_reader *r, unsigned depth)
{
    kd_item item;

    switch (kd_reader_next(r, &item)) {
    case KD_TERM_BAD:
    case KD_TERM_END:
        return 0;
    case KD_TERM_EXT:
        return is_extension(&item, depth);
    case KD_TERM_MAP:
        return depth < KP_MSGPACK_DEPTH && is_map(r, item.len, depth + 1);
    case KD_TERM_ARRAY:
        if (depth == KP_MSGPACK_DEPTH)
            return 0;
        for (; item.len > 0; item.len--) {
            if (!is_value(r, depth + 1))
                return 0;
        }
        return 1;
    default:
        return 1;
    }
}

static int
is_map(kd_reader *r, size_t pairs, unsigned depth)
{
    kd_item key;

    for (; pairs > 0; pairs--) {
        uint32_t type = kd_reader_next(r, &key);

        if (type < KD_TERM_BOOL || type > KD_TERM_STRING ||
            (type == KD_TERM_FLOAT && key.number != key.number) ||
            !is_value(r, depth))
            return 0;
    }
    return 1;
}

/* An error's body is one map, with words for keys. */
static int
is_extension(const kd_item *item, unsigned depth)
{
    kd_reader r = kd_reader_make(item->data, item->len);
    kd_item map, key;
    kd_pid pid;

    if (item->integer == KD_TERM_EXT_PID)
        return kd_item_pid(item, &pid) == KD_OK;
    if (item->integer != KD_TERM_EXT_ERROR || depth == KP_MSGPACK_DEPTH ||
        kd_reader_next(&r, &map) != KD_TERM_MAP)
        return 0;
    for (; map.len > 0; map.len--) {
        if (kd_reader_next(&r, &key) != KD_TERM_STRING ||
            !is_value(&r, depth + 1))
            return 0;
    }
    return r.at == r.end;
}
