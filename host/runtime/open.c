/* SPDX-License-Identifier: MIT */
/*
 * Opening an application: plugins get ready, entries are read and checked,
 * kinds prepare theirs, and every host and every worker entry gets a record.
 * Nothing runs.
 */

#include "base/error.h"
#include "base/scope.h"
#include "base/sized.h"
#include "entry/folder.h"
#include "proc/run.h"
#include "runtime/checked.h"
#include "runtime/checked_buf.h"
#include "runtime/runtime.h"
#include "runtime/service_set.h"

#include <string.h>

/* kd_check for one entry: what `report` needs to know. */
struct check {
    kd_check pub;
    kd_runtime *runtime;
    const kd_entry *entry;
};

static void check_report(const kd_check *pub, const kd_node *where,
    const char *file, uint32_t line, const char *text);
static void check_warn(const kd_check *pub, const kd_node *where,
    const char *file, uint32_t line, const char *text);
static kd_status plugins_init(kd_runtime *runtime, kd_error *err);
static kd_status application_open(kd_runtime *runtime, const char *dir,
    const kd_text *texts, size_t n, kd_error *err);
static kd_status entries_read(kd_runtime *runtime, const char *dir,
    const kd_text *texts, size_t n, kd_error *err);
static kd_status default_host(kd_runtime *runtime, kd_error *err);
static kd_status data_check(kd_runtime *runtime, kd_error *err);
static kd_status codes_make(kd_runtime *runtime, kd_error *err);
static kd_status hosts_make(kd_runtime *runtime, kd_error *err);
static kd_status host_make(
    kd_runtime *runtime, const kd_entry *entry, kd_error *err);
static uint64_t limit_get(
    const kd_entry *entry, const char *path, uint64_t most);

kd_status
kd_runtime_open(kd_runtime *runtime, const char *dir, kd_error *err)
{
    return application_open(runtime, dir, NULL, 0, err);
}

kd_status
kd_runtime_open_texts(kd_runtime *runtime, const char *name,
    const kd_text *texts, size_t n, kd_error *err)
{
    static const kd_text none;

    for (size_t i = 0; i < n; i++) {
        const kd_text *text = kd__folder_text_at(texts, i);

        if (text->size != texts->size || !KD__SIZED(kd_text, text) ||
            text->reserved != 0)
            return kd__error(err, KD_EINVAL,
                "kd_text without its size, or of a later library");
    }
    return application_open(runtime, name == NULL ? "memory" : name,
        n == 0 ? &none : texts, n, err);
}

static kd_status
application_open(kd_runtime *runtime, const char *dir, const kd_text *texts,
    size_t n, kd_error *err)
{
    KD__SCOPE(runtime->config.allocator);
    kd_status status;

    if (runtime->stage != KD__STAGE_NEW)
        return kd__error(err, KD_ECONFLICT, "an application is open already");
    runtime->stage = KD__STAGE_FAILED;
    status = plugins_init(runtime, err);
    if (status == KD_OK)
        status = entries_read(runtime, dir, texts, n, err);
    if (status == KD_OK)
        status = data_check(runtime, err);
    if (status == KD_OK)
        status = codes_make(runtime, err);
    if (status == KD_OK)
        status = hosts_make(runtime, err);
    if (status == KD_OK)
        status = kd__services_make(runtime, err);
    if (status != KD_OK)
        return status;
    kd__entries_flush(runtime->entries);
    if (kd__entries_errors(runtime->entries) > 0)
        return kd__error(err, KD_EINVAL, "%s has errors", dir);
    runtime->stage = KD__STAGE_OPEN;
    return KD_OK;
}

