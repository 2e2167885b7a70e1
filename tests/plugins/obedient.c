/* SPDX-License-Identifier: MIT */
/*
 * A policy, supervisor.test_obedient, that does what the error of the failed
 * child says: words like `stop 0`, `start 2`, `remove 1`, `wait 1` (start it
 * after 100 ms), `never 1` (after all time there is), `finish`, `fail`, `give
 * up` and `count`, all of them that occur; `at once` fails and `leave` finishes
 * before the others. A child that ends normally is left as it is.
 */

#include <kindred/kindred.h>
#include <stdio.h>

/* What the supervisor keeps. */
struct obedient {
    uint64_t limit;
    uint64_t count;
};

static int
says(const kd_payload *error, const char *words)
{
    const size_t len = strlen(words);
    size_t i;

    for (i = 0; i + len <= error->len; i++) {
        if (memcmp((const char *)error->data + i, words, len) == 0)
            return 1;
    }
    return 0;
}

static int
says_of(const kd_payload *error, const char *verb, size_t child)
{
    char words[16];

    snprintf(words, sizeof(words), "%s %lu", verb, (unsigned long)child);
    return says(error, words);
}

static void
decide_child(const kd_payload *error, size_t child, const kd_actions *actions)
{
    if (says_of(error, "remove", child))
        actions->remove(actions, child);
    if (says_of(error, "start", child))
        actions->start(actions, child, 0);
    if (says_of(error, "wait", child))
        actions->start(actions, child, UINT64_C(100000000));
    if (says_of(error, "never", child))
        actions->start(actions, child, UINT64_MAX);
    if (says_of(error, "stop", child))
        actions->stop(actions, child);
}

static void
decide(
    const kd_view *view, void *state, kd_time now_ns, const kd_actions *actions)
{
    struct obedient *own = (struct obedient *)state;
    size_t i;

    (void)now_ns;
    if (!view->failed)
        return;
    if (says(view->error, "at once"))
        actions->fail(actions, "at once");
    if (says(view->error, "leave"))
        actions->finish(actions);
    for (i = 0; i < 10; i++)
        decide_child(view->error, i, actions);
    if (says(view->error, "finish"))
        actions->finish(actions);
    if (says(view->error, "fail"))
        actions->fail(actions, "as it was told");
    if (says(view->error, "give up"))
        actions->fail(actions, NULL);
    if (says(view->error, "count") && ++own->count == own->limit)
        actions->fail(actions, "counted");
    else if (says(view->error, "count"))
        actions->start(actions, view->ended, 0);
}

static void
setup(const kd_node *options, void *state)
{
    const kd_node *limit = kd_node_find(options, "limit");
    struct obedient *own = (struct obedient *)state;

    own->limit = limit == NULL ? 0 : (uint64_t)limit->integer;
}

static const kd_policy_kind policy = {
    .size = sizeof(kd_policy_kind),
    .state_size = sizeof(struct obedient),
    .decide = decide,
    .setup = setup,
};

static const kd_option options[] = {
    {.size = sizeof(kd_option),
        .type = KD_OPTION_INT,
        .name = "limit",
        .def = "3",
        .help = "So many counts fail",
        .min = 1,
        .max = 100},
};

static const kd_kind kind = {
    .size = sizeof(kd_kind),
    .cls = KD_CLASS_POLICY,
    .id = "supervisor.test_obedient",
    .help = "Does what it is told",
    .options = options,
    .n_options = 1,
    .impl = &policy,
};
static const kd_kind *const kinds[] = {&kind, NULL};

static const kd_plugin plugin = {
    .stamp = KD_STAMP_INIT,
    .name = "test.obedient",
    .version = "1",
    .help = "A test",
    .kinds = kinds,
};

KD_EXPORT const kd_plugin *kd_plugin_query_v1(void);

const kd_plugin *
kd_plugin_query_v1(void)
{
    return &plugin;
}
