/* SPDX-License-Identifier: MIT */
/*
 * Entries and what they refer to, and the host that is made where there is none
 * (semantics A2 to A5, A8 to A10, K3, O2).
 */

#include "entry_app.h"
#include "node_dump.h"

#define AT "DIR/_index.yaml:"

static void
test_file_when_not_as_a2_says_then_why(void)
{
    static const struct app_case cases[] = {
        {"empty", "",
            AT "1:1: a file must be a mapping with namespace and entries, not "
               "null\n"},
        {"list", "- a\n",
            AT "1:1: a file must be a mapping with namespace and entries, not "
               "a list\n"},
        {"no namespace", "# x\nentries: []\n",
            AT "2:1: namespace is required\n"},
        {"number", "namespace: 1\nentries: []\n",
            AT "1:12: namespace must be a string, not the integer 1; quote "
               "it: \"1\"\n"},
        {"null", "namespace:\nentries: []\n",
            AT "1:11: namespace must be a string, not null\n"},
        {"blank", "namespace: \" \\t\"\nentries: []\n",
            AT "1:12: namespace must not be blank\n"},
        {"characters", "namespace: a:b\nentries: []\n",
            AT "1:12: namespace must be of letters, digits and _ . - /, not "
               "the text \"a:b\"\n"},
        {"version", "namespace: a\nversion: 1.0\nentries: []\n",
            AT "2:10: version must be a string, not the number 1.0; quote it: "
               "\"1.0\"\n"},
        {"meta", "namespace: a\nmeta: [x]\nentries: []\n",
            AT "2:7: meta must be a mapping, not a list\n"},
        {"nothing", "namespace: a\n",
            AT "1:1: entries: either entries array or single entry "
               "(name/kind) must be provided\n"},
        {"entries", "namespace: a\nentries: {x: y}\n",
            AT "2:10: entries must be a list, not a mapping\n"},
        {"null entries", "namespace: a\nentries:\n",
            AT "2:9: entries must be a list, not null\n"},
        {"unknown", "namespace: a\nentires: []\nentries: []\n",
            AT "2:1: unknown key entires; did you mean entries?\n"},
        {"both", "namespace: a\nkind: test.data\nentries: []\n",
            AT "2:1: unknown key kind; known beside entries: namespace, "
               "version, meta\n"},
        {"good", "namespace: a\nversion: \"1\"\nmeta: {}\nentries: []\n", ""},
    };

    APP_CHECK_ALL(cases);
}

#define ENTRIES "namespace: a\nentries:\n"

static void
test_entry_when_not_as_a3_says_then_why(void)
{
    static const struct app_case cases[] = {
        {"no name", ENTRIES "  - kind: test.data\n",
            AT "3:5: entry[0].name: name is required and must be a non-empty "
               "string\n"},
        {"no kind", ENTRIES "  - {name: x, kind: test.data}\n  - name: y\n",
            AT "4:5: entry[1].kind: kind is required and must be a non-empty "
               "string\n"},
        {"empty", ENTRIES "  - name: \"\"\n    kind:\n",
            AT "3:11: entry[0].name: name is required and must be a non-empty "
               "string\n" AT "4:10: entry[0].kind: kind is required and must "
               "be a non-empty string\n"},
        {"number", ENTRIES "  - name: 5\n    kind: test.data\n",
            AT "3:11: entry[0].name: name is required and must be a non-empty "
               "string; quote it: \"5\"\n"},
        {"no mapping", ENTRIES "  - x\n  - [y]\n",
            AT "3:5: entry[0] must be a mapping with name and kind, not the "
               "text \"x\"\n" AT "4:5: entry[1] must be a mapping with name "
               "and kind, not a list\n"},
        {"characters", ENTRIES "  - {name: \"x:y\", kind: test.data}\n",
            AT "3:12: entry[0].name must be of letters, digits and _ . - /, "
               "not the text \"x:y\"\n"},
        {"single", "namespace: a\nkind: test.data\n",
            AT "1:1: entry[0].name: name is required and must be a non-empty "
               "string\n"},
        {"meta", ENTRIES "  - {name: x, kind: test.data, meta: 5}\n",
            AT "3:38: a:x: meta must be a mapping, not the integer 5\n"},
        {"good names",
            "namespace: a.b-c/d_e\nname: F.g-h/i_9\nkind: test.data\n", ""},
    };

    APP_CHECK_ALL(cases);
}