void
kd__open_undo(kd_runtime *runtime)
{
    struct kd__plugin *plugin;
    size_t n =
        runtime->entries == NULL ? 0 : kd__entries_count(runtime->entries);

    for (uint32_t i = 0; i < runtime->system.n_hosts; i++) {
        if (runtime->hosts[i].self != NULL)
            runtime->hosts[i].kind->destroy(runtime->hosts[i].self);
    }
    kd__services_free(runtime);
    for (size_t i = 0; runtime->codes != NULL && i < n; i++) {
        struct kd__code *code = &runtime->codes[i];

        if (code->prepared != NULL && code->kind->unprepare != NULL)
            code->kind->unprepare(code->prepared);
        kd__checked_unwrap(code);
    }
    for (size_t i = 0; (plugin = kd__plugins_at(runtime->plugins, i)) != NULL;
         i++)
        kd__plugin_fini(plugin);
    kd__checked_buf_end(runtime);
}

void
kd__open_free(kd_runtime *runtime)
{
    kd__free(runtime->host_list);
    kd__free(runtime->hosts);
    kd__free(runtime->codes);
    kd__entries_free(runtime->entries);
    kd__free(runtime->dir);
}

kd_status
kd__code_prepare(kd_runtime *runtime, struct kd__code *code, kd_error *err)
{
    struct check check = {
        {sizeof(kd_check), 0, check_report, check_warn},
        runtime,
        code->entry,
    };
    kd_error why = KD_ERROR_INIT;
    kd_status status = KD_OK;

    if (code->kind->prepare != NULL)
        status = code->kind->prepare(
            code->state, code->entry, &check.pub, &code->prepared, &why);
    status = kd__error_check(&why, status);
    if (status != KD_OK)
        return kd__error(err, status, "%s: %s", code->id, why.text);
    if ((runtime->config.flags & KD_CONFIG_CHECKED) == 0)
        return KD_OK;
    status = kd__checked_wrap(code);
    return status == KD_OK ? KD_OK : kd__error_memory(err);
}

static void
check_report(const kd_check *pub, const kd_node *where, const char *file,
    uint32_t line, const char *text)
{
    const struct check *check = (const struct check *)(const void *)pub;

    kd__entries_report(check->runtime->entries, KD_LOG_ERROR, check->entry,
        where, file, line, text);
}

static void
check_warn(const kd_check *pub, const kd_node *where, const char *file,
    uint32_t line, const char *text)
{
    const struct check *check = (const struct check *)(const void *)pub;

    kd__entries_report(check->runtime->entries, KD_LOG_WARN, check->entry,
        where, file, line, text);
}

static kd_status
plugins_init(kd_runtime *runtime, kd_error *err)
{
    struct kd__plugin *plugin;
    kd_status status = KD_OK;

    for (size_t i = 0; status == KD_OK &&
                       (plugin = kd__plugins_at(runtime->plugins, i)) != NULL;
         i++)
        status = kd__plugin_init(plugin, &runtime->api, err);
    return status == KD_OK ? kd__plugins_bind(runtime->plugins, err) : status;
}

static const kd_kind *
find_kind(void *arg, const char *id)
{
    kd_runtime *runtime = arg;

    return kd__plugins_find_kind(runtime->plugins, id, NULL);
}

static const char *
kind_at(void *arg, size_t index)
{
    kd_runtime *runtime = arg;
    const kd_kind *kind = kd__plugins_kind_at(runtime->plugins, index, NULL);

    return kind == NULL ? NULL : kind->id;
}

/* One of a name that is there already is skipped (semantics K11). */
static kd_status
load_plugin(void *arg, const char *path, kd_error *err)
{
    kd_runtime *runtime = arg;
    const kd_pid nobody = KD_PID_NONE_INIT;
    kd_error why = KD_ERROR_INIT;
    kd_status status = kd__plugins_load(runtime->plugins, path, &why);

    if (status == KD_EEXIST) {
        kd__log_text(
            &runtime->log, KD_LOG_INFO, nobody, NULL, "skipped: %s", why.text);
        return KD_OK;
    }
    if (status == KD_OK)
        status = plugins_init(runtime, &why);
    return status == KD_OK ? KD_OK : kd__error(err, status, "%s", why.text);
}

static void
diagnostic(void *arg, uint32_t level, const char *line)
{
    kd_runtime *runtime = arg;

    if (runtime->config.diagnostic != NULL)
        runtime->config.diagnostic(runtime->config.arg, level, line);
}

