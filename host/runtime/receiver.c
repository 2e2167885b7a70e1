/* SPDX-License-Identifier: MIT */
/*
 * Receivers: processes that hand their mail to a function of the embedder's.
 *
 * Their kind has no entry that could be read from anywhere: it is spawned from
 * here alone. A receiver's last call comes from its `destroy`, when no other
 * call can be under way, and only if it has ever been a process for others.
 */

#include "base/error.h"
#include "base/scope.h"
#include "runtime/runtime.h"
#include "runtime/spawn.h"

/* As the limits of a Lua process, semantics K2. */
#define MAX_MESSAGES      1000000u
#define MAX_BYTES         ((uint64_t)256 << 20)
#define MAX_MESSAGE_BYTES ((uint64_t)16 << 20)

struct receiver {
    struct kd__observer observer;
    void (*receive)(void *arg, const kd_message *message);
    void *arg;
    int has_ended;
};

/* What `create` finds in its arguments. */
struct handover {
    struct receiver *receiver;
    int is_taken; /* The instance has it. */
};

static void
receiver_ended(void *arg, const kd_exit *exit)
{
    struct receiver *receiver = arg;

    (void)exit;
    receiver->has_ended = 1;
}

static kd_status
receiver_create(void *state, void *prepared, kd_proc *proc,
    const kd_payload *args, void **self, kd_error *err)
{
    struct handover *handover = *(struct handover *const *)args->data;

    (void)state;
    (void)prepared;
    (void)proc;
    (void)err;
    handover->is_taken = 1;
    *self = handover->receiver;
    return KD_OK;
}

static kd_next
receiver_run(void *self, kd_proc *proc, uint32_t budget, kd_error *err)
{
    struct receiver *receiver = self;
    kd_message *message;
    kd_signal signal;

    (void)err;
    while (kd_proc_signal(proc, &signal) == KD_OK) {
        if (signal.type == KD_SIGNAL_CANCEL)
            return KD_NEXT_DONE;
    }
    while ((message = kd_proc_next(proc)) != NULL) {
        receiver->receive(receiver->arg, message);
        kd_proc_release(proc, message);
        if (--budget == 0 || kd_proc_should_yield(proc))
            return KD_NEXT_READY;
    }
    return KD_NEXT_WAIT;
}

static void
receiver_destroy(void *self, kd_proc *proc)
{
    struct receiver *receiver = self;

    (void)proc;
    if (receiver->has_ended)
        receiver->receive(receiver->arg, NULL);
    kd__free(receiver);
}

static const kd_worker_kind worker = {
    .size = sizeof(kd_worker_kind),
    .create = receiver_create,
    .run = receiver_run,
    .destroy = receiver_destroy,
};

static const kd_kind kind = {
    .size = sizeof(kd_kind),
    .cls = KD_CLASS_WORKER,
    .id = "kindred.receiver",
    .help = "Hands its mail to the program that embeds the library",
    .impl = &worker,
};

static const kd_entry entry = {
    .id = "kindred:receiver",
    .namespace = "kindred",
    .name = "receiver",
    .kind_id = "kindred.receiver",
    .kind = &kind,
    .base = "",
};

static const struct kd__code code = {
    .entry = &entry,
    .id = "kindred:receiver",
    .kind = &worker,
    .max_messages = MAX_MESSAGES,
    .max_bytes = MAX_BYTES,
    .message_bytes = MAX_MESSAGE_BYTES,
};

kd_status
kd_runtime_receive(kd_runtime *runtime, const char *host, const char *name,
    void (*receive)(void *arg, const kd_message *message), void *arg,
    kd_pid *pid, kd_error *err)
{
    KD__SCOPE(runtime->config.allocator);
    struct handover handover = {kd__calloc(1, sizeof(struct receiver)), 0};
    const struct handover *there = &handover;
    kd_spawn spawn = {.size = sizeof(spawn),
        .name = name,
        .args = kd_payload_make(KD_FORMAT_BYTES, &there, sizeof(there))};
    struct receiver *receiver = handover.receiver;
    kd_status status;

    if (receiver == NULL)
        return kd__error_memory(err);
    receiver->observer.ended = receiver_ended;
    receiver->observer.arg = receiver;
    receiver->receive = receive;
    receiver->arg = arg;
    status = kd__spawn_code(
        runtime, host, &code, &spawn, &receiver->observer, pid, err);
    if (status != KD_OK && !handover.is_taken)
        kd__free(receiver);
    return status;
}
