/* SPDX-License-Identifier: MIT */
/*
 * Where plugins are looked for, in which order, and whom we trust (semantics
 * K11).
 */

#include "harness.h"

#include "load/path_trust.h"
#include "load/plugins.h"
#include "load/search.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Folders of this run, all below one that is removed at the end. */
static char top[PATH_MAX / 4];

/* Notes of a search, one a line. */
struct notes {
    char text[4096];
    size_t n;
};

static const char *
at(const char *name)
{
    static char paths[4][PATH_MAX];
    static unsigned turn;
    char *path = paths[turn++ % 4];

    snprintf(path, PATH_MAX, "%s/%s", top, name);
    return path;
}

static void
touch(const char *path)
{
    FILE *file = fopen(path, "w");

    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    fclose(file);
    chmod(path, 0644);
}

static void
link_plugin(const char *name, const char *as)
{
    const char *build = getenv("top_builddir");
    char file[PATH_MAX];
    char *real;

    snprintf(file, sizeof(file), "%s/tests/plugins/.libs/%s.so",
        build != NULL ? build : ".", name);
    real = realpath(file, NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(real);
    CU_ASSERT_EQUAL_FATAL(symlink(real, at(as)), 0);
    free(real);
}

static void
set_up(void)
{
    strcpy(top, "/tmp/kindred-test-XXXXXX");
    CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(top));
}

static void
clean_up(void)
{
    char command[PATH_MAX];

    snprintf(command, sizeof(command), "rm -rf '%s'", top);
    CU_ASSERT_EQUAL(system(command), 0);
}

static void
note(void *arg, uint32_t level, const char *text)
{
    struct notes *notes = arg;
    size_t len = strlen(notes->text);

    snprintf(notes->text + len, sizeof(notes->text) - len, "%u %s\n",
        (unsigned)level, text);
    notes->n++;
}

static void
test_search_of_a_folder_lists_so_files_in_byte_order(void)
{
    struct kd__search found = {NULL, 0, 0};
    const char *const want[] = {"B.so", "a.so", "b.so"};
    size_t i;

    set_up();
    touch(at("b.so"));
    touch(at("B.so"));
    touch(at("a.so"));
    touch(at("c.so.1"));
    touch(at(".so"));
    touch(at(".hidden.so"));
    mkdir(at("folder.so"), 0755);
    touch(at("folder.so/deep.so"));
    CU_ASSERT_EQUAL(kd__search_path(&found, top, NULL), KD_OK);
    CU_ASSERT_EQUAL_FATAL(found.n, 3);
    for (i = 0; i < 3; i++)
        CU_ASSERT_STRING_EQUAL(found.paths[i], at(want[i]));
    kd__search_fini(&found);
    clean_up();
}

static void
test_search_of_a_file_takes_any_name(void)
{
    struct kd__search found = {NULL, 0, 0};
    kd_error err = KD_ERROR_INIT;

    set_up();
    touch(at("plugin.bin"));
    CU_ASSERT_EQUAL(kd__search_path(&found, at("plugin.bin"), NULL), KD_OK);
    CU_ASSERT_EQUAL(found.n, 1);
    CU_ASSERT_EQUAL(kd__search_path(&found, at("missing"), &err), KD_ENOTFOUND);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "missing: No such file"));
    kd__search_fini(&found);
    clean_up();
}

static void
test_search_list_with_empty_parts_skips_them(void)
{
    const char *list = "::/a:b::";
    kd_status status = KD_OK;
    char *part;

    part = kd__search_part(&list, &status);
    CU_ASSERT_STRING_EQUAL(part, "/a");
    free(part);
    part = kd__search_part(&list, &status);
    CU_ASSERT_STRING_EQUAL(part, "b");
    free(part);
    CU_ASSERT_PTR_NULL(kd__search_part(&list, &status));
    CU_ASSERT_EQUAL(status, KD_OK);
}

