/* SPDX-License-Identifier: MIT */
/*
 * Reading TZif.
 *
 * A file has a block with times of four bytes and, from version 2 on, the same
 * again with eight, which is the one that counts then, and the rule for the
 * time after it. Everything is checked once, when it is parsed; what is asked
 * later takes it for granted. Leap seconds are not for us, as they are not for
 * any clock that shows unix time.
 */

#include "time/zone_file.h"

#include <string.h>

#define HEAD_LEN ((size_t)44)
#define KIND_LEN ((size_t)6) /* Offset, is it summer, place of the name. */

/* A block's members, by their numbers in its head. */
enum { UT_MARKS, STANDARD_MARKS, LEAPS, CHANGES, KINDS, NAMES_LEN, N_COUNTS };

struct head {
    int version;
    uint32_t counts[N_COUNTS];
};

static uint32_t
read_u32(const unsigned char *at)
{
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 |
           (uint32_t)at[2] << 8 | at[3];
}

static int64_t
read_i32(const unsigned char *at)
{
    return (int32_t)read_u32(at);
}

static int64_t
read_i64(const unsigned char *at)
{
    return (int64_t)((uint64_t)read_u32(at) << 32 | read_u32(at + 4));
}

static const char *
read_head(const unsigned char *bytes, size_t len, struct head *head)
{
    int i;

    if (len < HEAD_LEN)
        return "it is too short";
    if (memcmp(bytes, "TZif", 4) != 0)
        return "it is no zone file";
    head->version = bytes[4] == '\0' ? 1 : bytes[4] - '0';
    if (head->version < 1)
        return "it has no version";
    for (i = 0; i < N_COUNTS; i++)
        head->counts[i] = read_u32(bytes + 20 + 4 * i);
    return NULL;
}

/* Bytes of the block that is behind a head. */
static uint64_t
block_len(const struct head *head, uint32_t time_len)
{
    const uint32_t *counts = head->counts;

    return (uint64_t)counts[CHANGES] * (time_len + 1) +
           (uint64_t)counts[KINDS] * KIND_LEN + counts[NAMES_LEN] +
           (uint64_t)counts[LEAPS] * (time_len + 4) + counts[STANDARD_MARKS] +
           counts[UT_MARKS];
}

/* The parts of a block, one behind the other. */

static int64_t
change_time(const struct kl__zone_file *file, uint32_t i)
{
    const unsigned char *at = file->block + (size_t)i * file->time_len;

    return file->time_len == 8 ? read_i64(at) : read_i32(at);
}

static uint32_t
change_kind(const struct kl__zone_file *file, uint32_t i)
{
    return file->block[(size_t)file->n_changes * file->time_len + i];
}

static const unsigned char *
kind_at(const struct kl__zone_file *file, uint32_t i)
{
    return file->block + (size_t)file->n_changes * (file->time_len + 1) +
           i * KIND_LEN;
}

static int
is_summer(const struct kl__zone_file *file, uint32_t i)
{
    return kind_at(file, i)[4] != 0;
}

static struct kl__zone_period
kind_period(const struct kl__zone_file *file, uint32_t i)
{
    const unsigned char *kind = kind_at(file, i);
    const unsigned char *names = kind_at(file, file->n_kinds);

    return (struct kl__zone_period){
        (int32_t)read_i32(kind), (const char *)names + kind[5]};
}

static const char *
check_block(const struct kl__zone_file *file)
{
    const unsigned char *names = kind_at(file, file->n_kinds);
    uint32_t i;

    if (file->n_kinds == 0 || file->names_len == 0)
        return "it has no kind of time";
    if (names[file->names_len - 1] != '\0')
        return "a name in it has no end";
    for (i = 0; i < file->n_kinds; i++) {
        int64_t offset_s = read_i32(kind_at(file, i));

        if (offset_s <= -KL_ZONE_OFFSET_MAX_S ||
            offset_s >= KL_ZONE_OFFSET_MAX_S)
            return "an offset in it is too large";
        if (kind_at(file, i)[5] >= file->names_len)
            return "a kind of time in it has no name";
    }
    for (i = 0; i < file->n_changes; i++) {
        if (change_kind(file, i) >= file->n_kinds)
            return "a change in it leads to no kind of time";
        if (i > 0 && change_time(file, i) <= change_time(file, i - 1))
            return "its changes are not in order";
    }
    return NULL;
}

