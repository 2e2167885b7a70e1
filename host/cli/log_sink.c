/* SPDX-License-Identifier: MIT */
/*
 * Formats records and writes each with one call, so that lines of several
 * threads, and of other programs on the same terminal, do not mix.
 *
 * What programs log is not trusted: no text can forge a record, since further
 * lines are indented, nor move the cursor, since control bytes are shown.
 */

#include "cli/log_sink.h"

#include "base/clock.h"
#include "cli/complain.h"
#include "cli/json.h"
#include "cli/put_text.h"

#include <kindred/term.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct level {
    const char *word;
    const char *colour;
};

static const struct level levels[] = {
    {"error", "\x1b[31m"},
    {"warn", "\x1b[33m"},
    {"info", "\x1b[32m"},
    {"debug", "\x1b[2m"},
};

static const struct level *
level_of(const kd_log_record *record)
{
    uint32_t i = record->level - KD_LOG_ERROR;

    return &levels[i < 4 ? i : 0];
}

void
kd__log_sink_init(struct kd__log_sink *log, int is_json, uint32_t level)
{
    const char *no_colour = getenv("NO_COLOR");
    const char *term = getenv("TERM");

    log->is_json = is_json;
    log->level = level;
    log->has_colour = isatty(STDERR_FILENO) &&
                      (no_colour == NULL || *no_colour == '\0') &&
                      (term == NULL || strcmp(term, "dumb") != 0);
}

/* A value among `key=value`: bare where nothing can be misread. */
static void
put_field(FILE *out, const kd_payload *value)
{
    kd_reader reader = kd_reader_make(value->data, value->len);
    kd_item item;
    size_t i;

    if (kd_reader_next(&reader, &item) != KD_TERM_STRING || item.len == 0) {
        kd__json_term(out, value);
        return;
    }
    for (i = 0; i < item.len; i++) {
        unsigned char c = item.data[i];

        if (c <= ' ' || c >= 0x7f || c == '"' || c == '=' || c == '\\') {
            kd__json_string(out, (const char *)item.data, item.len);
            return;
        }
    }
    fwrite(item.data, 1, item.len, out);
}

static void
put_fields(FILE *out, const kd_payload *fields)
{
    kd_reader reader = kd_reader_make(fields->data, fields->len);
    kd_reader walk = reader;
    kd_payload part;
    kd_item head;
    size_t i;

    if (fields->format != KD_FORMAT_TERM || kd_reader_skip(&walk) != KD_OK ||
        kd_reader_next(&reader, &head) != KD_TERM_MAP)
        return;
    for (i = 0; i < 2 * head.len; i++) {
        part = kd_payload_make(KD_FORMAT_TERM, reader.at, 0);
        (void)kd_reader_skip(&reader);
        part.len = (size_t)(reader.at - (const unsigned char *)part.data);
        putc(i % 2 == 0 ? ' ' : '=', out);
        put_field(out, &part);
    }
}

static void
put_human(const struct kd__log_sink *log, FILE *out,
    const kd_log_record *record, int64_t unix_ns, const char *pid)
{
    const struct level *level = level_of(record);
    time_t seconds = (time_t)(unix_ns / 1000000000);
    struct tm tm;
    char clock[16];

    if (localtime_r(&seconds, &tm) == NULL ||
        strftime(clock, sizeof(clock), "%H:%M:%S", &tm) == 0)
        clock[0] = '\0';
    fprintf(out, "%s.%03d %s%-5s%s", clock, (int)(unix_ns / 1000000 % 1000),
        log->has_colour ? level->colour : "", level->word,
        log->has_colour ? "\x1b[0m" : "");
    if (record->subject != NULL) {
        putc(' ', out);
        kd__put_text(out, record->subject, "    ");
    }
    if (pid != NULL && *pid != '\0')
        fprintf(out, " %s", pid);
    fputs(record->subject != NULL || (pid != NULL && *pid) ? ": " : " ", out);
    kd__put_text(out, record->text, "    ");
    put_fields(out, &record->fields);
    if (record->file != NULL) {
        fputs(" (", out);
        kd__put_text(out, record->file, "    ");
        fprintf(out, ":%lu)", (unsigned long)record->line);
    }
    putc('\n', out);
}

static void
put_member(FILE *out, const char *name, const char *text)
{
    if (text == NULL || *text == '\0')
        return;
    fprintf(out, ",\"%s\":", name);
    kd__json_string(out, text, strlen(text));
}

static void
put_json(
    FILE *out, const kd_log_record *record, int64_t unix_ns, const char *pid)
{
    time_t seconds = (time_t)(unix_ns / 1000000000);
    struct tm tm;
    char clock[32];

    if (gmtime_r(&seconds, &tm) == NULL ||
        strftime(clock, sizeof(clock), "%Y-%m-%dT%H:%M:%S", &tm) == 0)
        clock[0] = '\0';
    fprintf(out, "{\"time\":\"%s.%06dZ\",\"level\":\"%s\"", clock,
        (int)(unix_ns / 1000 % 1000000), level_of(record)->word);
    put_member(out, "subject", record->subject);
    put_member(out, "pid", pid);
    put_member(out, "text", record->text);
    put_member(out, "file", record->file);
    if (record->file != NULL)
        fprintf(out, ",\"line\":%lu", (unsigned long)record->line);
    if (record->fields.format == KD_FORMAT_TERM) {
        fputs(",\"fields\":", out);
        kd__json_term(out, &record->fields);
    }
    fputs("}\n", out);
}

void
kd__log_sink_format(const struct kd__log_sink *log, FILE *out,
    const kd_log_record *record, int64_t unix_ns, const char *pid)
{
    if (log->is_json)
        put_json(out, record, unix_ns, pid);
    else
        put_human(log, out, record, unix_ns, pid);
}

void
kd__log_sink_write(const struct kd__log_sink *log, const kd_log_record *record,
    int64_t unix_ns, const char *pid)
{
    char *line = NULL;
    size_t len = 0;
    FILE *out = open_memstream(&line, &len);

    if (out == NULL)
        return;
    kd__log_sink_format(log, out, record, unix_ns, pid);
    if (fclose(out) == 0)
        (void)kd__write_all(STDERR_FILENO, line, len);
    free(line);
}

void
kd__log_sink_note(
    const struct kd__log_sink *log, uint32_t level, const char *text)
{
    kd_log_record record = {
        .size = sizeof(record), .level = level, .text = text};

    if (level <= log->level)
        kd__log_sink_write(log, &record, kd__clock_unix(), NULL);
}
