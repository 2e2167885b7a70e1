/* SPDX-License-Identifier: MIT */
/*
 * What rules share: telling, a process to try, and odd mail.
 */

#include "rule.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void
tell(struct subject *subject, char how, const char *format, va_list args)
{
    char line[700];
    int len = 0;

    line[len++] = how;
    if (subject->kind != NULL)
        len +=
            snprintf(line + len, sizeof(line) / 4, "%s: ", subject->kind->id);
    vsnprintf(line + len, sizeof(line) - (size_t)len - 1, format, args);
    strcat(line, "\n");
    /* Less than a pipe takes at once; without a reader there is no listener. */
    if (write(subject->report, line, strlen(line)) < 0)
        return;
}

void
broken(struct subject *subject, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    tell(subject, '!', format, args);
    va_end(args);
}

void
skipped(struct subject *subject, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    tell(subject, '-', format, args);
    va_end(args);
}

/* Many begin with the kind, which stands there already. */
static void
repeat(struct subject *subject, const char *complaint)
{
    size_t len = subject->kind == NULL ? 0 : strlen(subject->kind->id);

    if (len > 0 && strncmp(complaint, subject->kind->id, len) == 0 &&
        strncmp(complaint + len, ": ", 2) == 0)
        complaint += len + 2;
    broken(subject, "%s", complaint);
}

void
fake_renew(struct subject *subject)
{
    kd_fake *fake = subject->fake;
    kd_error err = KD_ERROR_INIT;
    const char *complaint;
    size_t i;

    if (fake != NULL) {
        for (i = 0; (complaint = kd_fake_complaint(fake, i)) != NULL; i++)
            repeat(subject, complaint);
        /* What is left behind is only known now. */
        if (kd_fake_free(fake) > i)
            broken(subject, "something taken from the host is not given back");
    }
    subject->fake = kd_fake_new();
    kd_fake_borrow(subject->fake, kd_runtime_api(subject->runtime));
    if (kd_fake_add(subject->fake, subject->plugin, &err) != KD_OK)
        broken(subject, "init: %s", err.text);
}

kd_proc *
spawn(struct subject *subject)
{
    kd_error err = KD_ERROR_INIT;
    kd_proc *proc =
        kd_fake_spawn(subject->fake, subject->entry, subject->args, &err);

    if (proc != NULL || subject->is_refused)
        return proc;
    if (err.code != KD_EINVAL)
        broken(subject, "cannot be created: %s", err.text);
    else if (subject->args == NULL)
        skipped(subject, "it wants arguments (--arg): %s", err.text);
    else
        skipped(subject, "it wants other arguments: %s", err.text);
    subject->is_refused = 1;
    return NULL;
}

const kd_worker_kind *
worker_of(const struct subject *subject)
{
    return subject->kind->impl;
}

int
is_blocking(const struct subject *subject)
{
    return (worker_of(subject)->flags & KD_WORKER_BLOCKING) != 0;
}

int
odd_mail(kd_proc *proc, size_t index)
{
    static const struct {
        const char *topic;
        uint32_t flags;
        uint32_t format;
        const char *bytes;
        size_t len;
    } odd[] = {
        {"", 0, KD_FORMAT_NONE, NULL, 0},
        {"hello", 0, KD_FORMAT_TERM, "\xa5hello", 6},
        {"array", KD_MESSAGE_MANY, KD_FORMAT_TERM, "\x92\x01\xc0", 3},
        {"map", 0, KD_FORMAT_TERM, "\x81\xa1k\xcb\x3f\xf0\0\0\0\0\0\0", 12},
        {"cut short", 0, KD_FORMAT_TERM, "\xdb\xff\xff\xff\xff", 5},
        {"no array", KD_MESSAGE_MANY, KD_FORMAT_TERM, "\xc3", 1},
        {"bytes", 0, KD_FORMAT_BYTES, "\0\xff", 2},
        {"unknown format", 0, 4711, "?", 1},
        {"@kindred-validate", 0, KD_FORMAT_NONE, NULL, 0},
        {"not \xff utf-8", 0, KD_FORMAT_TEXT, "\xfe", 1},
    };
    const kd_pid nobody = KD_PID_NONE_INIT;
    kd_payload payload;

    if (index >= sizeof(odd) / sizeof(odd[0]))
        return 0;
    payload =
        kd_payload_make(odd[index].format, odd[index].bytes, odd[index].len);
    kd_fake_send(proc, nobody, odd[index].topic, odd[index].flags, &payload);
    return 1;
}
