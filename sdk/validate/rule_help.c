/* SPDX-License-Identifier: MIT */
/*
 * `kindred kinds` shows what a plugin says about itself: every kind and option
 * has one line of help, without a full stop.
 */

#include "rule.h"

#include <string.h>

static int
is_line(const char *text)
{
    size_t len = text == NULL ? 0 : strlen(text);

    if (len == 0 || strchr(text, '\n') != NULL)
        return 0;
    /* Three are no full stop. */
    return text[len - 1] != '.' || (len > 3 && text[len - 2] == '.');
}

static void
look_at_options(struct subject *subject, const char *kind,
    const kd_option *option, size_t count)
{
    size_t step = count == 0 ? 0 : option->size;

    for (; count-- > 0;
         option = (const kd_option *)((const char *)option + step)) {
        if (!is_line(option->help))
            broken(subject, "%s: option %s has no line of help", kind,
                option->name == NULL ? "?" : option->name);
        look_at_options(subject, kind, option->fields, option->n_fields);
    }
}

static void
run(struct subject *subject)
{
    const kd_kind *const *kind;

    if (subject->plugin->version == NULL || *subject->plugin->version == '\0')
        broken(subject, "the plugin has no version");
    if (!is_line(subject->plugin->help))
        broken(subject, "the plugin has no line of help");
    for (kind = subject->plugin->kinds; *kind != NULL; kind++) {
        if (!is_line((*kind)->help))
            broken(subject, "%s: has no line of help", (*kind)->id);
        look_at_options(
            subject, (*kind)->id, (*kind)->options, (*kind)->n_options);
    }
}

const struct rule rule_help = {
    "help", "plugin, kinds and options have a line of help each", 0, run};
