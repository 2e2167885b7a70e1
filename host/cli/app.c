/* SPDX-License-Identifier: MIT */
/*
 * Ties the embedding interface to stdout and stderr.
 */

#include "cli/app.h"

#include "base/error.h"
#include "cli/complain.h"
#include "cli/env_file.h"
#include "load/search.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The host that an application without one runs --exec on. Semantics O2. */
#define OWN_HOST "kindred:host"

static kd_status make_runtime(
    struct kd__app *app, const struct kd__env_list *env, kd_error *err);

static void
on_log(void *arg, const kd_log_record *record, int64_t unix_ns, const char *pid)
{
    const struct kd__app *app = arg;

    kd__log_sink_write(&app->log, record, unix_ns, pid);
}

static void
on_output(void *arg, const char *data, size_t len)
{
    struct kd__app *app = arg;

    kd__output_sink_write(&app->output, data, len);
}

static void
on_error_output(void *arg, const char *data, size_t len)
{
    (void)arg;
    (void)kd__write_all(STDERR_FILENO, data, len);
}

static size_t
on_input(void *arg, char *data, size_t room)
{
    struct kd__app *app = arg;

    return kd__input_source_read(&app->input, data, room);
}

static void
on_input_end(void *arg)
{
    struct kd__app *app = arg;

    kd__input_source_end(&app->input);
}

static void
on_diagnostic(void *arg, uint32_t level, const char *line)
{
    struct kd__app *app = arg;
    char *text = NULL;
    int n;

    if (level <= KD_LOG_ERROR)
        app->n_errors++;
    n = asprintf(
        &text, "%s%s\n", level <= KD_LOG_ERROR ? "" : "warning: ", line);
    if (n < 0)
        return;
    (void)kd__write_all(STDERR_FILENO, text, (size_t)n);
    free(text);
}

/* The environment, and behind it the files, the last first: the first of a
   name holds. */
static kd_status
make_env(const struct kd__settings *settings, struct kd__env_list *env,
    struct kd__env_list *files, kd_error *err)
{
    kd_status status = KD_OK;
    size_t i;

    for (i = 0; environ[i] != NULL && status == KD_OK; i++)
        status = kd__env_list_add(env, environ[i]);
    for (i = 0; i < settings->n_env_files && status == KD_OK; i++) {
        status = kd__env_file_read(files, settings->env_files[i], err);
        if (status != KD_OK)
            return status;
    }
    for (i = files->n; i-- > 0 && status == KD_OK;)
        status = kd__env_list_add(env, files->items[i]);
    return status == KD_OK ? KD_OK : kd__error_memory(err);
}

int
kd__app_init(struct kd__app *app, const struct kd__settings *settings)
{
    struct kd__env_list env = {NULL, 0, 0}, files = {NULL, 0, 0};
    kd_error err = KD_ERROR_INIT;
    kd_status status;

    memset(app, 0, sizeof(*app));
    app->settings = settings;
    kd__log_sink_init(&app->log, settings->log_is_json, settings->log_level);
    if (kd__input_source_init(&app->input) != 0) {
        kd__complain("no descriptor is left to wait with");
        return -1;
    }
    status = make_env(settings, &env, &files, &err);
    if (status == KD_OK)
        status = make_runtime(app, &env, &err);
    kd__env_list_fini(&env);
    kd__env_list_fini(&files);
    if (status == KD_OK)
        return 0;
    kd__complain("%s", err.text);
    return -1;
}

static kd_status
make_runtime(struct kd__app *app, const struct kd__env_list *env, kd_error *err)
{
    const struct kd__settings *settings = app->settings;
    kd_config config;

    memset(&config, 0, sizeof(config));
    config.size = (uint32_t)sizeof(config);
    if (settings->ignore_unknown_kinds)
        config.flags |= KD_CONFIG_IGNORE_UNKNOWN_KINDS;
    if (settings->no_plugins)
        config.flags |= KD_CONFIG_NO_PLUGINS;
    if (settings->checked)
        config.flags |= KD_CONFIG_CHECKED;
    config.preempt_signal = SIGURG;
    config.log_level = settings->log_level;
    config.arg = app;
    config.log = on_log;
    config.output = on_output;
    config.error_output = on_error_output;
    config.input = on_input;
    config.input_end = on_input_end;
    config.diagnostic = on_diagnostic;
    config.default_host = settings->exec != NULL ? OWN_HOST : NULL;
    config.env = (const char *const *)env->items;
    return kd_runtime_new(&config, &app->runtime, err);
}

static int
load_file(struct kd__app *app, const char *path)
{
    kd_error err = KD_ERROR_INIT;
    kd_status status = kd_runtime_load(app->runtime, path, &err);

    if (status == KD_EEXIST)
        kd__log_sink_note(&app->log, KD_LOG_INFO, err.text);
    else if (status != KD_OK)
        kd__complain("%s", err.text);
    return status == KD_OK || status == KD_EEXIST ? 0 : -1;
}

/* A path of --plugin is a file, or a folder of them. */
static int
load_path(struct kd__app *app, const char *path)
{
    struct kd__search found = {NULL, 0, 0};
    kd_error err = KD_ERROR_INIT;
    int status = 0;
    size_t i;

    if (kd__search_path(&found, path, &err) != KD_OK) {
        kd__complain("--plugin %s", err.text);
        status = -1;
    } else if (found.n == 0) {
        kd__complain("--plugin %s: no plugins (*.so) in this folder", path);
        status = -1;
    }
    for (i = 0; i < found.n && status == 0; i++)
        status = load_file(app, found.paths[i]);
    kd__search_fini(&found);
    return status;
}

int
kd__app_load(struct kd__app *app)
{
    kd_error err = KD_ERROR_INIT;
    size_t i;

    for (i = 0; i < app->settings->n_plugins; i++) {
        if (load_path(app, app->settings->plugins[i]) != 0)
            return -1;
    }
    if (kd_runtime_search(app->runtime, &err) == KD_OK)
        return 0;
    kd__complain("%s", err.text);
    return -1;
}

/* The library would say it too, but it does not know that it is an argument
   which may be missing. */
static int
check_folder(const char *dir)
{
    struct stat st;
    char text[80];

    if (stat(dir, &st) != 0)
        kd__complain("%s: %s", dir, strerror_r(errno, text, sizeof(text)));
    else if (!S_ISDIR(st.st_mode))
        kd__complain("%s is not a folder", dir);
    else
        return 0;
    return -1;
}

int
kd__app_open(struct kd__app *app)
{
    const char *dir = kd__app_dir(app);
    kd_error err = KD_ERROR_INIT;

    if (check_folder(dir) != 0)
        return -1;
    if (kd_runtime_open(app->runtime, dir, &err) == KD_OK)
        return 0;
    if (app->n_errors == 0)
        kd__complain("%s", err.text);
    else
        kd__complain("%s: %zu %s", dir, app->n_errors,
            app->n_errors == 1 ? "error" : "errors");
    return -1;
}

void
kd__app_fini(struct kd__app *app)
{
    /* What still runs in a runtime that is busy must not be unmapped under
       it, and nothing of it is worth waiting for. */
    if (app->runtime != NULL && kd_runtime_free(app->runtime, NULL) != KD_OK)
        _exit(KD__STATUS_FAILED);
    app->runtime = NULL;
    kd__input_source_fini(&app->input);
}

const char *
kd__app_dir(const struct kd__app *app)
{
    return app->settings->word != NULL ? app->settings->word : ".";
}
