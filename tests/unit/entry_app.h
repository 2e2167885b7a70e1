/* SPDX-License-Identifier: MIT */
/*
 * An application in a folder of its own, for tests of entries: write files,
 * load, and see the lines that were reported. The folder's name is shown as
 * DIR, so that they can be compared.
 */
#ifndef TESTS_UNIT_ENTRY_APP_H
#define TESTS_UNIT_ENTRY_APP_H

#include "text_check.h"

#include "entry/entries.h"

#include "entry_kinds.h"

#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

struct app {
    char dir[512];
    struct kd__entries *set;
    uint32_t ignore_unknown_kinds;
    struct kd__env env;
    char lines[65536];
};

static inline void
app_init(struct app *app)
{
    memset(app, 0, sizeof(*app));
    strcpy(app->dir, "/tmp/kindred-entry-XXXXXX");
    CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(app->dir));
    app->set = kd__entries_new();
    CU_ASSERT_PTR_NOT_NULL_FATAL(app->set);
}

static inline int
app_remove(const char *path, const struct stat *info, int flag, struct FTW *at)
{
    (void)info;
    (void)flag;
    (void)at;
    return remove(path);
}

static inline void
app_fini(struct app *app)
{
    kd__entries_free(app->set);
    kd__env_fini(&app->env);
    app->set = NULL;
    nftw(app->dir, app_remove, 16, FTW_DEPTH | FTW_PHYS);
}

/* A path below the folder; the folders on its way are made. */
static inline char *
app_path(const struct app *app, const char *path, char *out, size_t size)
{
    char *slash;

    snprintf(out, size, "%s/%s", app->dir, path);
    for (slash = out + strlen(app->dir) + 1; *slash != '\0'; slash++) {
        if (*slash != '/')
            continue;
        *slash = '\0';
        mkdir(out, 0755);
        *slash = '/';
    }
    return out;
}

static inline void
app_write_bytes(
    const struct app *app, const char *path, const char *text, size_t len)
{
    char name[1024];
    FILE *file = fopen(app_path(app, path, name, sizeof(name)), "w");

    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    CU_ASSERT_EQUAL(fwrite(text, 1, len, file), len);
    fclose(file);
}

static inline void
app_write(const struct app *app, const char *path, const char *text)
{
    app_write_bytes(app, path, text, strlen(text));
}

static inline void
app_add_text(struct app *app, const char *text, size_t len)
{
    size_t used = strlen(app->lines);

    if (used + len < sizeof(app->lines)) {
        memcpy(app->lines + used, text, len);
        app->lines[used + len] = '\0';
    }
}

/* kd__entries_config::diagnostic. */
static inline void
app_line(void *arg, uint32_t level, const char *line)
{
    static const char *const levels[] = {"", "", "warning: ", "info: ", ""};
    struct app *app = arg;
    size_t dir_len = strlen(app->dir);
    const char *at;

    app_add_text(app, levels[level], strlen(levels[level]));
    while ((at = strstr(line, app->dir)) != NULL) {
        app_add_text(app, line, (size_t)(at - line));
        app_add_text(app, "DIR", 3);
        line = at + dir_len;
    }
    app_add_text(app, line, strlen(line));
    app_add_text(app, "\n", 1);
}

static inline void
app_read(struct app *app)
{
    const struct kd__entries_config config = {
        .dir = app->dir,
        .find_kind = kinds_find,
        .diagnostic = app_line,
        .arg = app,
        .ignore_unknown_kinds = app->ignore_unknown_kinds,
        .env = &app->env,
    };
    kd_error err = KD_ERROR_INIT;

    CU_ASSERT_EQUAL(kd__entries_read(app->set, &config, &err), KD_OK);
}

static inline void
app_resolve(struct app *app)
{
    kd_error err = KD_ERROR_INIT;

    CU_ASSERT_EQUAL(kd__entries_resolve(app->set, &err), KD_OK);
    kd__entries_flush(app->set);
}

static inline void
app_load(struct app *app)
{
    app_read(app);
    app_resolve(app);
}

static inline const kd_entry *
app_entry(const struct app *app, const char *id)
{
    const kd_entry *entry = kd__entries_find(app->set, id);

    CU_ASSERT_PTR_NOT_NULL_FATAL(entry);
    return entry;
}

/* The ids of what starts, in order. */
static inline const char *
app_order(const struct app *app, char *out, size_t size)
{
    size_t n = 0, len = 0, i;
    const kd_entry *const *order = kd__entries_order(app->set, &n);

    out[0] = '\0';
    for (i = 0; i < n && len < size; i++)
        len += (size_t)snprintf(out + len, size - len, "%s%s", i > 0 ? " " : "",
            kd__entry_id(order[i]));
    return out;
}

/* A case of a table: one file, and the lines that are reported about it. */
struct app_case {
    const char *name;
    const char *text;
    const char *lines;
};

static inline void
app_check(const struct app_case *one)
{
    struct app app;

    app_init(&app);
    app_write(&app, "_index.yaml", one->text);
    app_load(&app);
    check_text(one->name, app.lines, one->lines);
    CU_ASSERT_EQUAL(
        kd__entries_errors(app.set) > 0, strncmp(one->lines, "DIR", 3) == 0);
    app_fini(&app);
}

static inline void
app_check_all(const struct app_case *cases, size_t n)
{
    size_t i;

    for (i = 0; i < n; i++)
        app_check(&cases[i]);
}

#define APP_CHECK_ALL(cases)                                                   \
    app_check_all(cases, sizeof(cases) / sizeof((cases)[0]))

#endif
