/* SPDX-License-Identifier: MIT */
/*
 * Calls that a kind must not make, which only KD_CONFIG_CHECKED survives: from
 * a thread that does not have the process, and to give back a message twice.
 * And two that hold a thread, in a slice and at the end: until somebody writes
 * to the pipe $GATE.
 */

#include "echo.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

/* What the stray thread was told. */
struct stray {
    kd_proc *proc;
    kd_status status;
    int has_got; /* A message. */
};

static void *
stray(void *arg)
{
    struct stray *s = arg;
    kd_payload none = kd_payload_none();

    s->status = kd_proc_send(
        s->proc, kd_proc_self(s->proc), "stray", 5, 0, &none, NULL);
    s->has_got = kd_proc_next(s->proc) != NULL;
    return NULL;
}

static kd_next
run_stray(void *self, kd_proc *proc, uint32_t budget, kd_error *err)
{
    struct stray s = {proc, KD_OK, 0};
    pthread_t thread;

    (void)self;
    (void)budget;
    if (pthread_create(&thread, NULL, stray, &s) != 0)
        return KD_NEXT_FAIL;
    pthread_join(thread, NULL);
    kd_proc_release(proc, kd_proc_next(proc));
    if (s.status == KD_ECONFLICT && !s.has_got)
        return KD_NEXT_DONE;
    kd_error_set(err, KD_EINTERNAL, "the stray thread was served");
    return KD_NEXT_FAIL;
}

static kd_next
run_twice(void *self, kd_proc *proc, uint32_t budget, kd_error *err)
{
    kd_message *message = kd_proc_next(proc);

    (void)self;
    (void)budget;
    (void)err;
    kd_proc_release(proc, message);
    kd_proc_release(proc, message);
    return KD_NEXT_DONE;
}

/* Returns whether there was a gate. */
static int
gate_wait(void)
{
    const char *path = getenv("GATE");
    int gate = path == NULL ? -1 : open(path, O_RDONLY | O_CLOEXEC);

    if (gate >= 0)
        close(gate);
    return gate >= 0;
}

/* It answers first: who has heard that knows that the thread is held. */
static kd_next
run_holds(void *self, kd_proc *proc, uint32_t budget, kd_error *err)
{
    kd_message *message = kd_proc_next(proc);

    (void)self;
    (void)budget;
    if (message == NULL)
        return KD_NEXT_WAIT;
    kd_proc_send(proc, message->from, "held", 4, 0, NULL, err);
    kd_proc_release(proc, message);
    return gate_wait() ? KD_NEXT_DONE : KD_NEXT_FAIL;
}

static void
destroy_holds(void *self, kd_proc *proc)
{
    (void)self;
    (void)proc;
    gate_wait();
}

static const kd_worker_kind stray_worker = {
    .size = sizeof(kd_worker_kind),
    .create = echo_create,
    .run = run_stray,
    .destroy = echo_destroy,
};

static const kd_worker_kind twice_worker = {
    .size = sizeof(kd_worker_kind),
    .create = echo_create,
    .run = run_twice,
    .destroy = echo_destroy,
};

static const kd_worker_kind holds_worker = {
    .size = sizeof(kd_worker_kind),
    .create = echo_create,
    .run = run_holds,
    .destroy = echo_destroy,
};

static const kd_worker_kind lingers_worker = {
    .size = sizeof(kd_worker_kind),
    .create = echo_create,
    .run = echo_run,
    .destroy = destroy_holds,
};

static const kd_kind stray_kind = {
    .size = sizeof(kd_kind),
    .cls = KD_CLASS_WORKER,
    .id = "test.stray_thread",
    .help = "A test",
    .impl = &stray_worker,
};
static const kd_kind twice_kind = {
    .size = sizeof(kd_kind),
    .cls = KD_CLASS_WORKER,
    .id = "test.releases_twice",
    .help = "A test",
    .impl = &twice_worker,
};
static const kd_kind holds_kind = {
    .size = sizeof(kd_kind),
    .cls = KD_CLASS_WORKER,
    .id = "test.holds_thread",
    .help = "A test",
    .impl = &holds_worker,
};
static const kd_kind lingers_kind = {
    .size = sizeof(kd_kind),
    .cls = KD_CLASS_WORKER,
    .id = "test.lingers",
    .help = "A test",
    .impl = &lingers_worker,
};
static const kd_kind *const kinds[] = {
    &stray_kind, &twice_kind, &holds_kind, &lingers_kind, NULL};

static const kd_plugin plugin = {
    ECHO_PLUGIN,
    .name = "test.strays",
    .kinds = kinds,
};

ECHO_QUERY
