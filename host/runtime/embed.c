/* SPDX-License-Identifier: MIT */
/*
 * The runtime as the embedder has it: making, asking, ending.
 */

#include "base/error.h"
#include "base/scope.h"
#include "base/sized.h"
#include "entry/common.h"
#include "proc/exit.h"
#include "runtime/checked_buf.h"
#include "runtime/own_kinds.h"
#include "runtime/runtime.h"
#include "runtime/spawn.h"
#include "runtime/thread.h"
#include "term/failure.h"

#include <stdio.h>
#include <string.h>

/* An embedder's wish to be told, freed when he has been. */
struct watcher {
    struct kd__observer observer;
    void (*ended)(void *arg, const kd_exit *exit);
    void *arg;
};

static const kd_allocator *allocator_of(const kd_config *config);
static kd_status allocator_check(const kd_allocator *allocator, kd_error *err);
static kd_status system_init(kd_runtime *runtime);
static kd_status report_no_host(kd_runtime *runtime, kd_error *err);
static kd_status config_take(
    kd_runtime *runtime, const kd_config *config, kd_error *err);

const char *
kd_version(void)
{
    return KINDRED_VERSION;
}

kd_status
kd_runtime_new(const kd_config *config, kd_runtime **out, kd_error *err)
{
    KD__SCOPE(allocator_of(config));
    kd_runtime *runtime = kd__calloc(1, sizeof(*runtime));
    kd_status status;

    if (runtime == NULL)
        return kd__error_memory(err);
    status = config_take(runtime, config, err);
    if (status != KD_OK)
        goto out;
    runtime->api = kd__api_calls;
    status = kd__env_init(&runtime->env, runtime->config.env);
    if (status == KD_OK && (runtime->config.flags & KD_CONFIG_CHECKED) != 0)
        status = kd__checked_buf_begin(runtime);
    if (status == KD_OK)
        status = system_init(runtime);
    if (status != KD_OK) {
        kd__error(err, status, "%s", kd_status_text(status));
        goto out;
    }
    *out = runtime;
    return KD_OK;
out:
    kd__checked_buf_end(runtime);
    kd__env_fini(&runtime->env);
    kd__free(runtime);
    return status;
}

kd_status
kd_runtime_add(kd_runtime *runtime, const kd_plugin *plugin, kd_error *err)
{
    KD__SCOPE(runtime->config.allocator);

    if (runtime->stage != KD__STAGE_NEW)
        return kd__error(
            err, KD_ECONFLICT, "plugins come before the application");
    return kd__plugins_add(runtime->plugins, plugin, NULL, err);
}

kd_status
kd_runtime_load(kd_runtime *runtime, const char *path, kd_error *err)
{
    KD__SCOPE(runtime->config.allocator);

    if (runtime->stage != KD__STAGE_NEW)
        return kd__error(
            err, KD_ECONFLICT, "plugins come before the application");
    return kd__plugins_load(runtime->plugins, path, err);
}

static void
search_note(void *arg, uint32_t level, const char *text)
{
    kd_runtime *runtime = arg;
    kd_pid nobody = KD_PID_NONE_INIT;

    kd__log_text(&runtime->log, level, nobody, NULL, "%s", text);
}

kd_status
kd_runtime_search(kd_runtime *runtime, kd_error *err)
{
    KD__SCOPE(runtime->config.allocator);
    const char *installed = runtime->config.plugin_dir;

    if (runtime->stage != KD__STAGE_NEW)
        return kd__error(
            err, KD_ECONFLICT, "plugins come before the application");
    return kd__plugins_search(runtime->plugins, NULL, 0,
        secure_getenv("KINDRED_PLUGIN_PATH"),
        installed == NULL ? KINDRED_PLUGINDIR : installed, search_note, runtime,
        err);
}

const kd_api *
kd_runtime_api(kd_runtime *runtime)
{
    return &runtime->api;
}

