/* SPDX-License-Identifier: MIT */
/*
 * Looks each name up among our modules and those of other plugins. Ours are
 * always ours: nobody gets another plugin's instead.
 */

#include "program/declared.h"

#include "modules/builtin.h"
#include "program/program.h"

#include <stdio.h>
#include <string.h>

#define TEXT_MAX 400

static void read_name(
    struct kl__unit *unit, const kd_node *name, const kd_check *check);
static void read_foreign(
    struct kl__unit *unit, const kd_node *name, const kd_check *check);
static const char *problem_of(const kd_node *name);
static void report_unknown(
    const struct kl__unit *unit, const kd_node *name, const kd_check *check);
static size_t add(char *text, size_t used, const char *more);

void
kl__declared_read(
    struct kl__unit *unit, const kd_node *list, const kd_check *check)
{
    const kd_node *name = list == NULL ? NULL : list->child;

    for (; name != NULL; name = name->next)
        read_name(unit, name, check);
}

static void
read_name(struct kl__unit *unit, const kd_node *name, const kd_check *check)
{
    const char *problem = problem_of(name);
    int index;

    if (problem != NULL) {
        check->report(check, name, NULL, 0, problem);
        return;
    }
    index = kl__builtin_find_module(name->text, name->len);
    if (index >= 0)
        unit->modules |= (uint64_t)1 << index;
    else
        read_foreign(unit, name, check);
}

static void
read_foreign(struct kl__unit *unit, const kd_node *name, const kd_check *check)
{
    int index = kl__extension_find(unit->extensions, name->text, name->len);
    char text[TEXT_MAX];

    if (index < 0) {
        report_unknown(unit, name, check);
    } else if (unit->extensions->list[index].problem != NULL) {
        snprintf(text, sizeof(text), "cannot use module %s: %s", name->text,
            unit->extensions->list[index].problem);
        check->report(check, name, NULL, 0, text);
    } else {
        unit->foreign |= (uint64_t)1 << index;
    }
}

static const char *
problem_of(const kd_node *name)
{
    if (name->text == NULL || name->len == 0)
        return "module cannot be empty";
    if (strchr(name->text, ':') != NULL)
        return "module cannot have a namespace";
    return NULL;
}

/* With all that could have been meant: there are few. */
static void
report_unknown(
    const struct kl__unit *unit, const kd_node *name, const kd_check *check)
{
    char text[TEXT_MAX];
    size_t used = 0;

    snprintf(
        text, sizeof(text), "unknown module: %.80s; there are", name->text);
    used = strlen(text);
    for (int i = 0; i < kl__builtins_count(); i++) {
        if (kl__builtin_is_declared(i))
            used = add(text, used, kl__builtin_name(i));
    }
    for (int i = 0; unit->extensions != NULL && i < unit->extensions->count;
         i++) {
        if (unit->extensions->list[i].problem == NULL)
            used = add(text, used, unit->extensions->list[i].module->name);
    }
    check->report(check, name, NULL, 0, text);
}

/* What has no room is left out. */
static size_t
add(char *text, size_t used, const char *more)
{
    int n = snprintf(text + used, TEXT_MAX - used, " %s", more);

    if (n > 0 && (size_t)n < TEXT_MAX - used)
        return used + (size_t)n;
    text[used] = '\0';
    return used;
}
