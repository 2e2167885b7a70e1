/* SPDX-License-Identifier: MIT */
/*
 * The order in which an exit becomes known, as only a host can see it: from
 * within the library's call that makes a watcher ready. Whoever looks later
 * finds the names free in any case (semantics N4, X4). And that who knows of it
 * can start another, also before the instance is gone.
 */

#include "harness.h"
#include "process_host/pool.h"

#include <kindred/embed.h>
#include <kindred/plugin.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#define NAME "held"

static kd_host_kind host;   /* process.host, but for `ready`. */
static const kd_api *api;   /* Of the runtime. */
static void *watcher_node;  /* The first process that became ready. */
static atomic_int is_armed; /* From now on it becomes ready by the exit. */
static atomic_int n_looks, n_held, n_routable;
static kd_pid target_pid;
static sem_t ended;
static sem_t replaced; /* What the first of the replaced waits for. */
static kd_pid replaced_pid;
static kd_status replaced_status;

static void
look(void *self, void *node, uint32_t how)
{
    kd_pid pid;

    if (watcher_node == NULL)
        watcher_node = node;
    if (node == watcher_node && atomic_load(&is_armed)) {
        atomic_fetch_add(&n_looks, 1);
        if (api->name_find(api, NAME, strlen(NAME), &pid) == KD_OK)
            atomic_fetch_add(&n_held, 1);
        if (api->send(api, target_pid, "x", 1, 0, NULL, NULL) == KD_OK)
            atomic_fetch_add(&n_routable, 1);
    }
    kh__pool_kind.ready(self, node, how);
}

static kd_status
create(void *state, void *prepared, kd_proc *proc, const kd_payload *args,
    void **self, kd_error *err)
{
    (void)state;
    (void)prepared;
    (void)proc;
    (void)args;
    (void)err;
    *self = NULL;
    return KD_OK;
}

static void
destroy(void *self, kd_proc *proc)
{
    (void)self;
    (void)proc;
}

/* Ends; with its name, which it holds from birth, when its watcher waits for
 * that. */
static kd_next
target_run(void *self, kd_proc *proc, uint32_t budget, kd_error *err)
{
    kd_pid pid;

    (void)self;
    (void)budget;
    (void)err;
    if (api->name_find(api, NAME, strlen(NAME), &pid) == KD_OK &&
        kd_pid_equal(pid, kd_proc_self(proc)))
        atomic_store(&is_armed, 1);
    return KD_NEXT_DONE;
}

/* The host has one thread: the target runs when this waits. */
static kd_next
watcher_run(void *self, kd_proc *proc, uint32_t budget, kd_error *err)
{
    kd_signal signal = {.size = sizeof(signal)};
    kd_spawn spawn;

    (void)self;
    (void)budget;
    if (kd_proc_signal(proc, &signal) == KD_OK) {
        sem_post(&ended);
        return KD_NEXT_DONE;
    }
    if (kd_pid_is_none(target_pid)) {
        memset(&spawn, 0, sizeof(spawn));
        spawn.size = (uint32_t)sizeof(spawn);
        spawn.entry = "t:target";
        spawn.host = "t:host";
        spawn.name = NAME;
        spawn.flags = KD_SPAWN_MONITOR;
        spawn.args = kd_payload_none();
        spawn.context = kd_payload_none();
        if (kd_proc_spawn(proc, &spawn, &target_pid, err) != KD_OK)
            return KD_NEXT_FAIL;
    }
    return KD_NEXT_WAIT;
}

/* The first is not destroyed until there is another in its place. */
static void
replaced_destroy(void *self, kd_proc *proc)
{
    (void)self;
    if (kd_pid_equal(kd_proc_self(proc), replaced_pid))
        while (sem_wait(&replaced) != 0)
            continue;
}

/* On another host: spawns one, waits for its end, and spawns another. */
static kd_next
replacer_run(void *self, kd_proc *proc, uint32_t budget, kd_error *err)
{
    kd_signal signal = {.size = sizeof(signal)};
    kd_spawn spawn = {.size = sizeof(spawn), .entry = "t:replaced"};
    kd_pid pid;

    (void)self;
    (void)budget;
    spawn.host = "t:host";
    spawn.args = kd_payload_none();
    spawn.context = kd_payload_none();
    if (kd_pid_is_none(replaced_pid)) {
        spawn.flags = KD_SPAWN_MONITOR;
        return kd_proc_spawn(proc, &spawn, &replaced_pid, err) == KD_OK
                   ? KD_NEXT_WAIT
                   : KD_NEXT_FAIL;
    }
    if (kd_proc_signal(proc, &signal) != KD_OK)
        return KD_NEXT_WAIT;
    replaced_status = kd_proc_spawn(proc, &spawn, &pid, err);
    sem_post(&replaced);
    sem_post(&ended);
    return KD_NEXT_DONE;
}

static const kd_worker_kind target_worker = {
    .size = sizeof(kd_worker_kind),
    .create = create,
    .run = target_run,
    .destroy = destroy,
};

static const kd_worker_kind watcher_worker = {
    .size = sizeof(kd_worker_kind),
    .create = create,
    .run = watcher_run,
    .destroy = destroy,
};

static const kd_worker_kind replaced_worker = {
    .size = sizeof(kd_worker_kind),
    .create = create,
    .run = target_run,
    .destroy = replaced_destroy,
};

static const kd_worker_kind replacer_worker = {
    .size = sizeof(kd_worker_kind),
    .create = create,
    .run = replacer_run,
    .destroy = destroy,
};