static void
test_search_goes_paths_then_environment_then_installation(void)
{
    struct kd__plugins *plugins = kd__plugins_new();
    struct notes notes = {{0}, 0};
    char list[2 * PATH_MAX];
    const char *path;

    set_up();
    mkdir(at("env"), 0755);
    mkdir(at("installed"), 0755);
    link_plugin("good", "first.so");
    link_plugin("same_name", "env/same_name.so");
    link_plugin("large_descriptor", "installed/large.so");
    link_plugin("good", "installed/good.so");
    path = at("first.so");
    snprintf(list, sizeof(list), "%s:%s", at("gone"), at("env"));
    CU_ASSERT_EQUAL(kd__plugins_search(plugins, &path, 1, list, at("installed"),
                        note, &notes, NULL),
        KD_OK);
    CU_ASSERT_STRING_EQUAL(
        kd__plugins_at(plugins, 0)->descriptor->name, "test.good");
    CU_ASSERT_STRING_EQUAL(
        kd__plugins_at(plugins, 1)->descriptor->name, "test.large_descriptor");
    CU_ASSERT_PTR_NULL(kd__plugins_at(plugins, 2));
    /* The folder that is gone and the plugin that is skipped; the same file
       found a second time is no news. */
    CU_ASSERT_EQUAL(notes.n, 2);
    CU_ASSERT_PTR_NOT_NULL(strstr(notes.text, "2 no plugins: "));
    CU_ASSERT_PTR_NOT_NULL(strstr(notes.text, "3 skipped: plugin test.good ("));
    CU_ASSERT_PTR_NOT_NULL(strstr(notes.text, "good.so"));
    kd__plugins_free(plugins);
    clean_up();
}

static void
test_search_with_a_missing_path_is_an_error(void)
{
    struct kd__plugins *plugins = kd__plugins_new();
    const char *path = "/nowhere/at/all";
    kd_error err = KD_ERROR_INIT;

    CU_ASSERT_EQUAL(
        kd__plugins_search(plugins, &path, 1, NULL, NULL, NULL, NULL, &err),
        KD_ENOTFOUND);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "/nowhere/at/all"));
    CU_ASSERT_EQUAL(
        kd__plugins_search(plugins, NULL, 0, NULL, path, NULL, NULL, &err),
        KD_OK);
    kd__plugins_free(plugins);
}

static void
test_search_that_meets_a_refused_plugin_ends(void)
{
    struct kd__plugins *plugins = kd__plugins_new();
    kd_error err = KD_ERROR_INIT;

    set_up();
    link_plugin("wrong_magic", "a.so");
    link_plugin("good", "b.so");
    CU_ASSERT_EQUAL(
        kd__plugins_search(plugins, NULL, 0, NULL, top, NULL, NULL, &err),
        KD_ENOTPLUGIN);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "wrong_magic.so"));
    CU_ASSERT_PTR_NULL(kd__plugins_at(plugins, 0));
    kd__plugins_free(plugins);
    clean_up();
}

static void
check_trust(const char *name, kd_status want, const char *says)
{
    kd_error err = KD_ERROR_INIT;

    CU_ASSERT_EQUAL(kd__path_trust(at(name), &err), want);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, says));
}

static void
test_trust_is_refused_where_others_may_write(void)
{
    set_up();
    mkdir(at("in"), 0755);
    mkdir(at("in/ner"), 0755);
    touch(at("in/ner/x.so"));
    check_trust("in/ner/x.so", KD_OK, "");
    chmod(at("in/ner/x.so"), 0664);
    check_trust("in/ner/x.so", KD_EPERM, "x.so can be written by others");
    chmod(at("in/ner/x.so"), 0646);
    check_trust("in/ner/x.so", KD_EPERM, "x.so can be written by others");
    chmod(at("in/ner/x.so"), 0600);
    chmod(at("in"), 0777);
    check_trust("in/ner/x.so", KD_EPERM, "/in can be written by others");
    chmod(at("in"), 01777);
    check_trust("in/ner/x.so", KD_OK, "");
    check_trust("in/ner", KD_EINVAL, "is not a file");
    clean_up();
}

static void
test_trust_is_refused_to_files_of_other_users(void)
{
    if (geteuid() != 0)
        return; /* Only root can give a file away. */
    set_up();
    mkdir(at("in"), 0755);
    touch(at("in/x.so"));
    CU_ASSERT_EQUAL_FATAL(chown(at("in/x.so"), 12345, 0), 0);
    check_trust("in/x.so", KD_EPERM, "x.so belongs to user 12345");
    CU_ASSERT_EQUAL_FATAL(chown(at("in/x.so"), 0, 0), 0);
    CU_ASSERT_EQUAL_FATAL(chown(at("in"), 12345, 0), 0);
    check_trust("in/x.so", KD_EPERM, "in belongs to user 12345");
    clean_up();
}

static const struct test_case tests[] = {
    TEST(test_search_of_a_folder_lists_so_files_in_byte_order),
    TEST(test_search_of_a_file_takes_any_name),
    TEST(test_search_list_with_empty_parts_skips_them),
    TEST(test_search_goes_paths_then_environment_then_installation),
    TEST(test_search_with_a_missing_path_is_an_error),
    TEST(test_search_that_meets_a_refused_plugin_ends),
    TEST(test_trust_is_refused_where_others_may_write),
    TEST(test_trust_is_refused_to_files_of_other_users),
};

TEST_MAIN("search")
