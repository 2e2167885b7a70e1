/* SPDX-License-Identifier: MIT */
/*
 * Turns option tables into rows. Groups are flattened into dotted names, as
 * error messages and kd_api::entry_get write them.
 */

#include "cli/options_table.h"

#include "load/option_check.h"

#include <inttypes.h>
#include <kindred/duration.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_MAX 512

static int add(
    struct kd__columns *table, const kd_option *option, const char *path);

static const char *
type_word(uint32_t type)
{
    static const char *const words[] = {"?", "boolean", "integer", "number",
        "string", "duration", "size", "choice", "text or file://", "entry",
        "list", "map", "group", "any value"};

    return type < sizeof(words) / sizeof(words[0]) ? words[type] : words[0];
}

/* "worker or host" for the classes that an entry may have. */
static void
class_words(char *text, size_t room, uint32_t classes)
{
    static const char *const words[] = {
        "worker", "host", "policy", "resource", "data"};
    size_t used = 0;
    uint32_t i;

    text[0] = '\0';
    for (i = 0; i < 5; i++) {
        if ((classes & ((uint32_t)1 << i)) == 0 || used + 20 > room)
            continue;
        used += (size_t)snprintf(
            text + used, room - used, "%s%s", used > 0 ? " or " : "", words[i]);
    }
}

static void
put_type(char *text, size_t room, const kd_option *option)
{
    char inner[TEXT_MAX / 2];

    switch (option->type) {
    case KD_OPTION_CHOICE:
        snprintf(text, room, "%s", option->choices);
        break;
    case KD_OPTION_DURATION:
        snprintf(text, room, "%s%s%s", type_word(option->type),
            option->choices != NULL ? "|" : "",
            option->choices != NULL ? option->choices : "");
        break;
    case KD_OPTION_ENTRY:
        class_words(inner, sizeof(inner), option->classes);
        snprintf(text, room, "%s entry", inner);
        break;
    case KD_OPTION_LIST:
    case KD_OPTION_MAP:
        put_type(inner, sizeof(inner), option->item);
        snprintf(text, room, "%s of %s", type_word(option->type), inner);
        break;
    default:
        snprintf(text, room, "%s%s%s", type_word(option->type),
            option->unit != NULL ? ", " : "",
            option->unit != NULL ? option->unit : "");
        break;
    }
}

/* A bound in the words of the type, "64 MiB" say. */
static void
put_bound(char *text, size_t room, const kd_option *option, int64_t value)
{
    if (option->type == KD_OPTION_DURATION)
        (void)kd_duration_format(value, text, room);
    else if (option->type == KD_OPTION_SIZE && value > 0 &&
             value % (1 << 20) == 0)
        snprintf(text, room, "%" PRId64 " MiB", value >> 20);
    else
        snprintf(text, room, "%" PRId64, value);
}

static void
put_default(char *text, size_t room, const kd_option *option)
{
    if ((option->flags & KD_OPTION_REQUIRED) != 0)
        snprintf(text, room, "required");
    else if ((option->flags & KD_OPTION_HOST_RULE) != 0)
        snprintf(text, room, "the nearest");
    else if (option->def != NULL)
        snprintf(text, room, "%s", *option->def != '\0' ? option->def : "\"\"");
    else
        text[0] = '\0';
}

static void
put_help(char *text, size_t room, const kd_option *option)
{
    char least[40];
    char most[40];
    int n = snprintf(text, room, "%s", option->help);

    if (n < 0 || (size_t)n >= room)
        return;
    text += n;
    room -= (size_t)n;
    if ((option->flags & KD_OPTION_IGNORED) != 0) {
        snprintf(text, room, " (accepted, without effect)");
        return;
    }
    /* No bounds, or only that it is not negative. */
    if (option->min == 0 && (option->max == 0 || option->max == INT64_MAX))
        return;
    put_bound(least, sizeof(least), option, option->min);
    put_bound(most, sizeof(most), option, option->max);
    if (option->max == INT64_MAX)
        snprintf(text, room, " (at least %s)", least);
    else
        snprintf(text, room, " (%s to %s)", least, most);
}

/* The options of a group, below the name of what it is the group of. */
static int
add_fields(struct kd__columns *table, const kd_option *group, const char *path)
{
    const kd_option *field;
    char name[TEXT_MAX];
    size_t i;

    for (i = 0; i < group->n_fields; i++) {
        field = kd__option_at(group->fields, i);
        snprintf(name, sizeof(name), "%s.%s", path, field->name);
        if (add(table, field, name) != 0)
            return -1;
    }
    return 0;
}

static int
add(struct kd__columns *table, const kd_option *option, const char *path)
{
    const kd_option *item = option->item;
    char type[TEXT_MAX];
    char def[TEXT_MAX];
    char help[TEXT_MAX];
    char below[TEXT_MAX];

    put_type(type, sizeof(type), option);
    put_default(def, sizeof(def), option);
    put_help(help, sizeof(help), option);
    if (kd__columns_add(table, path, type, def, help) != 0)
        return -1;
    if (option->type == KD_OPTION_GROUP)
        return add_fields(table, option, path);
    if ((option->type != KD_OPTION_LIST && option->type != KD_OPTION_MAP) ||
        item->type != KD_OPTION_GROUP)
        return 0;
    snprintf(below, sizeof(below), "%s%s", path,
        option->type == KD_OPTION_LIST ? "[]" : ".*");
    return add_fields(table, item, below);
}

int
kd__options_table_add(struct kd__columns *table, const kd_option *option)
{
    return add(table, option, option->name);
}
