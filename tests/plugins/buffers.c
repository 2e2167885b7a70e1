/* SPDX-License-Identifier: MIT */
/*
 * What a kind must not do with shared buffers, which only KD_CONFIG_CHECKED
 * survives: a kind for each. And a plugin that logs at its end.
 */

#include "echo.h"

static kd_buf *
some_buf(const kd_proc *proc)
{
    return proc->api->buf_copy(proc->api, KD_FORMAT_BYTES, "abcde", 5);
}

static kd_status
send_to_self(kd_proc *proc, const kd_payload *payload)
{
    return kd_proc_send(proc, kd_proc_self(proc), "again", 5, 0, payload, NULL);
}

/* A reference of its own, and one of the host's. */
static kd_next
run_twice(void *self, kd_proc *proc, uint32_t budget, kd_error *err)
{
    kd_message *message = kd_proc_next(proc);
    kd_buf *buf;

    (void)self;
    (void)budget;
    (void)err;
    if (message == NULL)
        return KD_NEXT_WAIT;
    buf = some_buf(proc);
    proc->api->buf_release(buf);
    proc->api->buf_release(buf);
    proc->api->buf_release(message->payload.buf);
    kd_proc_release(proc, message);
    return KD_NEXT_DONE;
}

static kd_next
run_after(void *self, kd_proc *proc, uint32_t budget, kd_error *err)
{
    kd_payload payload = proc->api->buf_payload(some_buf(proc));
    kd_spawn spawn = {.size = sizeof(spawn), .entry = "b:leaks"};
    kd_pid pid;

    (void)self;
    (void)budget;
    proc->api->buf_release(payload.buf);
    proc->api->buf_retain(payload.buf);
    spawn.args = payload;
    if (send_to_self(proc, &payload) == KD_ECONFLICT &&
        kd_proc_spawn(proc, &spawn, &pid, err) == KD_ECONFLICT &&
        kd_proc_finish(proc, &payload) == KD_ECONFLICT &&
        proc->api->buf_payload(payload.buf).len == 0 &&
        proc->api->send(proc->api, kd_proc_self(proc), "again", 5, 0, &payload,
            NULL) == KD_ECONFLICT)
        return KD_NEXT_DONE;
    kd_error_set(err, KD_EINTERNAL, "a buffer that has gone was served");
    return KD_NEXT_FAIL;
}

static kd_next
run_keeps(void *self, kd_proc *proc, uint32_t budget, kd_error *err)
{
    kd_message *message = kd_proc_next(proc);
    kd_payload kept;

    (void)self;
    (void)budget;
    if (message == NULL)
        return KD_NEXT_WAIT;
    kept = message->payload;
    kd_proc_release(proc, message);
    if (kept.buf != NULL && send_to_self(proc, &kept) == KD_ECONFLICT)
        return KD_NEXT_DONE;
    kd_error_set(err, KD_EINTERNAL, "a buffer that it has not was served");
    return KD_NEXT_FAIL;
}

/* One that it has made, and one that it has retained. */
static kd_next
run_leaks(void *self, kd_proc *proc, uint32_t budget, kd_error *err)
{
    kd_message *message = kd_proc_next(proc);

    (void)self;
    (void)budget;
    (void)err;
    if (message == NULL)
        return KD_NEXT_WAIT;
    some_buf(proc);
    proc->api->buf_retain(message->payload.buf);
    kd_proc_release(proc, message);
    return KD_NEXT_DONE;
}

#define KIND(name, what)                                                       \
    static const kd_worker_kind name##_worker = {                              \
        .size = sizeof(kd_worker_kind),                                        \
        .create = echo_create,                                                 \
        .run = run_##name,                                                     \
        .destroy = echo_destroy,                                               \
    };                                                                         \
    static const kd_kind name##_kind = {                                       \
        .size = sizeof(kd_kind),                                               \
        .cls = KD_CLASS_WORKER,                                                \
        .id = "test.buffer_" #name,                                            \
        .help = (what),                                                        \
        .impl = &name##_worker,                                                \
    }

KIND(twice, "Releases what it does not have");
KIND(after, "Uses what it has released");
KIND(keeps, "Uses what came with a message that it has released");
KIND(leaks, "Never releases what it has");

static const kd_kind *const kinds[] = {
    &twice_kind, &after_kind, &keeps_kind, &leaks_kind, NULL};

static kd_status
init(const kd_api *api, void **state, kd_error *err)
{
    (void)err;
    *state = (void *)(uintptr_t)api;
    return KD_OK;
}

static void
fini(void *state)
{
    const kd_api *api = state;
    const kd_log_record record = {.size = sizeof(record),
        .level = KD_LOG_INFO,
        .text = "the plugin has ended",
        .fields = {.size = sizeof(kd_payload)}};

    api->log(api, &record);
}

static const kd_plugin plugin = {
    ECHO_PLUGIN,
    .name = "test.buffers",
    .kinds = kinds,
    .init = init,
    .fini = fini,
};

ECHO_QUERY
