/* SPDX-License-Identifier: MIT */
/*
 * What starts with the application, after what (semantics L3, K5).
 */

#include "entry_app.h"

#define AT   "DIR/_index.yaml:"
#define HEAD "namespace: a\nentries:\n"
#define AUTO "lifecycle: {auto_start: true}"
#define HOST "  - {name: h, kind: process.host, " AUTO "}\n"

/* A resource that starts and requires others. */
#define NEEDS(name, others)                                                    \
    "  - {name: " name ", kind: test.resource, lifecycle: {auto_start: true, " \
    "requires: [" others "]}}\n"

static void
check_order(const char *text, const char *expected)
{
    struct app app;
    char order[256];

    app_init(&app);
    app_write(&app, "_index.yaml", text);
    app_load(&app);
    check_text(text, app.lines, "");
    check_text(text, app_order(&app, order, sizeof(order)), expected);
    app_fini(&app);
}

static void
test_order_when_nothing_is_needed_then_by_id(void)
{
    check_order(
        HEAD NEEDS("c", "") NEEDS("a", "") NEEDS("b", ""), "a:a a:b a:c");
}

static void
test_order_when_required_then_before(void)
{
    check_order(
        HEAD NEEDS("a", "b") NEEDS("b", "c") NEEDS("c", ""), "a:c a:b a:a");
}

static void
test_order_when_depends_on_then_the_same_as_requires(void)
{
    check_order(HEAD
        "  - {name: a, kind: test.resource, lifecycle: {auto_start: true, "
        "depends_on: [c], requires: [b]}}\n" NEEDS("b", "") NEEDS("c", ""),
        "a:b a:c a:a");
}

static void
test_order_when_on_a_host_then_the_host_first(void)
{
    check_order(HEAD "  - {name: a, kind: test.worker, source: s, " AUTO
                     "}\n" HOST,
        "a:h a:a");
}

static void
test_order_when_not_started_then_absent(void)
{
    check_order(HEAD "  - {name: a, kind: test.worker, source: s}\n"
                     "  - {name: b, kind: test.data}\n" HOST,
        "a:h");
}

static void
check_needs(const struct app *app, const char *id, const char *expected)
{
    size_t n = 0, len = 0, i;
    const kd_entry *const *needs = kd__entry_needs(app_entry(app, id), &n);
    char text[256] = "";

    for (i = 0; i < n; i++)
        len += (size_t)snprintf(
            text + len, sizeof(text) - len, "%s ", kd__entry_id(needs[i]));
    check_text(id, text, expected);
}

static void
test_needs_when_named_twice_then_once(void)
{
    struct app app;

    app_init(&app);
    app_write(&app, "_index.yaml",
        HEAD NEEDS("a", "b, c, b, \"a:b\"") NEEDS("b", "c") NEEDS("c", ""));
    app_load(&app);
    check_text("needs", app.lines, "");
    check_needs(&app, "a:a", "a:b a:c ");
    check_needs(&app, "a:b", "a:c ");
    check_needs(&app, "a:c", "");
    CU_ASSERT_EQUAL(kd__entry_auto_start(app_entry(&app, "a:a")), 1);
    app_fini(&app);
}

/* A service's process is started by it, so what that needs, it needs. */
static void
test_needs_when_through_a_process_then_the_services(void)
{
    struct app app;

    app_init(&app);
    app_write(&app, "_index.yaml",
        HEAD HOST
        "  - {name: g, kind: process.host, " AUTO "}\n"
        "  - {name: s, kind: process.service, process: w, host: h, " AUTO "}\n"
        "  - {name: w, kind: test.worker, source: s, host: g}\n" NEEDS(
            "z", "w"));
    app_load(&app);
    check_text("needs", app.lines, "");
    check_needs(&app, "a:s", "a:h a:g ");
    check_needs(&app, "a:z", "a:s ");
    CU_ASSERT_EQUAL(kd__entry_auto_start(app_entry(&app, "a:w")), 0);
    app_fini(&app);
}

static void
test_service_when_its_process_starts_too_then_only_the_service(void)
{
    struct app app;
    char order[64];

    app_init(&app);
    app_write(&app, "_index.yaml",
        HEAD HOST "  - {name: s, kind: process.service, process: w, " AUTO "}\n"
                  "  - {name: w, kind: test.worker, source: s, " AUTO "}\n");
    app_load(&app);
    check_text("service", app.lines,
        "warning: " AT "4:47: a:s: process: a:w has auto_start too; only this "
        "service starts it\n");
    check_text("service", app_order(&app, order, sizeof(order)), "a:h a:s");
    app_fini(&app);
}

