/* SPDX-License-Identifier: MIT */
/*
 * A native kind of process, and one that asks it: example.counter counts what
 * it is told to, example.sum asks several counters and ends with their sum.
 *
 * Both are cooperative: `run` takes what has come, never waits, and returns.
 * What makes them processes like any other is not in this file. Names, links,
 * monitors, cancel, limits and supervision are the host's.
 */

#include <kindred/kindred.h>

#include <stdio.h>
#include <stdlib.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Steps of `budget` that a message costs. */
#define MESSAGE_COST 10

struct counter {
    const kd_api *api;
    int64_t total;
};

/* The plugin's state is the api: `state` is what init() has left. */
static const kd_api *
api_of(void *state)
{
    return (const kd_api *)state;
}

/* A payload of one value is its only item; anything else is a KD_TERM_END. */
static kd_item
only_item(const kd_payload *payload)
{
    kd_reader reader = kd_reader_make(payload->data, payload->len);
    kd_item item = {KD_TERM_END, 0, 0, NULL, 0};

    if (payload->format == KD_FORMAT_TERM)
        kd_reader_next(&reader, &item);
    return item;
}

static kd_payload
write_total(kd_writer *writer, int64_t total)
{
    kd_write_int(writer, total);
    return kd_writer_payload(writer);
}

/* A pid as Lua has it, a string, is its text. */
static kd_status
read_pid(const kd_api *api, const kd_item *item, kd_pid *pid)
{
    if (item->type != KD_TERM_STRING)
        return KD_EINVAL;
    return api->pid_parse(api, (const char *)item->data, item->len, pid);
}

/* example.counter */

static kd_status
counter_create(void *state, void *prepared, kd_proc *proc,
    const kd_payload *args, void **self, kd_error *err)
{
    struct counter *counter = calloc(1, sizeof(*counter));

    (void)prepared;
    (void)args;
    (void)err;
    if (counter == NULL)
        return KD_ENOMEM;
    counter->api = api_of(state);
    counter->total =
        counter->api->entry_get(kd_proc_entry(proc), "start")->integer;
    *self = counter;
    return KD_OK;
}

static kd_status
counter_add(struct counter *counter, kd_proc *proc, const kd_message *message,
    kd_error *err)
{
    kd_item item = only_item(&message->payload);

    (void)proc;
    if (item.type != KD_TERM_INT)
        return kd_error_set(err, KD_EINVAL, "add wants an integer");
    if (__builtin_add_overflow(counter->total, item.integer, &counter->total))
        return kd_error_set(err, KD_ELIMIT, "it counts no further");
    return KD_OK;
}

/* The sender may be gone, or want no more mail: that is no fault of ours. */
static kd_status
counter_get(struct counter *counter, kd_proc *proc, const kd_message *message,
    kd_error *err)
{
    kd_writer writer = {0};
    kd_payload total = write_total(&writer, counter->total);

    (void)err;
    kd_proc_send(proc, message->from, "total", 5, 0, &total, NULL);
    kd_writer_free(&writer);
    return KD_OK;
}

/* The same for kinds, on a topic that programs cannot send to. */
static kd_status
counter_answer(struct counter *counter, kd_proc *proc,
    const kd_message *message, kd_error *err)
{
    kd_writer writer = {0};
    kd_payload total = write_total(&writer, counter->total);

    (void)err;
    if ((message->flags & KD_MESSAGE_REQUEST) != 0)
        kd_proc_reply(proc, message->from, message->ref, &total, NULL);
    kd_writer_free(&writer);
    return KD_OK;
}

/* Counts a process for as long as it lives. */
static kd_status
counter_follow(struct counter *counter, kd_proc *proc,
    const kd_message *message, kd_error *err)
{
    kd_item item = only_item(&message->payload);
    kd_pid pid;

    if (read_pid(counter->api, &item, &pid) != KD_OK)
        return kd_error_set(err, KD_EINVAL, "follow wants a pid");
    if (kd_proc_monitor(proc, pid, NULL) == KD_OK)
        counter->total++;
    return KD_OK;
}

