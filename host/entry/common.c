/* SPDX-License-Identifier: MIT */
/*
 * The tables of semantics L1 and K2.
 */

#include "entry/common.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

#define OPTION(kind, key, value, text)                                         \
    .size = sizeof(kd_option), .type = (kind), .name = (key), .def = (value),  \
    .help = (text)

static const kd_option any = {
    .size = sizeof(kd_option),
    .type = KD_OPTION_ANY,
};

const kd_option kd__common_meta = {
    OPTION(KD_OPTION_MAP, "meta", "{}", "what others may read about it"),
    .item = &any,
};

const kd_option kd__common_requirement = {
    .size = sizeof(kd_option),
    .type = KD_OPTION_ENTRY,
    .classes = KD_CLASS_WORKER | KD_CLASS_HOST | KD_CLASS_RESOURCE,
};

static const kd_option restart[] = {
    {
        OPTION(KD_OPTION_DURATION, "initial_delay", "1s",
            "delay before the first restart in a row"),
        .max = INT64_MAX,
    },
    {
        OPTION(KD_OPTION_DURATION, "max_delay", "90s",
            "no delay is longer, before jitter"),
        .max = INT64_MAX,
    },
    {
        OPTION(KD_OPTION_FLOAT, "backoff_factor", "2.0",
            "each further delay is this many times the one before"),
        .min = 1,
        .max = INT64_MAX,
    },
    {
        OPTION(KD_OPTION_FLOAT, "jitter", "0.1",
            "part by which delays vary at random; 0: not at all"),
        .max = 1,
    },
    {
        OPTION(KD_OPTION_INT, "max_attempts", "0",
            "runs in a row before it is given up; 0: unlimited"),
        .max = INT64_MAX,
    },
};

static const kd_option lifecycle[] = {
    {
        OPTION(KD_OPTION_BOOL, "auto_start", "false",
            "whether it starts with the application"),
    },
    {
        OPTION(KD_OPTION_CHOICE, "startup", "required",
            "whether the application can start without it"),
        .choices = "required|optional",
    },
    {
        OPTION(
            KD_OPTION_DURATION, "start_timeout", "10s", "time to get ready in"),
        .max = INT64_MAX,
    },
    {
        OPTION(KD_OPTION_DURATION, "stop_timeout", "10s", "time to end in"),
        .max = INT64_MAX,
    },
    {
        OPTION(KD_OPTION_DURATION, "stable_threshold", "5s",
            "a run as long as this is no failure to start"),
        .max = INT64_MAX,
    },
    {
        OPTION(KD_OPTION_GROUP, "restart", 0, "how it is started again"),
        .fields = restart,
        .n_fields = COUNT(restart),
    },
    {
        OPTION(KD_OPTION_LIST, "requires", "[]", "entries that run before it"),
        .item = &kd__common_requirement,
    },
    {
        OPTION(KD_OPTION_LIST, "depends_on", "[]", "another word for requires"),
        .item = &kd__common_requirement,
    },
};

const kd_option kd__common_lifecycle = {
    OPTION(KD_OPTION_GROUP, "lifecycle", 0, "how it starts and restarts"),
    .fields = lifecycle,
    .n_fields = COUNT(lifecycle),
};

static const kd_option limits[] = {
    {
        OPTION(KD_OPTION_SIZE, "memory", "256 MiB",
            "memory of the program in a process, where the kind counts it"),
        .unit = "bytes",
        .min = 1,
        .max = INT64_MAX,
    },
    {
        OPTION(KD_OPTION_INT, "mailbox_messages", "1000000",
            "messages that may wait"),
        .min = 1,
        .max = INT64_MAX,
    },
    {
        OPTION(KD_OPTION_SIZE, "mailbox_bytes", "256 MiB",
            "bytes that may wait, and for each message 64, or its topic"),
        .unit = "bytes",
        .min = 1,
        .max = INT64_MAX,
    },
    {
        OPTION(KD_OPTION_SIZE, "message_bytes", "16 MiB",
            "largest message it may send or receive"),
        .unit = "bytes",
        .min = 1,
        .max = INT64_MAX,
    },
};

const kd_option kd__common_limits = {
    OPTION(KD_OPTION_GROUP, "limits", 0, "bounds of each of its processes"),
    .fields = limits,
    .n_fields = COUNT(limits),
};
