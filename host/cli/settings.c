/* SPDX-License-Identifier: MIT */
/*
 * Reads command lines with getopt_long, from the table of options.
 *
 * Words come in their order, since the first one behind `--exec ID` ends the
 * options: it and all that follows belong to the program, dashes included.
 */

#include "cli/settings.h"

#include "entry/hint.h"

#include <getopt.h>
#include <kindred/api.h>
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
    if (settings->markdown && settings->word != NULL)
        return refuse(parse, "--markdown prints all kinds, not one");
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
    settings->env_files =
        calloc((size_t)argc + 1, sizeof(*settings->env_files));
    if (settings->plugins == NULL || settings->env_files == NULL)
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
    free(settings->env_files);
    settings->env_files = NULL;
}