/* Shares the fate of a process. */
static kd_status
counter_join(struct counter *counter, kd_proc *proc, const kd_message *message,
    kd_error *err)
{
    kd_item item = only_item(&message->payload);
    kd_pid pid;

    if (read_pid(counter->api, &item, &pid) != KD_OK)
        return kd_error_set(err, KD_EINVAL, "join wants a pid");
    return kd_proc_link(proc, pid, err);
}

static const struct topic {
    const char *name;
    kd_status (*serve)(struct counter *counter, kd_proc *proc,
        const kd_message *message, kd_error *err);
} topics[] = {
    {"add", counter_add},
    {"get", counter_get},
    {"@get", counter_answer},
    {"follow", counter_follow},
    {"join", counter_join},
};

static kd_status
counter_serve(struct counter *counter, kd_proc *proc, const kd_message *message,
    kd_error *err)
{
    for (size_t i = 0; i < COUNT(topics); i++) {
        if (kd_message_is(message, topics[i].name))
            return topics[i].serve(counter, proc, message, err);
    }
    return KD_OK;
}

static kd_next
counter_end(const struct counter *counter, kd_proc *proc)
{
    kd_writer writer = {0};
    kd_payload total = write_total(&writer, counter->total);

    kd_proc_finish(proc, &total);
    kd_writer_free(&writer);
    return KD_NEXT_DONE;
}

static kd_next
counter_run(void *self, kd_proc *proc, uint32_t budget, kd_error *err)
{
    struct counter *counter = self;
    kd_message *message;
    kd_signal signal;
    kd_status status;

    while (kd_proc_signal(proc, &signal) == KD_OK) {
        if (signal.type == KD_SIGNAL_CANCEL)
            return counter_end(counter, proc);
        if (signal.type == KD_SIGNAL_EXIT)
            counter->total--;
    }
    for (; budget >= MESSAGE_COST; budget -= MESSAGE_COST) {
        message = kd_proc_next(proc);
        if (message == NULL)
            return KD_NEXT_WAIT;
        status = counter_serve(counter, proc, message, err);
        kd_proc_release(proc, message);
        if (status != KD_OK)
            return KD_NEXT_FAIL;
    }
    return KD_NEXT_READY;
}

static void
counter_destroy(void *self, kd_proc *proc)
{
    (void)proc;
    free(self);
}

/* For the operator, who asks with SIGUSR1. */
static void
counter_describe(void *self, char *text, size_t len)
{
    struct counter *counter = self;

    snprintf(text, len, "at %lld", (long long)counter->total);
}

/* example.sum */

struct sum {
    const kd_api *api;
    size_t n_targets;
    size_t awaited; /* Answers that have not come. */
    int is_asking;  /* Whether all were asked. */
    int64_t total;
    kd_pid targets[]; /* The counters. */
};

/* One argument, an array of pids. */
static kd_status
sum_create(void *state, void *prepared, kd_proc *proc, const kd_payload *args,
    void **self, kd_error *err)
{
    kd_reader reader = kd_reader_make(args->data, args->len);
    kd_item item;
    struct sum *sum;

    (void)prepared;
    (void)proc;
    if (kd_reader_next(&reader, &item) != KD_TERM_ARRAY || item.len != 1 ||
        kd_reader_next(&reader, &item) != KD_TERM_ARRAY)
        return kd_error_set(err, KD_EINVAL, "it wants an array of pids");
    sum = calloc(1, sizeof(*sum) + item.len * sizeof(sum->targets[0]));
    if (sum == NULL)
        return KD_ENOMEM;
    sum->api = api_of(state);
    sum->n_targets = item.len;
    for (size_t i = 0; i < sum->n_targets; i++) {
        kd_reader_next(&reader, &item);
        if (read_pid(sum->api, &item, &sum->targets[i]) != KD_OK) {
            free(sum);
            return kd_error_set(err, KD_EINVAL, "it wants an array of pids");
        }
    }
    *self = sum;
    return KD_OK;
}

static kd_status
sum_ask(struct sum *sum, kd_proc *proc, kd_error *err)
{
    kd_time patience =
        (kd_time)sum->api->entry_get(kd_proc_entry(proc), "patience")->integer;
    kd_time deadline = sum->api->now_ns(sum->api) + patience;
    kd_payload none = kd_payload_none();
    kd_status status;
    kd_ref ref;

    sum->is_asking = 1;
    for (size_t i = 0; i < sum->n_targets; i++) {
        status = kd_proc_request(
            proc, sum->targets[i], "@get", &none, deadline, &ref, err);
        if (status != KD_OK)
            return status;
        sum->awaited++;
    }
    return KD_OK;
}

