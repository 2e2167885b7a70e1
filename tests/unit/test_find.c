/* SPDX-License-Identifier: MIT */
/*
 * Which files are read, and in which order (semantics A1).
 */

#include "entry_app.h"

#include "entry/find.h"

#include <fcntl.h>

static void
put(const struct app *app, const char *path)
{
    app_write(app, path, "");
}

/* All files that are found, separated by spaces, after the folder's name. */
static void
check_found(struct app *app, const char *expected)
{
    struct kd__arena arena;
    struct kd__report report;
    struct kd__folder folder;
    struct kd__find found;
    kd_error err = KD_ERROR_INIT;
    char text[1024];
    size_t len, i;

    kd__arena_init(&arena);
    kd__report_init(&report);
    CU_ASSERT_EQUAL_FATAL(
        kd__folder_open(&folder, app->dir, &arena, &err), KD_OK);
    CU_ASSERT_EQUAL_FATAL(
        kd__find_files(&folder, &arena, &report, &found), KD_OK);
    len = (size_t)snprintf(
        text, sizeof(text), "DIR%s:", folder.name + strlen(app->dir));
    for (i = 0; i < found.count; i++)
        len += (size_t)snprintf(
            text + len, sizeof(text) - len, " %s", found.paths[i]);
    check_text("found", text, expected);
    kd__report_flush(&report, app_line, app);
    kd__find_free(&found);
    kd__folder_close(&folder);
    kd__report_fini(&report);
    kd__arena_fini(&arena);
}

static void
test_find_when_there_are_folders_then_in_byte_order(void)
{
    struct app app;

    app_init(&app);
    put(&app, "b/_index.yaml");
    put(&app, "_index.yml");
    put(&app, "_index.yaml");
    put(&app, "b/c/d/_index.yaml");
    put(&app, "B/_index.yaml");
    put(&app, "b-2/_index.yml");
    check_found(&app,
        "DIR: B/_index.yaml _index.yaml _index.yml b-2/_index.yml "
        "b/_index.yaml b/c/d/_index.yaml");
    check_text("find", app.lines, "");
    app_fini(&app);
}

static void
test_find_when_src_is_a_folder_then_it_is_the_application(void)
{
    struct app app;

    app_init(&app);
    put(&app, "_index.yaml");
    put(&app, "src/a/_index.yaml");
    check_found(&app, "DIR/src: a/_index.yaml");
    app_fini(&app);
}

static void
test_find_when_src_is_a_file_then_dir_is_the_application(void)
{
    struct app app;

    app_init(&app);
    put(&app, "_index.yaml");
    put(&app, "src");
    check_found(&app, "DIR: _index.yaml");
    app_fini(&app);
}

static void
test_find_when_folders_are_hidden_or_linked_then_skipped(void)
{
    char from[1024], to[1024];
    struct app app;

    app_init(&app);
    put(&app, "a/_index.yaml");
    put(&app, ".git/_index.yaml");
    put(&app, "a/.hidden/_index.yaml");
    put(&app, "node_modules/x/_index.yaml");
    put(&app, "a/index.yaml");
    put(&app, "a/_index.yaml.bak");
    app_path(&app, "a", to, sizeof(to));
    app_path(&app, "linked", from, sizeof(from));
    CU_ASSERT_EQUAL(symlink(to, from), 0);
    app_path(&app, "loop", from, sizeof(from));
    CU_ASSERT_EQUAL(symlink("..", from), 0);
    check_found(&app, "DIR: a/_index.yaml");
    app_fini(&app);
}

static void
test_find_when_there_is_nothing_then_an_error(void)
{
    struct app app;

    app_init(&app);
    app_load(&app);
    check_text("none", app.lines,
        "DIR: no _index.yaml or _index.yml in it or in a folder below\n");
    CU_ASSERT_EQUAL(kd__entries_errors(app.set), 1);
    app_fini(&app);
}

static void
test_find_when_the_folder_is_absent_then_an_error(void)
{
    struct app app;

    app_init(&app);
    CU_ASSERT_EQUAL(rmdir(app.dir), 0);
    app_load(&app);
    check_text("absent", app.lines,
        "DIR: cannot open the folder: No such file or directory\n");
    app_fini(&app);
}

/* Deeper than a path can say: that folder is an error, the others are read. */
static void
test_find_when_a_path_is_too_long_then_an_error(void)
{
    enum { DEPTH = 25 };
    struct app app;
    char name[201];
    int fds[DEPTH + 1];

    memset(name, 'd', sizeof(name) - 1);
    name[sizeof(name) - 1] = '\0';
    app_init(&app);
    put(&app, "_index.yaml");
    fds[0] = open(app.dir, O_RDONLY | O_DIRECTORY);
    for (int i = 0; i < DEPTH; i++) {
        CU_ASSERT_EQUAL(mkdirat(fds[i], name, 0700), 0);
        fds[i + 1] = openat(fds[i], name, O_RDONLY | O_DIRECTORY);
    }
    check_found(&app, "DIR: _index.yaml");
    CU_ASSERT(strstr(app.lines,
                  ": cannot read the folder: File name too long\n") != NULL);
    for (int i = DEPTH; i > 0; i--) {
        close(fds[i]);
        CU_ASSERT_EQUAL(unlinkat(fds[i - 1], name, AT_REMOVEDIR), 0);
    }
    close(fds[0]);
    app_fini(&app);
}

static const struct test_case tests[] = {
    TEST(test_find_when_there_are_folders_then_in_byte_order),
    TEST(test_find_when_src_is_a_folder_then_it_is_the_application),
    TEST(test_find_when_src_is_a_file_then_dir_is_the_application),
    TEST(test_find_when_folders_are_hidden_or_linked_then_skipped),
    TEST(test_find_when_there_is_nothing_then_an_error),
    TEST(test_find_when_the_folder_is_absent_then_an_error),
    TEST(test_find_when_a_path_is_too_long_then_an_error),
};

TEST_MAIN("find")
