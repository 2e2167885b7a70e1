/* SPDX-License-Identifier: MIT */
/*
 * What the program complains of goes to the log (semantics E6).
 */

#include "program.h"

#include "lines.h"

#include <stdarg.h>
#include <stdio.h>

/* A line that is longer is several records. */
#define RECORD_MAX ((size_t)4096)

#define SLICE_READS 16

static void hand_over(struct kp_program *program);

kd_status
kp__error_output_pump(struct kp_program *program, int *more, kd_error *err)
{
    struct kp_error_output *errors = &program->errors;
    kd_status status;

    for (int reads = 0; errors->pipe.fd >= 0 && errors->pipe.ready; reads++) {
        if (reads == SLICE_READS) {
            *more = 1;
            return KD_OK;
        }
        status = kp__intake_read(&errors->intake, &errors->pipe);
        if (status == KD_ENOMEM)
            return err->code = status;
        if (status == KD_EGONE)
            kp__pipe_close(&errors->pipe, program->proc);
        hand_over(program);
    }
    if (program->phase == KP_ENDED && errors->pipe.fd >= 0) {
        kp__pipe_close(&errors->pipe, program->proc);
        hand_over(program);
    }
    errors->is_over = errors->pipe.fd < 0;
    return KD_OK;
}

void
kp__error_output_fini(struct kp_program *program)
{
    kp__pipe_close(&program->errors.pipe, program->proc);
    kp__intake_free(&program->errors.intake);
}

static void
hand_over(struct kp_program *program)
{
    struct kp_error_output *errors = &program->errors;
    struct kp_line line;

    while (errors->intake.len > 0) {
        const char *data = (const char *)kp__intake_data(&errors->intake);

        if (!kp__lines_next(data, errors->intake.len, RECORD_MAX,
                errors->pipe.fd < 0, &errors->scanned, &line))
            return;
        kp__log_line(program, data, line.len);
        kp__intake_drop(&errors->intake, line.used);
    }
}

/* A record's text ends at a zero byte: a line's do not count. */
void
kp__log_line(const struct kp_program *program, const char *text, size_t len)
{
    char line[RECORD_MAX + 1];
    size_t n = 0;

    do {
        for (n = 0; len > 0 && n < RECORD_MAX; len--, text++) {
            if (*text != '\0')
                line[n++] = *text;
        }
        line[n] = '\0';
        kp__log(program, KD_LOG_INFO, "%s", line);
    } while (len > 0);
}

void
kp__log(
    const struct kp_program *program, uint32_t level, const char *format, ...)
{
    const kd_api *api = program->api;
    char text[RECORD_MAX + 1];
    kd_log_record record = {.size = sizeof(record), .level = level};
    va_list args;

    if (!api->log_wants(api, level))
        return;
    va_start(args, format);
    if (vsnprintf(text, sizeof(text), format, args) < 0)
        text[0] = '\0';
    va_end(args);
    record.pid = kd_proc_self(program->proc);
    record.subject = api->entry_id(program->plan->entry);
    record.text = text;
    record.fields = kd_payload_none();
    api->log(api, &record);
}
