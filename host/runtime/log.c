/* SPDX-License-Identifier: MIT */
/*
 * Packs a record and its strings into one block for the writer's thread.
 */

#include "runtime/log.h"

#include "base/memory.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define LOG_LIMIT ((size_t)4 * 1024 * 1024)

struct log_record {
    struct kd__record record;
    int64_t unix_ns;
    kd_log_record pub;
    char pid[KD_PID_TEXT];
    char strings[]; /* What `pub` points to. */
};

static struct log_record *record_pack(
    const kd_api *api, const kd_log_record *from);
static void log_write(void *arg, struct kd__record *record);
static void record_drop(struct kd__log *log, kd_status why);
static void dropped_tell(struct kd__log *log, int64_t unix_ns);
static size_t text_size(const char *text);
static const char *text_pack(char **to, const char *text);

kd_status
kd__log_init(struct kd__log *log, const kd_api *api, uint32_t level,
    void (*sink)(void *arg, const kd_log_record *record, int64_t unix_ns,
        const char *pid),
    void *arg)
{
    log->api = api;
    log->level = level == 0 ? KD_LOG_INFO : level;
    atomic_init(&log->dropped, 0);
    atomic_init(&log->lacks_thread, 0);
    log->arg = arg;
    log->sink = sink;
    return kd__writer_init(
        &log->writer, "kd-log", LOG_LIMIT, log_write, NULL, log);
}

void
kd__log_fini(struct kd__log *log)
{
    kd__writer_fini(&log->writer);
}

kd_status
kd__log_stop(struct kd__log *log, kd_time until)
{
    kd_status status = kd__writer_stop(&log->writer, until);

    if (status == KD_OK)
        dropped_tell(log, log->api->unix_ns(log->api));
    return status;
}

int
kd__log_wants(const struct kd__log *log, uint32_t level)
{
    return log->sink != NULL && level >= KD_LOG_ERROR &&
           level <= KD_LOG_DEBUG && level <= log->level;
}

void
kd__log_add(struct kd__log *log, const kd_log_record *record)
{
    kd_pid nobody = KD_PID_NONE_INIT;
    struct log_record *packed;
    kd_status status = KD_ENOMEM;

    if (record->size < KD_FIRST_SIZE(kd_log_record)) {
        kd__log_text(log, KD_LOG_ERROR, nobody, NULL,
            "a kd_log_record without its size was dropped");
        return;
    }
    if (record->level == 0) {
        kd__log_text(log, KD_LOG_ERROR, record->pid, record->subject,
            "a kd_log_record without its level was dropped");
        return;
    }
    if (record->text == NULL) {
        kd__log_text(log, KD_LOG_ERROR, record->pid, record->subject,
            "a kd_log_record without its text was dropped");
        return;
    }
    if (!kd__log_wants(log, record->level))
        return;
    packed = record_pack(log->api, record);
    if (packed != NULL)
        status = kd__writer_put(&log->writer, &packed->record, 0);
    if (status == KD_OK)
        return;
    kd__free(packed);
    record_drop(log, status);
}

void
kd__log_text(struct kd__log *log, uint32_t level, kd_pid pid,
    const char *subject, const char *format, ...)
{
    kd_log_record record = {
        .size = sizeof(record), .level = level, .pid = pid, .subject = subject};
    va_list args;
    char *text;
    int n;

    if (!kd__log_wants(log, level))
        return;
    va_start(args, format);
    n = kd__vasprintf(&text, format, args);
    va_end(args);
    if (n < 0) {
        record_drop(log, KD_ENOMEM);
        return;
    }
    record.text = text;
    record.fields = kd_payload_none();
    kd__log_add(log, &record);
    kd__free(text);
}

static struct log_record *
record_pack(const kd_api *api, const kd_log_record *from)
{
    size_t strings = text_size(from->subject) + text_size(from->text) +
                     text_size(from->file) + from->fields.len;
    struct log_record *packed = kd__malloc(sizeof(*packed) + strings);
    char *to;

    if (packed == NULL)
        return NULL;
    packed->record.cost = sizeof(*packed) + strings;
    packed->unix_ns = api->unix_ns(api);
    memset(&packed->pub, 0, sizeof(packed->pub));
    memcpy(&packed->pub, from,
        from->size < sizeof(*from) ? from->size : sizeof(*from));
    packed->pub.size = (uint32_t)sizeof(packed->pub);
    to = packed->strings;
    packed->pub.subject = text_pack(&to, from->subject);
    packed->pub.text = text_pack(&to, from->text);
    packed->pub.file = text_pack(&to, from->file);
    packed->pub.fields =
        kd_payload_make(from->fields.format, to, from->fields.len);
    if (from->fields.len > 0)
        memcpy(to, from->fields.data, from->fields.len);
    return packed;
}

static void
log_write(void *arg, struct kd__record *record)
{
    struct kd__log *log = arg;
    struct log_record *packed = (struct log_record *)(void *)record;

    dropped_tell(log, packed->unix_ns);
    if (kd_pid_is_none(packed->pub.pid)) {
        log->sink(log->arg, &packed->pub, packed->unix_ns, NULL);
        return;
    }
    log->api->pid_text(log->api, packed->pub.pid, packed->pid);
    log->sink(log->arg, &packed->pub, packed->unix_ns, packed->pid);
}

/* KD_ESYSTEM is of the one thing there that the system may refuse. */
static void
record_drop(struct kd__log *log, kd_status why)
{
    atomic_store(&log->lacks_thread, why == KD_ESYSTEM);
    atomic_fetch_add(&log->dropped, 1);
}

/* Without a thread this is said at the end, by the one that stops. */
static void
dropped_tell(struct kd__log *log, int64_t unix_ns)
{
    uint64_t dropped = atomic_exchange(&log->dropped, 0);
    kd_log_record note = {.size = sizeof(note), .level = KD_LOG_WARN};
    char text[100];

    if (dropped == 0)
        return;
    snprintf(text, sizeof(text), "%llu log record%s dropped%s",
        (unsigned long long)dropped, dropped == 1 ? " was" : "s were",
        atomic_load(&log->lacks_thread)
            ? ": no thread could be made to write them"
            : "");
    note.text = text;
    note.fields = kd_payload_none();
    log->sink(log->arg, &note, unix_ns, NULL);
}

static size_t
text_size(const char *text)
{
    return text == NULL ? 0 : strlen(text) + 1;
}

static const char *
text_pack(char **to, const char *text)
{
    char *at = *to;
    size_t size = text_size(text);

    if (text == NULL)
        return NULL;
    memcpy(at, text, size);
    *to += size;
    return at;
}
