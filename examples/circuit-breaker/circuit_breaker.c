/* SPDX-License-Identifier: MIT */
/*
 * A policy of one's own: supervisor.example_circuit_breaker.
 *
 * Restarts each child on its own, like one_for_one, until too many have failed
 * in a short time: something that all of them need is gone, probably, and
 * restarting them helps nobody. Then the breaker opens. Nothing is restarted
 * for a while; after that one child is tried, and the others follow when it has
 * proved that it stays.
 *
 *     cc -shared -fPIC $(pkg-config --cflags kindred) \
 *         -o circuit_breaker.so circuit_breaker.c
 *     kindred run . --plugin circuit_breaker.so --exec app:main
 */

#include <kindred/plugin.h>

/* What the supervisor keeps for us; it starts as zeros. */
struct breaker {
    /* From the entry's options. */
    uint64_t failures;
    uint64_t within_ns;
    uint64_t open_ns;
    uint64_t proof_ns;
    /* What has happened. */
    kd_time since;  /* The first failure that counts. */
    uint64_t count; /* Failures since then. */
    kd_time try_at; /* When the one child is tried; 0: closed. */
};

static uint64_t
number(const kd_node *options, const char *key)
{
    return (uint64_t)kd_node_find(kd_node_find(options, "breaker"), key)
        ->integer;
}

static void
setup(const kd_node *options, void *state)
{
    struct breaker *breaker = (struct breaker *)state;

    breaker->failures = number(options, "failures");
    breaker->within_ns = number(options, "within");
    breaker->open_ns = number(options, "open_for");
    breaker->proof_ns = number(options, "proof");
}

/* Count a failure. Nonzero when it is one too many. */
static int
trips(struct breaker *breaker, kd_time now_ns)
{
    if (breaker->count == 0 || now_ns - breaker->since > breaker->within_ns) {
        breaker->since = now_ns;
        breaker->count = 0;
    }
    return ++breaker->count >= breaker->failures;
}

static void
decide(
    const kd_view *view, void *state, kd_time now_ns, const kd_actions *actions)
{
    struct breaker *breaker = (struct breaker *)state;
    kd_time proved = breaker->try_at + breaker->proof_ns;

    if (!kd_view_restarts(view)) {
        kd_view_settle(view, actions);
        return;
    }
    if (breaker->try_at != 0 && now_ns >= proved)
        breaker->try_at = breaker->count = 0;

    if (breaker->try_at == 0 && !(view->failed && trips(breaker, now_ns))) {
        actions->start(actions, view->ended, 0);
    } else if (now_ns < breaker->try_at) {
        actions->start(actions, view->ended, proved - now_ns);
    } else {
        breaker->try_at = now_ns + breaker->open_ns;
        actions->start(actions, view->ended, breaker->open_ns);
    }
}

static const kd_policy_kind policy = {
    .size = sizeof(kd_policy_kind),
    .state_size = sizeof(struct breaker),
    .decide = decide,
    .setup = setup,
};

static const kd_option fields[] = {
    {.size = sizeof(kd_option),
        .type = KD_OPTION_INT,
        .name = "failures",
        .def = "5",
        .help = "So many failures...",
        .min = 1,
        .max = 1000000},
    {.size = sizeof(kd_option),
        .type = KD_OPTION_DURATION,
        .name = "within",
        .def = "1s",
        .help = "...in this time open it",
        .max = INT64_MAX},
    {.size = sizeof(kd_option),
        .type = KD_OPTION_DURATION,
        .name = "open_for",
        .def = "30s",
        .help = "How long nothing is restarted then",
        .max = INT64_MAX},
    {.size = sizeof(kd_option),
        .type = KD_OPTION_DURATION,
        .name = "proof",
        .def = "1s",
        .help = "How long the one must run before the others follow",
        .max = INT64_MAX},
};

static const kd_option options[] = {
    {.size = sizeof(kd_option),
        .type = KD_OPTION_GROUP,
        .name = "breaker",
        .help = "When it opens, and for how long",
        .fields = fields,
        .n_fields = sizeof(fields) / sizeof(fields[0])},
};

static const kd_kind kind = {
    .size = sizeof(kd_kind),
    .cls = KD_CLASS_POLICY,
    .id = "supervisor.example_circuit_breaker",
    .help = "Stops restarting for a while when too much fails",
    .options = options,
    .n_options = sizeof(options) / sizeof(options[0]),
    .impl = &policy,
};

static const kd_kind *const kinds[] = {&kind, NULL};

static const kd_plugin plugin = {
    .stamp = KD_STAMP_INIT,
    .name = "example.circuit_breaker",
    .version = "1.0.0",
    .help = "A policy for supervisors",
    .kinds = kinds,
};

KD_EXPORT const kd_plugin *kd_plugin_query_v1(void);

const kd_plugin *
kd_plugin_query_v1(void)
{
    return &plugin;
}
