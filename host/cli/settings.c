/* SPDX-License-Identifier: MIT */
/*
 * Reads command lines with getopt_long, from one table of options.
 *
 * Words come in their order, since the first one behind `--exec ID` ends the
 * options: it and all that follows belong to the program, dashes included.
 */

#include "cli/settings.h"

#include "entry/hint.h"

#include <getopt.h>
#include <kindred/api.h>
#include <kindred/duration.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SHUTDOWN_NS ((uint64_t)30 * 1000000000u)

/* getopt's answers: the index of a row comes on top of this. */
#define FIRST_ROW 256
#define ROWS_MAX  16

struct parse {
    struct kd__settings *settings;
    const struct kd__command *command;
    char *wrong;
    size_t room;
};

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
    {KD__OPTION_HELP, "help", NULL, "Show this", set_help},
    {0, NULL, NULL, NULL, NULL},
};

static int refuse(const struct parse *parse, const char *format, ...)
    KD_PRINTF(2, 3);

static int
refuse(const struct parse *parse, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(parse->wrong, parse->room, format, args);
    va_end(args);
    return -1;
}

/* getopt's table for one command; also the options it does not take are in
   it, so that these can be told from words that nobody knows. */
static void
fill_long_options(struct option *all)
{
    int i;

    for (i = 0; kd__option_rows[i].name != NULL; i++) {
        all[i].name = kd__option_rows[i].name;
        all[i].has_arg =
            kd__option_rows[i].value != NULL ? required_argument : no_argument;
        all[i].flag = NULL;
        all[i].val = FIRST_ROW + i;
    }
    memset(&all[i], 0, sizeof(all[i]));
}

static int
take_option(const struct parse *parse, int row, const char *value)
{
    const struct kd__option_row *option = &kd__option_rows[row];
    const char *right;

    if ((parse->command->options & option->bit) == 0 &&
        option->bit != KD__OPTION_HELP)
        return refuse(parse, "'%s' has no option --%s", parse->command->name,
            option->name);
    right = option->set(parse->settings, value);
    if (right != NULL)
        return refuse(parse, "--%s wants %s", option->name, right);
    return 0;
}

/* Returns 1 when the word and all behind it are the program's. */
static int
take_word(const struct parse *parse, char *word)
{
    if (parse->settings->exec != NULL)
        return 1;
    if (parse->settings->word != NULL)
        return refuse(parse, "'%s' is one word too many for '%s'", word,
            parse->command->name);
    parse->settings->word = word;
    return 0;
}

static int
refuse_option(const struct parse *parse, const char *word)
{
    struct kd__hint hint = {word, NULL, 0};
    int i;

    if (strncmp(word, "--", 2) == 0)
        hint.word += 2;
    for (i = 0; kd__option_rows[i].name != NULL; i++) {
        if ((parse->command->options & kd__option_rows[i].bit) != 0)
            kd__hint_offer(&hint, kd__option_rows[i].name);
    }
    if (hint.nearest != NULL)
        return refuse(parse, "unknown option '%s', did you mean --%s?", word,
            hint.nearest);
    return refuse(
        parse, "unknown option '%s' of '%s'", word, parse->command->name);
}

/* What is left when getopt is done: words behind `--`. */
static int
take_rest(const struct parse *parse, int argc, char **argv, int at)
{
    struct kd__settings *settings = parse->settings;
    int taken = 0;

    while (at < argc && taken == 0) {
        taken = take_word(parse, argv[at]);
        at += taken == 0;
    }
    if (taken < 0)
        return -1;
    settings->args = argv + at;
    settings->n_args = (size_t)(argc - at);
    return 0;
}

static int
parse_all(const struct parse *parse, int argc, char **argv)
{
    struct option all[ROWS_MAX];
    int status = 0;
    int found;

    fill_long_options(all);
    opterr = 0;
    optind = 0;
    while (status == 0) {
        found = getopt_long(argc, argv, "-:h", all, NULL);
        if (found == -1)
            break;
        if (found == 1)
            status = take_word(parse, optarg);
        else if (found == 'h')
            parse->settings->help = 1;
        else if (found >= FIRST_ROW)
            status = take_option(parse, found - FIRST_ROW, optarg);
        else if (found == ':')
            status = refuse(parse, "%s needs a value", argv[optind - 1]);
        else if (optopt > 0 && optopt < FIRST_ROW)
            status = refuse(parse, "unknown option '-%c'", optopt);
        else if (optopt >= FIRST_ROW)
            status = refuse(parse, "--%s takes no value",
                kd__option_rows[optopt - FIRST_ROW].name);
        else
            status = refuse_option(parse, argv[optind - 1]);
    }
    if (status < 0)
        return -1;
    /* The word that ended the options is the program's first. */
    return take_rest(parse, argc, argv, status > 0 ? optind - 1 : optind);
}

static int
check_whole(const struct parse *parse)
{
    const struct kd__settings *settings = parse->settings;

    if (settings->help)
        return 0;
    if (parse->command->needs_word && settings->word == NULL)
        return refuse(parse, "'%s' wants %s", parse->command->name,
            parse->command->usage);
    if (settings->host != NULL && settings->exec == NULL)
        return refuse(parse, "--host goes with --exec");
    return 0;
}

int
kd__settings_parse(struct kd__settings *settings,
    const struct kd__command *command, int argc, char **argv, char *wrong,
    size_t room)
{
    struct parse parse = {settings, command, wrong, room};

    memset(settings, 0, sizeof(*settings));
    settings->log_level = KD_LOG_INFO;
    settings->shutdown_ns = SHUTDOWN_NS;
    settings->plugins = calloc((size_t)argc + 1, sizeof(*settings->plugins));
    if (settings->plugins == NULL)
        return refuse(&parse, "out of memory");
    if (parse_all(&parse, argc, argv) != 0)
        return -1;
    return check_whole(&parse);
}

void
kd__settings_fini(struct kd__settings *settings)
{
    free(settings->plugins);
    settings->plugins = NULL;
}
