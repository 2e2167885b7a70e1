/* SPDX-License-Identifier: MIT */
/*
 * `kindred kinds`: what there is, from which plugin, with which options. All
 * of it comes from the plugins' constant data; none of their code runs.
 */

#include "cli/app.h"
#include "cli/columns.h"
#include "cli/complain.h"
#include "cli/kinds_page.h"
#include "cli/options_table.h"
#include "entry/hint.h"
#include "load/kind_check.h"
#include "load/option_check.h"

#include <string.h>

static int run(const struct kd__settings *settings);

static const char *const about[] = {
    "",
    "Lists the kinds that entries may have, and the plugin that each comes",
    "from. With KIND it shows that kind's options: name, type, default, "
    "meaning.",
    NULL,
};

const struct kd__command kd__command_kinds = {
    .name = "kinds",
    .usage = "[KIND] [OPTION...]",
    .summary = "List kinds, or the options of one",
    .about = about,
    .options = KD__OPTION_PLUGIN | KD__OPTION_MARKDOWN | KD__OPTION_LOG_LEVEL |
               KD__OPTION_LOG_FORMAT,
    .run = run,
};

/* Goes over all kinds of all plugins; zero-initialise it. */
struct walk {
    size_t plugin_index;
    size_t kind_index;
    const kd_plugin *plugin;
    const char *file;
};

static const kd_kind *
next_kind(struct walk *walk, kd_runtime *runtime)
{
    const kd_kind *kind;

    for (;;) {
        walk->plugin =
            kd_runtime_plugin_at(runtime, walk->plugin_index, &walk->file);
        if (walk->plugin == NULL)
            return NULL;
        kind = walk->plugin->kinds[walk->kind_index++];
        if (kind != NULL)
            return kind;
        walk->plugin_index++;
        walk->kind_index = 0;
    }
}

static int
list_kinds(kd_runtime *runtime)
{
    struct kd__columns table = {NULL, 0, 0};
    struct walk walk = {0, 0, NULL, NULL};
    const kd_kind *kind;
    int failed = kd__columns_add(&table, "KIND", "CLASS", "PLUGIN", "HELP");

    while (failed == 0 && (kind = next_kind(&walk, runtime)) != NULL)
        failed = kd__columns_add(&table, kind->id,
            kd__kind_class_word(kind->cls), walk.plugin->name, kind->help);
    kd__columns_sort(&table, 1);
    kd__columns_print(&table, stdout, "");
    kd__columns_fini(&table);
    return failed == 0 ? KD__STATUS_OK : KD__STATUS_FAILED;
}

static int
list_options(const kd_kind *kind)
{
    struct kd__columns table = {NULL, 0, 0};
    const kd_option *common;
    int failed = kd__columns_add(&table, "OPTION", "TYPE", "DEFAULT", "HELP");
    size_t i;

    for (i = 0; i < kind->n_options && failed == 0; i++)
        failed = kd__options_table_add(&table, kd__option_at(kind->options, i));
    for (i = 0; failed == 0; i++) {
        common = kd_common_option_at(kind, i);
        if (common == NULL)
            break;
        failed = kd__options_table_add(&table, common);
    }
    kd__columns_print(&table, stdout, "  ");
    kd__columns_fini(&table);
    return failed == 0 ? KD__STATUS_OK : KD__STATUS_FAILED;
}

/* Of a policy, the options are those of supervisors too. */
static int
show_kind(kd_runtime *runtime, const struct walk *walk, const kd_kind *kind)
{
    const kd_kind *whole = kd_runtime_kind_find(runtime, kind->id);

    printf("%s: %s\n", kind->id, kind->help);
    printf("class %s, from plugin %s %s (%s)\n\n",
        kd__kind_class_word(kind->cls), walk->plugin->name,
        walk->plugin->version, walk->file != NULL ? walk->file : "built in");
    return list_options(whole != NULL ? whole : kind);
}

static int
find_and_show(kd_runtime *runtime, const char *id)
{
    struct kd__hint hint = {id, NULL, 0};
    struct walk walk = {0, 0, NULL, NULL};
    const kd_kind *kind;

    while ((kind = next_kind(&walk, runtime)) != NULL) {
        if (strcmp(kind->id, id) == 0)
            return show_kind(runtime, &walk, kind);
        kd__hint_offer(&hint, kind->id);
    }
    if (hint.nearest != NULL)
        kd__complain("no kind %s, did you mean %s?", id, hint.nearest);
    else
        kd__complain("no kind %s; 'kindred kinds' lists all", id);
    return KD__STATUS_FAILED;
}

static int
show(kd_runtime *runtime, const struct kd__settings *settings)
{
    if (settings->word != NULL)
        return find_and_show(runtime, settings->word);
    if (!settings->markdown)
        return list_kinds(runtime);
    return kd__kinds_page_print(runtime, stdout) == 0 ? KD__STATUS_OK
                                                      : KD__STATUS_FAILED;
}

static int
run(const struct kd__settings *settings)
{
    int status = KD__STATUS_FAILED;
    struct kd__app app;

    if (kd__app_init(&app, settings) == 0 && kd__app_load(&app) == 0)
        status = show(app.runtime, settings);
    kd__app_fini(&app);
    return status;
}
