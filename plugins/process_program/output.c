/* SPDX-License-Identifier: MIT */
/*
 * What the program writes, as messages (semantics E5, E8).
 *
 * What is read is first handed over, and only then is more read: so no more
 * than one line or value and one chunk is ever kept. When the receiver has no
 * room, nothing is read, the pipe fills, and the program waits in its write.
 */

#include "program.h"

#include "lines.h"

/* Of a message that is a string: the head of the term. */
#define HEAD_MAX 5

/* How much is read in one slice. */
#define SLICE_READS 16

static const char topic[] = "stdout";

/* Who gets it now. A name may be another's at any time, so it is looked up for
 * each slice. */
struct receiver {
    int is_log;
    kd_pid pid;
    size_t max; /* Bytes of a payload that it takes. */
};

static kd_status pump(struct kp_program *program, struct receiver *receiver,
    int *more, kd_error *err);
static void find_receiver(
    const struct kp_program *program, struct receiver *receiver);
static kd_status hand_over(struct kp_program *program,
    struct receiver *receiver, int *handed, kd_error *err);
static kd_status hand_line(struct kp_program *program,
    struct receiver *receiver, int *handed, kd_error *err);
static kd_status hand_value(struct kp_program *program,
    struct receiver *receiver, int *handed, kd_error *err);
static kd_status deliver(struct kp_program *program, struct receiver *receiver,
    const void *data, size_t len, kd_error *err);

kd_status
kp__output_pump(struct kp_program *program, int *more, kd_error *err)
{
    struct receiver receiver;

    if (program->output.is_blocked || program->output.is_over)
        return KD_OK;
    find_receiver(program, &receiver);
    return pump(program, &receiver, more, err);
}

void
kp__output_fini(struct kp_program *program)
{
    struct kp_output *output = &program->output;

    kp__pipe_close(&output->pipe, program->proc);
    kp__intake_free(&output->intake);
    kd_writer_free(&output->message);
}

/* The end of a program is the end of its output, even if something that it has
 * started and that left its group keeps the pipe. */
static kd_status
pump(struct kp_program *program, struct receiver *receiver, int *more,
    kd_error *err)
{
    struct kp_output *output = &program->output;
    int handed, reads = 0;
    kd_status status;

    for (;;) {
        do {
            status = hand_over(program, receiver, &handed, err);
        } while (status == KD_OK && handed);
        if (status != KD_OK || output->is_blocked)
            return status;
        if (output->pipe.fd < 0) {
            output->is_bad = output->intake.len > 0;
            output->is_over = 1;
            return KD_OK;
        }
        if (!output->pipe.ready)
            return KD_OK;
        if (reads++ == SLICE_READS) {
            *more = 1;
            return KD_OK;
        }
        status = kp__intake_read(&output->intake, &output->pipe);
        if (status == KD_ENOMEM)
            return err->code = status;
        if (status == KD_EGONE ||
            (status == KD_EUNAVAIL && program->phase == KP_ENDED))
            kp__pipe_close(&output->pipe, program->proc);
    }
}

static void
find_receiver(const struct kp_program *program, struct receiver *receiver)
{
    const struct kp_plan *plan = program->plan;
    const kd_api *api = program->api;
    const kd_entry *entry;
    const kd_node *limit;

    receiver->pid = program->spawner;
    receiver->max = plan->message_bytes;
    receiver->is_log = 0;
    if (plan->to == NULL)
        receiver->is_log = kd_pid_is_none(program->spawner);
    else if (api->name_find(api, plan->to, strlen(plan->to), &receiver->pid) !=
             KD_OK)
        receiver->is_log = 1;
    entry = receiver->is_log ? NULL : api->pid_entry(api, receiver->pid);
    if (entry == NULL) {
        receiver->is_log = 1;
        return;
    }
    limit = api->entry_get(entry, "limits.message_bytes");
    if (limit != NULL && (uint64_t)limit->integer < receiver->max)
        receiver->max = (size_t)limit->integer;
}

/* One line or value, if there is one. `handed`: there may be another. */
static kd_status
hand_over(struct kp_program *program, struct receiver *receiver, int *handed,
    kd_error *err)
{
    *handed = 0;
    if (program->output.intake.len == 0)
        return KD_OK;
    if (program->plan->framing_out == KP_FRAMING_MSGPACK)
        return hand_value(program, receiver, handed, err);
    return hand_line(program, receiver, handed, err);
}

static kd_status
hand_line(struct kp_program *program, struct receiver *receiver, int *handed,
    kd_error *err)
{
    struct kp_output *output = &program->output;
    const char *data = (const char *)kp__intake_data(&output->intake);
    size_t max = receiver->max > HEAD_MAX ? receiver->max - HEAD_MAX : 1;
    size_t scanned = output->scanned;
    struct kp_line line;
    kd_status status;

    if (!kp__lines_next(data, output->intake.len, max, output->pipe.fd < 0,
            &output->scanned, &line))
        return KD_OK;
    if (!receiver->is_log) {
        output->message.len = 0;
        kd_write_string(&output->message, data, line.len);
        if (output->message.status != KD_OK)
            return err->code = KD_ENOMEM;
        status = deliver(
            program, receiver, output->message.data, output->message.len, err);
        if (status != KD_OK || output->is_blocked) {
            output->scanned = scanned;
            return status;
        }
    }
    if (receiver->is_log)
        kp__log_line(program, data, line.len);
    kp__intake_drop(&output->intake, line.used);
    *handed = 1;
    return KD_OK;
}

static kd_status
hand_value(struct kp_program *program, struct receiver *receiver, int *handed,
    kd_error *err)
{
    struct kp_output *output = &program->output;
    struct kp_msgpack *value = &output->value;
    const unsigned char *data = kp__intake_data(&output->intake);
    kd_status status = KD_OK;

    switch (kp__msgpack_next(value, data, output->intake.len, receiver->max)) {
    case KP_MSGPACK_MORE:
        return KD_OK;
    case KP_MSGPACK_LONG:
        return kd_error_set(err, KD_ETOOBIG,
            "message too large: %zu bytes (limit %zu)", value->at,
            receiver->max);
    case KP_MSGPACK_BAD:
        return kd_error_set(err, KD_EFORMAT, "bad msgpack on stdout");
    default:
        break;
    }
    if (!receiver->is_log)
        status = deliver(program, receiver, data, value->at, err);
    if (status != KD_OK || output->is_blocked)
        return status;
    if (receiver->is_log)
        kp__log(
            program, KD_LOG_INFO, "%zu bytes of msgpack for nobody", value->at);
    kp__intake_drop(&output->intake, value->at);
    *value = (struct kp_msgpack){0};
    *handed = 1;
    return KD_OK;
}

/* Whoever is gone is nobody: then it is for the log. */
static kd_status
deliver(struct kp_program *program, struct receiver *receiver, const void *data,
    size_t len, kd_error *err)
{
    kd_payload payload = kd_payload_make(KD_FORMAT_TERM, data, len);
    kd_status status = kd_proc_send(program->proc, receiver->pid, topic,
        sizeof(topic) - 1, 0, &payload, err);

    if (status == KD_EFULL)
        status = kd_proc_when_room(program->proc, receiver->pid, err);
    else if (status == KD_OK)
        return KD_OK;
    if (status == KD_OK)
        program->output.is_blocked = 1;
    if (status != KD_EGONE && status != KD_ENOHOST && status != KD_ENONODE)
        return status;
    receiver->is_log = 1;
    return KD_OK;
}
