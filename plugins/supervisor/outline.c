/* SPDX-License-Identifier: MIT */
/*
 * A blueprint in words. They name every default that counts, so that nobody
 * must know them by heart.
 */

#include "outline.h"

#include "blueprint.h"

#include <kindred/duration.h>
#include <stdarg.h>
#include <stdio.h>

/* A line that grows; what does not fit is cut. */
struct line {
    size_t len;
    char text[600];
};

static void tell_supervisor(
    const struct blueprint *plan, const kd_outline *outline);
static void tell_child(const struct blueprint *plan, const kd_outline *outline,
    const struct spec *first, const struct spec *last);
static void line_add(struct line *line, const char *format, ...)
    KD_PRINTF(2, 3);
static void line_add_time(struct line *line, const char *words, uint64_t ns);
static void add_start(
    struct line *line, const struct spec *first, const struct spec *last);
static void add_stop(struct line *line, const struct spec *spec);
static void add_backoff(struct line *line, const struct backoff *backoff);

void
ks__outline(void *prepared, const kd_outline *outline)
{
    const struct blueprint *plan = prepared;
    const kd_node *record, *count;
    size_t i = 0;
    uint32_t n;

    tell_supervisor(plan, outline);
    if (plan->is_dynamic) {
        tell_child(plan, outline, plan->specs[0], NULL);
        return;
    }
    for (record = plan->api->entry_get(plan->entry, "children")->child;
         record != NULL; record = record->next) {
        count = kd_node_find(record, "count");
        n = count == NULL ? 1 : (uint32_t)count->integer;
        tell_child(plan, outline, plan->specs[i], plan->specs[i + n - 1]);
        i += n;
    }
}

static void
tell_supervisor(const struct blueprint *plan, const kd_outline *outline)
{
    static const char *const endings[] = {
        [KD_AUTO_SHUTDOWN_NEVER] = "",
        [KD_AUTO_SHUTDOWN_ANY] = ", ends with any significant child",
        [KD_AUTO_SHUTDOWN_ALL] = ", ends with all significant children",
    };
    struct line line = {0, ""};

    if (plan->max == 0) {
        line_add(&line, "gives up at the first restart");
    } else {
        line_add(&line, "at most %llu restart%s", (unsigned long long)plan->max,
            plan->max == 1 ? "" : "s");
        line_add_time(&line, " in ", plan->within_ns);
    }
    line_add(&line, "%s", endings[plan->auto_shutdown]);
    outline->note(outline, line.text);
}

/* All of one record; `last` NULL: any number, made on demand. */
static void
tell_child(const struct blueprint *plan, const kd_outline *outline,
    const struct spec *first, const struct spec *last)
{
    static const char *const words[] = {
        [KD_RESTART_PERMANENT] = "permanent",
        [KD_RESTART_TRANSIENT] = "transient",
        [KD_RESTART_TEMPORARY] = "temporary",
    };
    struct line name = {0, ""}, line = {0, ""};

    line_add(&name, "%s", first->id);
    if (last == NULL)
        line_add(&name, "-<n>");
    else if (last != first)
        line_add(&name, " to %s", last->id);
    line_add(&line, "%s%s", last == NULL ? "on demand, " : "",
        words[first->restart]);
    if (first->significant)
        line_add(&line, ", significant");
    add_stop(&line, first);
    add_start(&line, first, last);
    add_backoff(&line, &first->backoff);
    outline->child(outline, name.text,
        plan->api->entry_find(plan->api, first->process), line.text);
}

static void
add_stop(struct line *line, const struct spec *spec)
{
    if (spec->is_brutal)
        line_add(line, ", shutdown brutal");
    else
        line_add_time(line, ", shutdown ", spec->shutdown_ns);
}

static void
add_start(struct line *line, const struct spec *spec, const struct spec *last)
{
    /* Every supervisor is waited for: that is worth a word only with a limit.
     */
    if (spec->waits &&
        (!spec->is_supervisor || spec->start_timeout_ns != KD_NEVER))
        line_add_time(line, ", ready within ", spec->start_timeout_ns);
    if (spec->name != NULL)
        line_add(line, ", named %s", spec->name);
    if (spec->name != NULL && last != NULL && last != spec)
        line_add(line, " to %s", last->name);
    if (spec->host != NULL)
        line_add(line, ", on %s", spec->host);
}

static void
add_backoff(struct line *line, const struct backoff *backoff)
{
    if (backoff->initial_ns == 0)
        return;
    line_add_time(line, ", restarts after ", (uint64_t)backoff->initial_ns);
    line_add_time(line, " to ", (uint64_t)backoff->max_ns);
}

static void
line_add_time(struct line *line, const char *words, uint64_t ns)
{
    char text[KD_DURATION_TEXT] = "infinity";

    if (ns != KD_NEVER)
        kd_duration_format((int64_t)ns, text, sizeof(text));
    line_add(line, "%s%s", words, text);
}

static void
line_add(struct line *line, const char *format, ...)
{
    const size_t room = sizeof(line->text) - line->len;
    va_list args;
    int n;

    va_start(args, format);
    n = vsnprintf(line->text + line->len, room, format, args);
    va_end(args);
    if (n > 0)
        line->len += (size_t)n < room ? (size_t)n : room - 1;
}
