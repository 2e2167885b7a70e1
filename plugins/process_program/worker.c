/* SPDX-License-Identifier: MIT */
/*
 * A slice: take what has come, then pump, until there is nothing to do.
 *
 * Whatever fails makes `run` fail, and `destroy` closes the channel: the rest
 * is the guard's. A forced end, which calls only `destroy`, is the same.
 */

#include "worker.h"

#include "program.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>

static void take_signals(struct kp_program *program);
static void told(struct kp_program *program, const kd_signal *signal);
static void ask(struct kp_program *program);
static void take_mail(struct kp_program *program);
static kd_status advance(struct kp_program *program, int *more, kd_error *err);
static kd_status read_reports(struct kp_program *program, kd_error *err);
static kd_status read_report(
    struct kp_program *program, const struct kp_report *report, kd_error *err);
static void ended(
    struct kp_program *program, uint32_t was_killed, int32_t number);
static kd_status watch(struct kp_program *program, kd_error *err);
static kd_next conclude(struct kp_program *program, kd_error *err);

static kd_status
worker_prepare(void *state, const kd_entry *entry, const kd_check *check,
    void **prepared, kd_error *err)
{
    struct kp_keeper *keeper = state;
    struct kp_plan *plan = NULL;
    kd_status status = kp__plan_new(keeper->api, keeper, entry, check, &plan);

    (void)err;
    *prepared = plan;
    return status;
}

static void
worker_unprepare(void *prepared)
{
    kp__plan_free(prepared);
}

static kd_status
worker_create(void *state, void *prepared, kd_proc *proc,
    const kd_payload *args, void **self, kd_error *err)
{
    struct kp_program *program = calloc(1, sizeof(*program));
    kd_status status;

    (void)state;
    if (program == NULL)
        return KD_ENOMEM;
    status = kp__args_read(&program->args, args, err);
    if (status != KD_OK) {
        kd_writer_free(&program->args.text);
        free(program);
        return status;
    }
    program->plan = prepared;
    program->api = program->plan->api;
    program->proc = proc;
    program->spawner = kd_proc_spawner(proc);
    program->gate.fd = program->channel.fd = -1;
    program->input.pipe.fd = program->output.pipe.fd = -1;
    program->errors.pipe.fd = -1;
    for (int i = 0; i < KP_N_FDS; i++)
        program->fds[i] = -1;
    *self = program;
    return KD_OK;
}

static kd_next
worker_run(void *self, kd_proc *proc, uint32_t budget, kd_error *err)
{
    struct kp_program *program = self;
    int more = 0;

    (void)proc;
    (void)budget;
    take_signals(program);
    if (program->phase == KP_NEW ||
        (program->phase == KP_QUEUED && program->gate.ready)) {
        if (kp__launch(program, err) != KD_OK)
            return KD_NEXT_FAIL;
    }
    if (program->is_to_be_asked)
        ask(program);
    take_mail(program);
    if (program->phase != KP_QUEUED && advance(program, &more, err) != KD_OK)
        return KD_NEXT_FAIL;
    if (program->phase == KP_ENDED && program->output.is_over &&
        program->errors.is_over)
        return conclude(program, err);
    if (more)
        return KD_NEXT_READY;
    return watch(program, err) == KD_OK ? KD_NEXT_WAIT : KD_NEXT_FAIL;
}

static void
worker_destroy(void *self, kd_proc *proc)
{
    struct kp_program *program = self;

    (void)proc;
    kp__launch_fini(program);
    kp__input_fini(program);
    kp__output_fini(program);
    kp__error_output_fini(program);
    kd_writer_free(&program->args.text);
    free(program);
}

static void
worker_describe(void *self, char *text, size_t len)
{
    static const char *const phases[] = {
        "is to start", "waits for its start", "runs", "has ended"};
    const struct kp_program *program = self;

    snprintf(text, len, "%s (%d) %s%s", program->plan->program, program->pid,
        phases[program->phase],
        program->output.is_blocked ? ", its receiver is full" : "");
}

const kd_worker_kind kp__worker = {
    .size = sizeof(kd_worker_kind),
    .prepare = worker_prepare,
    .unprepare = worker_unprepare,
    .create = worker_create,
    .run = worker_run,
    .destroy = worker_destroy,
    .describe = worker_describe,
};

static void
take_signals(struct kp_program *program)
{
    kd_signal signal;

    while (kd_proc_signal(program->proc, &signal) == KD_OK) {
        if (signal.type == KD_SIGNAL_FD)
            told(program, &signal);
        else if (signal.type == KD_SIGNAL_ROOM)
            program->output.is_blocked = 0;
        else if (signal.type == KD_SIGNAL_CANCEL)
            program->is_to_be_asked = 1;
    }
}

