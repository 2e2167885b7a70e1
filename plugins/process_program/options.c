/* SPDX-License-Identifier: MIT */
/*
 * The table.
 */

#include "options.h"

#include <stddef.h>

#define OPTION(kind, key, value, text)                                         \
    .size = sizeof(kd_option), .type = (kind), .name = (key), .def = (value),  \
    .help = (text)

#define FRAMING "none|lines|msgpack"

static const kd_option word_item = {
    OPTION(KD_OPTION_STRING, NULL, NULL, "A word of the command line"),
};

static const kd_option variable_item = {
    OPTION(KD_OPTION_ANY, NULL, NULL, "A string; null removes the variable"),
};

static const kd_option input_item = {
    OPTION(KD_OPTION_ANY, NULL, NULL, "An argument"),
};

static const kd_option stdin_fields[] = {
    {
        OPTION(KD_OPTION_CHOICE, "framing", "none",
            "What a message with topic stdin is written as"),
        .choices = FRAMING,
    },
};

static const kd_option stdout_fields[] = {
    {
        OPTION(KD_OPTION_CHOICE, "framing", "lines",
            "What becomes a message with topic stdout"),
        .choices = FRAMING,
    },
};

const kd_option kp__options[KP_N_OPTIONS] = {
    {
        OPTION(KD_OPTION_LIST, "command", NULL,
            "The program and its arguments, run without a shell"),
        .flags = KD_OPTION_REQUIRED,
        .item = &word_item,
    },
    {
        OPTION(KD_OPTION_MAP, "env", "{}",
            "Variables beside the host's own; null removes one"),
        .item = &variable_item,
    },
    {
        OPTION(KD_OPTION_STRING, "cwd", ".",
            "Working directory, from the application's folder"),
    },
    {
        OPTION(KD_OPTION_GROUP, "stdin", NULL, "What it reads"),
        .fields = stdin_fields,
        .n_fields = 1,
    },
    {
        OPTION(KD_OPTION_GROUP, "stdout", NULL, "What it writes"),
        .fields = stdout_fields,
        .n_fields = 1,
    },
    {
        OPTION(KD_OPTION_STRING, "to", NULL,
            "Name of who gets its output; else who has spawned it"),
    },
    {
        OPTION(KD_OPTION_CHOICE, "kill_signal", "TERM",
            "What its process group is sent to make it end"),
        .choices = "TERM|INT|HUP|QUIT|USR1|USR2",
    },
    {
        OPTION(KD_OPTION_ENTRY, "host", NULL,
            "The host that auto_start runs it on"),
        .flags = KD_OPTION_HOST_RULE,
        .classes = KD_CLASS_HOST,
    },
    {
        OPTION(KD_OPTION_LIST, "input", "[]",
            "The arguments that auto_start runs it with"),
        .item = &input_item,
    },
};
