/* SPDX-License-Identifier: MIT */
/*
 * kindred-validate: whether a plugin keeps its contract, as far as that can be
 * seen from outside. For the author's `make check` and for whoever is given a
 * plugin.
 */

#include "args.h"
#include "report.h"
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
    &rule_cancel, &rule_refusals, &rule_gone, &rule_threads, &rule_signals,
    &rule_prompt, &rule_slice, &rule_leaks, &rule_describe, &rule_resource,
    &rule_policy, &rule_host, &rule_data, NULL};

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
    "  --arg VALUE     give processes this argument; may be repeated: "
    "numbers,\n"
    "                  true, false and nil are such, the rest is strings\n"
    "  --plugin FILE   load this plugin too; may be repeated\n"
    "  --only RULE     try this rule alone; may be repeated\n"
    "  --skip RULE     do not try this rule; may be repeated\n"
    "  --timeout SEC   how long a rule may take for one entry (20)\n"
    "  --strict        a rule that could not be tried counts as broken\n"
    "  --tap           report in the Test Anything Protocol\n"
    "  --list          show the rules\n"
    "  --help          show this\n"
    "  --version       show the version\n"
    "\n"
    "Plugins that the application needs beside this one are found as kindred\n"
    "finds them, in KINDRED_PLUGIN_PATH and where it is installed.\n"
    "\n"
    "Status: 0 all rules tried are kept; 1 one is broken; 2 usage, or nothing "
    "could\n"
    "be tried.\n";

/* What was asked for. */
struct wish {
    struct trial trial;
    const char *only[32];
    const char *skip[32];
    const char *words[32]; /* Arguments. */
    size_t n_only;
    size_t n_skip;
    size_t n_words;
    size_t n_beside;
    int is_strict;
    int is_tap;
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

/* Whether there is room for the word. */
static int
take(const char **words, size_t *count, size_t max, const char *word)
{
    if (*count == max)
        return 0;
    words[(*count)++] = word;
    return 1;
}

static int
take_rule(const char **names, size_t *count, const char *name)
{
    return is_rule(name) && take(names, count, 32, name);
}

/* What stands for itself. 0: it has a value, or is unknown. */
static int
take_switch(struct wish *wish, int option)
{
    wish->is_strict |= option == 'S';
    wish->is_tap |= option == 'T';
    return option == 'S' || option == 'T';
}

/* Whether it is a right one. */
static int
take_value(struct wish *wish, int option, const char *value)
{
    switch (option) {
    case 'a':
        wish->trial.app = value;
        return 1;
    case 't':
        return (wish->trial.timeout_s = atoi(value)) > 0;
    case 'o':
        return take_rule(wish->only, &wish->n_only, value);
    case 's':
        return take_rule(wish->skip, &wish->n_skip, value);
    case 'A':
        return take(wish->words, &wish->n_words, 32, value);
    case 'p':
        return take(
            wish->trial.beside, &wish->n_beside, TRIAL_MAX_PLUGINS, value);
    default:
        return 0;
    }
}

/* -1: go on; else the status to end with. */
static int
parse(struct wish *wish, int argc, char **argv)
{
    static const struct option options[] = {{"app", 1, NULL, 'a'},
        {"arg", 1, NULL, 'A'}, {"plugin", 1, NULL, 'p'}, {"only", 1, NULL, 'o'},
        {"skip", 1, NULL, 's'}, {"timeout", 1, NULL, 't'},
        {"strict", 0, NULL, 'S'}, {"tap", 0, NULL, 'T'}, {"list", 0, NULL, 'l'},
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
        is_right &=
            take_switch(wish, option) || take_value(wish, option, optarg);
    }
    if (is_right && argc - optind == 1) {
        wish->trial.path = argv[optind];
        return -1;
    }
    fputs("try 'kindred-validate --help'\n", stderr);
    return STATUS_USAGE;
}

static int
is_wanted(const struct wish *wish, const struct rule *rule)
{
    return (wish->n_only == 0 ||
               is_among(rule->name, wish->only, wish->n_only)) &&
           !is_among(rule->name, wish->skip, wish->n_skip);
}

static int
validate(struct wish *wish)
{
    struct trial *trial = &wish->trial;
    struct report report = {.is_tap = wish->is_tap};
    size_t i;

    for (i = 0; rules[i] != NULL; i++) {
        /* It may be about nothing that this plugin has. */
        if (!is_wanted(wish, rules[i]) || !trial_run(trial, rules[i]))
            continue;
        report_rule(&report, rules[i], trial);
        /* What the host refuses has nothing to be tried. */
        if (rules[i] == &rule_stamp && trial->verdict == TRIAL_BROKEN)
            break;
    }
    report_end(&report, trial);
    if (report.n[TRIAL_BROKEN] > 0)
        return STATUS_BROKEN;
    if (wish->is_strict &&
        (report.n[TRIAL_SKIPPED] > 0 || trial->left_out[0] != '\0'))
        return STATUS_BROKEN;
    return report.n[TRIAL_KEPT] > 0 ? 0 : STATUS_USAGE;
}

/* 0: there is no memory for them. */
static int
set_args(struct wish *wish, kd_writer *writer, kd_payload *args)
{
    if (wish->n_words == 0)
        return 1;
    args_write(writer, wish->words, wish->n_words);
    *args = kd_writer_payload(writer);
    wish->trial.args = args;
    return writer->status == KD_OK;
}

int
main(int argc, char **argv)
{
    static struct wish wish;
    kd_writer writer = {0};
    kd_payload args;
    int status = parse(&wish, argc, argv);

    if (status >= 0)
        return status;
    if (access(wish.trial.path, R_OK) != 0) {
        fprintf(stderr, "kindred-validate: cannot read %s\n", wish.trial.path);
        return STATUS_USAGE;
    }
    if (!set_args(&wish, &writer, &args) || !trial_begin(&wish.trial)) {
        fputs("kindred-validate: cannot make a folder in TMPDIR\n", stderr);
        return STATUS_USAGE;
    }
    status = validate(&wish);
    trial_end(&wish.trial);
    kd_writer_free(&writer);
    return status;
}