static void
test_entry_when_single_then_the_file_is_it(void)
{
    struct dump dump = {.len = 0};
    const kd_entry *entry;
    struct app app;

    app_init(&app);
    app_write(&app, "_index.yaml",
        "version: \"2\"\nnamespace: a\nname: x\nkind: test.data\n"
        "meta: {m: 1}\nfree: text\n");
    app_load(&app);
    check_text("single", app.lines, "");
    entry = app_entry(&app, "a:x");
    dump_node(&dump, kd__entry_get(entry, ""));
    check_text("single", dump.text, "{meta: {m: int 1}, free: \"text\"}");
    CU_ASSERT_STRING_EQUAL(kd__entry_id(entry), "a:x");
    CU_ASSERT_STRING_EQUAL(kd__entry_kind(entry), "test.data");
    CU_ASSERT_EQUAL(kd__entry_class(entry), KD_CLASS_DATA);
    app_fini(&app);
}

static void
test_meta_when_in_file_and_entry_then_the_entry_wins(void)
{
    struct dump dump = {.len = 0};
    struct app app;

    app_init(&app);
    app_write(&app, "_index.yaml",
        "namespace: a\nmeta: {x: 1, y: 2}\nentries:\n"
        "  - {name: p, kind: test.data, meta: {y: 3, z: 4}}\n"
        "  - {name: q, kind: test.data}\n");
    app_load(&app);
    check_text("meta", app.lines, "");
    dump_node(&dump, kd__entry_get(app_entry(&app, "a:p"), "meta"));
    dump_node(&dump, kd__entry_get(app_entry(&app, "a:q"), "meta"));
    check_text("meta", dump.text,
        "{y: int 3, z: int 4, x: int 1}{x: int 1, y: int 2}");
    app_fini(&app);
}

static void
test_set_when_asked_by_index_then_in_order_of_ids(void)
{
    struct app app;

    app_init(&app);
    app_write(&app, "_index.yaml",
        ENTRIES "  - {name: z, kind: test.data}\n"
                "  - {name: b, kind: test.data}\n");
    app_write(
        &app, "sub/_index.yaml", "namespace: a.b\nname: c\nkind: test.data\n");
    app_load(&app);
    CU_ASSERT_EQUAL_FATAL(kd__entries_count(app.set), 3);
    CU_ASSERT_STRING_EQUAL(kd__entry_id(kd__entries_at(app.set, 0)), "a.b:c");
    CU_ASSERT_STRING_EQUAL(kd__entry_id(kd__entries_at(app.set, 1)), "a:b");
    CU_ASSERT_STRING_EQUAL(kd__entry_id(kd__entries_at(app.set, 2)), "a:z");
    CU_ASSERT_PTR_NULL(kd__entries_at(app.set, 3));
    CU_ASSERT_PTR_NULL(kd__entries_find(app.set, "a:c"));
    app_fini(&app);
}

static void
test_entry_when_defined_twice_then_both_places(void)
{
    struct app app;

    app_init(&app);
    app_write(
        &app, "a/_index.yaml", "namespace: n\nname: x\nkind: test.data\n");
    app_write(&app, "b/_index.yaml",
        "namespace: n\nentries:\n  - {name: x, kind: test.data}\n");
    app_load(&app);
    check_text("twice", app.lines,
        "DIR/b/_index.yaml:3:12: n:x: duplicate entry; it is defined at "
        "DIR/a/_index.yaml:2:7 already\n");
    app_fini(&app);
}

static void
test_errors_when_in_several_files_then_all_and_sorted(void)
{
    struct app app;

    app_init(&app);
    app_write(&app, "b/_index.yaml", "namespace: n\nentries: [\n");
    app_write(&app, "a/_index.yaml",
        "namespace: n\nentries:\n  - {name: x, kind: no.kind}\n"
        "  - {name: y, kind: test.types, int: z, entry: gone}\n");
    app_write(&app, "c/_index.yaml", "entries: []\n");
    app_load(&app);
    check_text("several", app.lines,
        "DIR/a/_index.yaml:3:21: n:x: unknown kind no.kind; `kindred kinds` "
        "lists those there are\n"
        "DIR/a/_index.yaml:4:38: n:y: int must be an integer, not the text "
        "\"z\"\n"
        "DIR/a/_index.yaml:4:48: n:y: entry: entry not found: n:gone\n"
        "DIR/b/_index.yaml:3:1: YAML syntax: did not find expected node "
        "content, while parsing a flow node that begins at line 3\n"
        "DIR/c/_index.yaml:1:1: namespace is required\n");
    CU_ASSERT_EQUAL(kd__entries_errors(app.set), 5);
    app_fini(&app);
}

