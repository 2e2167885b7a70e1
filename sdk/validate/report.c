/* SPDX-License-Identifier: MIT */
/*
 * See report.h. A line a rule, and below it what is wrong, each thing once.
 */

#include "report.h"

#include <stdio.h>
#include <string.h>

/* Whether a line stands further up. */
static int
is_said(const char *text, const char *line, size_t len)
{
    for (; text < line; text = strchr(text, '\n') + 1) {
        if (strncmp(text, line, len + 1) == 0)
            return 1;
    }
    return 0;
}

static size_t
count_of(const struct report *report)
{
    return report->n[TRIAL_KEPT] + report->n[TRIAL_SKIPPED] +
           report->n[TRIAL_BROKEN];
}

static void
head(const struct report *report, const struct rule *rule, enum verdict verdict)
{
    static const char *const words[] = {"ok", "skip", "FAIL"};

    if (!report->is_tap)
        printf("%-4s  %-10s %s\n", words[verdict], rule->name, rule->about);
    else
        printf("%s %zu - %s: %s%s\n", verdict == TRIAL_BROKEN ? "not ok" : "ok",
            count_of(report), rule->name, rule->about,
            verdict == TRIAL_SKIPPED ? " # SKIP" : "");
}

void
report_rule(
    struct report *report, const struct rule *rule, const struct trial *trial)
{
    const char *line = trial->text, *indent = report->is_tap ? "#" : "     ";
    size_t len;

    report->n[trial->verdict]++;
    head(report, rule, trial->verdict);
    for (; *line != '\0'; line += len + (line[len] == '\n')) {
        len = strcspn(line, "\n");
        if (!is_said(trial->text, line, len))
            printf("%s %.*s\n", indent, (int)len - 1, line + 1);
    }
    fflush(stdout);
}

void
report_end(struct report *report, const struct trial *trial)
{
    const char *indent = report->is_tap ? "#" : "     ";

    if (trial->left_out[0] != '\0')
        printf("%s not tried, for they have required options: %s\n"
               "%s (give an application with entries of them: --app DIR)\n",
            indent, trial->left_out, indent);
    if (report->is_tap)
        printf("1..%zu\n", count_of(report));
    else
        printf("%s: %zu rules kept, %zu broken, %zu not tried\n", trial->path,
            report->n[TRIAL_KEPT], report->n[TRIAL_BROKEN],
            report->n[TRIAL_SKIPPED]);
}
