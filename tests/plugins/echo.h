/* SPDX-License-Identifier: MIT */
/*
 * A worker that does nothing wrong: it sends back what it gets and ends when
 * it is asked to. The plugins beside this file differ from it in one thing.
 */
#ifndef TESTS_PLUGINS_ECHO_H
#define TESTS_PLUGINS_ECHO_H

#include <kindred/kindred.h>

static inline kd_status
echo_create(void *state, void *prepared, kd_proc *proc, const kd_payload *args,
    void **self, kd_error *err)
{
    (void)state;
    (void)prepared;
    (void)args;
    (void)err;
    *self = proc;
    return KD_OK;
}

static inline kd_next
echo_run(void *self, kd_proc *proc, uint32_t budget, kd_error *err)
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
        kd_proc_send(proc, message->from, message->topic, message->topic_len,
            message->flags & KD_MESSAGE_MANY, &message->payload, err);
        kd_proc_release(proc, message);
    }
    return KD_NEXT_WAIT;
}

static inline void
echo_destroy(void *self, kd_proc *proc)
{
    (void)self;
    (void)proc;
}

static const kd_worker_kind echo_worker = {
    .size = sizeof(kd_worker_kind),
    .create = echo_create,
    .run = echo_run,
    .destroy = echo_destroy,
};

/* Everything about a kind but its flags and options. */
#define ECHO_KIND(kind_id)                                                     \
    .size = sizeof(kd_kind), .cls = KD_CLASS_WORKER, .id = (kind_id),          \
    .help = "Sends back what it gets", .impl = &echo_worker

/* Everything about a plugin but its name, kinds and functions. */
#define ECHO_PLUGIN .stamp = KD_STAMP_INIT, .version = "1.0", .help = "A test"

/* A plugin whose fault lies in none of the constant data. */
#define ECHO_KINDS(kind_id)                                                    \
    static const kd_kind echo_kind = {ECHO_KIND(kind_id)};                     \
    static const kd_kind *const kinds[] = {&echo_kind, NULL}

#define ECHO_QUERY                                                             \
    const kd_plugin *kd_plugin_query_v1(void)                                  \
    {                                                                          \
        return &plugin;                                                        \
    }

#endif