kd_status
kd_runtime_host(kd_runtime *runtime, const char **out, kd_error *err)
{
    char list[KD_ERROR_TEXT] = "";
    size_t used = 0;
    uint32_t n = 0;

    for (uint32_t i = 0; i < runtime->system.n_hosts; i++) {
        struct kd__host *host = &runtime->hosts[i];

        if (atomic_load(&host->state) != KD__HOST_RUNNING)
            continue;
        *out = host->id;
        if (used < sizeof(list))
            used += (size_t)snprintf(list + used, sizeof(list) - used, "%s%s",
                n == 0 ? "" : ", ", host->id);
        n++;
    }
    if (n == 0)
        return report_no_host(runtime, err);
    if (n > 1)
        return kd__error(
            err, KD_ECONFLICT, "several hosts are running: %s", list);
    return KD_OK;
}

/* What to do about it, while it is not because they are stopping. */
static kd_status
report_no_host(kd_runtime *runtime, kd_error *err)
{
    const char *idle = NULL;

    if (runtime->system.n_hosts == 0)
        return kd__error(err, KD_ENOTFOUND,
            "no host is running: the application has none; define an entry of "
            "kind process.host with lifecycle: {auto_start: true}");
    for (uint32_t i = 0; idle == NULL && i < runtime->system.n_hosts; i++) {
        const char *id = runtime->hosts[i].id;

        if (!kd__entry_auto_start(kd__entries_find(runtime->entries, id)))
            idle = id;
    }
    if (idle == NULL)
        return kd__error(err, KD_ENOTFOUND, "no host is running");
    return kd__error(err, KD_ENOTFOUND,
        "no host is running: nothing starts %s; give it lifecycle: "
        "{auto_start: true}",
        idle);
}

static void
watcher_ended(void *arg, const kd_exit *exit)
{
    struct watcher *watcher = arg;

    watcher->ended(watcher->arg, exit);
    kd__free(watcher);
}

kd_status
kd_runtime_spawn(kd_runtime *runtime, const kd_spawn *spawn,
    void (*ended)(void *arg, const kd_exit *exit), void *arg, kd_pid *pid,
    kd_error *err)
{
    KD__SCOPE(runtime->config.allocator);
    struct watcher *watcher;
    kd_status status;

    if ((spawn->flags & ~(KD_SPAWN_FUNCTION | KD_SPAWN_TERMINAL)) != 0)
        return kd__error(err, KD_EINVAL, "only a process can monitor or link");
    if (ended == NULL)
        return kd__spawn(runtime, NULL, spawn, NULL, pid, err);
    watcher = kd__calloc(1, sizeof(*watcher));
    if (watcher == NULL)
        return kd__error_memory(err);
    watcher->observer.ended = watcher_ended;
    watcher->observer.arg = watcher;
    watcher->ended = ended;
    watcher->arg = arg;
    status = kd__spawn(runtime, NULL, spawn, &watcher->observer, pid, err);
    if (status != KD_OK)
        kd__free(watcher);
    return status;
}

kd_status
kd_runtime_stop(kd_runtime *runtime, uint64_t timeout_ns, kd_error *err)
{
    KD__SCOPE(runtime->config.allocator);

    return kd__stop(runtime, timeout_ns, err);
}

kd_status
kd_runtime_free(kd_runtime *runtime, kd_error *err)
{
    KD__SCOPE(runtime == NULL ? NULL : runtime->config.allocator);
    kd_status status;

    if (runtime == NULL)
        return KD_OK;
    status = kd__stop(runtime, 0, err);
    if (status != KD_OK)
        return status;
    if (runtime->stage != KD__STAGE_UNDONE) {
        /* What is retired knows its host, and plugins have buffers in it. */
        kd__epoch_flush(&runtime->system.epoch);
        kd__open_undo(runtime);
        runtime->stage = KD__STAGE_UNDONE;
    }
    /* Plugins may have had something to say at their end. */
    status = kd__stop(runtime, 0, err);
    if (status != KD_OK)
        return status;
    kd__open_free(runtime);
    kd__plugins_free(runtime->plugins);
    kd__step_fini(runtime);
    kd__fd_watch_fini(&runtime->fd_watch);
    kd__input_fini(&runtime->input);
    kd__output_fini(&runtime->output);
    kd__log_fini(&runtime->log);
    kd__epoch_fini(&runtime->system.epoch);
    kd__exit_fini(&runtime->system);
    kd__names_fini(&runtime->system.names);
    kd__table_fini(&runtime->system.table);
    kd__depot_fini(&runtime->system.depot);
    kd__stuck_fini(&runtime->system.stuck_list);
    pthread_cond_destroy(&runtime->changed);
    pthread_mutex_destroy(&runtime->lock);
    kd__env_fini(&runtime->env);
    kd__free(runtime);
    return KD_OK;
}

