/* SPDX-License-Identifier: MIT */
/*
 * The program that is frozen with the headers of a published minor, and that
 * must run with every later library. It loads plugin.c and steps an application
 * of its kinds until a process has bred another, and that one has spoken.
 *
 *     embedder PLUGIN [FLAGS]     FLAGS: more bits of kd_config::flags
 */

#include <kindred/embed.h>

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define STEP_NS     2000000u
#define STOP_NS     5000000000u
#define POLL_MS     100
#define PATIENCE_NS 30000000000u

static const char index_yaml[] =
    "namespace: app\n"
    "entries:\n"
    "- {name: host, kind: process.host, lifecycle: {auto_start: true}}\n"
    "- {name: worker, kind: frozen.worker, wait: 1s}\n"
    "- {name: resource, kind: frozen.resource, lifecycle: {auto_start: true}}\n"
    "- {name: data, kind: frozen.data}\n"
    "- name: crew\n"
    "  kind: supervisor.frozen_policy\n"
    "  host: app:host\n"
    "  lifecycle: {auto_start: true}\n"
    "  children: [{id: a, process: 'app:worker'}]\n";

/* What has happened. */
struct seen {
    int has_heard;
    int has_ended;
    int has_failed;
};

static void
on_diagnostic(void *arg, uint32_t level, const char *line)
{
    (void)arg;
    (void)level;
    fprintf(stderr, "%s\n", line);
}

static void
on_message(void *arg, const kd_message *message)
{
    struct seen *seen = arg;

    if (message == NULL || !kd_message_is(message, "heard"))
        return;
    printf("heard: %.*s\n", (int)message->payload.len,
        (const char *)message->payload.data);
    seen->has_heard = 1;
}

static void
on_ended(void *arg, const kd_exit *exit)
{
    struct seen *seen = arg;

    printf("ended: %s\n", exit->failed ? "failed" : "normally");
    if (exit->failed)
        fwrite(exit->error.data, 1, exit->error.len, stderr);
    seen->has_ended = 1;
    seen->has_failed = exit->failed != 0;
}

static kd_status
make(kd_runtime **runtime, const char *plugin, uint32_t flags, kd_error *err)
{
    const kd_text text = {
        .size = sizeof(kd_text),
        .path = "_index.yaml",
        .text = index_yaml,
        .len = sizeof(index_yaml) - 1,
    };
    kd_config config = {
        .size = sizeof(kd_config),
        .flags = KD_CONFIG_STEPPED | flags,
        .diagnostic = on_diagnostic,
    };
    kd_status status = kd_runtime_new(&config, runtime, err);

    if (status == KD_OK)
        status = kd_runtime_load(*runtime, plugin, err);
    if (status == KD_OK)
        status = kd_runtime_search(*runtime, err);
    if (status == KD_OK)
        status = kd_runtime_open_texts(*runtime, "frozen", &text, 1, err);
    return status == KD_OK ? kd_runtime_start(*runtime, err) : status;
}

/* The first process, with a message to breed. */
static kd_status
breed(kd_runtime *runtime, struct seen *seen, kd_error *err)
{
    kd_mail mail = {
        .size = sizeof(kd_mail),
        .topic = "breed",
        .topic_len = 5,
        .payload = kd_payload_make(KD_FORMAT_TEXT, "hello", 5),
    };
    kd_spawn spawn = {
        .size = sizeof(kd_spawn),
        .entry = "app:worker",
        .host = "app:host",
        .args = kd_payload_none(),
        .context = kd_payload_none(),
        .mail = &mail,
        .n_mail = 1,
    };
    kd_pid pid;

    return kd_runtime_spawn(runtime, &spawn, on_ended, seen, &pid, err);
}

static kd_status
work(kd_runtime *runtime, kd_error *err)
{
    const kd_api *api = kd_runtime_api(runtime);
    kd_time late_ns = api->now_ns(api) + PATIENCE_NS;
    struct pollfd fd = {kd_runtime_fd(runtime), POLLIN, 0};
    struct seen seen = {0, 0, 0};
    kd_pid ear;
    kd_status status = kd_runtime_receive(
        runtime, "app:host", "ear", on_message, &seen, &ear, err);

    if (status == KD_OK)
        status = breed(runtime, &seen, err);
    while (status == KD_OK && !(seen.has_heard && seen.has_ended)) {
        if (api->now_ns(api) > late_ns)
            return kd_error_set(err, KD_ETIMEOUT, "nothing was heard");
        if (seen.has_failed)
            return kd_error_set(err, KD_EUNKNOWN, "the process has failed");
        poll(&fd, 1, POLL_MS);
        status = kd_runtime_step(runtime, STEP_NS, err);
    }
    return status;
}

int
main(int argc, char **argv)
{
    kd_runtime *runtime = NULL;
    kd_error err = KD_ERROR_INIT;
    uint32_t flags = argc > 2 ? (uint32_t)strtoul(argv[2], NULL, 0) : 0;
    kd_status status =
        argc < 2 ? KD_EINVAL : make(&runtime, argv[1], flags, &err);

    if (status == KD_OK)
        status = work(runtime, &err);
    if (status == KD_OK)
        status = kd_runtime_stop(runtime, STOP_NS, &err);
    if (status != KD_OK)
        fprintf(stderr, "embedder: %s\n", err.text);
    if (kd_runtime_free(runtime, NULL) != KD_OK)
        return 1;
    return status == KD_OK ? 0 : 1;
}