static kd_status
entries_read(kd_runtime *runtime, const char *dir, const kd_text *texts,
    size_t n, kd_error *err)
{
    struct kd__entries_config config = {
        .find_kind = find_kind,
        .kind_at = kind_at,
        .load_plugin = (runtime->config.flags & KD_CONFIG_NO_PLUGINS) != 0
                           ? NULL
                           : load_plugin,
        .diagnostic = diagnostic,
        .arg = runtime,
        .env = &runtime->env,
        .texts = texts,
        .n_texts = n,
        .ignore_unknown_kinds =
            runtime->config.flags & KD_CONFIG_IGNORE_UNKNOWN_KINDS,
    };
    kd_status status;

    runtime->dir = kd__strdup(dir);
    runtime->entries = kd__entries_new();
    if (runtime->dir == NULL || runtime->entries == NULL)
        return kd__error_memory(err);
    config.dir = runtime->dir;
    status = kd__entries_read(runtime->entries, &config, err);
    if (status == KD_OK)
        status = default_host(runtime, err);
    if (status == KD_OK)
        status = kd__entries_resolve(runtime->entries, err);
    return status;
}

/* Semantics O2. Of the first kind of its class: there is one, usually. */
static kd_status
default_host(kd_runtime *runtime, kd_error *err)
{
    const kd_entry *entry;
    const kd_kind *kind = NULL;

    if (runtime->config.default_host == NULL)
        return KD_OK;
    for (size_t i = 0; (entry = kd__entries_at(runtime->entries, i)) != NULL;
         i++) {
        if (kd__entry_class(entry) == KD_CLASS_HOST)
            return KD_OK;
    }
    for (size_t i = 0;
         (kind = kd__plugins_kind_at(runtime->plugins, i, NULL)) != NULL &&
         kind->cls != KD_CLASS_HOST;
         i++)
        continue;
    if (kind == NULL)
        return KD_OK;
    return kd__entries_add_host(
        runtime->entries, runtime->config.default_host, kind, err);
}

static kd_status
data_check(kd_runtime *runtime, kd_error *err)
{
    struct check check = {
        {sizeof(kd_check), 0, check_report, check_warn}, runtime, NULL};
    kd_error why = KD_ERROR_INIT;
    kd_status status = KD_OK;

    for (size_t i = 0; status == KD_OK; i++) {
        const kd_entry *entry = kd__entries_at(runtime->entries, i);
        const kd_data_kind *kind = NULL;
        struct kd__plugin *plugin;

        if (entry == NULL)
            return KD_OK;
        if (kd__entry_class(entry) == KD_CLASS_DATA)
            kind = entry->kind->impl;
        if (kind == NULL)
            continue;
        kd__plugins_find_kind(runtime->plugins, kd__entry_kind(entry), &plugin);
        check.entry = entry;
        status = kd__error_check(
            &why, kind->check(plugin->state, entry, &check.pub, &why));
        if (status != KD_OK)
            kd__error(err, status, "%s: %s", kd__entry_id(entry), why.text);
    }
    return status;
}

/* Entries that are wrong already are shown to kinds that can do with them. */
static int
is_prepared(const kd_runtime *runtime, const kd_entry *entry)
{
    const kd_worker_kind *kind = NULL;

    if (kd__entry_class(entry) == KD_CLASS_WORKER)
        kind = entry->kind->impl;
    return kind != NULL && ((kind->flags & KD_WORKER_SEES_BROKEN) != 0 ||
                               !kd__entries_is_broken(runtime->entries, entry));
}

