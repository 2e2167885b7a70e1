/* SPDX-License-Identifier: MIT */
/*
 * Log records of a supervisor.
 */

#include "fault.h"
#include "supervisor.h"

#include <kindred/duration.h>
#include <stdio.h>

#define SECOND_NS  UINT64_C(1000000000)
#define RECORD_MAX 10
#define TEXT_MAX   64
#define REASON_MAX 300

struct row {
    uint32_t level;
    const char *text;
};

static const struct row rows[N_REPORTS] = {
    [REPORT_STARTED] = {KD_LOG_INFO, "child started"},
    [REPORT_RESTART] = {KD_LOG_WARN, "child is restarted"},
    [REPORT_STOPPED] = {KD_LOG_INFO, "child stopped"},
    [REPORT_UNEASY] = {KD_LOG_WARN, "child stopped"},
    [REPORT_ENDED] = {KD_LOG_INFO, "child ended"},
    [REPORT_FAILED] = {KD_LOG_WARN, "child failed"},
    [REPORT_GIVEN_UP] = {KD_LOG_ERROR, "child is given up"},
};

static int may_write(struct supervisor *s, uint32_t level);
static void write_reason(kd_writer *fields, const kd_payload *error);
static void write_restart(
    kd_writer *fields, const struct child *child, uint64_t delay_ns);
static void write_record(struct supervisor *s, uint32_t level, const char *text,
    const kd_writer *fields);

void
ks__report(struct supervisor *s, enum report_type type,
    const struct child *child, const kd_payload *error, uint64_t delay_ns)
{
    const struct row *row = &rows[type];
    kd_writer fields = {NULL, 0, 0, KD_OK};

    if (!may_write(s, row->level))
        return;
    kd_write_map(&fields, 1u + (error != NULL) + 2u * (type == REPORT_RESTART));
    kd_write_text(&fields, "child");
    kd_write_text(&fields, child->pub.id);
    if (error != NULL)
        write_reason(&fields, error);
    if (type == REPORT_RESTART)
        write_restart(&fields, child, delay_ns);
    write_record(s, row->level, row->text, &fields);
    kd_writer_free(&fields);
}

kd_time
ks__report_due(const struct report *report)
{
    return report->left_out == 0 ? KD_NEVER : report->second + SECOND_NS;
}

void
ks__report_flush(struct supervisor *s, int is_last)
{
    struct report *report = &s->report;
    const uint64_t left_out = report->left_out;
    char text[TEXT_MAX];

    if (left_out == 0 || (!is_last && s->now < ks__report_due(report)))
        return;
    report->left_out = 0;
    snprintf(text, sizeof(text), "%llu more records in this second",
        (unsigned long long)left_out);
    write_record(s, KD_LOG_WARN, text, NULL);
}

/* Also counts it. */
static int
may_write(struct supervisor *s, uint32_t level)
{
    struct report *report = &s->report;

    if (report->second == 0 || s->now - report->second >= SECOND_NS) {
        ks__report_flush(s, 1);
        report->second = s->now;
        report->written = 0;
    }
    if (report->written >= RECORD_MAX) {
        report->left_out++;
        return 0;
    }
    if (!s->api->log_wants(s->api, level))
        return 0;
    report->written++;
    return 1;
}

static void
write_record(struct supervisor *s, uint32_t level, const char *text,
    const kd_writer *fields)
{
    kd_log_record record = {
        .size = (uint32_t)sizeof(record),
        .level = level,
        .pid = kd_proc_self(s->proc),
        .subject = s->api->entry_id(s->plan->entry),
        .text = text,
        .fields = {.size = (uint32_t)sizeof(kd_payload)},
    };

    if (fields != NULL && fields->status == KD_OK)
        record.fields =
            kd_payload_make(KD_FORMAT_TERM, fields->data, fields->len);
    s->api->log(s->api, &record);
}

static void
write_reason(kd_writer *fields, const kd_payload *error)
{
    struct fault fault;

    ks__fault_read(error, &fault);
    kd_write_text(fields, "reason");
    kd_write_string(fields, fault.text,
        fault.text_len < REASON_MAX ? fault.text_len : REASON_MAX);
}

static void
write_restart(kd_writer *fields, const struct child *child, uint64_t delay_ns)
{
    const int64_t shown = delay_ns < INT64_MAX ? (int64_t)delay_ns : INT64_MAX;
    char delay[KD_DURATION_TEXT];

    kd_duration_format(shown, delay, sizeof(delay));
    kd_write_text(fields, "attempt");
    kd_write_int(fields, (int64_t)child->pub.restarts);
    kd_write_text(fields, "delay");
    kd_write_text(fields, delay);
}
