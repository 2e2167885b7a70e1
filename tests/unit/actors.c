/* SPDX-License-Identifier: MIT */
/*
 * The runtime for tests. What cannot be set up ends the program at once: then
 * there is nothing to test.
 */

#include "actors.h"

#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

/* For the plugin's init, which is called while a runtime is opened. */
static struct actors *opening;

struct actor {
    struct actors *actors;
    const struct actor_role *role;
    int64_t number;
    char state[];
};

static void
die(const char *what, const char *why)
{
    printf("cannot set up the test: %s: %s\n", what, why);
    exit(1);
}

static kd_status
actor_prepare(void *state, const kd_entry *entry, const kd_check *check,
    void **prepared, kd_error *err)
{
    struct actors *actors = state;
    const kd_node *node = actors->api->entry_get(entry, "role");
    const struct actor_role *role = actors->roles;

    (void)err;
    while (role->name != NULL && strcmp(role->name, node->text) != 0)
        role++;
    if (role->name == NULL)
        check->report(check, node, NULL, 0, "no such role");
    *prepared = (void *)(uintptr_t)role;
    return KD_OK;
}

static kd_status
actor_create(void *state, void *prepared, kd_proc *proc, const kd_payload *args,
    void **self, kd_error *err)
{
    const struct actor_role *role = prepared;
    struct actors *actors = state;
    struct actor *actor;
    kd_reader reader = kd_reader_make(args->data, args->len);
    kd_item item;
    kd_status status =
        actors->create == NULL ? KD_OK : actors->create(proc, err);

    if (status != KD_OK)
        return status;
    actor = calloc(1, sizeof(*actor) + role->state_size);
    if (actor == NULL)
        return KD_ENOMEM;
    actor->actors = actors;
    actor->role = role;
    kd_reader_next(&reader, &item);
    if (kd_reader_next(&reader, &item) == KD_TERM_INT)
        actor->number = item.integer;
    atomic_fetch_add(&actor->actors->live, 1);
    *self = actor;
    return KD_OK;
}

static kd_next
actor_run(void *self, kd_proc *proc, uint32_t budget, kd_error *err)
{
    struct actor *actor = self;

    (void)budget;
    return actor->role->run(actor->state, proc, actor->number, err);
}

static void
actor_destroy(void *self, kd_proc *proc)
{
    struct actor *actor = self;

    (void)proc;
    atomic_fetch_sub(&actor->actors->live, 1);
    free(actor);
}

#define CALLBACKS(flag)                                                        \
    .size = sizeof(kd_worker_kind), .flags = (flag), .prepare = actor_prepare, \
    .create = actor_create, .run = actor_run, .destroy = actor_destroy

static const kd_worker_kind actor_worker = {CALLBACKS(0)};
static const kd_worker_kind function_worker = {CALLBACKS(KD_WORKER_NO_SPAWN)};
static const kd_worker_kind blocking_worker = {CALLBACKS(KD_WORKER_BLOCKING)};

static const kd_option actor_options[] = {
    {.size = sizeof(kd_option),
        .type = KD_OPTION_STRING,
        .flags = KD_OPTION_REQUIRED,
        .name = "role",
        .help = "which function"},
};

static const kd_kind actor_kind = {
    .size = sizeof(kd_kind),
    .flags = KD_KIND_LIMITS | KD_KIND_LIFECYCLE,
    .cls = KD_CLASS_WORKER,
    .id = "test.actor",
    .help = "a C function as a process",
    .options = actor_options,
    .n_options = 1,
    .impl = &actor_worker,
};

static const kd_kind function_kind = {
    .size = sizeof(kd_kind),
    .flags = KD_KIND_LIMITS,
    .cls = KD_CLASS_WORKER,
    .id = "test.function",
    .help = "a C function that is only to be called",
    .options = actor_options,
    .n_options = 1,
    .impl = &function_worker,
};

static const kd_kind blocking_kind = {
    .size = sizeof(kd_kind),
    .flags = KD_KIND_LIMITS,
    .cls = KD_CLASS_WORKER,
    .id = "test.blocking",
    .help = "a C function as a process that may stay in its calls",
    .options = actor_options,
    .n_options = 1,
    .impl = &blocking_worker,
};

static const kd_kind *const actor_kinds[] = {
    &actor_kind, &function_kind, &blocking_kind, NULL};

