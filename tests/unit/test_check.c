/* SPDX-License-Identifier: MIT */
/*
 * What a kind can say about its entries while they are prepared.
 */

#include "entry_app.h"
#include "harness.h"

#include <kindred/embed.h>

static const kd_api *services; /* Of the runtime that is being opened. */

static kd_status
plugin_init(const kd_api *api, void **state, kd_error *err)
{
    (void)state;
    (void)err;
    services = api;
    return KD_OK;
}

/* Says about each entry what it has under `warn` and `error`. */
static kd_status
prepare(void *state, const kd_entry *entry, const kd_check *check,
    void **prepared, kd_error *err)
{
    const kd_node *warn = services->entry_get(entry, "warn");
    const kd_node *error = services->entry_get(entry, "error");

    (void)state;
    (void)prepared;
    (void)err;
    if (error != NULL)
        check->report(check, error, NULL, 0, error->text);
    if (warn != NULL)
        check->warn(check, warn, NULL, 0, warn->text);
    if (warn != NULL)
        check->warn(check, NULL, "x.src", 7, "in the source");
    return KD_OK;
}

static kd_next
run(void *self, kd_proc *proc, uint32_t budget, kd_error *err)
{
    (void)self;
    (void)proc;
    (void)budget;
    (void)err;
    return KD_NEXT_DONE;
}

static kd_status
create(void *state, void *prepared, kd_proc *proc, const kd_payload *args,
    void **self, kd_error *err)
{
    (void)state;
    (void)prepared;
    (void)proc;
    (void)args;
    (void)err;
    *self = NULL;
    return KD_OK;
}

static void
destroy(void *self, kd_proc *proc)
{
    (void)self;
    (void)proc;
}

static const kd_worker_kind worker = {
    .size = sizeof(kd_worker_kind),
    .prepare = prepare,
    .create = create,
    .run = run,
    .destroy = destroy,
};

static const kd_option options[] = {
    {OPTION(KD_OPTION_STRING, "warn"), .help = "what to warn of"},
    {OPTION(KD_OPTION_STRING, "error"), .help = "what is wrong"},
};

static const kd_kind talker = {
    .size = sizeof(kd_kind),
    .cls = KD_CLASS_WORKER,
    .id = "test.talker",
    .help = "says what it is told",
    .options = options,
    .n_options = KINDS_COUNT(options),
    .impl = &worker,
};

static const kd_kind *const talkers[] = {&talker, NULL};

static const kd_plugin plugin = {
    .stamp = KD_STAMP_INIT,
    .name = "test.talkers",
    .version = "1",
    .help = "a test",
    .kinds = talkers,
    .init = plugin_init,
};

/* Opens `entries`; the lines are in `app`. */
static kd_status
open_app(struct app *app, const char *entries)
{
    const kd_config config = {
        .size = sizeof(config), .arg = app, .diagnostic = app_line};
    kd_runtime *runtime = NULL;
    kd_status status;

    app_init(app);
    app_write(app, "_index.yaml", entries);
    CU_ASSERT_EQUAL_FATAL(kd_runtime_new(&config, &runtime, NULL), KD_OK);
    CU_ASSERT_EQUAL_FATAL(kd_runtime_add(runtime, &plugin, NULL), KD_OK);
    status = kd_runtime_open(runtime, app->dir, NULL);
    kd_runtime_free(runtime, NULL);
    return status;
}

/* Warnings stand among the errors, in the same form and order (semantics A8),
   and alone they refuse nothing. */
static void
test_warn_when_nothing_is_wrong_then_the_application_opens(void)
{
    struct app app;

    CU_ASSERT_EQUAL(open_app(&app, "namespace: a\n"
                                   "entries:\n"
                                   "  - name: x\n"
                                   "    kind: test.talker\n"
                                   "    warn: odd\n"),
        KD_OK);
    check_text("warnings", app.lines,
        "warning: DIR/_index.yaml:5:11: a:x: odd\n"
        "warning: x.src:7: a:x: in the source\n");
    app_fini(&app);
}

static void
test_warn_when_something_is_wrong_then_in_order_of_places(void)
{
    struct app app;

    CU_ASSERT_EQUAL(open_app(&app, "namespace: a\n"
                                   "entries:\n"
                                   "  - name: x\n"
                                   "    kind: test.talker\n"
                                   "    warn: odd\n"
                                   "    error: bad\n"),
        KD_EINVAL);
    check_text("both", app.lines,
        "warning: DIR/_index.yaml:5:11: a:x: odd\n"
        "DIR/_index.yaml:6:12: a:x: bad\n"
        "warning: x.src:7: a:x: in the source\n");
    app_fini(&app);
}

static const struct test_case tests[] = {
    TEST(test_warn_when_nothing_is_wrong_then_the_application_opens),
    TEST(test_warn_when_something_is_wrong_then_in_order_of_places),
};

TEST_MAIN("check")
