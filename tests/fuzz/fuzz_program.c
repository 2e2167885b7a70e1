/* SPDX-License-Identifier: MIT */
/*
 * What programs write, and what the guard reads: lines, MessagePack values and
 * orders. The first byte says into how small pieces the rest is cut, and how
 * long a line or value may be; what is found does not depend on the pieces.
 */

#include "fuzz.h"

#include "process_program/lines.h"
#include "process_program/msgpack.h"
#include "process_program/order.h"

#include <kindred/term.h>
#include <stdlib.h>
#include <string.h>

/* How it is cut. */
struct cut {
    size_t piece; /* So many bytes come at once, */
    size_t max;   /* and so many may a line or value have. */
};

static size_t
smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* The next line at `at`, of bytes that come in pieces; 0: there is none. */
static int
next_line(const char *data, size_t size, size_t at, const struct cut *cut,
    struct kp_line *line)
{
    size_t scanned = 0;
    size_t len = 0;

    for (;;) {
        len = smaller(len + cut->piece, size - at);
        if (kp__lines_next(
                data + at, len, cut->max, at + len == size, &scanned, line))
            return 1;
        FUZZ_REQUIRE(scanned <= len);
        if (at + len == size)
            return 0;
    }
}

static void
check_lines(const char *data, size_t size, const struct cut *cut)
{
    const struct cut whole = {size + 1, cut->max};
    struct kp_line line, same;
    size_t at = 0;

    while (next_line(data, size, at, cut, &line)) {
        FUZZ_REQUIRE(next_line(data, size, at, &whole, &same));
        FUZZ_REQUIRE(line.len == same.len && line.used == same.used);
        FUZZ_REQUIRE(line.len <= cut->max && line.len <= line.used);
        FUZZ_REQUIRE(line.used > 0 && line.used <= size - at);
        FUZZ_REQUIRE(
            line.len == 0 || memchr(data + at, '\n', line.len) == NULL);
        at += line.used;
    }
    FUZZ_REQUIRE(at == size);
}

static enum kp_msgpack_state
next_value(struct kp_msgpack *value, const uint8_t *data, size_t size,
    const struct cut *cut)
{
    enum kp_msgpack_state state = KP_MSGPACK_MORE;
    size_t len = 0;

    memset(value, 0, sizeof(*value));
    while (state == KP_MSGPACK_MORE && len < size) {
        len = smaller(len + cut->piece, size);
        state = kp__msgpack_next(value, data, len, cut->max);
    }
    return state;
}

/* What is a value here is one for every reader of terms. */
static void
check_values(const uint8_t *data, size_t size, const struct cut *cut)
{
    const struct cut whole = {size + 1, cut->max};
    struct kp_msgpack value, same;
    kd_reader reader;

    while (size > 0) {
        if (next_value(&value, data, size, cut) != KP_MSGPACK_WHOLE) {
            FUZZ_REQUIRE(
                next_value(&same, data, size, &whole) != KP_MSGPACK_WHOLE);
            return;
        }
        FUZZ_REQUIRE(next_value(&same, data, size, &whole) == KP_MSGPACK_WHOLE);
        FUZZ_REQUIRE(value.at == same.at && value.at > 0 && value.at <= size);
        FUZZ_REQUIRE(value.at <= cut->max);
        reader = kd_reader_make(data, value.at);
        FUZZ_REQUIRE(kd_reader_skip(&reader) == KD_OK);
        FUZZ_REQUIRE(reader.at == reader.end);
        data += value.at;
        size -= value.at;
    }
}

static void
check_order(const uint8_t *data, size_t size)
{
    char *bytes = malloc(size + (size == 0));
    struct kp_order order;
    size_t n = 0;

    FUZZ_REQUIRE(bytes != NULL);
    memcpy(bytes, data, size);
    if (kp__order_read(&order, bytes, size) == 0) {
        FUZZ_REQUIRE(order.folder != NULL && order.args[0] != NULL);
        for (char **at = order.args; *at != NULL; at++)
            n += strlen(*at) + 1;
        for (char **at = order.env; *at != NULL; at++)
            n += strlen(*at) + 1;
        n += strlen(order.folder) + 1;
        FUZZ_REQUIRE(n + sizeof(struct kp_order_head) == size);
        kp__order_env(&order, "PATH");
        kp__order_free(&order);
    }
    free(bytes);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct cut cut;

    if (size == 0)
        return 0;
    cut.piece = 1 + data[0] % 16u;
    cut.max = 1 + data[0] / 16u * 5;
    check_lines((const char *)data + 1, size - 1, &cut);
    check_values(data + 1, size - 1, &cut);
    cut.max = size;
    check_values(data + 1, size - 1, &cut);
    check_order(data + 1, size - 1);
    return 0;
}