const kd_plugin *
kd_runtime_plugin_at(kd_runtime *runtime, size_t index, const char **file)
{
    struct kd__plugin *plugin = kd__plugins_at(runtime->plugins, index);

    if (plugin == NULL)
        return NULL;
    if (file != NULL)
        *file = kd__plugin_file(plugin);
    return plugin->descriptor;
}

const kd_kind *
kd_runtime_kind_find(kd_runtime *runtime, const char *id)
{
    KD__SCOPE(runtime->config.allocator);

    if (kd__plugins_bind(runtime->plugins, NULL) != KD_OK)
        return NULL;
    return kd__plugins_find_kind(runtime->plugins, id, NULL);
}

kd_status
kd_inspect(const char *path, const kd_plugin **plugin, kd_error *err)
{
    return kd__plugin_open(path, plugin, NULL, err);
}

const kd_option *
kd_common_option_at(const kd_kind *kind, size_t index)
{
    const kd_option *list[3] = {&kd__common_meta};
    size_t n = 1;

    if ((kind->flags & KD_KIND_LIFECYCLE) != 0)
        list[n++] = &kd__common_lifecycle;
    if ((kind->flags & KD_KIND_LIMITS) != 0)
        list[n++] = &kd__common_limits;
    return index < n ? list[index] : NULL;
}

static void
system_left(void *arg, struct kd__host *host)
{
    kd_runtime *runtime = arg;

    (void)host;
    pthread_mutex_lock(&runtime->lock);
    kd__step_changed(runtime);
    pthread_mutex_unlock(&runtime->lock);
}

static void
system_unwatch(void *arg, struct kd__proc *proc)
{
    kd_runtime *runtime = arg;

    kd__fd_watch_forget(&runtime->fd_watch, proc);
}

static void
system_log(void *arg, uint32_t level, kd_pid pid, const char *subject,
    const char *text)
{
    kd_runtime *runtime = arg;

    kd__log_text(&runtime->log, level, pid, subject, "%s", text);
}

static kd_status
stepped(kd_runtime *runtime)
{
    kd_status status = kd__step_init(runtime);
    int fd;

    if (status != KD_OK)
        return status;
    status = kd__fd_watch_set_polled(&runtime->fd_watch, &fd);
    if (status == KD_OK)
        status = kd__step_add(runtime, fd);
    if (status != KD_OK)
        kd__step_fini(runtime);
    kd__writer_set_poke(&runtime->output.writer, kd__step_poke, runtime);
    kd__writer_set_poke(&runtime->log.writer, kd__step_poke, runtime);
    return status;
}

