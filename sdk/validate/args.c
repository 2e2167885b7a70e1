/* SPDX-License-Identifier: MIT */
/*
 * See args.h.
 */

#include "args.h"

#include <errno.h>

static int
write_number(kd_writer *writer, const char *word)
{
    char *end;
    long long integer;
    double number;

    if (*word == '\0' || strchr("+-.0123456789", *word) == NULL)
        return 0;
    errno = 0;
    integer = strtoll(word, &end, 10);
    if (*end == '\0' && errno == 0) {
        kd_write_int(writer, integer);
        return 1;
    }
    number = strtod(word, &end);
    if (*end != '\0' || end == word)
        return 0;
    kd_write_float(writer, number);
    return 1;
}

void
args_write(kd_writer *writer, const char *const *words, size_t count)
{
    size_t i;

    kd_write_array(writer, count);
    for (i = 0; i < count; i++) {
        if (write_number(writer, words[i]))
            continue;
        if (strcmp(words[i], "nil") == 0)
            kd_write_nil(writer);
        else if (strcmp(words[i], "true") == 0 ||
                 strcmp(words[i], "false") == 0)
            kd_write_bool(writer, *words[i] == 't');
        else
            kd_write_text(writer, words[i]);
    }
}
