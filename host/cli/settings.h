/* SPDX-License-Identifier: MIT */
/*
 * What the words of a command line ask for.
 */
#ifndef KD_CLI_SETTINGS_H
#define KD_CLI_SETTINGS_H

#include "cli/command.h"

#include <stddef.h>
#include <stdint.h>

/* Which command takes which options: a bit for each. */
#define KD__OPTION_EXEC             ((uint32_t)1)
#define KD__OPTION_HOST             ((uint32_t)2)
#define KD__OPTION_PLUGIN           ((uint32_t)4)
#define KD__OPTION_IGNORE_UNKNOWN   ((uint32_t)8)
#define KD__OPTION_NO_PLUGINS       ((uint32_t)16)
#define KD__OPTION_LOG_LEVEL        ((uint32_t)32)
#define KD__OPTION_LOG_FORMAT       ((uint32_t)64)
#define KD__OPTION_SHUTDOWN_TIMEOUT ((uint32_t)128)
#define KD__OPTION_HELP             ((uint32_t)256)
#define KD__OPTION_ENV_FILE         ((uint32_t)512)
#define KD__OPTION_MARKDOWN         ((uint32_t)1024)
#define KD__OPTION_TREE             ((uint32_t)2048)
#define KD__OPTION_CHECKED          ((uint32_t)4096)

/* Everything is borrowed from argv but the arrays. */
struct kd__settings {
    const char *word; /* the command's own argument, or NULL */
    const char *exec; /* --exec, or NULL */
    char **args;      /* what follows the entry of --exec */
    size_t n_args;
    const char *host;     /* --host, or NULL */
    const char **plugins; /* --plugin, in order */
    size_t n_plugins;
    const char **env_files; /* --env-file, in order */
    size_t n_env_files;
    uint32_t log_level; /* KD_LOG_ */
    int log_is_json;
    int ignore_unknown_kinds;
    int no_plugins;
    int markdown;
    int tree;
    int checked;
    int help;
    uint64_t shutdown_ns;
};

/* One option, for help and for the parser. */
struct kd__option_row {
    uint32_t bit;
    const char *name;
    const char *value; /* what stands for its value in help, or NULL */
    const char *help;
    /* Take the value; returns NULL or what a right one would be. */
    const char *(*set)(struct kd__settings *settings, const char *value);
};

/* All options; the last has no name. */
extern const struct kd__option_row kd__option_rows[];

/*
 * Read a command's words; argv[0] is the command itself.
 *
 * wrong  out: `room` bytes, a sentence when the words make no sense.
 *
 * Returns 0, or -1 when they do not. Call _fini either way.
 */
int kd__settings_parse(struct kd__settings *settings,
    const struct kd__command *command, int argc, char **argv, char *wrong,
    size_t room);

void kd__settings_fini(struct kd__settings *settings);

#endif
