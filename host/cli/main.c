/* SPDX-License-Identifier: MIT */
/*
 * The command: finds the subcommand, reads its words, runs it.
 *
 * This folder is the only one that prints to stdout, ends the program or
 * touches signals; all else is the library's, through <kindred/embed.h>.
 */

#include "cli/complain.h"
#include "cli/help.h"
#include "cli/settings.h"
#include "entry/hint.h"

#include <errno.h>
#include <kindred/embed.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

static const struct kd__command *
find_command(const char *name)
{
    int i;

    for (i = 0; kd__commands[i] != NULL; i++) {
        if (strcmp(kd__commands[i]->name, name) == 0)
            return kd__commands[i];
    }
    return NULL;
}

static int
refuse_command(const char *name)
{
    struct kd__hint hint = {name, NULL, 0};
    int i;

    for (i = 0; kd__commands[i] != NULL; i++)
        kd__hint_offer(&hint, kd__commands[i]->name);
    if (hint.nearest != NULL)
        kd__complain(
            "unknown command '%s', did you mean '%s'?", name, hint.nearest);
    else
        kd__complain("unknown command '%s'", name);
    kd__complain("try 'kindred --help'");
    return KD__STATUS_USAGE;
}

static int
run_command(const struct kd__command *command, int argc, char **argv)
{
    struct kd__settings settings;
    int status = KD__STATUS_OK;
    char wrong[256];

    if (kd__settings_parse(
            &settings, command, argc, argv, wrong, sizeof(wrong)) != 0) {
        kd__complain("%s", wrong);
        kd__complain("try 'kindred %s --help'", command->name);
        status = KD__STATUS_USAGE;
    } else if (settings.help) {
        kd__help_command(stdout, command);
    } else {
        status = command->run(&settings);
    }
    kd__settings_fini(&settings);
    return status;
}

static int
run_words(int argc, char **argv)
{
    const struct kd__command *command;

    if (argc < 2) {
        kd__help_all(stderr);
        return KD__STATUS_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
        kd__help_all(stdout);
        return KD__STATUS_OK;
    }
    if (strcmp(argv[1], "--version") == 0) {
        printf("kindred %s (plugin ABI %u.%u)\n", kd_version(),
            (unsigned)KD_ABI_MAJOR, (unsigned)KD_ABI_MINOR);
        return KD__STATUS_OK;
    }
    command = find_command(argv[1]);
    if (command == NULL)
        return refuse_command(argv[1]);
    return run_command(command, argc - 1, argv + 1);
}

int
main(int argc, char **argv)
{
    char text[80];
    int status;

    /* Before there are threads: the one that logs and those that ask for the
     * local zone would else each be the first to read it.
     */
    tzset();
    status = run_words(argc, argv);

    /* A listing that did not reach its file is no success. */
    if (fflush(stdout) == 0 && !ferror(stdout))
        return status;
    kd__complain(
        "cannot write to stdout: %s", strerror_r(errno, text, sizeof(text)));
    return status == KD__STATUS_OK ? KD__STATUS_FAILED : status;
}
