/* SPDX-License-Identifier: MIT */
/*
 * `kindred inspect`: what a plugin file says about itself, or why it would be
 * refused. Its query function runs, and nothing else of it.
 */

#include "cli/columns.h"
#include "cli/complain.h"
#include "cli/settings.h"
#include "load/kind_check.h"

#include <kindred/embed.h>
#include <stdio.h>

static int run(const struct kd__settings *settings);

static const char *const about[] = {
    "",
    "Looks into a plugin without starting it: the ABI it was built for, its",
    "name and version, its kinds, and what it offers to other plugins. The",
    "status is 1 when Kindred would refuse it, and then it says why.",
    NULL,
};

const struct kd__command kd__command_inspect = {
    .name = "inspect",
    .usage = "FILE.so",
    .summary = "Show what a plugin offers",
    .about = about,
    .options = 0,
    .needs_word = 1,
    .run = run,
};

static void
show_head(const kd_plugin *plugin)
{
    const kd_stamp *stamp = &plugin->stamp;

    printf("plugin   %s\n", plugin->name);
    printf("version  %s\n", plugin->version);
    printf("help     %s\n", plugin->help);
    printf("abi      built for %u.%u, needs %u.%u, host has %u.%u\n",
        (unsigned)stamp->major, (unsigned)stamp->minor, (unsigned)stamp->major,
        (unsigned)stamp->min_host_minor, (unsigned)KD_ABI_MAJOR,
        (unsigned)KD_ABI_MINOR);
}

static int
show_kinds(const kd_plugin *plugin)
{
    struct kd__columns table = {NULL, 0, 0};
    const kd_kind *const *kind;
    int failed = 0;

    printf("kinds%s\n", plugin->kinds[0] == NULL ? "    none" : "");
    for (kind = plugin->kinds; *kind != NULL && failed == 0; kind++)
        failed = kd__columns_add(&table, (*kind)->id,
            kd__kind_class_word((*kind)->cls), (*kind)->help, NULL);
    kd__columns_print(&table, stdout, "  ");
    kd__columns_fini(&table);
    return failed;
}

static void
show_offers(const kd_plugin *plugin)
{
    const kd_offer *const *offer = plugin->offers;

    if (offer == NULL || *offer == NULL)
        return;
    printf("offers\n");
    for (; *offer != NULL; offer++)
        printf("  %s\n", (*offer)->id);
}

static int
run(const struct kd__settings *settings)
{
    const kd_plugin *plugin = NULL;
    kd_error err = KD_ERROR_INIT;

    if (kd_inspect(settings->word, &plugin, &err) != KD_OK) {
        kd__complain("%s", err.text);
        return KD__STATUS_FAILED;
    }
    show_head(plugin);
    if (show_kinds(plugin) != 0)
        return KD__STATUS_FAILED;
    show_offers(plugin);
    return KD__STATUS_OK;
}
