/* SPDX-License-Identifier: MIT */
/*
 * A zone as the tz database compiles it: a file in the format TZif (RFC 9636),
 * in memory.
 *
 * Pure: no allocation, no Lua state. It is read where it lies, so that a
 * zone is one piece of memory and no more than its file.
 */
#ifndef KL_ZONE_FILE_H
#define KL_ZONE_FILE_H

#include "time/zone_period.h"
#include "time/zone_rule.h"

#include <stddef.h>
#include <stdint.h>

/* No zone has a tenth of it. */
#define KL_ZONE_FILE_MAX ((size_t)32768)

struct kl__zone_file {
    /* Of the file, borrowed: all that is asked for, in `len` bytes. */
    const unsigned char *block;
    size_t len;
    uint32_t n_changes, n_kinds, names_len;
    uint32_t time_len; /* Bytes of a time: 4 or 8. */
    int has_rule;      /* What follows the last change. */
    struct kl__zone_rule rule;
};

/* Returns NULL, or what is wrong with it. */
const char *kl__zone_file_parse(
    const unsigned char *bytes, size_t len, struct kl__zone_file *file);

/* At a unix time. */
struct kl__zone_period kl__zone_file_at(
    const struct kl__zone_file *file, int64_t sec);

/*
 * The offset that goes with an abbreviation: the one that made clocks show
 * these seconds, or else any of that name. Returns 0 if it has none.
 */
int kl__zone_file_offset(const struct kl__zone_file *file, const char *name,
    size_t len, int64_t local_sec, int32_t *offset_s);

#endif
