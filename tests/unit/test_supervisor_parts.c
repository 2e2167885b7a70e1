/* SPDX-License-Identifier: MIT */
/*
 * The pure parts of supervisors: back-off, intensity, policies, the heap of
 * groups that wait.
 */

#include "harness.h"

#include "supervisor/backoff.h"
#include "supervisor/decision.h"
#include "supervisor/intensity.h"
#include "supervisor/policies.h"
#include "supervisor/waiting.h"

#include <stdio.h>
#include <string.h>

#define MS UINT64_C(1000000)

/* (semantics S14) */
static void
test_backoff_grows_to_its_bound(void)
{
    struct backoff rule = {.initial_ns = 100,
        .max_ns = 1000,
        .factor = 2,
        .reset_ns = 0,
        .jitter = 0};
    static const uint64_t wanted[] = {100, 200, 400, 800, 1000, 1000};
    unsigned i;

    for (i = 0; i < 6; i++)
        CU_ASSERT_EQUAL(ks__backoff_delay(&rule, i + 1, 0), wanted[i]);
    CU_ASSERT_EQUAL(ks__backoff_delay(&rule, 4000000000u, 0), 1000);
    rule.factor = 1;
    CU_ASSERT_EQUAL(ks__backoff_delay(&rule, 4000000000u, 0), 100);
    rule.initial_ns = 2000;
    CU_ASSERT_EQUAL(ks__backoff_delay(&rule, 1, 0), 1000);
    CU_ASSERT_EQUAL(
        ks__backoff_delay(&ks__backoff_default, 100, UINT64_MAX), 0);
}

/* (semantics S14) */
static void
test_backoff_jitter_stays_within_its_part(void)
{
    struct backoff rule = {.initial_ns = 1000000,
        .max_ns = INT64_MAX,
        .factor = 2,
        .reset_ns = 0,
        .jitter = 0.25};
    uint64_t least = UINT64_MAX, most = 0, chance = 88172645463325252u;
    int i;

    for (i = 0; i < 10000; i++) {
        uint64_t delay = ks__backoff_delay(&rule, 1, chance);

        chance ^= chance << 13;
        chance ^= chance >> 7;
        chance ^= chance << 17;
        least = delay < least ? delay : least;
        most = delay > most ? delay : most;
    }
    CU_ASSERT(least >= 750000 && least < 760000);
    CU_ASSERT(most <= 1250000 && most > 1240000);
    CU_ASSERT_EQUAL(
        ks__backoff_delay(&rule, 4000, UINT64_MAX), (uint64_t)INT64_MAX);
}

/* At its edge: what is as old as the stretch counts, one nanosecond more does
 * not (semantics S13). */
static void
test_intensity_counts_what_falls_within(void)
{
    struct intensity intensity;

    CU_ASSERT_EQUAL(ks__intensity_init(&intensity, 2, 1000), KD_OK);
    CU_ASSERT_EQUAL(ks__intensity_add(&intensity, 10000), 0);
    CU_ASSERT_EQUAL(ks__intensity_add(&intensity, 10500), 0);
    CU_ASSERT_EQUAL(ks__intensity_add(&intensity, 11001), 0);
    CU_ASSERT_EQUAL(ks__intensity_add(&intensity, 11500), 1);
    ks__intensity_fini(&intensity);
    CU_ASSERT_EQUAL(ks__intensity_init(&intensity, 0, 1000), KD_OK);
    CU_ASSERT_EQUAL(ks__intensity_add(&intensity, 1), 1);
    ks__intensity_fini(&intensity);
}

/* Beside a model that keeps every stamp (semantics S13). */
static void
test_intensity_agrees_with_a_plain_count(void)
{
    enum { MAX = 7, STEPS = 5000 };
    static kd_time stamps[STEPS];
    struct intensity intensity;
    kd_time now = 1, seed = 7;
    int i, k;

    CU_ASSERT_EQUAL_FATAL(ks__intensity_init(&intensity, MAX, 100), KD_OK);
    for (i = 0; i < STEPS; i++) {
        int count = 0, is_too_many;

        seed = seed * 6364136223846793005u + 1442695040888963407u;
        now += seed >> 59;
        stamps[i] = now;
        for (k = i; k >= 0 && now - stamps[k] <= 100; k--)
            count++;
        is_too_many = ks__intensity_add(&intensity, now);
        CU_ASSERT_EQUAL(is_too_many, count > MAX);
        if (is_too_many) { /* The supervisor would end: begin anew. */
            now += 1000;
        }
    }
    ks__intensity_fini(&intensity);
}

