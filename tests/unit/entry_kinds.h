/* SPDX-License-Identifier: MIT */
/*
 * A table of kinds for tests of entries: one of each class, and one that has
 * an option of every type. None of them can do anything.
 */
#ifndef TESTS_UNIT_ENTRY_KINDS_H
#define TESTS_UNIT_ENTRY_KINDS_H

#include <kindred/kind.h>

#define KINDS_COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define KINDS_ANY_PROCESS                                                      \
    (KD_CLASS_WORKER | KD_CLASS_DATA) /* what imports may name */

#define OPTION(kind, key)                                                      \
    .size = sizeof(kd_option), .type = (kind), .name = (key)

static const kd_option kinds_string = {OPTION(KD_OPTION_STRING, NULL)};
static const kd_option kinds_int = {OPTION(KD_OPTION_INT, NULL)};
static const kd_option kinds_any = {OPTION(KD_OPTION_ANY, NULL)};
static const kd_option kinds_import = {
    OPTION(KD_OPTION_ENTRY, NULL),
    .classes = KINDS_ANY_PROCESS,
};

#define KINDS_HOST                                                             \
    {                                                                          \
        OPTION(KD_OPTION_ENTRY, "host"), .classes = KD_CLASS_HOST,             \
                                         .flags = KD_OPTION_HOST_RULE,         \
    }

static const kd_option kinds_worker[] = {
    {OPTION(KD_OPTION_SOURCE, "source"), .flags = KD_OPTION_REQUIRED},
    {OPTION(KD_OPTION_STRING, "method"), .def = "main"},
    {OPTION(KD_OPTION_LIST, "modules"), .def = "[]", .item = &kinds_string},
    {OPTION(KD_OPTION_MAP, "imports"), .def = "{}", .item = &kinds_import},
    KINDS_HOST,
};

static const kd_option kinds_host_fields[] = {
    {OPTION(KD_OPTION_INT, "workers"), .def = "0", .max = 4096},
    {OPTION(KD_OPTION_INT, "max_processes"), .min = 1, .max = 1 << 28},
};

static const kd_option kinds_host[] = {
    {OPTION(KD_OPTION_GROUP, "host"), .fields = kinds_host_fields,
        .n_fields = KINDS_COUNT(kinds_host_fields)},
    {OPTION(KD_OPTION_INT, "queue_size"), .flags = KD_OPTION_IGNORED},
};

static const kd_option kinds_service[] = {
    {OPTION(KD_OPTION_ENTRY, "process"), .classes = KD_CLASS_WORKER,
        .flags = KD_OPTION_REQUIRED},
    KINDS_HOST,
};

static const kd_option kinds_strict_fields[] = {
    {OPTION(KD_OPTION_STRING, "must"), .flags = KD_OPTION_REQUIRED},
};

static const kd_option kinds_types[] = {
    {OPTION(KD_OPTION_BOOL, "bool"), .def = "true"},
    {OPTION(KD_OPTION_INT, "int"), .min = -5, .max = 100},
    {OPTION(KD_OPTION_INT, "positive"), .min = 1, .max = 10},
    {OPTION(KD_OPTION_INT, "natural"), .max = 10},
    {OPTION(KD_OPTION_FLOAT, "float"), .def = "2.0", .max = 10},
    {OPTION(KD_OPTION_STRING, "string"), .def = "5"},
    {OPTION(KD_OPTION_DURATION, "duration"), .def = "1h30m"},
    {OPTION(KD_OPTION_DURATION, "short"), .max = 1000000000},
    {OPTION(KD_OPTION_SIZE, "bytes"), .def = "64 MiB"},
    {OPTION(KD_OPTION_CHOICE, "choice"), .def = "red",
        .choices = "red|green|blue"},
    {OPTION(KD_OPTION_CHOICE, "number"), .def = "1", .choices = "1|2"},
    {OPTION(KD_OPTION_SOURCE, "source")},
    {OPTION(KD_OPTION_ENTRY, "entry"), .classes = KD_CLASS_DATA},
    {OPTION(KD_OPTION_LIST, "list"), .item = &kinds_int},
    {OPTION(KD_OPTION_MAP, "map"), .item = &kinds_string},
    {OPTION(KD_OPTION_GROUP, "group"), .fields = kinds_host_fields,
        .n_fields = KINDS_COUNT(kinds_host_fields)},
    {OPTION(KD_OPTION_GROUP, "strict"), .fields = kinds_strict_fields,
        .n_fields = KINDS_COUNT(kinds_strict_fields)},
    {OPTION(KD_OPTION_ANY, "any")},
};

