/* SPDX-License-Identifier: MIT */
/*
 * Makes messages that no program can: of the bytes that it is sent, as they
 * are, for the process named `sink`. The topic says what they are to be:
 * `term`, well formed or not, or `bytes`; `end` is without any.
 */

#include "echo.h"

static void
forge(kd_proc *proc, const kd_message *message, kd_error *err)
{
    const kd_api *api = proc->api;
    kd_reader reader =
        kd_reader_make(message->payload.data, message->payload.len);
    kd_payload forged = kd_payload_none();
    kd_item item;
    kd_pid sink;

    if (kd_reader_next(&reader, &item) != KD_TERM_STRING ||
        api->name_find(api, "sink", 4, &sink) != KD_OK)
        return;
    if (message->topic[0] != 'e')
        forged = kd_payload_make(
            message->topic[0] == 't' ? KD_FORMAT_TERM : KD_FORMAT_BYTES,
            item.data, item.len);
    kd_proc_send(proc, sink, "stdin", 5, 0, &forged, err);
}

static kd_next
run(void *self, kd_proc *proc, uint32_t budget, kd_error *err)
{
    kd_message *message;
    kd_signal signal;

    (void)self;
    (void)budget;
    while (kd_proc_signal(proc, &signal) == KD_OK) {
        if (signal.type == KD_SIGNAL_CANCEL)
            return KD_NEXT_DONE;
    }
    while ((message = kd_proc_next(proc)) != NULL) {
        forge(proc, message, err);
        kd_proc_release(proc, message);
    }
    return KD_NEXT_WAIT;
}

static const kd_worker_kind worker = {
    .size = sizeof(kd_worker_kind),
    .create = echo_create,
    .run = run,
    .destroy = echo_destroy,
};

static const kd_kind kind = {
    .size = sizeof(kd_kind),
    .cls = KD_CLASS_WORKER,
    .id = "test.forger",
    .help = "A test",
    .impl = &worker,
};
static const kd_kind *const kinds[] = {&kind, NULL};

static const kd_plugin plugin = {
    ECHO_PLUGIN,
    .name = "test.forger_plugin",
    .kinds = kinds,
};

ECHO_QUERY
