/* SPDX-License-Identifier: MIT */
/*
 * `kindred check`: everything that `run` does before anything starts.
 * Semantics O7.
 */

#include "cli/app.h"
#include "cli/complain.h"
#include "cli/tree_page.h"

static int run(const struct kd__settings *settings);

static const char *const about[] = {
    "",
    "Reads and checks the application in DIR (the current folder if none is",
    "given), prints every error with its place, and starts no entry. The "
    "status",
    "is 0, or 1 when there are errors.",
    "",
    "Plugins are loaded for it and initialise themselves. With --no-plugins "
    "they",
    "are not, and the entries of their kinds are left out of the check.",
    "",
    "With --tree it also draws what will run: first what starts with the",
    "application, in that order, with what each waits for; then what starts "
    "when",
    "a program spawns it. Below a supervisor stand its children, in the order "
    "in",
    "which they start, and after which ends each is started again.",
    NULL,
};

const struct kd__command kd__command_check = {
    .name = "check",
    .usage = "[DIR] [OPTION...]",
    .summary = "Check an application without starting it",
    .about = about,
    .options = KD__OPTION_PLUGIN | KD__OPTION_ENV_FILE |
               KD__OPTION_IGNORE_UNKNOWN | KD__OPTION_NO_PLUGINS |
               KD__OPTION_LOG_LEVEL | KD__OPTION_LOG_FORMAT | KD__OPTION_TREE,
    .run = run,
};

static size_t
count_entries(kd_runtime *runtime)
{
    const kd_api *api = kd_runtime_api(runtime);
    size_t n = 0;

    while (api->entry_at(api, n) != NULL)
        n++;
    return n;
}

static int
run(const struct kd__settings *settings)
{
    int status = KD__STATUS_FAILED;
    struct kd__app app;
    size_t n;

    if (kd__app_init(&app, settings) == 0 &&
        (settings->no_plugins || kd__app_load(&app) == 0) &&
        kd__app_open(&app) == 0) {
        n = count_entries(app.runtime);
        printf("%s: %zu %s, no errors\n", kd__app_dir(&app), n,
            n == 1 ? "entry" : "entries");
        status = KD__STATUS_OK;
        if (settings->tree && kd__tree_page_print(app.runtime, stdout) != 0) {
            kd__complain("out of memory");
            status = KD__STATUS_FAILED;
        }
    }
    kd__app_fini(&app);
    return status;
}