#define DATA     "  - {name: d, kind: test.data}\n"
#define HOST     "  - {name: h, kind: process.host}\n"
#define POLICY   "  - {name: p, kind: test.policy}\n"
#define FUNCTION "  - {name: f, kind: test.function}\n"
#define WORKER   "  - {name: w, kind: test.worker, source: s, "

static void
test_reference_when_absent_or_unfit_then_why(void)
{
    static const struct app_case cases[] = {
        {"absent entry", ENTRIES "  - {name: t, kind: test.types, entry: q}\n",
            AT "3:40: a:t: entry: entry not found: a:q\n"},
        {"hint",
            ENTRIES "  - {name: t, kind: test.types, entry: store}\n"
                    "  - {name: stored, kind: test.data}\n",
            AT "3:40: a:t: entry: entry not found: a:store; did you mean "
               "a:stored?\n"},
        {"absent host", ENTRIES WORKER "host: b:zzz}\n",
            AT "3:51: a:w: host: host not found: b:zzz\n"},
        {"no host", ENTRIES DATA WORKER "host: d}\n",
            AT "4:51: a:w: host: not a host: a:d (test.data)\n"},
        {"no process",
            ENTRIES DATA "  - {name: s, kind: process.service, process: d}\n",
            AT "4:47: a:s: process: not a process: a:d (test.data)\n"},
        {"no process to spawn",
            ENTRIES FUNCTION
            "  - {name: s, kind: process.service, process: f}\n",
            AT "4:47: a:s: process: not a process: a:f (test.function)\n"},
        {"class", ENTRIES POLICY WORKER "imports: {x: p}}\n",
            AT "4:58: a:w: imports.x: unfit entry: a:p (test.policy); wanted "
               "is a worker or data entry\n"},
        {"requirement", ENTRIES DATA WORKER "lifecycle: {requires: [d]}}\n",
            AT "4:68: a:w: lifecycle.requires[0]: unfit entry: a:d "
               "(test.data); wanted is a worker, host or resource entry\n"},
        {"good",
            ENTRIES DATA HOST FUNCTION WORKER
            "host: h, imports: {x: f, y: \"a:d\"}}\n",
            ""},
    };

    APP_CHECK_ALL(cases);
}

static void
test_reference_when_good_then_whole_id_and_entry(void)
{
    const kd_node *node;
    struct app app;

    app_init(&app);
    app_write(&app, "_index.yaml",
        ENTRIES DATA HOST WORKER "host: h, imports: {x: d, y: \"b:e\"}}\n");
    app_write(
        &app, "b/_index.yaml", "namespace: b\nname: e\nkind: test.data\n");
    app_load(&app);
    check_text("good", app.lines, "");
    node = kd__entry_get(app_entry(&app, "a:w"), "imports.x");
    CU_ASSERT_STRING_EQUAL(node->text, "a:d");
    CU_ASSERT_EQUAL(node->len, 3);
    CU_ASSERT_PTR_EQUAL(node->entry, app_entry(&app, "a:d"));
    node = kd__entry_get(app_entry(&app, "a:w"), "imports.y");
    CU_ASSERT_PTR_EQUAL(node->entry, app_entry(&app, "b:e"));
    CU_ASSERT_PTR_EQUAL(
        kd__entry_host(app_entry(&app, "a:w")), app_entry(&app, "a:h"));
    app_fini(&app);
}