static const kd_option kinds_broken[] = {
    {OPTION(KD_OPTION_INT, "a"), .def = "[1"},
    {OPTION(KD_OPTION_INT, "b"), .def = "x"},
    {OPTION(KD_OPTION_GROUP, "c"), .def = "{no: 1}",
        .fields = kinds_host_fields,
        .n_fields = KINDS_COUNT(kinds_host_fields)},
};

static const kd_option kinds_library[] = {
    {OPTION(KD_OPTION_SOURCE, "source"), .flags = KD_OPTION_REQUIRED},
    {OPTION(KD_OPTION_MAP, "imports"), .def = "{}", .item = &kinds_import},
};

static const kd_option kinds_plugin[] = {
    {OPTION(KD_OPTION_STRING, "path"), .flags = KD_OPTION_REQUIRED},
};

static const kd_worker_kind kinds_no_spawn = {
    .size = sizeof(kd_worker_kind),
    .flags = KD_WORKER_NO_SPAWN,
};

#define KIND(name, class, bits, table)                                         \
    {                                                                          \
        .size = sizeof(kd_kind), .id = (name), .cls = (class),                 \
        .flags = (bits), .options = (table), .n_options = KINDS_COUNT(table),  \
    }

static const kd_kind kinds[] = {
    KIND("test.worker", KD_CLASS_WORKER, KD_KIND_LIFECYCLE | KD_KIND_LIMITS,
        kinds_worker),
    KIND("process.lua", KD_CLASS_WORKER, KD_KIND_LIFECYCLE | KD_KIND_LIMITS,
        kinds_worker),
    KIND("process.host", KD_CLASS_HOST, KD_KIND_LIFECYCLE, kinds_host),
    KIND("process.service", KD_CLASS_WORKER, KD_KIND_LIFECYCLE, kinds_service),
    KIND("test.types", KD_CLASS_DATA, 0, kinds_types),
    KIND("test.broken", KD_CLASS_DATA, 0, kinds_broken),
    KIND("test.library", KD_CLASS_DATA, 0, kinds_library),
    {.size = sizeof(kd_kind),
        .id = "test.function",
        .cls = KD_CLASS_WORKER,
        .impl = &kinds_no_spawn},
    {.size = sizeof(kd_kind),
        .id = "test.data",
        .cls = KD_CLASS_DATA,
        .flags = KD_KIND_OPEN},
    {.size = sizeof(kd_kind), .id = "test.closed", .cls = KD_CLASS_DATA},
    {.size = sizeof(kd_kind),
        .id = "test.plain",
        .cls = KD_CLASS_WORKER,
        .flags = KD_KIND_LIFECYCLE},
    {.size = sizeof(kd_kind),
        .id = "plugin",
        .cls = KD_CLASS_DATA,
        .options = kinds_plugin,
        .n_options = KINDS_COUNT(kinds_plugin)},
    {.size = sizeof(kd_kind), .id = "test.policy", .cls = KD_CLASS_POLICY},
    {.size = sizeof(kd_kind),
        .id = "test.resource",
        .cls = KD_CLASS_RESOURCE,
        .flags = KD_KIND_LIFECYCLE},
};

static inline const kd_kind *
kinds_find(void *arg, const char *id)
{
    size_t i;

    (void)arg;
    for (i = 0; i < KINDS_COUNT(kinds); i++) {
        if (strcmp(kinds[i].id, id) == 0)
            return &kinds[i];
    }
    return NULL;
}

#endif
