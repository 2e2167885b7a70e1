/* SPDX-License-Identifier: MIT */
/*
 * Compiles all libraries, and drops the result.
 */

#include "program/library.h"

#include "program/program.h"

#include <stdio.h>
#include <string.h>

/* A check that names the library in front of what it passes on. */
struct named_check {
    kd_check pub;
    const kd_check *to;
    const char *id;
};

static int is_kind(const kd_api *api, const kd_entry *entry, const char *kind);
static void report_named(const kd_check *check, const kd_node *where,
    const char *file, uint32_t line, const char *text);
static void warn_named(const kd_check *check, const kd_node *where,
    const char *file, uint32_t line, const char *text);
static void report_nothing(const kd_check *check, const kd_node *where,
    const char *file, uint32_t line, const char *text);

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

kd_status
kl__libraries_check(
    const kd_api *api, const kd_entry *entry, const kd_check *check)
{
    struct named_check named = {
        {.size = sizeof(kd_check), .report = report_named, .warn = warn_named},
        check, NULL};
    kd_status status = KD_OK;
    const kd_entry *library;
    size_t i;

    if (!kl__library_is_first(api, entry))
        return KD_OK;
    for (i = 0; status == KD_OK; i++) {
        library = api->entry_at(api, i);
        if (library == NULL)
            break;
        named.id = api->entry_id(library);
        if (kl__library_is(api, library))
            status = kl__program_check(api, library, &named.pub);
    }
    return status;
}

static int
is_kind(const kd_api *api, const kd_entry *entry, const char *kind)
{
    return strcmp(api->entry_kind(entry), kind) == 0;
}

/* The same sentence with the library in front; returns whose check it is. */
static const kd_check *
name(const kd_check *check, const char *text, char *whole, size_t size)
{
    union {
        const kd_check *pub;
        const struct named_check *named;
    } cast = {.pub = check};

    snprintf(whole, size, "library %s: %s", cast.named->id, text);
    return cast.named->to;
}

static void
report_named(const kd_check *check, const kd_node *where, const char *file,
    uint32_t line, const char *text)
{
    char whole[400];
    const kd_check *to = name(check, text, whole, sizeof(whole));

    to->report(to, where, file, line, whole);
}

static void
warn_named(const kd_check *check, const kd_node *where, const char *file,
    uint32_t line, const char *text)
{
    char whole[400];
    const kd_check *to = name(check, text, whole, sizeof(whole));

    to->warn(to, where, file, line, whole);
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
