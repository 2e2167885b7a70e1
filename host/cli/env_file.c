/* SPDX-License-Identifier: MIT */
/*
 * Reads them by hand: the format is no standard, but what Docker and the
 * dotenv libraries have in common.
 */

#include "cli/env_file.h"

#include "base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define BYTES_MAX ((size_t)1024 * 1024)

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_"
#define DIGITS  "0123456789"

/* Where in the text we are. A NUL stands behind its end, and nowhere else. */
struct parse {
    const char *at;
    unsigned line;
    char *value; /* room for any value */
    size_t len;
    kd_error *err;
};

static kd_status parse_line(struct parse *parse, struct kd__env_list *list);
static kd_status parse_value(struct parse *parse);
static kd_status parse_quoted(struct parse *parse);
static kd_status read_whole(
    const char *file, char **text, size_t *len, kd_error *err);

kd_status
kd__env_file_parse(struct kd__env_list *list, const char *text, size_t len,
    unsigned *line, kd_error *err)
{
    char *room = malloc(2 * len + 2);
    struct parse parse = {room, 1, NULL, 0, err};
    kd_status status = KD_OK;

    *line = 1;
    if (room == NULL)
        return kd__error_memory(err);
    memcpy(room, text, len);
    room[len] = '\0';
    parse.value = room + len + 1;
    /* Some editors begin UTF-8 files with a byte order mark. */
    if (len >= 3 && memcmp(room, "\xef\xbb\xbf", 3) == 0)
        parse.at += 3;
    if (memchr(text, '\0', len) != NULL)
        status = kd__error(err, KD_EFORMAT, "a NUL character: no text file");
    while (status == KD_OK && *parse.at != '\0')
        status = parse_line(&parse, list);
    *line = parse.line;
    free(room);
    return status;
}

kd_status
kd__env_file_read(struct kd__env_list *list, const char *file, kd_error *err)
{
    char *text = NULL;
    size_t len = 0;
    unsigned line;
    kd_status status = read_whole(file, &text, &len, err);

    if (status != KD_OK) {
        kd__error_prefix(err, "%s", file);
        return status;
    }
    status = kd__env_file_parse(list, text, len, &line, err);
    if (status != KD_OK)
        kd__error_prefix(err, "%s:%u", file, line);
    free(text);
    return status;
}

kd_status
kd__env_list_add(struct kd__env_list *list, const char *text)
{
    const size_t capacity = list->capacity == 0 ? 32 : list->capacity * 2;
    char **items;

    if (list->n + 1 >= list->capacity) {
        items = realloc(list->items, capacity * sizeof(*items));
        if (items == NULL)
            return KD_ENOMEM;
        list->items = items;
        list->capacity = capacity;
    }
    list->items[list->n] = strdup(text);
    if (list->items[list->n] == NULL)
        return KD_ENOMEM;
    list->items[++list->n] = NULL;
    return KD_OK;
}

void
kd__env_list_fini(struct kd__env_list *list)
{
    size_t i;

    for (i = 0; i < list->n; i++)
        free(list->items[i]);
    free(list->items);
    memset(list, 0, sizeof(*list));
}

static void
skip_blanks(struct parse *parse)
{
    parse->at += strspn(parse->at, " \t\r");
}

/* Over the end of a line, if nothing but a comment comes before it. */
static int
skip_rest(struct parse *parse)
{
    skip_blanks(parse);
    if (*parse->at == '#')
        parse->at += strcspn(parse->at, "\n");
    if (*parse->at != '\n')
        return *parse->at == '\0';
    parse->at++;
    parse->line++;
    return 1;
}

static void
put(struct parse *parse, char byte)
{
    parse->value[parse->len++] = byte;
}