static void
test_unknown_kind_when_ignored_then_dependents_go_too(void)
{
    struct app app;

    app_init(&app);
    app.ignore_unknown_kinds = 1;
    app_write(&app, "_index.yaml",
        ENTRIES "  - {name: u, kind: no.kind, x: 1}\n" DATA WORKER
                "imports: {x: u}}\n"
                "  - {name: s, kind: process.service, process: w}\n");
    app_load(&app);
    check_text("ignored", app.lines,
        "warning: " AT "3:21: a:u: unknown kind no.kind; the entry is left "
        "out\n"
        "warning: " AT "5:58: a:w: imports.x: a:u is left out, and so is this "
        "entry\n"
        "warning: " AT "6:47: a:s: process: a:w is left out, and so is this "
        "entry\n");
    CU_ASSERT_EQUAL(kd__entries_errors(app.set), 0);
    CU_ASSERT_EQUAL(kd__entries_count(app.set), 1);
    CU_ASSERT_PTR_NULL(kd__entries_find(app.set, "a:u"));
    CU_ASSERT_PTR_NULL(kd__entries_find(app.set, "a:w"));
    CU_ASSERT_PTR_NOT_NULL(kd__entries_find(app.set, "a:d"));
    app_fini(&app);
}

/* A host that starts. */
#define HOST_AT(space)                                                         \
    "namespace: " space "\nname: h\nkind: process.host\n"                      \
    "lifecycle: {auto_start: true}\n"
/* A worker that starts and names no host. */
#define WORKER_AT(space)                                                       \
    "namespace: " space "\nname: w\nkind: test.worker\nsource: s\n"            \
    "lifecycle: {auto_start: true}\n"

static void
check_host(const struct app *app, const char *host)
{
    const kd_entry *entry = app_entry(app, "app.x.y:w");
    const kd_node *node = kd__entry_get(entry, "host");

    CU_ASSERT_PTR_NOT_NULL_FATAL(node);
    check_text("host", node->text, host);
    CU_ASSERT_EQUAL(node->line, 0);
    CU_ASSERT_PTR_EQUAL(node->entry, app_entry(app, host));
    CU_ASSERT_PTR_EQUAL(kd__entry_host(entry), node->entry);
}

static void
test_host_rule_when_one_host_then_that(void)
{
    struct app app;

    app_init(&app);
    app_write(&app, "_index.yaml", WORKER_AT("app.x.y"));
    app_write(&app, "o/_index.yaml", HOST_AT("other"));
    app_load(&app);
    check_text("one", app.lines, "");
    check_host(&app, "other:h");
    app_fini(&app);
}

static void
test_host_rule_when_several_then_the_nearest_namespace(void)
{
    struct app app;

    app_init(&app);
    app_write(&app, "_index.yaml", WORKER_AT("app.x.y"));
    app_write(&app, "1/_index.yaml", HOST_AT("app"));
    app_write(&app, "2/_index.yaml", HOST_AT("app.x"));
    app_write(&app, "3/_index.yaml", HOST_AT("app.x.y.z"));
    app_write(&app, "4/_index.yaml", HOST_AT("ap"));
    app_load(&app);
    check_text("several", app.lines, "");
    check_host(&app, "app.x:h");
    app_fini(&app);
}

static void
test_host_rule_when_ambiguous_then_the_candidates(void)
{
    struct app app;

    app_init(&app);
    app_write(&app, "_index.yaml", WORKER_AT("app.x.y"));
    app_write(&app, "1/_index.yaml", HOST_AT("app"));
    app_write(
        &app, "2/_index.yaml", "namespace: app\nname: g\nkind: process.host\n");
    app_write(&app, "3/_index.yaml", HOST_AT("other"));
    app_load(&app);
    check_text("ambiguous", app.lines,
        AT "2:7: app.x.y:w: host: ambiguous host; name one of app:g, app:h\n");
    app_fini(&app);
    app_init(&app);
    app_write(&app, "_index.yaml", WORKER_AT("app.x.y"));
    app_write(&app, "1/_index.yaml", HOST_AT("b"));
    app_write(&app, "2/_index.yaml", HOST_AT("c"));
    app_load(&app);
    check_text("far", app.lines,
        AT "2:7: app.x.y:w: host: ambiguous host; name one of b:h, c:h\n");
    app_fini(&app);
}

static void
test_host_rule_when_no_host_then_an_error(void)
{
    static const struct app_case cases[] = {
        {"none", WORKER_AT("a"),
            AT "2:7: a:w: host: the application has no host to run it; define "
               "an entry of kind process.host\n"},
        {"not started", "namespace: a\nname: w\nkind: test.worker\nsource: s\n",
            ""},
    };

    APP_CHECK_ALL(cases);
}

#define PLAIN                                                                  \
    "namespace: app.x.y\nname: w\nkind: test.plain\n"                          \
    "lifecycle: {auto_start: true}\n"

