/* SPDX-License-Identifier: MIT */
/*
 * The tables.
 */

#include "options.h"

#include <stddef.h>
#include <stdint.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define OPTION(kind, key, value, text)                                         \
    .size = sizeof(kd_option), .type = (kind), .name = (key), .def = (value),  \
    .help = (text)

static const kd_option backoff_fields[] = {
    {
        OPTION(KD_OPTION_DURATION, "initial_delay", "0s",
            "delay before the first restart in a row"),
        .max = INT64_MAX,
    },
    {
        OPTION(KD_OPTION_DURATION, "max_delay", "30s",
            "no delay is longer, before jitter"),
        .max = INT64_MAX,
    },
    {
        OPTION(KD_OPTION_FLOAT, "factor", "2.0",
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
        OPTION(KD_OPTION_DURATION, "reset_after", "5s",
            "a run as long as this is no failure in a row"),
        .max = INT64_MAX,
    },
};

static const kd_option input_item = {
    .size = sizeof(kd_option),
    .type = KD_OPTION_ANY,
    .help = "an argument",
};

static const kd_option child_fields[] = {
    {
        OPTION(KD_OPTION_STRING, "id", NULL, "unique among its siblings"),
        .flags = KD_OPTION_REQUIRED,
    },
    {
        OPTION(KD_OPTION_ENTRY, "process", NULL, "what it runs"),
        .flags = KD_OPTION_REQUIRED,
        .classes = KD_CLASS_WORKER,
    },
    {
        OPTION(KD_OPTION_ENTRY, "host", NULL,
            "the host it runs on; else the supervisor's own"),
        .classes = KD_CLASS_HOST,
    },
    {
        OPTION(KD_OPTION_LIST, "input", "[]", "its arguments"),
        .item = &input_item,
    },
    {
        OPTION(KD_OPTION_CHOICE, "restart", "permanent",
            "after which ends it is started again"),
        .choices = "permanent|transient|temporary",
    },
    {
        OPTION(KD_OPTION_DURATION, "shutdown", NULL,
            "time to end in when it is stopped (5s; supervisors: infinity)"),
        .max = INT64_MAX,
        .choices = KS_WORD_BRUTAL "|" KS_WORD_INFINITY,
    },
    {
        OPTION(KD_OPTION_BOOL, "significant", "false",
            "whether its end may end the supervisor, see auto_shutdown"),
    },
    {
        OPTION(
            KD_OPTION_INT, "count", NULL, "so many of them, numbered from 1"),
        .min = 1,
        .max = 1000000,
    },
    {
        OPTION(KD_OPTION_STRING, "register", NULL, "a name that it holds"),
    },
    {
        OPTION(KD_OPTION_CHOICE, "wait", NULL,
            "the next one starts when this one says that it is ready"),
        .choices = "ready",
    },
    {
        OPTION(KD_OPTION_DURATION, "start_timeout", NULL,
            "time to get ready in (10s; supervisors: infinity)"),
        .max = INT64_MAX,
        .choices = KS_WORD_INFINITY,
    },
    {
        OPTION(KD_OPTION_GROUP, "backoff", NULL, "how long restarts wait"),
        .fields = backoff_fields,
        .n_fields = COUNT(backoff_fields),
    },
};

const kd_option ks__child_option = {
    OPTION(KD_OPTION_GROUP, NULL, NULL, "a child record"),
    .fields = child_fields,
    .n_fields = COUNT(child_fields),
};

static const kd_option restarts_fields[] = {
    {
        OPTION(KD_OPTION_INT, "max", "3", "so many are borne..."),
        .min = 0,
        .max = INT64_MAX,
    },
    {
        OPTION(KD_OPTION_DURATION, "within", "5s", "...in this time"),
        .min = 1,
        .max = INT64_MAX,
    },
};

#define HOST_OPTION                                                            \
    {                                                                          \
        OPTION(KD_OPTION_ENTRY, "host", NULL,                                  \
            "the host that auto_start runs it on"),                            \
            .flags = KD_OPTION_HOST_RULE, .classes = KD_CLASS_HOST,            \
    }
#define RESTARTS_OPTION                                                        \
    {                                                                          \
        OPTION(KD_OPTION_GROUP, "restarts", NULL,                              \
            "how many restarts until it gives up"),                            \
            .fields = restarts_fields, .n_fields = COUNT(restarts_fields),     \
    }
#define AUTO_SHUTDOWN_OPTION                                                   \
    {                                                                          \
        OPTION(KD_OPTION_CHOICE, "auto_shutdown", "never",                     \
            "whether it ends when significant children have"),                 \
            .choices = "never|any_significant|all_significant",                \
    }

const kd_option ks__fixed_options[KS_N_FIXED_OPTIONS] = {
    HOST_OPTION,
    RESTARTS_OPTION,
    AUTO_SHUTDOWN_OPTION,
    {
        OPTION(KD_OPTION_LIST, "children", "[]", "what it starts, in order"),
        .item = &ks__child_option,
    },
};

const kd_option ks__dynamic_options[KS_N_DYNAMIC_OPTIONS] = {
    HOST_OPTION,
    RESTARTS_OPTION,
    AUTO_SHUTDOWN_OPTION,
    {
        OPTION(KD_OPTION_GROUP, "child", NULL, "what every child is made from"),
        .flags = KD_OPTION_REQUIRED,
        .fields = child_fields,
        .n_fields = COUNT(child_fields),
    },
};
