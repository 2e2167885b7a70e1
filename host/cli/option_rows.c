/* SPDX-License-Identifier: MIT */
/*
 * All options of all commands, one row each: for the parser and for help.
 *
 * A row's function takes the value into the settings, and knows what a right
 * one would be.
 */

#include "cli/settings.h"

#include <kindred/api.h>
#include <kindred/duration.h>
#include <string.h>

static const char *
set_exec(struct kd__settings *settings, const char *value)
{
    settings->exec = value;
    return *value != '\0' ? NULL : "the id of an entry";
}

static const char *
set_host(struct kd__settings *settings, const char *value)
{
    settings->host = value;
    return *value != '\0' ? NULL : "the id of an entry";
}

static const char *
set_plugin(struct kd__settings *settings, const char *value)
{
    settings->plugins[settings->n_plugins++] = value;
    return *value != '\0' ? NULL : "a file or a folder";
}

static const char *
set_env_file(struct kd__settings *settings, const char *value)
{
    settings->env_files[settings->n_env_files++] = value;
    return *value != '\0' ? NULL : "a file";
}

static const char *
set_ignore_unknown(struct kd__settings *settings, const char *value)
{
    (void)value;
    settings->ignore_unknown_kinds = 1;
    return NULL;
}

static const char *
set_no_plugins(struct kd__settings *settings, const char *value)
{
    (void)value;
    settings->no_plugins = 1;
    settings->ignore_unknown_kinds = 1;
    return NULL;
}

static const char *
set_log_level(struct kd__settings *settings, const char *value)
{
    static const char *const words[] = {"error", "warn", "info", "debug"};
    uint32_t i;

    for (i = 0; i < 4; i++) {
        if (strcmp(words[i], value) == 0) {
            settings->log_level = KD_LOG_ERROR + i;
            return NULL;
        }
    }
    return "error, warn, info or debug";
}

static const char *
set_log_format(struct kd__settings *settings, const char *value)
{
    settings->log_is_json = strcmp(value, "json") == 0;
    if (settings->log_is_json || strcmp(value, "human") == 0)
        return NULL;
    return "human or json";
}

static const char *
set_shutdown_timeout(struct kd__settings *settings, const char *value)
{
    int64_t ns;

    if (kd_duration_parse(value, strlen(value), &ns, NULL) != KD_OK || ns < 0)
        return "a duration such as 30s or 1m30s";
    settings->shutdown_ns = (uint64_t)ns;
    return NULL;
}

static const char *
set_markdown(struct kd__settings *settings, const char *value)
{
    (void)value;
    settings->markdown = 1;
    return NULL;
}

static const char *
set_tree(struct kd__settings *settings, const char *value)
{
    (void)value;
    settings->tree = 1;
    return NULL;
}

static const char *
set_checked(struct kd__settings *settings, const char *value)
{
    (void)value;
    settings->checked = 1;
    return NULL;
}

static const char *
set_help(struct kd__settings *settings, const char *value)
{
    (void)value;
    settings->help = 1;
    return NULL;
}

const struct kd__option_row kd__option_rows[] = {
    {KD__OPTION_EXEC, "exec", "ID",
        "Also run this entry with the ARGs, and end with it", set_exec},
    {KD__OPTION_HOST, "host", "ID",
        "Run it on this host; needed where there are several", set_host},
    {KD__OPTION_PLUGIN, "plugin", "PATH",
        "Load this plugin, or a folder of them (repeatable)", set_plugin},
    {KD__OPTION_ENV_FILE, "env-file", "FILE",
        "Read variables for ${NAME} from this file too (repeatable)",
        set_env_file},
    {KD__OPTION_IGNORE_UNKNOWN, "ignore-unknown-kinds", NULL,
        "Leave out entries whose kind nobody offers, with a warning",
        set_ignore_unknown},
    {KD__OPTION_NO_PLUGINS, "no-plugins", NULL,
        "Load no plugin, and leave out entries of their kinds", set_no_plugins},
    {KD__OPTION_LOG_LEVEL, "log-level", "LEVEL",
        "Log error, warn, info or debug and what is worse (info)",
        set_log_level},
    {KD__OPTION_LOG_FORMAT, "log-format", "FORMAT",
        "Log in lines for humans, or json (human)", set_log_format},
    {KD__OPTION_SHUTDOWN_TIMEOUT, "shutdown-timeout", "TIME",
        "After this long a shutdown uses force (30s)", set_shutdown_timeout},
    {KD__OPTION_CHECKED, "checked", NULL,
        "Watch the plugins' calls, and name those against the rules",
        set_checked},
    {KD__OPTION_MARKDOWN, "markdown", NULL,
        "Print all kinds with all options, as a page of Markdown",
        set_markdown},
    {KD__OPTION_TREE, "tree", NULL,
        "Draw what starts when, and who supervises whom", set_tree},
    {KD__OPTION_HELP, "help", NULL, "Show this", set_help},
    {0, NULL, NULL, NULL, NULL},
};
