/* SPDX-License-Identifier: MIT */
/*
 * Most text is ASCII: it is passed over by eight bytes at a time.
 */

#include "value/utf8.h"

#include <stdint.h>
#include <string.h>

#define HIGH_BITS UINT64_C(0x8080808080808080)

static size_t ascii_span(const unsigned char *text, size_t len);
static size_t character_len(const unsigned char *at, size_t left);

size_t
kl__utf8_span(const char *text, size_t len)
{
    const unsigned char *at = (const unsigned char *)text;
    size_t seen = 0, n;

    while (seen < len) {
        seen += ascii_span(at + seen, len - seen);
        if (seen == len)
            break;
        n = character_len(at + seen, len - seen);
        if (n == 0)
            return seen;
        seen += n;
    }
    return len;
}

static size_t
ascii_span(const unsigned char *text, size_t len)
{
    size_t seen = 0;
    uint64_t word;

    while (len - seen >= sizeof(word)) {
        memcpy(&word, text + seen, sizeof(word));
        if (word & HIGH_BITS)
            break;
        seen += sizeof(word);
    }
    while (seen < len && text[seen] < 0x80)
        seen++;
    return seen;
}

/* Bytes of the character that begins here and is not ASCII; 0: it is none. */
static size_t
character_len(const unsigned char *at, size_t left)
{
    size_t len = at[0] < 0xe0 ? 2 : at[0] < 0xf0 ? 3 : 4;
    uint32_t code = at[0] & (0x7fu >> len);

    if (at[0] < 0xc2 || at[0] > 0xf4 || len > left)
        return 0;
    for (size_t i = 1; i < len; i++) {
        if ((at[i] & 0xc0) != 0x80)
            return 0;
        code = code << 6 | (at[i] & 0x3fu);
    }
    if ((len == 3 && code < 0x800) || (len == 4 && code < 0x10000) ||
        (code >= 0xd800 && code < 0xe000) || code > 0x10ffff)
        return 0;
    return len;
}
