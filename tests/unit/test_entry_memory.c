/* SPDX-License-Identifier: MIT */
/*
 * Loading an application when the n-th allocation fails, for every n: the
 * answer is KD_ENOMEM or a reported error, nothing is lost, nothing crashes.
 * The linker puts the functions below in place of the C library's.
 */

#include "entry_app.h"

/* Allocations so far, the one that fails, and whether all after it do. */
static long made, refused, is_for_good;

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *block, size_t size);
void *__real_kd__arena_alloc(struct kd__arena *arena, size_t size);
char *__real_kd__arena_copy(
    struct kd__arena *arena, const char *text, size_t len);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *block, size_t size);
void *__wrap_kd__arena_alloc(struct kd__arena *arena, size_t size);
char *__wrap_kd__arena_copy(
    struct kd__arena *arena, const char *text, size_t len);

static int
is_refused(void)
{
    made++;
    return made == refused || (is_for_good && refused > 0 && made > refused);
}

void *
__wrap_malloc(size_t size)
{
    return is_refused() ? NULL : __real_malloc(size);
}

void *
__wrap_calloc(size_t n, size_t size)
{
    return is_refused() ? NULL : __real_calloc(n, size);
}

void *
__wrap_realloc(void *block, size_t size)
{
    return is_refused() ? NULL : __real_realloc(block, size);
}

/* Arenas ask seldom; every block of theirs counts as well. */
void *
__wrap_kd__arena_alloc(struct kd__arena *arena, size_t size)
{
    return is_refused() ? NULL : __real_kd__arena_alloc(arena, size);
}

char *
__wrap_kd__arena_copy(struct kd__arena *arena, const char *text, size_t len)
{
    return is_refused() ? NULL : __real_kd__arena_copy(arena, text, len);
}

static const char application[] =
    "namespace: a\nmeta: {m: 1}\nentries:\n"
    "  - {name: h, kind: process.host, lifecycle: {auto_start: true}}\n"
    "  - {name: d, kind: test.data, any: [&x {b: c}, *x]}\n"
    "  - {name: w, kind: test.worker, source: \"file://w.src\", "
    "imports: {x: d}, lifecycle: {auto_start: true, requires: [r]}}\n"
    "  - {name: r, kind: test.resource, lifecycle: {auto_start: true}}\n"
    "  - {name: s, kind: process.service, process: v, host: h}\n"
    "  - {name: v, kind: test.worker, source: inline}\n";

static void
drop_line(void *arg, uint32_t level, const char *line)
{
    (void)arg;
    (void)level;
    (void)line;
}

/* With the n-th allocation failing; 0: none. Returns whether it went well. */
static int
load(const char *dir, long n)
{
    const struct kd__entries_config config = {
        .dir = dir, .find_kind = kinds_find, .diagnostic = drop_line};
    kd_error err = KD_ERROR_INIT;
    struct kd__entries *set;
    kd_status status = KD_ENOMEM;
    int is_good = 0;

    made = 0;
    refused = n;
    set = kd__entries_new();
    if (set != NULL)
        status = kd__entries_read(set, &config, &err);
    if (status == KD_OK)
        status = kd__entries_add_host(
            set, "kindred:host", kinds_find(NULL, "process.host"), &err);
    if (status == KD_OK)
        status = kd__entries_resolve(set, &err);
    CU_ASSERT(status == KD_OK || status == KD_ENOMEM);
    if (set != NULL)
        kd__entries_flush(set);
    is_good = status == KD_OK && kd__entries_errors(set) == 0;
    kd__entries_free(set);
    refused = 0;
    return is_good;
}

static void
check_all(const char *dir)
{
    long n, total;

    CU_ASSERT(load(dir, 0));
    total = made;
    CU_ASSERT(total > 100);
    for (n = 1; n <= total; n++)
        CU_ASSERT(!load(dir, n));
}

static void
test_load_when_one_allocation_fails_then_an_error(void)
{
    struct app app;

    app_init(&app);
    app_write(&app, "_index.yaml", application);
    app_write(&app, "w.src", "source");
    is_for_good = 0;
    check_all(app.dir);
    is_for_good = 1;
    check_all(app.dir);
    app_fini(&app);
}

/* What is wrong is counted even when there is no room to say it. */
static void
test_load_when_an_allocation_fails_then_no_error_is_lost(void)
{
    struct app app;
    long n;

    app_init(&app);
    app_write(&app, "_index.yaml", "namespace: a\nentires: []\n");
    for (n = 1; n < 60; n++)
        CU_ASSERT(!load(app.dir, n));
    app_fini(&app);
}

static const struct test_case tests[] = {
    TEST(test_load_when_one_allocation_fails_then_an_error),
    TEST(test_load_when_an_allocation_fails_then_no_error_is_lost),
};

TEST_MAIN("entry_memory")
