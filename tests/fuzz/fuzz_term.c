/* SPDX-License-Identifier: MIT */
/*
 * Decoding of terms: whatever the bytes, the reader stays inside of them, comes
 * to an end, and an error term is read or refused.
 */

#include "fuzz.h"

#include "term/failure.h"

#include <kindred/term.h>

/* Every step takes a byte at least, so `size` of them is the most. */
static void
walk(const uint8_t *data, size_t size)
{
    kd_reader r = kd_reader_make(data, size);
    const unsigned char *end = data + size;
    size_t steps = 0;
    kd_item item;

    while (kd_reader_next(&r, &item) != KD_TERM_END) {
        FUZZ_REQUIRE(steps++ <= size);
        FUZZ_REQUIRE(r.at <= end);
        if (item.type == KD_TERM_BAD)
            break;
        if (item.type == KD_TERM_STRING || item.type == KD_TERM_EXT)
            FUZZ_REQUIRE(item.len == 0 ||
                         (item.data >= data && item.data + item.len <= end));
        if (item.type == KD_TERM_ARRAY || item.type == KD_TERM_MAP)
            FUZZ_REQUIRE(item.len <= (size_t)(end - r.at));
    }
}

static void
skip(const uint8_t *data, size_t size)
{
    kd_reader r = kd_reader_make(data, size);

    while (r.at < r.end && kd_reader_skip(&r) == KD_OK)
        continue;
    FUZZ_REQUIRE(r.at <= data + size);
}

static void
read_failure(const uint8_t *data, size_t size)
{
    kd_payload payload = kd_payload_make(KD_FORMAT_TERM, data, size);
    struct kd__failure failure;
    const uint8_t *message;

    if (kd__failure_read(&payload, &failure) != KD_OK)
        return;
    message = (const uint8_t *)failure.message;
    FUZZ_REQUIRE(
        failure.message_len == 0 ||
        (message >= data && message + failure.message_len <= data + size));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    walk(data, size);
    skip(data, size);
    read_failure(data, size);
    return 0;
}
