/* SPDX-License-Identifier: MIT */
/*
 * Compiles a library, and drops the result.
 */

#include "program/library.h"

#include "process/worker.h"
#include "program/program.h"

#include <string.h>

static kd_status library_check(
    void *state, const kd_entry *entry, const kd_check *check, kd_error *err);
static int is_kind(const kd_api *api, const kd_entry *entry, const char *kind);
static void report_nothing(const kd_check *check, const kd_node *where,
    const char *file, uint32_t line, const char *text);

const kd_data_kind kl__library = {
    .size = sizeof(kd_data_kind),
    .check = library_check,
};

const kd_check kl__check_quiet = {
    .size = sizeof(kd_check),
    .report = report_nothing,
    .warn = report_nothing,
};

int
kl__library_is(const kd_api *api, const kd_entry *entry)
{
    return is_kind(api, entry, "library.lua");
}

int
kl__library_can_import(const kd_api *api, const kd_entry *entry)
{
    return kl__library_is(api, entry) || is_kind(api, entry, "function.lua");
}

int
kl__library_is_first(const kd_api *api, const kd_entry *entry)
{
    const kd_entry *other;
    size_t i;

    for (i = 0; (other = api->entry_at(api, i)) != NULL; i++) {
        if (is_kind(api, other, "process.lua") ||
            is_kind(api, other, "function.lua"))
            return other == entry;
    }
    return 0;
}

static kd_status
library_check(
    void *state, const kd_entry *entry, const kd_check *check, kd_error *err)
{
    const struct kl__plugin *plugin = state;

    return kl__program_check(plugin->api, entry, check, err);
}

static int
is_kind(const kd_api *api, const kd_entry *entry, const char *kind)
{
    return strcmp(api->entry_kind(entry), kind) == 0;
}

static void
report_nothing(const kd_check *check, const kd_node *where, const char *file,
    uint32_t line, const char *text)
{
    (void)check;
    (void)where;
    (void)file;
    (void)line;
    (void)text;
}