/* However many are allowed, the ring stays as it is (semantics S13). */
static void
test_intensity_of_millions_is_bounded(void)
{
    const uint64_t max = 1000000, within = 5000 * MS;
    struct intensity intensity;
    uint64_t n = 0;
    kd_time now = MS;

    CU_ASSERT_EQUAL_FATAL(ks__intensity_init(&intensity, max, within), KD_OK);
    CU_ASSERT_EQUAL(intensity.size, KS_INTENSITY_MOMENTS);
    /* Ten times fewer than are allowed, for ever. */
    for (n = 0; n < 300000; n++) {
        CU_ASSERT_EQUAL(ks__intensity_add(&intensity, now), 0);
        now += within / (max / 10);
    }
    CU_ASSERT(intensity.count <= max / 10 + max / 1000);
    /* As many at once. */
    for (n = intensity.count; n < max; n++)
        CU_ASSERT_EQUAL(ks__intensity_add(&intensity, now), 0);
    CU_ASSERT_EQUAL(ks__intensity_add(&intensity, now), 1);
    ks__intensity_fini(&intensity);
}

/* --- Policies ------------------------------------------------------------ */

#define N_CHILDREN 4

/* p: permanent, t: transient, x: temporary; upper case: significant. */
struct scene {
    struct child children[N_CHILDREN];
    const kd_child *order[N_CHILDREN];
    kd_view view;
    struct decision decision;
    char done[64];
};

static void
scene_make(struct scene *scene, const char *types, size_t ended, int failed)
{
    size_t i;

    memset(scene, 0, sizeof(*scene));
    for (i = 0; i < N_CHILDREN; i++) {
        kd_child *pub = &scene->children[i].pub;
        char type = types[i] > 'Z' ? types[i] : (char)(types[i] + 32);

        pub->size = sizeof(*pub);
        pub->id = "child";
        pub->significant = types[i] < 'a';
        pub->restart = type == 'p'   ? KD_RESTART_PERMANENT
                       : type == 't' ? KD_RESTART_TRANSIENT
                                     : KD_RESTART_TEMPORARY;
        scene->order[i] = pub;
    }
    scene->view.size = sizeof(scene->view);
    scene->view.children = scene->order;
    scene->view.n_children = N_CHILDREN;
    scene->view.ended = ended;
    scene->view.failed = failed != 0;
}

/* What is decided, in start order: "s0 s1 r2", and "end". */
static const char *
scene_decide(struct scene *scene, const kd_policy_kind *policy)
{
    char *at = scene->done;
    size_t i;

    ks__decision_make(&scene->decision, policy, &scene->view, NULL, 1);
    CU_ASSERT_EQUAL(scene->decision.status, KD_OK);
    for (i = 0; i < N_CHILDREN; i++) {
        size_t item = scene->children[i].item;
        uint32_t what = item == 0 ? 0 : scene->decision.items[item - 1].what;

        if (what != 0)
            at += sprintf(at, "%s%c%u", at == scene->done ? "" : " ",
                what == DO_START ? 's' : 'r', (unsigned)i);
    }
    if (scene->decision.finish)
        sprintf(at, "%send", at == scene->done ? "" : " ");
    ks__decision_clear(&scene->decision);
    ks__decision_fini(&scene->decision);
    return scene->done;
}

struct row {
    const kd_policy_kind *policy;
    const char *types;
    size_t ended;
    int failed;
    const char *wanted;
};

/* (semantics S9, S10) */
static void
test_policies_decide_by_their_tables(void)
{
    static const struct row rows[] = {
        {&ks__policy_one_for_one, "pppp", 1, 1, "s1"},
        {&ks__policy_one_for_one, "pppp", 1, 0, "s1"},
        {&ks__policy_one_for_one, "pttp", 1, 1, "s1"},
        {&ks__policy_one_for_one, "pttp", 1, 0, ""},
        {&ks__policy_one_for_one, "pxtp", 1, 1, "r1"},
        {&ks__policy_one_for_one, "pxtp", 1, 0, "r1"},
        {&ks__policy_one_for_all, "pppp", 3, 1, "s0 s1 s2 s3"},
        {&ks__policy_one_for_all, "xtpp", 2, 0, "r0 s1 s2 s3"},
        {&ks__policy_one_for_all, "xtpp", 1, 0, ""},
        {&ks__policy_one_for_all, "xtpp", 0, 1, "r0"},
        {&ks__policy_rest_for_one, "pppp", 1, 1, "s1 s2 s3"},
        {&ks__policy_rest_for_one, "xpxt", 1, 1, "s1 r2 s3"},
        {&ks__policy_rest_for_one, "xpxt", 3, 0, ""},
        {&ks__policy_rest_for_one, "xpxt", 3, 1, "s3"},
        {&ks__policy_rest_for_one, "xpxt", 0, 1, "r0"},
    };
    struct scene scene;
    size_t i;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct row *row = &rows[i];

        scene_make(&scene, row->types, row->ended, row->failed);
        CU_ASSERT_STRING_EQUAL(scene_decide(&scene, row->policy), row->wanted);
    }
}