static kd_status
actor_init(const kd_api *api, void **state, kd_error *err)
{
    (void)api;
    (void)err;
    *state = opening;
    return KD_OK;
}

static const kd_plugin actor_plugin = {
    .stamp = KD_STAMP_INIT,
    .name = "test.actors",
    .version = "1",
    .help = "processes for tests",
    .kinds = actor_kinds,
    .init = actor_init,
};

static void
on_log(void *arg, const kd_log_record *record, int64_t unix_ns, const char *pid)
{
    struct actors *actors = arg;

    (void)unix_ns;
    if (record->level == KD_LOG_ERROR)
        atomic_fetch_add(&actors->logged, 1);
    if (strstr(record->text, "has held a thread") != NULL)
        atomic_fetch_add(&actors->held, 1);
    if (strcmp(record->text, "service (process.host): stopping") == 0)
        atomic_fetch_add(&actors->closing, 1);
    if (getenv("ACTORS_LOG") != NULL)
        fprintf(stderr, "%s %s %s\n", pid == NULL ? "" : pid,
            record->subject == NULL ? "" : record->subject, record->text);
}

static void
on_output(void *arg, const char *data, size_t len)
{
    struct actors *actors = arg;

    (void)data;
    while (actors->sink != NULL && sem_wait(actors->sink) != 0)
        continue;
    actors->sink = NULL;
    atomic_fetch_add(&actors->printed, (long)len);
}

static void
on_diagnostic(void *arg, uint32_t level, const char *line)
{
    (void)arg;
    (void)level;
    printf("%s\n", line);
}

static void
write_index(struct actors *actors, unsigned workers, const char *entries)
{
    char path[128];
    FILE *file;

    strcpy(actors->dir, "/tmp/kindred-actors-XXXXXX");
    if (mkdtemp(actors->dir) == NULL)
        die("mkdtemp", actors->dir);
    snprintf(path, sizeof(path), "%s/_index.yaml", actors->dir);
    file = fopen(path, "w");
    if (file == NULL)
        die("fopen", path);
    fprintf(file,
        "namespace: t\nentries:\n- {name: host, kind: process.host, "
        "host: {workers: %u}, lifecycle: {auto_start: true, "
        "stop_timeout: 1s}}\n",
        workers);
    for (const struct actor_role *role = actors->roles; role->name != NULL;
         role++)
        fprintf(file,
            "- {name: %s, kind: test.actor, role: %s, limits: "
            "{mailbox_messages: 8000000}}\n",
            role->name, role->name);
    fputs(entries, file);
    fclose(file);
}

static kd_status
load(struct actors *actors, const char *name, kd_error *err)
{
    const char *dir = getenv("top_builddir");
    char path[512];

    snprintf(path, sizeof(path), "%s/plugins/.libs/%s.so",
        dir == NULL ? "." : dir, name);
    return kd_runtime_load(actors->runtime, path, err);
}

void
actors_start(
    struct actors *actors, const struct actor_role *roles, unsigned workers)
{
    actors_start_with(actors, roles, workers, "");
}

void
actors_start_with(struct actors *actors, const struct actor_role *roles,
    unsigned workers, const char *entries)
{
    actors_start_tuned(actors, roles, workers, entries, NULL);
}

void
actors_start_tuned(struct actors *actors, const struct actor_role *roles,
    unsigned workers, const char *entries, void (*tune)(kd_config *config))
{
    kd_config config = {.size = sizeof(config)};
    kd_error err = KD_ERROR_INIT;

    memset(actors, 0, sizeof(*actors));
    actors->roles = roles;
    opening = actors;
    alarm(300);
    write_index(actors, workers, entries);
    config.preempt_signal = SIGURG;
    config.arg = actors;
    config.log = on_log;
    config.output = on_output;
    config.diagnostic = on_diagnostic;
    if (tune != NULL)
        tune(&config);
    if (kd_runtime_new(&config, &actors->runtime, &err) != KD_OK)
        die("kd_runtime_new", err.text);
    actors->api = kd_runtime_api(actors->runtime);
    if (load(actors, "process_host", &err) != KD_OK ||
        load(actors, "supervisor", &err) != KD_OK ||
        kd_runtime_add(actors->runtime, &actor_plugin, &err) != KD_OK)
        die("plugins", err.text);
    if (kd_runtime_open(actors->runtime, actors->dir, &err) != KD_OK)
        die("kd_runtime_open", err.text);
    if (kd_runtime_start(actors->runtime, &err) != KD_OK)
        die("kd_runtime_start", err.text);
}