static void
told(struct kp_program *program, const kd_signal *signal)
{
    struct kp_pipe *const pipes[] = {&program->channel, &program->output.pipe,
        &program->errors.pipe, &program->input.pipe, &program->gate};

    for (size_t i = 0; i < sizeof(pipes) / sizeof(pipes[0]); i++) {
        if (kp__pipe_told(pipes[i], signal))
            return;
    }
}

/* The guard may not have it yet: then it finds this behind the start. */
static void
ask(struct kp_program *program)
{
    const struct kp_kill order = {program->plan->kill_signal};

    program->is_to_be_asked = 0;
    program->asked = order.signal;
    if (program->channel.fd >= 0)
        (void)send(program->channel.fd, &order, sizeof(order),
            MSG_DONTWAIT | MSG_NOSIGNAL);
}

static void
take_mail(struct kp_program *program)
{
    kd_message *message;

    while ((message = kd_proc_next(program->proc)) != NULL)
        kp__input_add(program, message);
}

static kd_status
advance(struct kp_program *program, int *more, kd_error *err)
{
    kd_status status = read_reports(program, err);

    if (status == KD_OK)
        status = kp__output_pump(program, more, err);
    if (status == KD_OK)
        status = kp__error_output_pump(program, more, err);
    if (status == KD_OK)
        kp__input_pump(program);
    return status;
}

static kd_status
read_reports(struct kp_program *program, kd_error *err)
{
    struct kp_pipe *channel = &program->channel;
    struct kp_report report;
    kd_status status = KD_OK;
    ssize_t n;

    while (status == KD_OK && channel->fd >= 0 && channel->ready) {
        n = kp__pipe_read(channel, &report, sizeof(report));
        if (n == (ssize_t)sizeof(report)) {
            status = read_report(program, &report, err);
        } else if (n >= 0) {
            return kd_error_set(
                err, KD_EINTERNAL, "the guard of the program has ended");
        }
    }
    return status;
}

static kd_status
read_report(
    struct kp_program *program, const struct kp_report *report, kd_error *err)
{
    const char *folder = (const char *)program->plan->folder.data;

    switch (report->type) {
    case KP_STARTED:
        program->pid = report->value;
        kp__log(program, KD_LOG_DEBUG, "%s runs as %d", program->plan->program,
            program->pid);
        return KD_OK;
    case KP_NO_FOLDER:
        return kp__cannot_run(program, folder, report->value, err);
    case KP_NOT_RUN:
        return kp__cannot_run(program, NULL, report->value, err);
    default:
        ended(program, report->type == KP_KILLED, report->value);
        return KD_OK;
    }
}

/* What it wrote may still be in its pipes; what it was to read is void. */
static void
ended(struct kp_program *program, uint32_t was_killed, int32_t number)
{
    program->phase = KP_ENDED;
    program->outcome.was_killed = was_killed;
    program->outcome.number = number;
    kp__pipe_close(&program->channel, program->proc);
    kp__input_fini(program);
    program->output.pipe.ready = program->output.pipe.fd >= 0;
    program->errors.pipe.ready = program->errors.pipe.fd >= 0;
}

static kd_status
watch(struct kp_program *program, kd_error *err)
{
    struct kp_input *input = &program->input;
    kd_status status = kp__pipe_watch(&program->channel, program->proc, err);

    if (status == KD_OK && !program->output.is_blocked)
        status = kp__pipe_watch(&program->output.pipe, program->proc, err);
    if (status == KD_OK)
        status = kp__pipe_watch(&program->errors.pipe, program->proc, err);
    if (status == KD_OK && input->first != NULL)
        status = kp__pipe_watch(&input->pipe, program->proc, err);
    if (status == KD_OK)
        status = kp__pipe_watch(&program->gate, program->proc, err);
    return status;
}

/* Semantics E9, E10. */
static kd_next
conclude(struct kp_program *program, kd_error *err)
{
    kd_writer term = {NULL, 0, 0, KD_OK};
    kd_next next = KD_NEXT_FAIL;
    kd_payload payload;

    if (!kp__outcome_is_normal(&program->outcome, program->asked)) {
        kp__outcome_error(&program->outcome, &term);
        payload = kd_payload_make(KD_FORMAT_TERM, term.data, term.len);
        err->code = term.status == KD_OK
                        ? kd_proc_fail(program->proc, &payload, NULL)
                        : KD_ENOMEM;
    } else if (program->output.is_bad && program->asked == 0) {
        kd_error_set(err, KD_EFORMAT, "bad msgpack on stdout");
    } else {
        kp__outcome_value(&program->outcome, &term);
        payload = kd_payload_make(KD_FORMAT_TERM, term.data, term.len);
        err->code = term.status == KD_OK
                        ? kd_proc_finish(program->proc, &payload)
                        : KD_ENOMEM;
        next = err->code == KD_OK ? KD_NEXT_DONE : KD_NEXT_FAIL;
    }
    kd_writer_free(&term);
    return next;
}