/* Undone by kd_runtime_free; a failure here frees what it has made itself. */
static kd_status
system_init(kd_runtime *runtime)
{
    struct kd__system *system = &runtime->system;
    const kd_config *config = &runtime->config;

    system->api = &runtime->api;
    system->calls = &kd__proc_calls;
    system->arg = runtime;
    system->left = system_left;
    system->unwatch = system_unwatch;
    kd__depot_init(&system->depot);
    kd__stuck_init(&system->stuck_list);
    system->allocator = config->allocator;
    system->clock = config->clock;
    system->log = system_log;
    system->breach = kd__breach;
    runtime->plugins = kd__plugins_new();
    if (runtime->plugins == NULL)
        return KD_ENOMEM;
    if (kd__plugins_add_own(runtime->plugins, &kd__own_plugin, NULL) != KD_OK)
        goto no_lock;
    if (pthread_mutex_init(&runtime->lock, NULL) != 0)
        goto no_lock;
    if (kd__thread_cond_init(&runtime->changed) != KD_OK)
        goto no_cond;
    if (kd__table_init(&system->table) != KD_OK)
        goto no_table;
    if (kd__names_init(&system->names) != KD_OK)
        goto no_names;
    if (kd__epoch_init(&system->epoch) != KD_OK)
        goto no_epoch;
    if (kd__exit_init(system) != KD_OK)
        goto no_exit;
    if (kd__log_init(&runtime->log, &runtime->api, config->log_level,
            config->log, config->arg) != KD_OK)
        goto no_log;
    if (kd__output_init(&runtime->output, system, config->output,
            config->error_output, config->arg) != KD_OK)
        goto no_output;
    if (kd__input_init(&runtime->input, system, config->input,
            config->input_end, config->arg) != KD_OK)
        goto no_input;
    if (kd__fd_watch_init(&runtime->fd_watch) != KD_OK)
        goto no_watch;
    if ((config->flags & KD_CONFIG_STEPPED) == 0 || stepped(runtime) == KD_OK)
        return KD_OK;
    kd__fd_watch_fini(&runtime->fd_watch);
no_watch:
    kd__input_fini(&runtime->input);
no_input:
    kd__output_fini(&runtime->output);
no_output:
    kd__log_fini(&runtime->log);
no_log:
    kd__exit_fini(system);
no_exit:
    kd__epoch_fini(&system->epoch);
no_epoch:
    kd__names_fini(&system->names);
no_names:
    kd__table_fini(&system->table);
no_table:
    pthread_cond_destroy(&runtime->changed);
no_cond:
    pthread_mutex_destroy(&runtime->lock);
no_lock:
    kd__plugins_free(runtime->plugins);
    return KD_ENOMEM;
}

/* Of a config that may be unusable, and is looked at afterwards. */
static const kd_allocator *
allocator_of(const kd_config *config)
{
    const kd_allocator *allocator =
        config != NULL && KD_HAS(kd_config, config, allocator)
            ? config->allocator
            : NULL;

    return allocator_check(allocator, NULL) == KD_OK ? allocator : NULL;
}

static kd_status
allocator_check(const kd_allocator *allocator, kd_error *err)
{
    if (allocator == NULL ||
        (KD__SIZED(kd_allocator, allocator) && allocator->reserved == 0 &&
            allocator->realloc != NULL && allocator->free != NULL))
        return KD_OK;
    return kd__error(err, KD_EINVAL,
        "kd_allocator without its size or calls, or of a later library");
}

/* Threads sleep by the system's clock; another one needs steps. */
static kd_status
clock_check(const kd_config *config, kd_error *err)
{
    const kd_clock *clock = config->clock;

    if (clock == NULL)
        return KD_OK;
    if (!KD__SIZED(kd_clock, clock) || clock->reserved != 0 ||
        clock->now_ns == NULL || clock->unix_ns == NULL)
        return kd__error(err, KD_EINVAL,
            "kd_clock without its size or calls, or of a later library");
    if ((config->flags & KD_CONFIG_STEPPED) == 0)
        return kd__error(
            err, KD_EINVAL, "a clock of one's own needs KD_CONFIG_STEPPED");
    return KD_OK;
}

/* What the embedder's struct is too old for stays zero. */
static kd_status
config_take(kd_runtime *runtime, const kd_config *config, kd_error *err)
{
    if (config == NULL)
        return KD_OK;
    if (!KD__SIZED(kd_config, config))
        return kd__error(err, KD_EINVAL,
            "kd_config without its size, or of a later library");
    memcpy(&runtime->config, config,
        config->size < sizeof(*config) ? config->size : sizeof(*config));
    if ((runtime->config.flags &
            ~(KD_CONFIG_IGNORE_UNKNOWN_KINDS | KD_CONFIG_NO_PLUGINS |
                KD_CONFIG_STEPPED | KD_CONFIG_CHECKED)) != 0)
        return kd__error(err, KD_EINVAL, "unknown flags in kd_config");
    if (allocator_check(runtime->config.allocator, err) != KD_OK)
        return KD_EINVAL;
    return clock_check(&runtime->config, err);
}