kd_status
actors_stop(struct actors *actors, unsigned seconds)
{
    kd_error err = KD_ERROR_INIT;
    kd_status status =
        kd_runtime_stop(actors->runtime, (uint64_t)seconds * 1000000000u, &err);
    char path[128];

    if (status != KD_OK)
        printf("kd_runtime_stop: %s\n", err.text);
    else if (kd_runtime_free(actors->runtime, NULL) != KD_OK)
        printf("kd_runtime_free: busy\n");
    snprintf(path, sizeof(path), "%s/_index.yaml", actors->dir);
    unlink(path);
    rmdir(actors->dir);
    return status;
}

static void
spawn_make(kd_spawn *spawn, kd_writer *args, char id[64], const char *host,
    const char *role, int64_t number)
{
    memset(spawn, 0, sizeof(*spawn));
    memset(args, 0, sizeof(*args));
    snprintf(id, 64, "t:%s", role);
    kd_write_array(args, 1);
    kd_write_int(args, number);
    spawn->size = (uint32_t)sizeof(*spawn);
    spawn->entry = id;
    spawn->host = host;
    spawn->args = kd_payload_make(KD_FORMAT_TERM, args->data, args->len);
    spawn->context = kd_payload_none();
}

static void
on_ended(void *arg, const kd_exit *exit)
{
    struct actors *actors = arg;

    if (exit->failed)
        atomic_fetch_add(&actors->failed, 1);
    atomic_fetch_add(&actors->ended, 1);
}

kd_pid
actors_spawn(struct actors *actors, const char *role, int64_t number)
{
    return actors_spawn_as(actors, role, number, 0);
}

kd_pid
actors_spawn_as(
    struct actors *actors, const char *role, int64_t number, uint32_t flags)
{
    return actors_spawn_on(actors, "t:host", role, number, flags);
}

kd_pid
actors_spawn_on(struct actors *actors, const char *host, const char *role,
    int64_t number, uint32_t flags)
{
    kd_pid pid = KD_PID_NONE_INIT;
    kd_error err = KD_ERROR_INIT;
    kd_writer args;
    kd_spawn spawn;
    char id[64];

    spawn_make(&spawn, &args, id, host, role, number);
    spawn.flags = flags;
    if (kd_runtime_spawn(
            actors->runtime, &spawn, on_ended, actors, &pid, &err) != KD_OK)
        die("kd_runtime_spawn", err.text);
    kd_writer_free(&args);
    return pid;
}

kd_status
actors_child(kd_proc *proc, const char *role, int64_t number, uint32_t flags,
    kd_pid *pid)
{
    kd_writer args;
    kd_spawn spawn;
    kd_status status;
    char id[64];

    spawn_make(&spawn, &args, id, "t:host", role, number);
    spawn.flags = flags;
    status = kd_proc_spawn(proc, &spawn, pid, NULL);
    kd_writer_free(&args);
    return status;
}

kd_status
actors_send(kd_proc *proc, kd_pid to, int64_t number)
{
    kd_writer w = {0};
    kd_payload payload;
    kd_status status;

    kd_write_int(&w, number);
    payload = kd_payload_make(KD_FORMAT_TERM, w.data, w.len);
    status = kd_proc_send(proc, to, "n", 1, 0, &payload, NULL);
    kd_writer_free(&w);
    return status;
}

int64_t
actors_number(const kd_message *message)
{
    kd_reader reader =
        kd_reader_make(message->payload.data, message->payload.len);
    kd_item item;

    return kd_reader_next(&reader, &item) == KD_TERM_INT ? item.integer : -1;
}

void
actors_await(const atomic_long *counter, long value)
{
    while (atomic_load(counter) != value)
        sched_yield();
}

uint64_t
actors_seed(const char *test)
{
    const char *text = getenv("SEED");
    uint64_t seed = text == NULL ? (uint64_t)time(NULL) * 2654435761u
                                 : strtoull(text, NULL, 10);

    printf("%s: SEED=%llu\n", test, (unsigned long long)seed);
    fflush(stdout);
    return seed;
}

/* splitmix64, by Sebastiano Vigna: any seed will do. */
uint64_t
actors_random(uint64_t *seed)
{
    uint64_t z = (*seed += 0x9e3779b97f4a7c15u);

    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}
