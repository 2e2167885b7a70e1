/* SPDX-License-Identifier: MIT */
/*
 * Spawners against a host that writes down what it is asked for: names that
 * are taken, by holders that end at any moment.
 *
 * (semantics P8, P10)
 */

#include "lua_check.h"

/* Counted by holder_dies: the spawn, a monitor, two messages, a link, and so
 * on. */
static void
check(unsigned n_taken, unsigned dies, const char *how, const char *printed,
    const char *journal)
{
    struct fake *f = fake_new();
    char source[400];

    snprintf(source, sizeof(source),
        "return function()\n"
        "  local s = process.with_context({}):with_name('boss')\n"
        "    :with_message('m1', 1):with_message('m2')\n"
        "  print(s:%s('app:p', 'app:host'))\n"
        "end",
        how);
    f->n_taken = n_taken;
    f->holder_dies = dies;
    fake_entry(f, "app:host", "process.host", KD_CLASS_HOST);
    CU_ASSERT_EQUAL(fake_do(f, source), KD_NEXT_DONE);
    check_text("error", fake_error_message(f), "");
    check_text("printed", f->printed, printed);
    check_text("journal", f->journal, journal);
    fake_free(f);
}

static void
test_spawn_when_the_name_is_free_then_asks_nobody_else(void)
{
    check(0, 0, "spawn_linked_monitored", "{app:host|0x2}\n", "boss ");
}

static void
test_spawn_when_the_name_is_taken_then_its_holder_is_the_child(void)
{
    check(1, 0, "spawn", "{app:host|0x2}\n", "boss m1 m2 ");
    check(1, 0, "spawn_monitored", "{app:host|0x2}\n", "boss monitor m1 m2 ");
    check(1, 0, "spawn_linked", "{app:host|0x2}\n", "boss m1 m2 link ");
    check(1, 0, "spawn_linked_monitored", "{app:host|0x2}\n",
        "boss monitor m1 m2 link ");
}

/* Whenever it ends, a child is made that gets everything. */
static void
test_spawn_when_the_holder_ends_meanwhile_then_tries_again(void)
{
    check(1, 2, "spawn_linked_monitored", "{app:host|0x3}\n",
        "boss monitor boss ");
    check(1, 3, "spawn_linked_monitored", "{app:host|0x3}\n",
        "boss monitor m1 unmonitor boss ");
    check(1, 4, "spawn_linked_monitored", "{app:host|0x3}\n",
        "boss monitor m1 m2 unmonitor boss ");
    check(1, 5, "spawn_linked_monitored", "{app:host|0x3}\n",
        "boss monitor m1 m2 link unmonitor boss ");
    check(1, 3, "spawn_linked", "{app:host|0x3}\n", "boss m1 m2 boss ");
}

/* Two holders in a row, of which the second lives. */
static void
test_spawn_when_the_name_is_taken_again_then_its_holder_is_the_child(void)
{
    check(2, 2, "spawn_monitored", "{app:host|0x2}\n",
        "boss monitor boss monitor m1 m2 ");
}

static const struct test_case tests[] = {
    TEST(test_spawn_when_the_name_is_free_then_asks_nobody_else),
    TEST(test_spawn_when_the_name_is_taken_then_its_holder_is_the_child),
    TEST(test_spawn_when_the_holder_ends_meanwhile_then_tries_again),
    TEST(test_spawn_when_the_name_is_taken_again_then_its_holder_is_the_child),
};

TEST_MAIN("lua_spawner")
