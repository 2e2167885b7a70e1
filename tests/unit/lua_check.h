/* SPDX-License-Identifier: MIT */
/*
 * Checks of whole Lua programs that several tests share.
 */
#ifndef LUA_CHECK_H
#define LUA_CHECK_H

#include "harness.h"
#include "lua_fake.h"

#include <string.h>

/* CUnit shows only the line; what the texts were is worth a line more. */
static inline void
check_text(const char *what, const char *got, const char *want)
{
    if (strcmp(got, want) != 0)
        printf("\n%s: got [%s]\n  want [%s]\n", what, got, want);
    CU_ASSERT_STRING_EQUAL(got, want);
}

/* It ends normally, having printed this. */
static inline void
check_prints(const char *source, const char *want)
{
    struct fake *f = fake_new();

    CU_ASSERT_EQUAL(fake_do(f, source), KD_NEXT_DONE);
    check_text("error", fake_error_message(f), "");
    check_text("printed", f->printed, want);
    fake_free(f);
}

/* It fails, with this message and kind. */
static inline void
check_fails(const char *source, const char *kind, const char *message)
{
    struct fake *f = fake_new();

    CU_ASSERT_EQUAL(fake_do(f, source), KD_NEXT_FAIL);
    check_text("message", fake_error_message(f), message);
    check_text("kind", fake_error_kind(f), kind);
    fake_free(f);
}

/* It ends normally, with this value. */
static inline void
check_returns(const char *source, const char *value)
{
    struct fake *f = fake_new();

    CU_ASSERT_EQUAL(fake_do(f, source), KD_NEXT_DONE);
    check_text("error", fake_error_message(f), "");
    check_text("value", fake_value(f), value);
    fake_free(f);
}

#endif