/* A line of its own, which may be empty. */
static const char *
read_rule(const unsigned char *at, size_t len, struct kl__zone_file *file)
{
    const unsigned char *end;

    if (len < 2 || at[0] != '\n')
        return "it ends before its rule";
    end = memchr(at + 1, '\n', len - 1);
    if (end == NULL)
        return "its rule has no end";
    if (end == at + 1)
        return NULL;
    file->has_rule = 1;
    if (kl__zone_rule_parse(
            (const char *)at + 1, (size_t)(end - at - 1), &file->rule) != 0)
        return "its rule cannot be read";
    return NULL;
}

const char *
kl__zone_file_parse(
    const unsigned char *bytes, size_t len, struct kl__zone_file *file)
{
    struct head head;
    const char *problem = read_head(bytes, len, &head);
    uint64_t skipped;

    memset(file, 0, sizeof(*file));
    file->time_len = 4;
    if (problem == NULL && head.version > 1) {
        skipped = HEAD_LEN + block_len(&head, 4);
        if (skipped > len)
            return "it is too short";
        bytes += skipped;
        len -= skipped;
        file->time_len = 8;
        problem = read_head(bytes, len, &head);
    }
    if (problem != NULL)
        return problem;
    if (block_len(&head, file->time_len) > len - HEAD_LEN)
        return "it is too short";

    file->block = bytes + HEAD_LEN;
    file->len = (size_t)block_len(&head, file->time_len);
    file->n_changes = head.counts[CHANGES];
    file->n_kinds = head.counts[KINDS];
    file->names_len = head.counts[NAMES_LEN];
    problem = check_block(file);
    if (problem != NULL || file->time_len == 4)
        return problem;
    return read_rule(file->block + file->len, len - HEAD_LEN - file->len, file);
}

/* What held before the first change: what is no summer, if there is one. */
static uint32_t
first_kind(const struct kl__zone_file *file)
{
    uint32_t kind, i;

    for (i = 0; i < file->n_changes && change_kind(file, i) != 0; i++)
        ;
    /* No change leads to the kind that is for this alone. */
    if (i == file->n_changes)
        return 0;
    kind = change_kind(file, 0);
    if (is_summer(file, kind)) {
        while (kind > 0) {
            if (!is_summer(file, --kind))
                return kind;
        }
    }
    for (i = 0; i < file->n_kinds; i++) {
        if (!is_summer(file, i))
            return i;
    }
    return 0;
}

/* How many changes there were until then. */
static uint32_t
count_until(const struct kl__zone_file *file, int64_t sec)
{
    uint32_t low = 0;
    uint32_t high = file->n_changes;

    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (change_time(file, middle) <= sec)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct kl__zone_period
kl__zone_file_at(const struct kl__zone_file *file, int64_t sec)
{
    uint32_t n = count_until(file, sec);

    if (n == file->n_changes && file->has_rule)
        return kl__zone_rule_at(&file->rule, sec);
    if (n == 0)
        return kind_period(file, first_kind(file));
    return kind_period(file, change_kind(file, n - 1));
}

static int
is_name(struct kl__zone_period period, const char *name, size_t len)
{
    return strlen(period.name) == len && memcmp(period.name, name, len) == 0;
}

int
kl__zone_file_offset(const struct kl__zone_file *file, const char *name,
    size_t len, int64_t local_sec, int32_t *offset_s)
{
    int is_found = 0;
    uint32_t i;

    for (i = 0; i < file->n_kinds; i++) {
        struct kl__zone_period kind = kind_period(file, i);
        struct kl__zone_period then;

        if (!is_name(kind, name, len))
            continue;
        then = kl__zone_file_at(file, local_sec - kind.offset_s);
        if (is_name(then, name, len)) {
            *offset_s = then.offset_s;
            return 1;
        }
        if (!is_found)
            *offset_s = kind.offset_s;
        is_found = 1;
    }
    return is_found;
}