/* The same for a kind that has no option for it; nothing of that shows in it.
 */
static void
test_host_rule_when_kind_has_no_option_then_as_if_it_had(void)
{
    struct app app;
    char order[64];

    app_init(&app);
    app_write(&app, "_index.yaml", PLAIN);
    app_write(&app, "o/_index.yaml", HOST_AT("other"));
    app_load(&app);
    check_text("one", app.lines, "");
    CU_ASSERT_PTR_EQUAL(kd__entry_host(app_entry(&app, "app.x.y:w")),
        app_entry(&app, "other:h"));
    CU_ASSERT_PTR_NULL(kd__entry_get(app_entry(&app, "app.x.y:w"), "host"));
    check_text(
        "order", app_order(&app, order, sizeof(order)), "other:h app.x.y:w");
    app_fini(&app);

    app_init(&app);
    app_write(&app, "_index.yaml", PLAIN);
    app_write(&app, "1/_index.yaml", HOST_AT("b"));
    app_write(&app, "2/_index.yaml", HOST_AT("c"));
    app_load(&app);
    check_text("ambiguous", app.lines,
        AT "2:7: app.x.y:w: ambiguous host, and kind test.plain has no option "
           "for one; have it started by a process.service that names one of "
           "b:h, c:h\n");
    app_fini(&app);

    app_init(&app);
    app_write(&app, "_index.yaml", PLAIN);
    app_load(&app);
    check_text("none", app.lines,
        AT "2:7: app.x.y:w: host: the application has no host to run it; "
           "define an entry of kind process.host\n");
    app_fini(&app);
}

#define WHY ": the id of a host can have at most 158 bytes, not 159\n"

/* (semantics P1) */
static void
test_host_when_its_id_is_long_then_its_pids_have_room(void)
{
    char name[155 + 1], text[1024], line[1024];
    kd_error err = KD_ERROR_INIT;
    struct app app;

    memset(name, 'n', sizeof(name) - 1);
    name[sizeof(name) - 1] = '\0';
    snprintf(text, sizeof(text),
        ENTRIES "- {name: h%s, kind: process.host}\n"
                "- {name: hh%s, kind: process.host}\n"
                "- {name: dd%s, kind: test.data}\n",
        name, name, name);
    snprintf(
        line, sizeof(line), "b:hh%s" WHY AT "4:10: a:hh%s" WHY, name, name);
    app_init(&app);
    app_write(&app, "_index.yaml", text);
    app_read(&app);
    snprintf(text, sizeof(text), "b:hh%s", name);
    CU_ASSERT_EQUAL(kd__entries_add_host(
                        app.set, text, kinds_find(NULL, "process.host"), &err),
        KD_OK);
    app_resolve(&app);
    check_text("too long", app.lines, line);
    CU_ASSERT_EQUAL(kd__entries_errors(app.set), 2);
    app_fini(&app);
}

static void
test_host_when_added_then_it_counts(void)
{
    kd_error err = KD_ERROR_INIT;
    const kd_entry *host;
    struct app app;
    char order[64];

    app_init(&app);
    app_write(&app, "_index.yaml", WORKER_AT("app.x.y"));
    app_read(&app);
    CU_ASSERT_EQUAL(kd__entries_add_host(app.set, "kindred:host",
                        kinds_find(NULL, "process.host"), &err),
        KD_OK);
    CU_ASSERT_EQUAL(kd__entries_add_host(app.set, "kindred:host",
                        kinds_find(NULL, "process.host"), &err),
        KD_EEXIST);
    app_resolve(&app);
    check_text("added", app.lines, "");
    check_host(&app, "kindred:host");
    host = app_entry(&app, "kindred:host");
    CU_ASSERT_EQUAL(kd__entry_get(host, "lifecycle.auto_start")->integer, 1);
    CU_ASSERT_EQUAL(kd__entry_get(host, "host.workers")->integer, 0);
    check_text("order", app_order(&app, order, sizeof(order)),
        "kindred:host app.x.y:w");
    app_fini(&app);
}

