/* SPDX-License-Identifier: MIT */
/*
 * Checks tables of options, nested ones included.
 *
 * Sizes come first in every table: nothing is read from an element before its
 * size says that it is there. An option's own check adds no path; the way back
 * up through the tables puts the names in front.
 */

#include "load/option_check.h"

#include "base/error.h"
#include "load/option_default.h"
#include "load/text_check.h"

#include <string.h>

#define SIZE_MIN    KD_FIRST_SIZE(kd_option)
#define STRIDE_MAX  ((uint32_t)4096)
#define DEPTH_MAX   16
#define OPTIONS_MAX 2000

#define ALL_FLAGS (KD_OPTION_REQUIRED | KD_OPTION_IGNORED | KD_OPTION_HOST_RULE)
#define ALL_CLASSES                                                            \
    (KD_CLASS_WORKER | KD_CLASS_HOST | KD_CLASS_POLICY | KD_CLASS_RESOURCE |   \
        KD_CLASS_DATA)

/* How deep we are, and how many options have been seen in all. */
struct walk {
    size_t depth;
    size_t seen;
};

static kd_status check_table(
    struct walk *walk, const kd_option *options, size_t n, kd_error *err);
static kd_status check_option(
    struct walk *walk, const kd_option *option, kd_error *err);

const kd_option *
kd__option_at(const kd_option *options, size_t index)
{
    const char *base = (const char *)options;

    return (const kd_option *)(const void *)(base + index * options->size);
}

kd_status
kd__option_check(const kd_option *options, size_t n, kd_error *err)
{
    struct walk walk = {0, 0};

    return check_table(&walk, options, n, err);
}

static kd_status
check_size(const kd_option *option, const kd_option *first, kd_error *err)
{
    uint32_t size = option->size;

    if (size < SIZE_MIN || size > STRIDE_MAX || size % 8 != 0)
        return kd__error(err, KD_EPLUGIN, "size is %lu, host knows %lu",
            (unsigned long)size, (unsigned long)SIZE_MIN);
    if (size != first->size)
        return kd__error(err, KD_EPLUGIN,
            "size is %lu, the first of its table has %lu", (unsigned long)size,
            (unsigned long)first->size);
    return KD_OK;
}

static kd_status
check_name(const kd_option *options, size_t index, kd_error *err)
{
    const char *name = kd__option_at(options, index)->name;
    size_t i;

    if (!kd__text_is_name(name, "_-"))
        return kd__error(err, KD_EPLUGIN,
            "a name needs letters, digits, '_' and '-' and is missing or "
            "something else");
    for (i = 0; i < index; i++) {
        if (strcmp(kd__option_at(options, i)->name, name) == 0)
            return kd__error(
                err, KD_EPLUGIN, "the same name stands twice in a table");
    }
    if (!kd__text_is_line(kd__option_at(options, index)->help))
        return kd__error(err, KD_EPLUGIN, "help is not one line of text");
    return KD_OK;
}

static kd_status
check_row(struct walk *walk, const kd_option *options, size_t i, kd_error *err)
{
    const kd_option *option = kd__option_at(options, i);
    kd_status status = check_size(option, options, err);

    if (status != KD_OK) {
        kd__error_prefix(err, "option %lu", (unsigned long)i + 1);
        return status;
    }
    status = check_name(options, i, err);
    if (status == KD_OK)
        status = check_option(walk, option, err);
    if (status != KD_OK)
        kd__error_prefix(err, "option %s", kd__text_or(option->name, "?"));
    return status;
}

static kd_status
check_table(
    struct walk *walk, const kd_option *options, size_t n, kd_error *err)
{
    kd_status status = KD_OK;
    size_t i;

    if (n > 0 && options == NULL)
        return kd__error(
            err, KD_EPLUGIN, "%lu options, but no table", (unsigned long)n);
    if (walk->depth == DEPTH_MAX || n > OPTIONS_MAX - walk->seen)
        return kd__error(err, KD_EPLUGIN,
            "options are nested deeper than %d or are more than %d", DEPTH_MAX,
            OPTIONS_MAX);
    walk->depth++;
    walk->seen += n;
    for (i = 0; i < n && status == KD_OK; i++)
        status = check_row(walk, options, i, err);
    walk->depth--;
    return status;
}

static kd_status
check_bits(const kd_option *option, kd_error *err)
{
    if (option->type < KD_OPTION_BOOL || option->type > KD_OPTION_ANY)
        return kd__error(
            err, KD_EPLUGIN, "unknown type %lu", (unsigned long)option->type);
    if ((option->flags & ~ALL_FLAGS) != 0)
        return kd__error(err, KD_EPLUGIN, "unknown flag bits 0x%lx",
            (unsigned long)(option->flags & ~ALL_FLAGS));
    if ((option->classes & ~ALL_CLASSES) != 0)
        return kd__error(err, KD_EPLUGIN, "unknown class bits 0x%lx",
            (unsigned long)(option->classes & ~ALL_CLASSES));
    if ((option->flags & KD_OPTION_HOST_RULE) != 0 &&
        (option->type != KD_OPTION_ENTRY || option->classes != KD_CLASS_HOST))
        return kd__error(
            err, KD_EPLUGIN, "the host rule is for entries of class host");
    if (option->type == KD_OPTION_ENTRY && option->classes == 0)
        return kd__error(err, KD_EPLUGIN, "names no class of entries");
    return KD_OK;
}

/* What the type refers to: a choice its words, a list or map its items. */
static kd_status
check_parts(struct walk *walk, const kd_option *option, kd_error *err)
{
    const kd_option *item = option->item;
    kd_status status;

    switch (option->type) {
    case KD_OPTION_CHOICE:
        if (kd__option_has_choices(option))
            return KD_OK;
        return kd__error(
            err, KD_EPLUGIN, "choices must be words with '|' between");
    case KD_OPTION_DURATION:
        if (option->choices == NULL || kd__option_has_choices(option))
            return KD_OK;
        return kd__error(
            err, KD_EPLUGIN, "choices must be words with '|' between");
    case KD_OPTION_GROUP:
        return check_table(walk, option->fields, option->n_fields, err);
    case KD_OPTION_LIST:
    case KD_OPTION_MAP:
        if (item == NULL)
            return kd__error(err, KD_EPLUGIN, "does not say what is in it");
        if (walk->depth == DEPTH_MAX || walk->seen == OPTIONS_MAX)
            return kd__error(err, KD_EPLUGIN, "is nested too deeply");
        walk->depth++;
        walk->seen++;
        status = check_size(item, item, err);
        if (status == KD_OK)
            status = check_option(walk, item, err);
        walk->depth--;
        if (status != KD_OK)
            kd__error_prefix(err, "item");
        return status;
    default:
        return KD_OK;
    }
}

static kd_status
check_option(struct walk *walk, const kd_option *option, kd_error *err)
{
    kd_status status = check_bits(option, err);

    if (status == KD_OK && option->min > option->max)
        status =
            kd__error(err, KD_EPLUGIN, "its least value is above its largest");
    if (status == KD_OK && option->unit != NULL &&
        !kd__text_is_line(option->unit))
        status = kd__error(err, KD_EPLUGIN, "unit is not one line of text");
    if (status == KD_OK)
        status = check_parts(walk, option, err);
    if (status == KD_OK && option->def != NULL)
        status = kd__option_default_check(option, err);
    return status;
}
