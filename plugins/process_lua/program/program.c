/* SPDX-License-Identifier: MIT */
/*
 * Reads an entry and, from there, the libraries that it imports, each once.
 *
 * The recursion ends because an entry that is met again while its own imports
 * are being read is a cycle, and passed over.
 */

#include "program/program.h"

#include "program/bytecode.h"
#include "program/compile.h"
#include "program/declared.h"
#include "program/globals.h"
#include "program/image.h"
#include "program/library.h"
#include "program/outline.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MEMORY_DEFAULT ((size_t)256 << 20)
#define NO_UNIT        SIZE_MAX

/* An entry whose imports are being read, and the one that imports it. */
struct open {
    const kd_entry *entry;
    const struct open *up;
};

static size_t limit_of(const kd_api *api, const kd_entry *entry,
    const char *name, size_t otherwise);
static kd_status read_unit(struct kl__program *program, const kd_entry *entry,
    const struct open *up, const kd_check *check, size_t *index);
static kd_status fill_unit(struct kl__program *program, struct kl__unit *unit,
    const struct open *open, const kd_check *check);
static const char *method_of(
    const struct kl__program *program, const kd_entry *entry);
static kd_status read_import(struct kl__program *program, struct kl__unit *unit,
    const struct open *open, const kd_node *import, const kd_check *check);
static int check_import(const struct kl__program *program,
    const struct open *open, const kd_node *import, const kd_check *check);
static int is_open(const struct open *open, const kd_entry *entry);
static kd_status add_unit(
    struct kl__program *program, const struct kl__unit *unit);
static size_t find_unit(
    const struct kl__program *program, const kd_entry *entry);
static unsigned find_operators(const struct kl__program *program);
static void unit_fini(struct kl__unit *unit);
static void warn(const struct kl__program *program, const char *text);
static void fill_error(kd_error *err, kd_status status);
static void report(const kd_check *check, const kd_node *where,
    const char *format, ...) KD_PRINTF(3, 4);

kd_status
kl__program_new(const kd_api *api, const kd_entry *entry, const kd_check *check,
    struct kl__program **program, kd_error *err)
{
    struct kl__program *made = calloc(1, sizeof(*made));
    const kd_node *method = api->entry_get(entry, "method");
    kd_status status = KD_ENOMEM;
    size_t index;

    if (made != NULL) {
        made->api = api;
        made->entry = entry;
        /* It has a default: without one there is something wrong with it. */
        made->method = method == NULL ? NULL : method->text;
        made->memory = limit_of(api, entry, "limits.memory", MEMORY_DEFAULT);
        made->message_bytes = limit_of(
            api, entry, "limits.message_bytes", KL_MESSAGE_BYTES_DEFAULT);
        status = kl__builtins_init(&made->builtins);
    }
    if (status == KD_OK)
        status = kl__extensions_init(&made->extensions, api);
    if (status == KD_OK && kl__library_is_first(api, entry))
        kl__extensions_report(&made->extensions, check);
    if (status == KD_OK)
        status = read_unit(made, entry, NULL, check, &index);
    if (status == KD_OK)
        status = kl__globals_check(made, check);
    if (status == KD_OK)
        made->operators = find_operators(made);
    if (status != KD_OK) {
        kl__program_free(made);
        fill_error(err, status);
        return status;
    }
    *program = made;
    return KD_OK;
}

kd_status
kl__program_build(struct kl__program *program, kd_error *err)
{
    kd_status status;

    for (size_t i = 0; i < program->n_units; i++) {
        if (program->units[i].code == NULL)
            return KD_OK;
    }
    status = kl__image_new(program, &program->image);
    if (status == KD_EINTERNAL) {
        warn(program, "the prepared state could not be verified: processes "
                      "are made the slow way");
        return KD_OK;
    }
    fill_error(err, status);
    return status;
}

/* What it imports is checked on its own, so that nothing is said twice. */
kd_status
kl__program_check(const kd_api *api, const kd_entry *library,
    const kd_check *check, kd_error *err)
{
    struct kl__program *made = calloc(1, sizeof(*made));
    kd_status status = KD_ENOMEM;
    size_t index;

    if (made != NULL) {
        made->api = api;
        made->entry = library;
        status = kl__extensions_init(&made->extensions, api);
    }
    if (status == KD_OK)
        status = read_unit(made, library, NULL, check, &index);
    if (status == KD_OK)
        status = kl__globals_check(made, check);
    kl__program_free(made);
    fill_error(err, status);
    return status;
}

void
kl__program_free(struct kl__program *program)
{
    size_t i;

    if (program == NULL)
        return;
    for (i = 0; i < program->n_units; i++)
        unit_fini(&program->units[i]);
    free(program->units);
    kl__extensions_fini(&program->extensions);
    kl__image_free(program->image);
    free(program);
}

static size_t
limit_of(const kd_api *api, const kd_entry *entry, const char *name,
    size_t otherwise)
{
    const kd_node *node = api->entry_get(entry, name);

    return node == NULL || node->integer <= 0 ? otherwise
                                              : (size_t)node->integer;
}

