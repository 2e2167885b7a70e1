/* SPDX-License-Identifier: MIT */
/*
 * Sources: inline, in files, and what may not be read (semantics A6, A7, A12).
 */

#include "entry_app.h"

#include "entry/source.h"
#include "entry/yaml.h"

#include <fcntl.h>

static void
test_path_when_joined_then_normal(void)
{
    static const struct {
        const char *base, *path, *expected; /* NULL: leads out */
    } cases[] = {
        {"_index.yaml", "x.src", "x.src"},
        {"a/b/_index.yaml", "x.src", "a/b/x.src"},
        {"a/b/_index.yaml", "./c//d/./x.src", "a/b/c/d/x.src"},
        {"a/b/_index.yaml", "../x.src", "a/x.src"},
        {"a/b/_index.yaml", "../../x.src", "x.src"},
        {"a/b/_index.yaml", "../../../x.src", NULL},
        {"a/b/_index.yaml", "/x.src", "x.src"},
        {"a/b/_index.yaml", "/c/x.src", "c/x.src"},
        {"a/b/_index.yaml", "/../x.src", NULL},
        {"_index.yaml", "../a/x.src", NULL},
        {"_index.yaml", "a/../../x.src", NULL},
        {"_index.yaml", "a/..", ""},
        {"a/_index.yaml", "..x", "a/..x"},
        {"a/_index.yaml", "...", "a/..."},
    };
    char out[64];
    size_t i;

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        kd_status status = kd__source_path(cases[i].base, cases[i].path, out);

        CU_ASSERT_EQUAL(status, cases[i].expected == NULL ? KD_EPERM : KD_OK);
        if (cases[i].expected != NULL)
            check_text(cases[i].path, out, cases[i].expected);
    }
}

/* An entry whose source is `source`, in a/_index.yaml of the application. */
static void
write_entry(const struct app *app, const char *source)
{
    char text[512];

    snprintf(text, sizeof(text),
        "namespace: n\nname: x\nkind: test.library\nsource: %s\n", source);
    app_write(app, "src/a/_index.yaml", text);
}

static void
check_source(
    struct app *app, const char *text, const char *chunk, const char *file)
{
    const kd_node *node;

    app_load(app);
    check_text("errors", app->lines, "");
    node = kd__entry_get(app_entry(app, "n:x"), "source");
    CU_ASSERT_PTR_NOT_NULL_FATAL(node);
    CU_ASSERT_EQUAL(node->type, KD_NODE_STRING);
    CU_ASSERT_EQUAL(node->len, strlen(text));
    check_text("text", node->text, text);
    check_text("chunk", node->chunk, chunk);
    CU_ASSERT_EQUAL(node->source_file == NULL, file == NULL);
    if (file != NULL)
        check_text("file", node->source_file + strlen(app->dir), file);
}

static void
test_source_when_inline_then_its_chunk_is_the_entry(void)
{
    struct app app;

    app_init(&app);
    write_entry(&app, "return {}");
    check_source(&app, "return {}", "n:x", NULL);
    app_fini(&app);
}

static void
test_source_when_a_file_then_its_text_and_path(void)
{
    struct app app;

    app_init(&app);
    write_entry(&app, "file://sub/x.src");
    app_write(&app, "src/a/sub/x.src", "text ${HOME}\n");
    check_source(&app, "text ${HOME}\n", "a/sub/x.src", "/src/a/sub/x.src");
    app_fini(&app);
}

static void
test_source_when_of_three_slashes_then_from_the_top(void)
{
    struct app app;

    app_init(&app);
    write_entry(&app, "file:///x.src");
    app_write(&app, "src/x.src", "top");
    check_source(&app, "top", "x.src", "/src/x.src");
    app_fini(&app);
}

static void
test_source_when_empty_then_empty(void)
{
    struct app app;

    app_init(&app);
    write_entry(&app, "file://x.src");
    app_write(&app, "src/a/x.src", "");
    check_source(&app, "", "a/x.src", "/src/a/x.src");
    app_fini(&app);
}

static void
test_source_when_a_link_stays_inside_then_read(void)
{
    char from[1024];
    struct app app;

    app_init(&app);
    write_entry(&app, "file://x.src");
    app_write(&app, "src/b/y.src", "linked");
    app_path(&app, "src/a/x.src", from, sizeof(from));
    CU_ASSERT_EQUAL(symlink("../b/y.src", from), 0);
    check_source(&app, "linked", "a/x.src", "/src/a/x.src");
    app_fini(&app);
}

