/* SPDX-License-Identifier: MIT */
/*
 * The broken applications of tests/entry/bad: each has beside it the line that
 * is to be reported (semantics A8, A9).
 */

#include "entry_app.h"

static const char *const names[] = {
    "duplicate_entry",
    "missing_source",
    "path_escape",
    "unknown_kind",
    "yaml_syntax",
};

static void
read_expected(const char *dir, char *out, size_t size)
{
    char path[1024];
    size_t len;
    FILE *file;

    snprintf(path, sizeof(path), "%s/expected", dir);
    file = fopen(path, "r");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    len = (size_t)snprintf(out, size, "DIR/");
    len += fread(out + len, 1, size - len - 1, file);
    out[len] = '\0';
    fclose(file);
}

static void
check_bad(const char *name)
{
    static struct app app;
    const char *top = getenv("top_srcdir");
    char expected[1024];

    memset(&app, 0, sizeof(app));
    snprintf(app.dir, sizeof(app.dir), "%s/tests/entry/bad/%s",
        top == NULL ? "." : top, name);
    app.set = kd__entries_new();
    CU_ASSERT_PTR_NOT_NULL_FATAL(app.set);
    app_load(&app);
    read_expected(app.dir, expected, sizeof(expected));
    check_text(name, app.lines, expected);
    CU_ASSERT_EQUAL(kd__entries_errors(app.set), 1);
    kd__entries_free(app.set);
}

static void
test_application_when_bad_then_the_line_it_expects(void)
{
    size_t i;

    for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        check_bad(names[i]);
}

static const struct test_case tests[] = {
    TEST(test_application_when_bad_then_the_line_it_expects),
};

TEST_MAIN("entry_bad")