static void
sum_hear(struct sum *sum, const kd_message *message)
{
    kd_item item = only_item(&message->payload);

    if ((message->flags & KD_MESSAGE_REPLY) == 0)
        return;
    sum->awaited--;
    sum->total += item.integer;
}

static kd_next
sum_run(void *self, kd_proc *proc, uint32_t budget, kd_error *err)
{
    struct sum *sum = self;
    kd_writer writer = {0};
    kd_message *message;
    kd_signal signal;
    kd_payload total;

    (void)budget;
    while (kd_proc_signal(proc, &signal) == KD_OK) {
        if (signal.type == KD_SIGNAL_CANCEL)
            return KD_NEXT_DONE;
        if (signal.type == KD_SIGNAL_REPLY_FAILED) {
            kd_proc_fail(proc, &signal.error, NULL);
            return KD_NEXT_FAIL;
        }
    }
    if (!sum->is_asking && sum_ask(sum, proc, err) != KD_OK)
        return KD_NEXT_FAIL;
    while ((message = kd_proc_next(proc)) != NULL) {
        sum_hear(sum, message);
        kd_proc_release(proc, message);
    }
    if (sum->awaited > 0)
        return KD_NEXT_WAIT;
    total = write_total(&writer, sum->total);
    kd_proc_finish(proc, &total);
    kd_writer_free(&writer);
    return KD_NEXT_DONE;
}

static void
sum_destroy(void *self, kd_proc *proc)
{
    (void)proc;
    free(self);
}

/* What the host reads before any of this has run. */

static const kd_worker_kind counter_worker = {
    .size = sizeof(kd_worker_kind),
    .create = counter_create,
    .run = counter_run,
    .destroy = counter_destroy,
    .describe = counter_describe,
};

static const kd_worker_kind sum_worker = {
    .size = sizeof(kd_worker_kind),
    .create = sum_create,
    .run = sum_run,
    .destroy = sum_destroy,
};

static const kd_option counter_options[] = {
    {.size = sizeof(kd_option),
        .type = KD_OPTION_INT,
        .name = "start",
        .def = "0",
        .help = "What it has counted at the start",
        .min = INT64_MIN,
        .max = INT64_MAX},
    /* Where it runs when it starts with the application. */
    {.size = sizeof(kd_option),
        .type = KD_OPTION_ENTRY,
        .flags = KD_OPTION_HOST_RULE,
        .classes = KD_CLASS_HOST,
        .name = "host",
        .help = "The host that auto_start runs it on"},
};

static const kd_option sum_options[] = {
    {.size = sizeof(kd_option),
        .type = KD_OPTION_DURATION,
        .name = "patience",
        .def = "1s",
        .help = "How long it waits for an answer",
        .max = INT64_MAX},
};

static const kd_kind counter_kind = {
    .size = sizeof(kd_kind),
    .flags = KD_KIND_LIFECYCLE | KD_KIND_LIMITS,
    .cls = KD_CLASS_WORKER,
    .id = "example.counter",
    .help = "Counts",
    .options = counter_options,
    .n_options = COUNT(counter_options),
    .impl = &counter_worker,
};

static const kd_kind sum_kind = {
    .size = sizeof(kd_kind),
    .flags = KD_KIND_LIMITS,
    .cls = KD_CLASS_WORKER,
    .id = "example.sum",
    .help = "Asks counters, and ends with their sum",
    .options = sum_options,
    .n_options = COUNT(sum_options),
    .impl = &sum_worker,
};

static const kd_kind *const kinds[] = {&counter_kind, &sum_kind, NULL};

static kd_status
init(const kd_api *api, void **state, kd_error *err)
{
    (void)err;
    *state = (void *)(uintptr_t)api;
    return KD_OK;
}

static const kd_plugin plugin = {
    .stamp = KD_STAMP_INIT,
    .name = "example.counter",
    .version = "1.0.0",
    .help = "Processes that count",
    .kinds = kinds,
    .init = init,
};

const kd_plugin *
kd_plugin_query_v1(void)
{
    return &plugin;
}