static void
check_refused(const char *source, const char *error)
{
    char lines[1024];
    struct app app;
    char name[1024];

    app_init(&app);
    write_entry(&app, source);
    app_write(&app, "outside.src", "secret");
    app_write(&app, "src/a/folder/x", "");
    app_path(&app, "src/a/linked.src", name, sizeof(name));
    CU_ASSERT_EQUAL(symlink("../../outside.src", name), 0);
    app_path(&app, "src/a/up", name, sizeof(name));
    CU_ASSERT_EQUAL(symlink("../..", name), 0);
    app_path(&app, "src/a/absolute.src", name, sizeof(name));
    CU_ASSERT_EQUAL(symlink("/etc/passwd", name), 0);
    app_path(&app, "src/a/fifo", name, sizeof(name));
    CU_ASSERT_EQUAL(mkfifo(name, 0644), 0);
    app_load(&app);
    snprintf(lines, sizeof(lines),
        "DIR/src/a/_index.yaml:4:9: n:x: source: %s\n", error);
    check_text(source, app.lines, lines);
    app_fini(&app);
}

static void
test_source_when_it_cannot_be_read_then_why(void)
{
    check_refused("file://", "empty file path in file:// URL");
    check_refused("file:///", "empty file path in file:// URL");
    check_refused("file://no.src",
        "failed to read file no.src: No such file or directory");
    check_refused(
        "file://folder", "failed to read file folder: Is a directory");
    check_refused(
        "file://fifo", "failed to read file fifo: not a regular file");
    check_refused("\"file://a\\0b\"",
        "failed to read file a: a NUL character in the path");
}

static void
test_source_when_it_leads_out_then_refused(void)
{
    static const char *const paths[] = {"../../outside.src", "../../../no.src",
        "linked.src", "up/outside.src", "absolute.src", "/../outside.src"};
    char url[128], error[128];
    size_t i;

    for (i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
        snprintf(url, sizeof(url), "file://%s", paths[i]);
        snprintf(error, sizeof(error),
            "path traversal detected in file path: %s", paths[i]);
        check_refused(url, error);
    }
}

static void
make_large(const struct app *app, const char *path, size_t size)
{
    char name[1024];
    int fd;

    fd = open(app_path(app, path, name, sizeof(name)),
        O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
    CU_ASSERT_FATAL(fd >= 0);
    CU_ASSERT_EQUAL(ftruncate(fd, (off_t)size), 0);
    close(fd);
}

static void
test_file_when_larger_than_16_mib_then_refused(void)
{
    struct app app;

    app_init(&app);
    write_entry(&app, "file://x.src");
    make_large(&app, "src/a/x.src", KD__YAML_BYTES_MAX + 1);
    make_large(&app, "src/b/_index.yaml", KD__YAML_BYTES_MAX + 1);
    app_load(&app);
    check_text("large", app.lines,
        "DIR/src/a/_index.yaml:4:9: n:x: source: failed to read file x.src: "
        "larger than 16 MiB\n"
        "DIR/src/b/_index.yaml:1:1: failed to read it: larger than 16 MiB\n");
    app_fini(&app);
}

static void
test_file_when_of_16_mib_then_read(void)
{
    const kd_node *node;
    struct app app;

    app_init(&app);
    write_entry(&app, "file://x.src");
    make_large(&app, "src/a/x.src", KD__YAML_BYTES_MAX);
    app_load(&app);
    check_text("large", app.lines, "");
    node = kd__entry_get(app_entry(&app, "n:x"), "source");
    CU_ASSERT_EQUAL(node->len, KD__YAML_BYTES_MAX);
    app_fini(&app);
}

static const struct test_case tests[] = {
    TEST(test_path_when_joined_then_normal),
    TEST(test_source_when_inline_then_its_chunk_is_the_entry),
    TEST(test_source_when_a_file_then_its_text_and_path),
    TEST(test_source_when_of_three_slashes_then_from_the_top),
    TEST(test_source_when_empty_then_empty),
    TEST(test_source_when_a_link_stays_inside_then_read),
    TEST(test_source_when_it_cannot_be_read_then_why),
    TEST(test_source_when_it_leads_out_then_refused),
    TEST(test_file_when_larger_than_16_mib_then_refused),
    TEST(test_file_when_of_16_mib_then_read),
};

TEST_MAIN("source")
