/* SPDX-License-Identifier: MIT */
/*
 * kindred-validate: whether a plugin keeps its contract, as far as that can be
 * seen from outside. For the author's `make check` and for whoever is given a
 * plugin.
 */

#include "trial.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define STATUS_BROKEN 1
#define STATUS_USAGE  2

const struct rule *const rules[] = {&rule_stamp, &rule_symbols, &rule_help,
    &rule_load, &rule_orders, &rule_idle, &rule_arguments, &rule_mail,
    &rule_cancel, &rule_refusals, &rule_gone, &rule_threads, &rule_slice,
    &rule_leaks, &rule_describe, &rule_resource, &rule_policy, NULL};

static const char usage[] =
    "usage: kindred-validate [OPTION...] FILE.so\n"
    "\n"
    "Loads a plugin and tries whether it keeps its contract with Kindred. "
    "Each\n"
    "rule runs in a process of its own: what crashes or hangs breaks the "
    "rule.\n"
    "\n"
    "  --app DIR       take the entries of this application; without it, one\n"
    "                  of each kind whose options may all be absent\n"
    "  --only RULE     try this rule alone; may be repeated\n"
    "  --skip RULE     do not try this rule; may be repeated\n"
    "  --timeout SEC   how long a rule may take for one entry (20)\n"
    "  --list          show the rules\n"
    "  --help          show this\n"
    "  --version       show the version\n"
    "\n"
    "Plugins that the application needs beside this one are found as kindred\n"
    "finds them, in KINDRED_PLUGIN_PATH and where it is installed.\n"
    "\n"
    "Status: 0 all rules are kept; 1 one is broken; 2 usage, or nothing could\n"
    "be tried.\n";

/* What was asked for. */
struct wish {
    struct trial trial;
    const char *only[32];
    const char *skip[32];
    size_t n_only;
    size_t n_skip;
};

static int
list(void)
{
    size_t i;

    for (i = 0; rules[i] != NULL; i++)
        printf("%-10s %s\n", rules[i]->name, rules[i]->about);
    return 0;
}

static int
is_among(const char *name, const char *const *names, size_t count)
{
    while (count-- > 0) {
        if (strcmp(names[count], name) == 0)
            return 1;
    }
    return 0;
}

static int
is_rule(const char *name)
{
    size_t i;

    for (i = 0; rules[i] != NULL; i++) {
        if (strcmp(rules[i]->name, name) == 0)
            return 1;
    }
    fprintf(stderr, "kindred-validate: no rule '%s', see --list\n", name);
    return 0;
}

/* Whether the word can be taken. */
static int
take_rule(const char **names, size_t *count, const char *name)
{
    if (!is_rule(name) || *count == 32)
        return 0;
    names[(*count)++] = name;
    return 1;
}

/* -1: go on; else the status to end with. */
static int
parse(struct wish *wish, int argc, char **argv)
{
    static const struct option options[] = {{"app", 1, NULL, 'a'},
        {"only", 1, NULL, 'o'}, {"skip", 1, NULL, 's'},
        {"timeout", 1, NULL, 't'}, {"list", 0, NULL, 'l'},
        {"help", 0, NULL, 'h'}, {"version", 0, NULL, 'v'}, {NULL, 0, NULL, 0}};
    int option, is_right = 1;

    wish->trial.timeout_s = 20;
    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (option == 'h')
            return fputs(usage, stdout) < 0;
        if (option == 'v')
            return printf("kindred-validate %s\n", kd_version()) < 0;
        if (option == 'l')
            return list();
        if (option == 'a')
            wish->trial.app = optarg;
        else if (option == 't')
            is_right &= (wish->trial.timeout_s = atoi(optarg)) > 0;
        else if (option == 'o')
            is_right &= take_rule(wish->only, &wish->n_only, optarg);
        else if (option == 's')
            is_right &= take_rule(wish->skip, &wish->n_skip, optarg);
        else
            is_right = 0;
    }
    if (is_right && argc - optind == 1) {
        wish->trial.path = argv[optind];
        return -1;
    }
    fputs("try 'kindred-validate --help'\n", stderr);
    return STATUS_USAGE;
}

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

static void
show(const struct rule *rule, const struct trial *trial)
{
    static const char *const words[] = {"ok", "skip", "FAIL"};
    const char *line = trial->text;
    size_t len;

    printf("%-4s  %-10s %s\n", words[trial->verdict], rule->name, rule->about);
    for (; *line != '\0'; line += len + (line[len] == '\n')) {
        len = strcspn(line, "\n");
        if (!is_said(trial->text, line, len))
            printf("      %.*s\n", (int)len - 1, line + 1);
    }
    fflush(stdout);
}

static int
validate(struct wish *wish)
{
    size_t i, n[3] = {0, 0, 0};

    for (i = 0; rules[i] != NULL; i++) {
        if ((wish->n_only > 0 &&
                !is_among(rules[i]->name, wish->only, wish->n_only)) ||
            is_among(rules[i]->name, wish->skip, wish->n_skip))
            continue;
        if (!trial_run(&wish->trial, rules[i]))
            continue; /* It is about nothing that this plugin has. */
        n[wish->trial.verdict]++;
        show(rules[i], &wish->trial);
        /* What the host refuses has nothing to be tried. */
        if (rules[i] == &rule_stamp && wish->trial.verdict == TRIAL_BROKEN)
            break;
    }
    if (wish->trial.left_out[0] != '\0')
        printf("      not tried, for they have required options: %s\n"
               "      (give an application with entries of them: --app DIR)\n",
            wish->trial.left_out);
    printf("%s: %zu rules kept, %zu broken, %zu not tried\n", wish->trial.path,
        n[TRIAL_KEPT], n[TRIAL_BROKEN], n[TRIAL_SKIPPED]);
    if (n[TRIAL_BROKEN] > 0)
        return STATUS_BROKEN;
    return n[TRIAL_KEPT] > 0 ? 0 : STATUS_USAGE;
}

int
main(int argc, char **argv)
{
    static struct wish wish;
    int status = parse(&wish, argc, argv);

    if (status >= 0)
        return status;
    if (access(wish.trial.path, R_OK) != 0) {
        fprintf(stderr, "kindred-validate: cannot read %s\n", wish.trial.path);
        return STATUS_USAGE;
    }
    if (!trial_begin(&wish.trial)) {
        fputs("kindred-validate: cannot make a folder in TMPDIR\n", stderr);
        return STATUS_USAGE;
    }
    status = validate(&wish);
    trial_end(&wish.trial);
    return status;
}