/* The import at the end of `up` has been checked. */
static kd_status
read_unit(struct kl__program *program, const kd_entry *entry,
    const struct open *up, const kd_check *check, size_t *index)
{
    struct open open = {entry, up};
    struct kl__unit unit = {0};
    kd_status status;

    *index = find_unit(program, entry);
    if (*index != NO_UNIT)
        return KD_OK;
    unit.entry = entry;
    unit.extensions = &program->extensions;
    status = fill_unit(program, &unit, &open, check);
    if (status == KD_OK)
        status = add_unit(program, &unit);
    if (status != KD_OK) {
        unit_fini(&unit);
        return status;
    }
    *index = program->n_units - 1;
    return KD_OK;
}

static kd_status
fill_unit(struct kl__program *program, struct kl__unit *unit,
    const struct open *open, const kd_check *check)
{
    const kd_api *api = program->api;
    const kd_node *imports = api->entry_get(unit->entry, "imports");
    const kd_node *source = api->entry_get(unit->entry, "source");
    const kd_node *import;
    kd_status status = KD_OK;

    kl__declared_read(unit, api->entry_get(unit->entry, "modules"), check);
    program->modules |= unit->modules;
    program->foreign |= unit->foreign;
    if (imports != NULL && imports->count > 0) {
        unit->bindings = calloc(imports->count, sizeof(*unit->bindings));
        if (unit->bindings == NULL)
            return KD_ENOMEM;
        for (import = imports->child; import != NULL && status == KD_OK;
             import = import->next)
            status = read_import(program, unit, open, import, check);
    }
    if (status != KD_OK || source == NULL || source->text == NULL)
        return status;
    status = kl__compile(unit, source, method_of(program, unit->entry), check);
    if (status == KD_OK && unit->code != NULL)
        kl__outline_check(unit, source, method_of(program, unit->entry), check);
    return status;
}

/* A library has none. */
static const char *
method_of(const struct kl__program *program, const kd_entry *entry)
{
    const kd_node *method;

    if (entry == program->entry)
        return program->method;
    method = program->api->entry_get(entry, "method");
    return method == NULL ? NULL : method->text;
}

static kd_status
read_import(struct kl__program *program, struct kl__unit *unit,
    const struct open *open, const kd_node *import, const kd_check *check)
{
    size_t index;
    kd_status status;

    if (!check_import(program, open, import, check))
        return KD_OK;
    status = read_unit(program, import->entry, open, &kl__check_quiet, &index);
    if (status != KD_OK)
        return status;
    unit->bindings[unit->n_bindings].alias = import->key;
    unit->bindings[unit->n_bindings].unit = index;
    unit->n_bindings++;
    return KD_OK;
}

static int
check_import(const struct kl__program *program, const struct open *open,
    const kd_node *import, const kd_check *check)
{
    const kd_api *api = program->api;

    if (*import->key == '\0') {
        report(check, import, "import alias cannot be empty");
        return 0;
    }
    if (import->entry == NULL)
        return 0; /* The host has said so. */
    if (!kl__library_can_import(api, import->entry)) {
        report(check, import, "not a library or function: %s (%s)",
            api->entry_id(import->entry), api->entry_kind(import->entry));
        return 0;
    }
    /* The host has told of cycles as well. */
    return !is_open(open, import->entry);
}

static int
is_open(const struct open *open, const kd_entry *entry)
{
    while (open != NULL && open->entry != entry)
        open = open->up;
    return open != NULL;
}

static kd_status
add_unit(struct kl__program *program, const struct kl__unit *unit)
{
    if (program->n_units == program->cap_units) {
        size_t cap = program->cap_units * 2 + 1;
        struct kl__unit *units = realloc(program->units, cap * sizeof(*units));

        if (units == NULL)
            return KD_ENOMEM;
        program->units = units;
        program->cap_units = cap;
    }
    program->units[program->n_units++] = *unit;
    return KD_OK;
}

static size_t
find_unit(const struct kl__program *program, const kd_entry *entry)
{
    size_t i;

    for (i = 0; i < program->n_units; i++) {
        if (program->units[i].entry == entry)
            return i;
    }
    return NO_UNIT;
}

/* With all of them the metatable of strings would be the largest table of a
 * small process. Modules of other plugins may do any arithmetic. */
static unsigned
find_operators(const struct kl__program *program)
{
    unsigned found = program->foreign == 0 ? 0 : ~0U;
    size_t i;

    for (i = 0; i < program->n_units; i++)
        found |= kl__bytecode_operators(
            program->units[i].code, program->units[i].code_len);
    return found;
}

static void
unit_fini(struct kl__unit *unit)
{
    free(unit->code);
    free(unit->chunk);
    free(unit->bindings);
}

static void
warn(const struct kl__program *program, const char *text)
{
    const kd_pid none = KD_PID_NONE_INIT;
    kd_log_record record;

    memset(&record, 0, sizeof(record));
    record.pid = none;
    record.size = (uint32_t)sizeof(record);
    record.level = KD_LOG_WARN;
    record.subject = program->api->entry_id(program->entry);
    record.text = text;
    record.fields = kd_payload_none();
    program->api->log(program->api, &record);
}

static void
fill_error(kd_error *err, kd_status status)
{
    if (status != KD_OK)
        kd_error_set(err, status, "%s", kd_status_text(status));
}

static void
report(const kd_check *check, const kd_node *where, const char *format, ...)
{
    char text[300];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    check->report(check, where, NULL, 0, text);
}
