/* SPDX-License-Identifier: MIT */
/*
 * Prints usage, commands and options.
 */

#include "cli/help.h"

#include "cli/settings.h"

#include <string.h>

/* Width of the column with names. */
#define NAMES 26

void
kd__help_all(FILE *out)
{
    int i;

    fputs("usage: kindred COMMAND [OPTION...] [ARG...]\n"
          "\n"
          "A host for processes of many kinds.\n"
          "\n"
          "commands:\n",
        out);
    for (i = 0; kd__commands[i] != NULL; i++)
        fprintf(out, "  %-*s %s\n", NAMES, kd__commands[i]->name,
            kd__commands[i]->summary);
    fprintf(out,
        "\n"
        "options:\n"
        "  %-*s Show this\n"
        "  %-*s Show versions\n"
        "\n"
        "'kindred COMMAND --help' says more, and so does kindred(1).\n",
        NAMES, "-h, --help", NAMES, "--version");
}

static void
put_option(FILE *out, const struct kd__option_row *row)
{
    char names[64];

    snprintf(names, sizeof(names), "%s--%s%s%s",
        row->bit == KD__OPTION_HELP ? "-h, " : "", row->name,
        row->value != NULL ? " " : "", row->value != NULL ? row->value : "");
    fprintf(out, "  %-*s %s\n", NAMES, names, row->help);
}

void
kd__help_command(FILE *out, const struct kd__command *command)
{
    const struct kd__option_row *row;
    int i;

    fprintf(out, "usage: kindred %s %s\n\n%s.\n", command->name, command->usage,
        command->summary);
    for (i = 0; command->about[i] != NULL; i++)
        fprintf(out, "%s\n", command->about[i]);
    fputs("\noptions:\n", out);
    for (row = kd__option_rows; row->name != NULL; row++) {
        if ((command->options & row->bit) != 0 || row->bit == KD__OPTION_HELP)
            put_option(out, row);
    }
}