static void
test_start_when_nothing_starts_what_is_needed_then_an_error(void)
{
    static const struct app_case cases[] = {
        {"host",
            HEAD "  - {name: h, kind: process.host}\n"
                 "  - {name: w, kind: test.worker, source: s, host: h, " AUTO
                 "}\n",
            AT "4:51: a:w: host: nothing starts a:h, and a:w needs it; set "
               "lifecycle.auto_start: true there\n"},
        {"host rule",
            HEAD "  - {name: h, kind: process.host}\n"
                 "  - {name: w, kind: test.worker, source: s, " AUTO "}\n",
            AT "4:12: a:w: host: nothing starts a:h, and a:w needs it; set "
               "lifecycle.auto_start: true there\n"},
        {"requirement",
            HEAD "  - {name: r, kind: test.resource}\n" NEEDS("x", "r"),
            AT "4:77: a:x: lifecycle.requires[0]: nothing starts a:r, and a:x "
               "needs it; set lifecycle.auto_start: true there\n"},
        {"host of a process",
            HEAD HOST
            "  - {name: g, kind: process.host}\n"
            "  - {name: s, kind: process.service, process: w, host: h, " AUTO
            "}\n"
            "  - {name: w, kind: test.worker, source: s, host: g}\n",
            AT "6:51: a:w: host: nothing starts a:g, and a:w, which a:s "
               "starts, needs it; set lifecycle.auto_start: true there\n"},
        {"not started itself",
            HEAD "  - {name: h, kind: process.host}\n"
                 "  - {name: w, kind: test.worker, source: s, host: h}\n",
            ""},
    };

    APP_CHECK_ALL(cases);
}

static void
test_start_when_in_a_cycle_then_the_cycle(void)
{
    static const struct app_case cases[] = {
        {"three", HEAD NEEDS("a", "b") NEEDS("b", "c") NEEDS("c", "a"),
            AT "3:77: a:a: lifecycle.requires[0]: these need each other in a "
               "cycle: a:a -> a:b -> a:c -> a:a\n"},
        {"itself", HEAD NEEDS("a", "a"),
            AT "3:77: a:a: lifecycle.requires[0]: these need each other in a "
               "cycle: a:a -> a:a\n"},
        {"imports",
            HEAD "  - {name: p, kind: test.library, source: s, imports: {x: "
                 "q}}\n"
                 "  - {name: q, kind: test.library, source: s, imports: {y: "
                 "p}}\n",
            AT "3:59: a:p: imports.x: these need each other in a cycle: a:p "
               "-> a:q -> a:p\n"},
        {"through a service",
            HEAD HOST
            "  - {name: s, kind: process.service, process: w, host: h, "
            "lifecycle: {auto_start: true, requires: [x]}}\n"
            "  - {name: w, kind: test.worker, source: s}\n" NEEDS("x", "w"),
            AT "4:100: a:s: lifecycle.requires[0]: these need each other in a "
               "cycle: a:s -> a:x -> a:s\n"},
        {"a host and its worker",
            HEAD "  - {name: h, kind: process.host, lifecycle: {auto_start: "
                 "true, requires: [w]}}\n"
                 "  - {name: w, kind: test.worker, source: s, " AUTO "}\n",
            AT "3:76: a:h: lifecycle.requires[0]: these need each other in a "
               "cycle: a:h -> a:w -> a:h\n"},
    };

    APP_CHECK_ALL(cases);
}

static const struct test_case tests[] = {
    TEST(test_order_when_nothing_is_needed_then_by_id),
    TEST(test_order_when_required_then_before),
    TEST(test_order_when_depends_on_then_the_same_as_requires),
    TEST(test_order_when_on_a_host_then_the_host_first),
    TEST(test_order_when_not_started_then_absent),
    TEST(test_needs_when_named_twice_then_once),
    TEST(test_needs_when_through_a_process_then_the_services),
    TEST(test_service_when_its_process_starts_too_then_only_the_service),
    TEST(test_start_when_nothing_starts_what_is_needed_then_an_error),
    TEST(test_start_when_in_a_cycle_then_the_cycle),
};

TEST_MAIN("start")