static const kd_option pool_options[] = {
    {.size = sizeof(kd_option),
        .type = KD_OPTION_INT,
        .name = "workers",
        .help = "Its threads"},
    {.size = sizeof(kd_option),
        .type = KD_OPTION_INT,
        .name = "max_processes",
        .help = "Its limit",
        .def = "10"},
};

static const kd_option host_option = {
    .size = sizeof(kd_option),
    .type = KD_OPTION_GROUP,
    .name = "host",
    .help = "As process.host has it",
    .fields = pool_options,
    .n_fields = 2,
};

static const kd_kind kinds[] = {
    {.size = sizeof(kd_kind),
        .id = "test.host",
        .cls = KD_CLASS_HOST,
        .flags = KD_KIND_LIFECYCLE,
        .help = "A host that looks",
        .options = &host_option,
        .n_options = 1,
        .impl = &host},
    {.size = sizeof(kd_kind),
        .id = "test.target",
        .cls = KD_CLASS_WORKER,
        .help = "Ends",
        .impl = &target_worker},
    {.size = sizeof(kd_kind),
        .id = "test.watcher",
        .cls = KD_CLASS_WORKER,
        .help = "Sees it",
        .impl = &watcher_worker},
    {.size = sizeof(kd_kind),
        .id = "test.replaced",
        .cls = KD_CLASS_WORKER,
        .help = "Ends, and is not destroyed for a while",
        .impl = &replaced_worker},
    {.size = sizeof(kd_kind),
        .id = "test.replacer",
        .cls = KD_CLASS_WORKER,
        .help = "Spawns another in its place",
        .impl = &replacer_worker},
};

static const kd_kind *const kind_list[] = {
    &kinds[0], &kinds[1], &kinds[2], &kinds[3], &kinds[4], NULL};

static kd_status
plugin_init(const kd_api *runtime_api, void **state, kd_error *err)
{
    static struct pool_state pool;

    (void)err;
    api = runtime_api;
    pool.api = runtime_api;
    *state = &pool;
    return KD_OK;
}

static const kd_plugin plugin = {
    .stamp = KD_STAMP_INIT,
    .name = "test.order",
    .version = "1",
    .help = "Looks at exits",
    .kinds = kind_list,
    .init = plugin_init,
};

/* Run `entry` on `on` until something has posted `ended`. */
static void
run_until_ended(const char *yaml, const char *entry, const char *on)
{
    const kd_text text = {sizeof(text), 0, "_index.yaml", yaml, strlen(yaml)};
    kd_config config = {.size = sizeof(config)};
    kd_spawn spawn = {.size = sizeof(spawn), .entry = entry, .host = on};
    kd_error err = KD_ERROR_INIT;
    kd_runtime *runtime;
    kd_pid pid;

    alarm(120);
    sem_init(&ended, 0, 0);
    spawn.args = kd_payload_none();
    spawn.context = kd_payload_none();
    CU_ASSERT_EQUAL_FATAL(kd_runtime_new(&config, &runtime, &err), KD_OK);
    CU_ASSERT_EQUAL_FATAL(kd_runtime_add(runtime, &plugin, &err), KD_OK);
    CU_ASSERT_EQUAL_FATAL(
        kd_runtime_open_texts(runtime, NULL, &text, 1, &err), KD_OK);
    CU_ASSERT_EQUAL_FATAL(kd_runtime_start(runtime, &err), KD_OK);
    CU_ASSERT_EQUAL_FATAL(
        kd_runtime_spawn(runtime, &spawn, NULL, NULL, &pid, &err), KD_OK);
    while (sem_wait(&ended) != 0)
        continue;
    CU_ASSERT_EQUAL(kd_runtime_stop(runtime, 10000000000u, &err), KD_OK);
    CU_ASSERT_EQUAL(kd_runtime_free(runtime, &err), KD_OK);
    sem_destroy(&ended);
}

/* Its process is unknown and its names are free before a watcher can know. */
static void
test_exit_when_a_watcher_gets_ready_then_names_are_free(void)
{
    host = kh__pool_kind;
    host.ready = look;
    run_until_ended("namespace: t\nentries:\n"
                    "- {name: host, kind: test.host, host: {workers: 1},"
                    " lifecycle: {auto_start: true}}\n"
                    "- {name: target, kind: test.target}\n"
                    "- {name: watcher, kind: test.watcher}\n",
        "t:watcher", "t:host");
    CU_ASSERT_EQUAL(atomic_load(&n_looks), 1);
    CU_ASSERT_EQUAL(atomic_load(&n_held), 0);
    CU_ASSERT_EQUAL(atomic_load(&n_routable), 0);
}

/* Nor does it count for its host's limit, however long it takes to be
 * destroyed (semantics P6). */
static void
test_exit_when_a_watcher_knows_then_there_is_room_for_another(void)
{
    host = kh__pool_kind;
    sem_init(&replaced, 0, 0);
    run_until_ended("namespace: t\nentries:\n"
                    "- {name: host, kind: test.host,"
                    " host: {workers: 1, max_processes: 1},"
                    " lifecycle: {auto_start: true}}\n"
                    "- {name: other, kind: test.host, host: {workers: 1},"
                    " lifecycle: {auto_start: true}}\n"
                    "- {name: replaced, kind: test.replaced}\n"
                    "- {name: replacer, kind: test.replacer}\n",
        "t:replacer", "t:other");
    CU_ASSERT_EQUAL(replaced_status, KD_OK);
    sem_destroy(&replaced);
}

static const struct test_case tests[] = {
    TEST(test_exit_when_a_watcher_gets_ready_then_names_are_free),
    TEST(test_exit_when_a_watcher_knows_then_there_is_room_for_another),
};

TEST_MAIN("exit_order")
