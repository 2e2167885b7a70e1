/* SPDX-License-Identifier: MIT */
/*
 * Gathers all uses of globals in all sources and sorts them, so that those of
 * one name are together, what sets it first.
 */

#include "program/globals.h"

#include "modules/builtin.h"
#include "program/bytecode.h"
#include "program/lexer.h"
#include "program/library.h"
#include "program/program.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct use {
    struct kl__global global;
    size_t unit;
};

struct uses {
    const struct kl__program *program;
    struct use *list;
    size_t n, cap;
    size_t unit; /* Whose are being gathered. */
    kd_status status;
};

static int is_plain(const struct kl__program *program);
static int is_devious(const kd_node *source);
static void gather(struct uses *uses);
static void add(void *arg, const struct kl__global *global);
static int is_method(const struct uses *uses, const struct kl__global *global);
static int compare(const void *a, const void *b);
static int compare_names(const struct use *a, const struct use *b);
static void report(const struct uses *uses, const kd_check *check);
static int is_bound(
    const struct kl__program *program, const struct kl__global *global);
static int is_listed(const kd_node *list, const struct kl__global *global);
static int is_key(const kd_node *map, const struct kl__global *global);
static int is_text(const struct kl__global *global, const char *text);
static int is_imported(const struct kl__program *program);
static int imports(
    const kd_api *api, const kd_entry *entry, const kd_entry *library);
static void warn(const struct kl__program *program, const kd_check *check,
    const struct use *use);

kd_status
kl__globals_check(const struct kl__program *program, const kd_check *check)
{
    struct uses uses = {.program = program, .status = KD_OK};

    if (!is_plain(program))
        return KD_OK;
    gather(&uses);
    if (uses.status == KD_OK && uses.n > 0) {
        qsort(uses.list, uses.n, sizeof(*uses.list), compare);
        report(&uses, check);
    }
    free(uses.list);
    return uses.status;
}

/* Whether the code says all. */
static int
is_plain(const struct kl__program *program)
{
    for (size_t i = 0; i < program->n_units; i++) {
        const struct kl__unit *unit = &program->units[i];

        if (unit->code == NULL ||
            is_devious(program->api->entry_get(unit->entry, "source")))
            return 0;
    }
    return 1;
}

/* The name in a string, too: there may be a way to come from it to the table.
 */
static int
is_devious(const kd_node *source)
{
    struct kl__lexer lexer;
    struct kl__token token;

    kl__lexer_init(&lexer, source->text, source->len);
    do {
        token = kl__lexer_next(&lexer);
        if ((token.len == 2 && memcmp(token.text, "_G", 2) == 0) ||
            (token.len == 4 && memcmp(token.text, "_ENV", 4) == 0))
            return 1;
    } while (token.type != KL_TOKEN_END);
    return 0;
}

static void
gather(struct uses *uses)
{
    const struct kl__program *program = uses->program;

    for (uses->unit = 0; uses->unit < program->n_units; uses->unit++)
        kl__bytecode_globals(program->units[uses->unit].code,
            program->units[uses->unit].code_len, add, uses);
}

static void
add(void *arg, const struct kl__global *global)
{
    struct uses *uses = arg;

    if (uses->status != KD_OK || is_method(uses, global))
        return;
    if (uses->n == uses->cap) {
        size_t cap = uses->cap * 2 + 64;
        struct use *list = realloc(uses->list, cap * sizeof(*list));

        if (list == NULL) {
            uses->status = KD_ENOMEM;
            return;
        }
        uses->list = list;
        uses->cap = cap;
    }
    uses->list[uses->n].global = *global;
    uses->list[uses->n++].unit = uses->unit;
}

/* It is looked for behind the source (compile.c), and may well not be there. */
static int
is_method(const struct uses *uses, const struct kl__global *global)
{
    const struct kl__program *program = uses->program;
    const kd_node *method =
        program->api->entry_get(program->units[uses->unit].entry, "method");

    return global->use == KL_GLOBAL_READ && method != NULL &&
           method->text != NULL && is_text(global, method->text);
}