/* `NAME=` into the value, so that it becomes the whole string. */
static kd_status
parse_name(struct parse *parse)
{
    size_t len = strspn(parse->at, LETTERS DIGITS);

    if (strncmp(parse->at, "export", len) == 0 && len == 6 &&
        (parse->at[6] == ' ' || parse->at[6] == '\t')) {
        parse->at += 6;
        skip_blanks(parse);
        len = strspn(parse->at, LETTERS DIGITS);
    }
    if (len == 0 || strspn(parse->at, DIGITS) > 0)
        return kd__error(parse->err, KD_EFORMAT,
            "NAME=value is expected, the name of letters, digits and _");
    memcpy(parse->value, parse->at, len);
    parse->len = len;
    parse->at += len;
    skip_blanks(parse);
    if (*parse->at != '=')
        return kd__error(parse->err, KD_EFORMAT,
            "= is expected behind the name %.*s", (int)(len < 100 ? len : 100),
            parse->value);
    put(parse, *parse->at++);
    skip_blanks(parse);
    return KD_OK;
}

static kd_status
parse_line(struct parse *parse, struct kd__env_list *list)
{
    kd_status status;

    if (skip_rest(parse))
        return KD_OK;
    status = parse_name(parse);
    if (status == KD_OK)
        status = parse_value(parse);
    if (status != KD_OK)
        return status;
    if (!skip_rest(parse))
        return kd__error(parse->err, KD_EFORMAT,
            "only a comment may stand behind the quote that ends a value");
    put(parse, '\0');
    return kd__env_list_add(list, parse->value) == KD_OK
               ? KD_OK
               : kd__error_memory(parse->err);
}

/* Plain: up to the end of the line, or a comment with a blank before it. */
static kd_status
parse_value(struct parse *parse)
{
    size_t start = parse->len;

    if (*parse->at == '"' || *parse->at == '\'')
        return parse_quoted(parse);
    while (
        *parse->at != '\0' && *parse->at != '\n' &&
        !(*parse->at == '#' && (parse->at[-1] == ' ' || parse->at[-1] == '\t' ||
                                   parse->len == start)))
        put(parse, *parse->at++);
    while (parse->len > start &&
           strchr(" \t\r", parse->value[parse->len - 1]) != NULL)
        parse->len--;
    return KD_OK;
}

/* What stands for itself or a control character behind a backslash; any other
   keeps its backslash. */
static void
put_escaped(struct parse *parse)
{
    static const char names[] = "nrt\"\\$";
    static const char meant[] = "\n\r\t\"\\$";
    const char *found = strchr(names, *parse->at);

    if (*parse->at == '\0')
        return;
    if (found == NULL)
        put(parse, '\\');
    put(parse, found == NULL ? *parse->at : meant[found - names]);
    parse->line += *parse->at == '\n';
    parse->at++;
}

static kd_status
parse_quoted(struct parse *parse)
{
    const char quote = *parse->at++;
    const unsigned line = parse->line;

    while (*parse->at != quote && *parse->at != '\0') {
        if (*parse->at == '\\' && quote == '"') {
            parse->at++;
            put_escaped(parse);
            continue;
        }
        parse->line += *parse->at == '\n';
        put(parse, *parse->at++);
    }
    if (*parse->at == '\0') {
        parse->line = line;
        return kd__error(
            parse->err, KD_EFORMAT, "the quote %c is not closed", quote);
    }
    parse->at++;
    return KD_OK;
}

static kd_status
system_error(kd_error *err)
{
    char text[80];

    return kd__error(
        err, KD_ESYSTEM, "%s", strerror_r(errno, text, sizeof(text)));
}

/* Whatever can be read, a pipe too: `--env-file <(pass show x)`. */
static kd_status
read_open(int fd, char *bytes, size_t *len, kd_error *err)
{
    for (*len = 0; *len <= BYTES_MAX;) {
        ssize_t n = read(fd, bytes + *len, BYTES_MAX + 1 - *len);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return system_error(err);
        if (n == 0)
            return KD_OK;
        *len += (size_t)n;
    }
    return kd__error(err, KD_ETOOBIG, "larger than 1 MiB");
}

static kd_status
read_whole(const char *file, char **text, size_t *len, kd_error *err)
{
    int fd = open(file, O_RDONLY | O_CLOEXEC);
    kd_status status;

    if (fd < 0)
        return system_error(err);
    *text = malloc(BYTES_MAX + 1);
    status =
        *text == NULL ? kd__error_memory(err) : read_open(fd, *text, len, err);
    close(fd);
    if (status == KD_OK)
        return KD_OK;
    free(*text);
    *text = NULL;
    return status;
}
