/* SPDX-License-Identifier: MIT */
/*
 * Running the programs of tests/lua, which check themselves and return "ok".
 */
#ifndef LUA_PROGRAM_H
#define LUA_PROGRAM_H

#include "lua_check.h"

/* Room for the longest of them. */
#define LUA_PROGRAM_MAX 65536
/* Some of them wait for the clock in a loop. */
#define PROGRAM_TICK_NS 1000

/* Reads tests/lua/NAME.lua; a missing one is a failure. */
static inline void
program_read(const char *name, char *text)
{
    const char *top = getenv("top_srcdir");
    char path[512];
    FILE *file;
    size_t len;

    snprintf(path, sizeof(path), "%s/tests/lua/%s.lua", top == NULL ? "." : top,
        name);
    file = fopen(path, "r");
    CU_ASSERT_PTR_NOT_NULL_FATAL(file);
    len = fread(text, 1, LUA_PROGRAM_MAX - 1, file);
    fclose(file);
    text[len] = '\0';
    CU_ASSERT_FATAL(len > 0 && len < LUA_PROGRAM_MAX - 1);
}

/* A process that is about to run this source, with the module time. */
static inline struct fake *
program_start(const char *source, const kd_writer *args)
{
    struct fake *f = fake_new();
    kd_entry *entry = fake_program(f, "app:p", source);

    fake_list_add(f, entry, "modules", "time");
    CU_ASSERT_EQUAL_FATAL(fake_create(f, entry, args), KD_OK);
    return f;
}

/* It ends normally, with "ok", and has printed nothing. */
static inline void
program_finish(struct fake *f)
{
    CU_ASSERT_EQUAL(fake_run(f), KD_NEXT_DONE);
    check_text("error", fake_error_message(f), "");
    check_text("value", fake_value(f), "ok");
    check_text("printed", f->printed, "");
    fake_free(f);
}

static inline void
program_check(const char *name, const kd_writer *args)
{
    char text[LUA_PROGRAM_MAX];
    struct fake *f;

    program_read(name, text);
    f = program_start(text, args);
    f->tick_ns = PROGRAM_TICK_NS;
    program_finish(f);
}

#endif
