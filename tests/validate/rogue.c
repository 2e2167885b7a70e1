/* SPDX-License-Identifier: MIT */
/*
 * A plugin that breaks one rule of kindred-validate, the one that ROGUE names;
 * with none it keeps them all. It is built once for each.
 */

#include "../plugins/echo.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#ifndef ROGUE
#define ROGUE "none"
#endif

#define BREAKS(rule) (strcmp(ROGUE, rule) == 0)

struct rogue {
    kd_message *kept;
    int has_run;
};

static kd_status
init(const kd_api *api, void **state, kd_error *err)
{
    (void)api;
    (void)err;
    *state = calloc(1, 64);
    return *state == NULL ? KD_ENOMEM : KD_OK;
}

static void
fini(void *state)
{
    if (!BREAKS("load"))
        free(state);
}

static kd_status
create(void *state, void *prepared, kd_proc *proc, const kd_payload *args,
    void **self, kd_error *err)
{
    const struct timespec long_time = {0, 30000000};
    struct rogue *rogue;

    (void)state;
    (void)prepared;
    if (BREAKS("nothing") && args->len < 2)
        return kd_error_set(err, KD_EINVAL, "it cannot do without");
    if (BREAKS("prompt"))
        nanosleep(&long_time, NULL);
    rogue = calloc(1, sizeof(*rogue));
    if (rogue == NULL)
        return KD_ENOMEM;
    if (BREAKS("arguments") && args->len > 0) {
        *self = proc;
        free(rogue);
        return KD_EINVAL;
    }
    *self = rogue;
    return KD_OK;
}

static void *
talk(void *arg)
{
    kd_proc_self(arg);
    return NULL;
}

static void
work_hard(void)
{
    volatile unsigned spin;

    for (spin = 0; spin < 20000; spin++)
        continue;
}

static void
answer(struct rogue *rogue, kd_proc *proc, kd_message *message)
{
    kd_status status;

    do
        status = kd_proc_send(proc, message->from, message->topic,
            message->topic_len, message->flags & KD_MESSAGE_MANY,
            &message->payload, NULL);
    while (BREAKS("gone") && status == KD_EGONE);
    if (BREAKS("refusals") && status == KD_EFULL)
        raise(SIGSEGV);
    if (BREAKS("slice"))
        work_hard();
    if (BREAKS("mail"))
        rogue->kept = message;
    else
        kd_proc_release(proc, message);
}

/* A descriptor is closed and watched all the same. */
static kd_status
leave_watched(kd_proc *proc)
{
    int ends[2];
    kd_status status;

    if (pipe(ends) != 0)
        return KD_ESYSTEM;
    status = kd_proc_watch(proc, ends[0], KD_FD_READ, NULL);
    close(ends[0]);
    close(ends[1]);
    return status;
}

static kd_next
run(void *self, kd_proc *proc, uint32_t budget, kd_error *err)
{
    struct rogue *rogue = self;
    kd_message *message;
    kd_signal signal;
    pthread_t thread;

    (void)err;
    rogue->has_run = 1;
    while (kd_proc_signal(proc, &signal) == KD_OK) {
        if (signal.type == KD_SIGNAL_CANCEL && !BREAKS("cancel"))
            return KD_NEXT_DONE;
        if (signal.type > KD_SIGNAL_FD && BREAKS("signals"))
            return KD_NEXT_DONE;
    }
    if (BREAKS("exit"))
        _exit(0);
    if (BREAKS("failure"))
        return KD_NEXT_FAIL;
    if (BREAKS("watch") && leave_watched(proc) != KD_OK)
        return KD_NEXT_WAIT;
    if (BREAKS("threads") && pthread_create(&thread, NULL, talk, proc) == 0)
        pthread_join(thread, NULL);
    if (BREAKS("idle"))
        return KD_NEXT_READY;
    while (BREAKS("slice") || budget-- > 0) {
        message = kd_proc_next(proc);
        if (message == NULL)
            return KD_NEXT_WAIT;
        answer(rogue, proc, message);
    }
    return KD_NEXT_READY;
}

static void
destroy(void *self, kd_proc *proc)
{
    struct rogue *rogue = self;

    (void)proc;
    if (BREAKS("orders") && !rogue->has_run)
        raise(SIGSEGV);
    if (!BREAKS("leaks"))
        free(rogue);
}

static void
describe(void *self, char *text, size_t len)
{
    (void)self;
    memset(text, 'y', len + (BREAKS("describe") ? 1 : 0));
    text[len - 1] = '\0';
}

static kd_status
start(void *state, const kd_entry *entry, void **self, kd_error *err)
{
    (void)state;
    (void)entry;
    (void)err;
    *self = malloc(200);
    return *self == NULL ? KD_ENOMEM : KD_OK;
}

static void
stop(void *self)
{
    if (!BREAKS("resource"))
        free(self);
}

static void
decide(
    const kd_view *view, void *state, kd_time now_ns, const kd_actions *actions)
{
    (void)state;
    (void)now_ns;
    actions->start(actions, BREAKS("policy") ? 99 : view->ended, 0);
}

static kd_status
check_data(
    void *state, const kd_entry *entry, const kd_check *check, kd_error *err)
{
    int *times = state;

    (void)entry;
    (void)err;
    if (BREAKS("data") && (*times)++ > 0)
        check->warn(check, NULL, NULL, 0, "asked before");
    return KD_OK;
}

static const kd_worker_kind worker = {
    .size = sizeof(kd_worker_kind),
    .create = create,
    .run = run,
    .destroy = destroy,
    .describe = describe,
};
static const kd_resource_kind resource = {
    .size = sizeof(kd_resource_kind),
    .start = start,
    .stop = stop,
};
static const kd_policy_kind policy = {
    .size = sizeof(kd_policy_kind),
    .decide = decide,
};

static const kd_kind worker_kind = {
    .size = sizeof(kd_kind),
    .cls = KD_CLASS_WORKER,
    .id = "test.rogue",
    .help = "Breaks one rule",
    .impl = &worker,
};
static const kd_kind resource_kind = {
    .size = sizeof(kd_kind),
    .flags = KD_KIND_LIFECYCLE,
    .cls = KD_CLASS_RESOURCE,
    .id = "test.rogue_resource",
    .help = "Breaks one rule",
    .impl = &resource,
};
static const kd_kind policy_kind = {
    .size = sizeof(kd_kind),
    .cls = KD_CLASS_POLICY,
    .id = "supervisor.test_rogue",
    .help = "Breaks one rule",
    .impl = &policy,
};
static const kd_data_kind data = {
    .size = sizeof(kd_data_kind),
    .check = check_data,
};
static const kd_kind data_kind = {
    .size = sizeof(kd_kind),
    .cls = KD_CLASS_DATA,
    .id = "test.rogue_data",
    .help = "Breaks one rule",
    .impl = &data,
};
static const kd_kind *const kinds[] = {
    &worker_kind, &resource_kind, &policy_kind, &data_kind, NULL};

static const kd_plugin plugin = {
    .stamp = KD_STAMP_INIT,
    .name = "test.rogue",
    .version = "1.0",
    .help = "A test",
    .kinds = kinds,
    .init = init,
    .fini = fini,
};

ECHO_QUERY