static int
compare(const void *a, const void *b)
{
    const struct use *one = a, *two = b;
    int order = compare_names(one, two);

    if (order == 0)
        order = (int)one->global.use - (int)two->global.use;
    if (order == 0)
        order = (one->unit > two->unit) - (one->unit < two->unit);
    if (order == 0)
        order = (one->global.line > two->global.line) -
                (one->global.line < two->global.line);
    return order;
}

static int
compare_names(const struct use *a, const struct use *b)
{
    const size_t len =
        a->global.len < b->global.len ? a->global.len : b->global.len;
    const int order = memcmp(a->global.name, b->global.name, len);

    if (order != 0)
        return order;
    return (a->global.len > b->global.len) - (a->global.len < b->global.len);
}

/* What can be said of the first of a name holds for all of it. */
static void
report(const struct uses *uses, const kd_check *check)
{
    const struct use *first = NULL, *said = NULL;

    for (size_t i = 0; i < uses->n; i++) {
        const struct use *use = &uses->list[i];

        if (first == NULL || compare_names(first, use) != 0)
            first = use;
        if (first->global.use != KL_GLOBAL_READ ||
            is_bound(uses->program, &first->global) ||
            (said != NULL && compare(said, use) == 0))
            continue;
        if (said == NULL && is_imported(uses->program))
            return;
        warn(uses->program, check, use);
        said = use;
    }
}

/*
 * Whichever of its sources declares or imports it: by what its entry says, as
 * of a module or an entry that there is not, an error has told already.
 */
static int
is_bound(const struct kl__program *program, const struct kl__global *global)
{
    const int index = kl__builtin_find(global->name, global->len);

    if (index >= 0 && !kl__builtin_is_declared(index))
        return 1;
    for (size_t i = 0; i < program->n_units; i++) {
        const kd_entry *entry = program->units[i].entry;
        const kd_node *modules = program->api->entry_get(entry, "modules");
        const kd_node *imports = program->api->entry_get(entry, "imports");

        if (is_listed(modules, global) || is_key(imports, global))
            return 1;
    }
    return 0;
}

static int
is_listed(const kd_node *list, const struct kl__global *global)
{
    const kd_node *item = list == NULL ? NULL : list->child;

    while (item != NULL && !(item->text != NULL && is_text(global, item->text)))
        item = item->next;
    return item != NULL;
}

static int
is_key(const kd_node *map, const struct kl__global *global)
{
    const kd_node *item = map == NULL ? NULL : map->child;

    while (item != NULL && !is_text(global, item->key))
        item = item->next;
    return item != NULL;
}

static int
is_text(const struct kl__global *global, const char *text)
{
    return strlen(text) == global->len &&
           memcmp(text, global->name, global->len) == 0;
}

/* Looked for when something would be said, as it takes long. */
static int
is_imported(const struct kl__program *program)
{
    const kd_api *api = program->api;
    const kd_entry *other;

    if (!kl__library_is(api, program->entry))
        return 0;
    for (size_t i = 0; (other = api->entry_at(api, i)) != NULL; i++) {
        if (imports(api, other, program->entry))
            return 1;
    }
    return 0;
}

static int
imports(const kd_api *api, const kd_entry *entry, const kd_entry *library)
{
    const kd_node *list = api->entry_get(entry, "imports");
    const kd_node *import = list == NULL ? NULL : list->child;

    while (import != NULL && import->entry != library)
        import = import->next;
    return import != NULL;
}

static void
warn(const struct kl__program *program, const kd_check *check,
    const struct use *use)
{
    const kd_node *source =
        program->api->entry_get(program->units[use->unit].entry, "source");
    const struct kl__global *global = &use->global;
    const int is_module = kl__builtin_find(global->name, global->len) >= 0 ||
                          kl__extension_find(&program->extensions, global->name,
                              global->len) >= 0;
    char place[40] = "", text[300];

    if (source->source_file == NULL)
        snprintf(place, sizeof(place),
            "line %lu of source: ", (unsigned long)global->line);
    snprintf(text, sizeof(text), "%sglobal '%.*s' is nil: %s", place,
        (int)(global->len < 80 ? global->len : 80), global->name,
        is_module ? "the module of this name is not in modules"
                  : "nothing in the program sets it");
    if (source->source_file != NULL)
        check->warn(check, NULL, source->source_file, global->line, text);
    else
        check->warn(check, source, NULL, 0, text);
}