/* (semantics S16) */
static void
test_policies_end_with_significant_children(void)
{
    static const struct {
        uint32_t rule;
        size_t others;
        const char *types;
        int failed;
        const char *wanted;
    } rows[] = {
        {KD_AUTO_SHUTDOWN_NEVER, 0, "Tppp", 0, ""},
        {KD_AUTO_SHUTDOWN_ANY, 1, "Tppp", 0, "end"},
        {KD_AUTO_SHUTDOWN_ANY, 1, "Tppp", 1, "s0"},
        {KD_AUTO_SHUTDOWN_ANY, 1, "Xppp", 1, "r0 end"},
        {KD_AUTO_SHUTDOWN_ANY, 1, "tppp", 0, ""},
        {KD_AUTO_SHUTDOWN_ALL, 1, "Tppp", 0, ""},
        {KD_AUTO_SHUTDOWN_ALL, 0, "Tppp", 0, "end"},
        {KD_AUTO_SHUTDOWN_ALL, 0, "tppp", 0, ""},
    };
    struct scene scene;
    size_t i;

    for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        scene_make(&scene, rows[i].types, 0, rows[i].failed);
        scene.view.auto_shutdown = rows[i].rule;
        scene.view.n_significant = rows[i].others;
        CU_ASSERT_STRING_EQUAL(
            scene_decide(&scene, &ks__policy_one_for_one), rows[i].wanted);
    }
}

static void
bad_decide(
    const kd_view *view, void *state, kd_time now_ns, const kd_actions *actions)
{
    (void)state;
    (void)now_ns;
    if (view->failed) {
        actions->start(actions, 1, 0);
        actions->remove(actions, 1);
    }
    actions->stop(actions, view->n_children);
}

/* (semantics S22) */
static void
test_decision_that_makes_no_sense_is_bad(void)
{
    static const kd_policy_kind bad = {
        .size = sizeof(kd_policy_kind), .decide = bad_decide};
    struct scene scene;
    int failed;

    for (failed = 0; failed < 2; failed++) {
        scene_make(&scene, "pppp", 0, failed);
        ks__decision_make(&scene.decision, &bad, &scene.view, NULL, 1);
        CU_ASSERT_EQUAL(scene.decision.status, KD_EPLUGIN);
        CU_ASSERT_STRING_EQUAL(
            scene.decision.text, failed ? "child child is to start and to go"
                                        : "it names child 4 of 4");
        ks__decision_clear(&scene.decision);
        ks__decision_fini(&scene.decision);
    }
}

/* (semantics S14, S15) */
static void
test_waiting_groups_come_in_the_order_of_their_time(void)
{
    enum { N = 500 };
    static struct child children[N];
    struct waiting waiting = {NULL, 0, 0};
    struct group *group;
    kd_time last = 0;
    size_t i, seen = 0;

    for (i = 0; i < N; i++) {
        group = ks__waiting_add(&waiting, i * 7919 % N);
        CU_ASSERT_PTR_NOT_NULL_FATAL(group);
        ks__group_join(group, &children[i]);
    }
    for (i = 0; i < N; i += 5)
        ks__waiting_leave(&waiting, &children[i]);
    while ((group = ks__waiting_first(&waiting)) != NULL) {
        CU_ASSERT(group->due >= last);
        CU_ASSERT_EQUAL(group->count, 1);
        CU_ASSERT_PTR_EQUAL(group->first->group, group);
        last = group->due;
        seen++;
        ks__waiting_remove(&waiting, group);
    }
    CU_ASSERT_EQUAL(seen, N - N / 5);
    for (i = 0; i < N; i++)
        CU_ASSERT_PTR_NULL(children[i].group);
    ks__waiting_fini(&waiting);
}

static const struct test_case tests[] = {
    TEST(test_backoff_grows_to_its_bound),
    TEST(test_backoff_jitter_stays_within_its_part),
    TEST(test_intensity_counts_what_falls_within),
    TEST(test_intensity_agrees_with_a_plain_count),
    TEST(test_intensity_of_millions_is_bounded),
    TEST(test_policies_decide_by_their_tables),
    TEST(test_policies_end_with_significant_children),
    TEST(test_decision_that_makes_no_sense_is_bad),
    TEST(test_waiting_groups_come_in_the_order_of_their_time),
};

TEST_MAIN("supervisor_parts")
