/* SPDX-License-Identifier: MIT */
/*
 * Texts of programs and plugins, on a terminal.
 */

#include "cli/put_text.h"

void
kd__put_text(FILE *out, const char *text, const char *margin)
{
    const unsigned char *at = (const unsigned char *)text;

    for (; *at != '\0'; at++) {
        if (*at == '\n' && at[1] == '\0')
            break;
        if (*at == '\n')
            fprintf(out, "\n%s", margin);
        else if ((*at < ' ' && *at != '\t') || *at == 0x7f)
            fprintf(out, "\\x%02x", *at);
        else
            putc(*at, out);
    }
}