static kd_status
codes_make(kd_runtime *runtime, kd_error *err)
{
    size_t n = kd__entries_count(runtime->entries);
    kd_status status = KD_OK;

    runtime->codes = kd__calloc(n == 0 ? 1 : n, sizeof(runtime->codes[0]));
    if (runtime->codes == NULL)
        return kd__error_memory(err);
    for (size_t i = 0; i < n && status == KD_OK; i++) {
        const kd_entry *entry = kd__entries_at(runtime->entries, i);
        struct kd__code *code = &runtime->codes[i];
        struct kd__plugin *plugin;

        if (kd__entry_class(entry) == KD_CLASS_POLICY)
            kd__entries_report(runtime->entries, KD_LOG_ERROR, entry, NULL,
                NULL, 0,
                "no plugin here offers " KD_SUPERVISOR_OFFER
                ", which runs policies");
        if (!is_prepared(runtime, entry))
            continue;
        kd__plugins_find_kind(runtime->plugins, kd__entry_kind(entry), &plugin);
        code->entry = entry;
        code->id = kd__entry_id(entry);
        code->kind = entry->kind->impl;
        code->state = plugin->state;
        code->max_messages = limit_get(
            entry, "limits.mailbox_messages", KD__MAILBOX_MAX_MESSAGES);
        code->max_bytes =
            limit_get(entry, "limits.mailbox_bytes", KD__MAILBOX_MAX_BYTES);
        code->message_bytes =
            limit_get(entry, "limits.message_bytes", KD__MAILBOX_MAX_BYTES);
        status = kd__code_prepare(runtime, code, err);
        kd__entries_set_prepared(runtime->entries, entry, code->prepared);
    }
    return status;
}

static kd_status
hosts_make(kd_runtime *runtime, kd_error *err)
{
    const kd_entry *entry;
    kd_status status = KD_OK;
    uint32_t n = 0;

    for (size_t i = 0; (entry = kd__entries_at(runtime->entries, i)) != NULL;
         i++)
        n += kd__entry_class(entry) == KD_CLASS_HOST;
    runtime->hosts = kd__calloc(n + 1, sizeof(runtime->hosts[0]));
    runtime->host_list = kd__calloc(n + 1, sizeof(struct kd__host *));
    if (runtime->hosts == NULL || runtime->host_list == NULL)
        return kd__error_memory(err);
    runtime->system.hosts = runtime->host_list;
    for (size_t i = 0; status == KD_OK &&
                       (entry = kd__entries_at(runtime->entries, i)) != NULL;
         i++) {
        if (kd__entry_class(entry) == KD_CLASS_HOST &&
            !kd__entries_is_broken(runtime->entries, entry))
            status = host_make(runtime, entry, err);
    }
    return status;
}

/* Unusable options are an error of the entry, like those of a worker. */
static kd_status
host_make(kd_runtime *runtime, const kd_entry *entry, kd_error *err)
{
    struct kd__host *host = &runtime->hosts[runtime->system.n_hosts];
    struct kd__plugin *plugin;
    kd_error why = KD_ERROR_INIT;
    kd_status status;

    kd__plugins_find_kind(runtime->plugins, kd__entry_kind(entry), &plugin);
    runtime->host_list[runtime->system.n_hosts++] = host;
    host->system = &runtime->system;
    host->id = kd__entry_id(entry);
    host->number = runtime->system.n_hosts;
    host->kind = entry->kind->impl;
    host->info.size = (uint32_t)sizeof(host->info);
    status = host->kind->create(plugin->state, (kd_core *)(void *)host,
        &kd__run_calls, entry, &host->info, &host->self, &why);
    status = kd__error_check(&why, status);
    if (status == KD_OK && host->info.node_size > 256)
        status = kd__error(&why, KD_EPLUGIN,
            "the kind wants nodes of %u bytes, at most 256 are had",
            (unsigned)host->info.node_size);
    if (status == KD_OK)
        return KD_OK;
    if (status != KD_EINVAL)
        return kd__error(err, status, "%s: %s", host->id, why.text);
    kd__entries_report(
        runtime->entries, KD_LOG_ERROR, entry, NULL, NULL, 0, why.text);
    return KD_OK;
}

/* Absent, for kinds without limits, is as much as there can be. */
static uint64_t
limit_get(const kd_entry *entry, const char *path, uint64_t most)
{
    const kd_node *node = kd__entry_get(entry, path);

    if (node == NULL || node->type != KD_NODE_INT || node->integer < 0 ||
        (uint64_t)node->integer > most)
        return most;
    return (uint64_t)node->integer;
}
