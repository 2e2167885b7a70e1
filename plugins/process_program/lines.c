/* SPDX-License-Identifier: MIT */
/*
 * Each byte is searched once, however the lines are cut.
 */

#include "lines.h"

#include <string.h>

static int cut(
    size_t len, size_t used, size_t max, size_t *scanned, struct kp_line *line);

int
kp__lines_next(const char *data, size_t len, size_t max, int is_all,
    size_t *scanned, struct kp_line *line)
{
    const char *end = NULL;
    size_t content;

    if (len > *scanned)
        end = memchr(data + *scanned, '\n', len - *scanned);
    if (end != NULL) {
        size_t at = (size_t)(end - data);

        content = at > 0 && data[at - 1] == '\r' ? at - 1 : at;
        /* The pieces before the last leave the end to be found again. */
        *scanned = at;
        return cut(content, at + 1, max, scanned, line);
    }
    *scanned = len;
    if (is_all)
        return len > 0 && cut(len, len, max, scanned, line);
    /* The last byte may be half of the line's end. */
    content = len > 0 && data[len - 1] == '\r' ? len - 1 : len;
    return content > max && cut(content, len, max, scanned, line);
}

static int
cut(size_t len, size_t used, size_t max, size_t *scanned, struct kp_line *line)
{
    if (len > max)
        len = used = max;
    *scanned = *scanned > used ? *scanned - used : 0;
    line->len = len;
    line->used = used;
    return 1;
}