static void
test_broken_when_something_was_reported_about_it_then_so(void)
{
    static const char *const broken[] = {"a:s", "a:t", "a:v"};
    static const char *const whole[] = {"a:d", "a:h", "a:w"};
    struct app app;
    size_t i;

    app_init(&app);
    app_write(&app, "_index.yaml",
        ENTRIES DATA HOST WORKER
        "method: m}\n"
        "  - {name: s, kind: process.service}\n"
        "  - {name: t, kind: test.types, entry: gone}\n"
        "  - {name: v, kind: test.worker, source: s, host: d}\n");
    app_load(&app);
    CU_ASSERT_EQUAL(kd__entries_errors(app.set), 3);
    for (i = 0; i < 3; i++) {
        CU_ASSERT(kd__entries_is_broken(app.set, app_entry(&app, broken[i])));
        CU_ASSERT(!kd__entries_is_broken(app.set, app_entry(&app, whole[i])));
    }
    app_fini(&app);
}

static void
test_report_when_from_outside_then_sorted_in(void)
{
    const kd_entry *entry;
    struct app app;

    app_init(&app);
    app_write(&app, "_index.yaml",
        ENTRIES "  - {name: x, kind: test.types, int: 5}\n"
                "  - {name: y, kind: test.types, int: z}\n");
    app_read(&app);
    CU_ASSERT_EQUAL(kd__entries_resolve(app.set, NULL), KD_OK);
    entry = app_entry(&app, "a:x");
    kd__entries_report(
        app.set, KD_LOG_ERROR, entry, NULL, "z.src", 4, "unfinished string");
    kd__entries_report(app.set, KD_LOG_ERROR, entry,
        kd__entry_get(entry, "int"), NULL, 0, "unlucky");
    kd__entries_report(app.set, KD_LOG_ERROR, entry,
        kd__entry_get(entry, "bool"), NULL, 0, "default");
    kd__entries_report(
        app.set, KD_LOG_ERROR, entry, NULL, NULL, 0, "bad entry");
    kd__entries_report(app.set, KD_LOG_ERROR, NULL, NULL, NULL, 0, "bad day");
    CU_ASSERT_EQUAL(kd__entries_errors(app.set), 6);
    kd__entries_flush(app.set);
    check_text("sorted", app.lines,
        "bad day\n" AT "3:12: a:x: default\n" AT "3:12: a:x: bad entry\n" AT
        "3:38: a:x: unlucky\n" AT "4:38: a:y: int must be an integer, not the "
        "text \"z\"\n"
        "z.src:4: a:x: unfinished string\n");
    app_fini(&app);
}

static void
test_prepared_when_set_then_kept(void)
{
    struct app app;
    int thing;

    app_init(&app);
    app_write(&app, "_index.yaml", ENTRIES DATA HOST);
    app_load(&app);
    CU_ASSERT_PTR_NULL(kd__entry_prepared(app_entry(&app, "a:h")));
    kd__entries_set_prepared(app.set, app_entry(&app, "a:h"), &thing);
    CU_ASSERT_PTR_EQUAL(kd__entry_prepared(app_entry(&app, "a:h")), &thing);
    CU_ASSERT_PTR_NULL(kd__entry_prepared(app_entry(&app, "a:d")));
    app_fini(&app);
}

static const struct test_case tests[] = {
    TEST(test_file_when_not_as_a2_says_then_why),
    TEST(test_entry_when_not_as_a3_says_then_why),
    TEST(test_entry_when_single_then_the_file_is_it),
    TEST(test_meta_when_in_file_and_entry_then_the_entry_wins),
    TEST(test_set_when_asked_by_index_then_in_order_of_ids),
    TEST(test_entry_when_defined_twice_then_both_places),
    TEST(test_errors_when_in_several_files_then_all_and_sorted),
    TEST(test_reference_when_absent_or_unfit_then_why),
    TEST(test_reference_when_good_then_whole_id_and_entry),
    TEST(test_unknown_kind_when_ignored_then_dependents_go_too),
    TEST(test_host_rule_when_one_host_then_that),
    TEST(test_host_rule_when_several_then_the_nearest_namespace),
    TEST(test_host_rule_when_ambiguous_then_the_candidates),
    TEST(test_host_rule_when_no_host_then_an_error),
    TEST(test_host_rule_when_kind_has_no_option_then_as_if_it_had),
    TEST(test_host_when_its_id_is_long_then_its_pids_have_room),
    TEST(test_host_when_added_then_it_counts),
    TEST(test_broken_when_something_was_reported_about_it_then_so),
    TEST(test_report_when_from_outside_then_sorted_in),
    TEST(test_prepared_when_set_then_kept),
};

TEST_MAIN("entry")
