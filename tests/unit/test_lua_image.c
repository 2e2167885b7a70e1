/* SPDX-License-Identifier: MIT */
/*
 * The prepared state: its copies behave as states that were built where they
 * lie, and one that cannot be trusted is not used.
 */

#include "lua_check.h"

#include "process_lua/memory/pool.h"
#include "process_lua/process/process.h"
#include "process_lua/program/image.h"
#include "process_lua/program/program.h"

#include <stdint.h>
#include <sys/mman.h>

/* Makes use of all that is in an image, and of much that is not. */
static const char busy[] =
    "local lib = require('lib')\n"
    "local names = {}\n"
    "local function add(n) names[#names + 1] = n; return #names end\n"
    "local Point = {}\n"
    "Point.__index = Point\n"
    "Point.__add = function(a, b) return setmetatable(\n"
    "  {x = a.x + b.x}, Point) end\n"
    "local function main(id)\n"
    "  local p = setmetatable({x = 1}, Point) + setmetatable({x = 2}, Point)\n"
    "  local co = coroutine.wrap(function(a)\n"
    "    for i = 1, 200 do a = coroutine.yield(a + i) end end)\n"
    "  local sum = 0\n"
    "  for i = 1, 200 do sum = sum + co(i) end\n"
    "  for i = 1, 300 do add(('name %d'):format(i):upper()) end\n"
    "  table.sort(names, function(a, b) return a > b end)\n"
    "  local ok, err = pcall(error, {code = 7})\n"
    "  local got = process.inbox():receive():payload():data()\n"
    "  return table.concat({id, p.x, sum, #names, names[1], err.code,\n"
    "    lib.twice(21), got, math.type(1), tostring(nil)}, ' ')\n"
    "end\n"
    "return {main = main}\n";

static const char busy_value[] = "1 3 40200 300 NAME 99 7 42 9 integer nil";

static kd_entry *
busy_program(struct fake *f)
{
    kd_entry *entry = fake_program(f, "app:p", busy);

    fake_import(f, entry, "lib",
        fake_library(f, "app:lib",
            "local M = {} function M.twice(x) return 2 * x end return M"));
    return entry;
}

static struct kl__image *
image_of(struct fake *f)
{
    return ((struct kl__program *)f->prepared)->image;
}

static void
create(struct fake *f)
{
    kd_writer args = {0};
    kd_error err = KD_ERROR_INIT;
    kd_payload payload;

    kd_write_array(&args, 1);
    kd_write_int(&args, 1);
    payload = kd_payload_make(KD_FORMAT_TERM, args.data, args.len);
    CU_ASSERT_EQUAL_FATAL(f->worker->create(f->state, f->prepared, &f->proc,
                              &payload, &f->self, &err),
        KD_OK);
    kd_writer_free(&args);
}

static void
spoil(struct kl__image *image)
{
    const struct kl__arena *arena = &image->arena;

    mprotect(arena->base, arena->cap, PROT_READ | PROT_WRITE);
    memset(arena->base, 0xff, image->copied);
    mprotect(arena->base, arena->cap, PROT_READ);
}

static void
finish(struct fake *f)
{
    kd_writer mail = {0};

    CU_ASSERT_EQUAL(fake_slice(f), KD_NEXT_WAIT);
    lua_gc(((struct kl__process *)f->self)->L, LUA_GCCOLLECT, 0);
    kd_write_int(&mail, 9);
    fake_mail(f, fake_pid(2), "x", 0, &mail);
    kd_writer_free(&mail);
    CU_ASSERT_EQUAL(fake_run(f), KD_NEXT_DONE);
    check_text("error", fake_error_message(f), "");
    check_text("value", fake_value(f), busy_value);
    f->worker->destroy(f->self, &f->proc);
    f->self = NULL;
    f->finished = 0;
}

/* Whoever still followed a pointer to what is copied would find nonsense. */
static void
test_copy_does_not_need_the_image(void)
{
    struct fake *f = fake_new();
    void *others[20];

    CU_ASSERT_EQUAL_FATAL(fake_prepare(f, busy_program(f)), KD_OK);
    CU_ASSERT_PTR_NOT_NULL_FATAL(image_of(f));
    for (size_t i = 0; i < 20; i++) {
        create(f);
        others[i] = f->self;
    }
    spoil(image_of(f));
    for (size_t i = 0; i < 20; i++) {
        f->self = others[i];
        lua_gc(((struct kl__process *)f->self)->L, LUA_GCCOLLECT, 0);
        finish(f);
    }
    fake_free(f);
}

/* Of functions, and the same for all; a copy that drops them frees nothing. */
static void
test_code_is_not_copied(void)
{
    static const char text[] =
        "local function sum(a) local b = a\n"
        "  for i = 1, 9 do b = b * i + a // 3 - (b & 7) end return b end\n"
        "sum(3) sum = nil\n"
        "return function() return true end";
    struct fake *f = fake_new();
    struct kl__process *p;
    struct kl__image *image;
    size_t used;

    CU_ASSERT_EQUAL_FATAL(
        fake_create(f, fake_program(f, "app:p", text), NULL), KD_OK);
    image = image_of(f);
    p = f->self;
    CU_ASSERT_PTR_EQUAL(p->heap.lent, image->arena.base + image->copied);
    CU_ASSERT_EQUAL(p->heap.lent_len, image->arena.at - image->copied);
    CU_ASSERT(p->heap.lent_len > 100 && p->heap.lent_len < 1000);
    used = p->heap.used;
    CU_ASSERT_EQUAL(used, image->arena.used - sizeof(*p));
    CU_ASSERT_EQUAL(fake_run(f), KD_NEXT_DONE);
    lua_settop(p->L, 0);
    lua_gc(p->L, LUA_GCCOLLECT, 0);
    CU_ASSERT(p->heap.used < used);
    fake_free(f);
}

/* The first that waits shows how much room all need. */
static void
test_slots_are_as_long_as_what_waits_in_them(void)
{
    static const char text[] = "local list = {}\n"
                               "for i = 1, 50 do list[i] = {i} end\n"
                               "return function()\n"
                               "  process.inbox():receive()\n"
                               "  return true\n"
                               "end";
    struct fake *f = fake_new();
    struct kl__process *p;
    struct kl__image *image;
    struct kl__pool *fitted;
    size_t taken;

    CU_ASSERT_EQUAL_FATAL(
        fake_prepare(f, fake_program(f, "app:p", text)), KD_OK);
    image = image_of(f);
    create(f);
    p = f->self;
    CU_ASSERT_PTR_EQUAL(p->pool, image->pool);
    CU_ASSERT_EQUAL(p->heap.total, kl__pool_slot_len(image->pool));
    CU_ASSERT_PTR_NULL(atomic_load(&image->fitted));
    CU_ASSERT_EQUAL(fake_slice(f), KD_NEXT_WAIT);
    taken = kl__heap_taken(&p->heap);
    fitted = atomic_load(&image->fitted);
    CU_ASSERT_PTR_NOT_NULL_FATAL(fitted);
    CU_ASSERT(kl__pool_slot_len(fitted) >= taken);
    CU_ASSERT(kl__pool_slot_len(fitted) < taken + KL_SLOT_ALIGN);
    f->worker->destroy(f->self, &f->proc);

    create(f);
    p = f->self;
    CU_ASSERT_PTR_EQUAL(p->pool, fitted);
    CU_ASSERT_EQUAL(fake_slice(f), KD_NEXT_WAIT);
    CU_ASSERT_PTR_NULL(p->heap.chunks);
    CU_ASSERT_PTR_EQUAL(atomic_load(&image->fitted), fitted);
    fake_free(f);
}

static void
test_process_that_is_like_no_other_is_no_measure(void)
{
    struct fake *f = fake_new();
    struct kl__image *image;

    CU_ASSERT_EQUAL_FATAL(fake_prepare(f, busy_program(f)), KD_OK);
    image = image_of(f);
    kl__image_fit(image, image->copied + ((size_t)1 << 20));
    CU_ASSERT_PTR_EQUAL(atomic_load(&image->fitted), image->pool);
    kl__image_fit(image, image->copied);
    CU_ASSERT_PTR_EQUAL(atomic_load(&image->fitted), image->pool);
    fake_free(f);
}

static void
test_slot_that_was_used_is_as_good_as_new(void)
{
    struct fake *f = fake_new();

    CU_ASSERT_EQUAL_FATAL(fake_prepare(f, busy_program(f)), KD_OK);
    for (size_t i = 0; i < 100; i++) {
        create(f);
        finish(f);
    }
    fake_free(f);
}

static void
test_program_without_image_is_made_the_slow_way(void)
{
    struct fake *f = fake_new();
    struct kl__program *program;

    CU_ASSERT_EQUAL_FATAL(fake_prepare(f, busy_program(f)), KD_OK);
    program = f->prepared;
    kl__image_free(program->image);
    program->image = NULL;
    for (size_t i = 0; i < 3; i++) {
        create(f);
        finish(f);
    }
    fake_free(f);
}

static void
plant(struct kl__image *image, size_t word, uintptr_t value)
{
    mprotect(image->arena.base, image->arena.cap, PROT_READ | PROT_WRITE);
    memcpy(image->arena.base + word * sizeof(value), &value, sizeof(value));
}

static void
test_images_with_a_word_of_the_other_do_not_agree(void)
{
    struct fake *f = fake_new();
    struct kl__image *one = NULL, *other = NULL;
    size_t last;

    CU_ASSERT_EQUAL_FATAL(fake_prepare(f, busy_program(f)), KD_OK);
    CU_ASSERT_EQUAL_FATAL(kl__image_new(f->prepared, &one), KD_OK);
    CU_ASSERT_EQUAL_FATAL(kl__image_new(f->prepared, &other), KD_OK);
    CU_ASSERT(kl__image_agrees(one, other));
    CU_ASSERT(kl__image_agrees(other, one));

    last = one->arena.at / sizeof(uintptr_t) - 1;
    plant(one, last, (uintptr_t)other->arena.base + other->arena.at);
    CU_ASSERT(!kl__image_agrees(one, other));
    CU_ASSERT(kl__image_agrees(other, one));
    plant(one, last, (uintptr_t)other->arena.base - 1);
    CU_ASSERT(kl__image_agrees(one, other));
    one->n_words--;
    CU_ASSERT(!kl__image_agrees(one, other));
    one->n_words++;

    kl__image_free(one);
    kl__image_free(other);
    fake_free(f);
}

/* A program full of numbers that could be addresses around `at`. */
static kd_entry *
hostile_program(struct fake *f, uintptr_t at)
{
    enum { NUMBERS = 4096, STEP = 8192 };
    size_t cap = 100 + NUMBERS * 24;
    char *source = malloc(cap);
    size_t len = 0;
    kd_entry *entry;

    CU_ASSERT_PTR_NOT_NULL_FATAL(source);
    len += (size_t)sprintf(source, "local t = {");
    for (uintptr_t i = 0; i < NUMBERS; i++)
        len += (size_t)snprintf(source + len, cap - len, "0x%jx,",
            (uintmax_t)(at - (NUMBERS / 2 - i) * STEP));
    snprintf(source + len, cap - len,
        "}\nreturn function() return t[1] == 0x%jx and #t end",
        (uintmax_t)(at - NUMBERS / 2 * (uintptr_t)STEP));
    entry = fake_program(f, "app:hostile", source);
    free(source);
    return entry;
}

/* Where the next image will be is where the last one was, sooner or later. */
static void
test_program_with_numbers_like_addresses_is_refused_and_runs(void)
{
    uintptr_t at = (uintptr_t)1 << 40;
    int is_refused = 0;

    for (int i = 0; i < 20 && !is_refused; i++) {
        struct fake *f = fake_new();

        CU_ASSERT_EQUAL_FATAL(
            fake_create(f, hostile_program(f, at), NULL), KD_OK);
        is_refused = image_of(f) == NULL;
        if (!is_refused)
            at = (uintptr_t)image_of(f)->arena.base;
        check_text("logged", f->logged,
            is_refused ? "the prepared state could not be verified: processes "
                         "are made the slow way"
                       : "");
        CU_ASSERT_EQUAL(fake_run(f), KD_NEXT_DONE);
        check_text("value", fake_value(f), "4096");
        fake_free(f);
    }
    CU_ASSERT(is_refused);
}

static void
test_limit_too_small_for_any_state_refuses_the_process(void)
{
    struct fake *f = fake_new();
    kd_entry *entry = fake_program(f, "app:p", "return print");

    fake_int(f, entry, "limits.memory", 4096);
    CU_ASSERT_EQUAL(fake_create(f, entry, NULL), KD_ENOMEM);
    check_text("logged", f->logged, "");
    fake_free(f);
}

/* Bytes that a process which is about to run this has in use. */
static size_t
used_by(const char *source)
{
    struct fake *f = fake_new();
    kd_entry *entry = fake_program(f, "app:p", source);
    size_t used;

    fake_list_add(f, entry, "modules", "time");
    CU_ASSERT_EQUAL_FATAL(fake_create(f, entry, NULL), KD_OK);
    CU_ASSERT_PTR_NOT_NULL_FATAL(image_of(f));
    used = ((struct kl__process *)f->self)->heap.used;
    CU_ASSERT_EQUAL(fake_run(f), KD_NEXT_DONE);
    check_text("value", fake_value(f), "true");
    fake_free(f);
    return used;
}

/* The texts differ in what they mention and hardly in what they are. */
static void
test_image_has_what_the_source_mentions_and_no_more(void)
{
    size_t none = used_by("return function() return _G.progress == nil end");
    size_t module = used_by("return function() return _G.process ~= nil end");
    size_t field =
        used_by("return function() return _G.process.pid ~= nil end");
    size_t declared = used_by("local time = require('time') "
                              "return function() return time ~= nil end");

    CU_ASSERT(module > none + 100 && module < none + 700);
    CU_ASSERT(field > module && field < module + 200);
    CU_ASSERT(declared > none + 100);
}

static const struct test_case tests[] = {
    TEST(test_copy_does_not_need_the_image),
    TEST(test_code_is_not_copied),
    TEST(test_slots_are_as_long_as_what_waits_in_them),
    TEST(test_process_that_is_like_no_other_is_no_measure),
    TEST(test_slot_that_was_used_is_as_good_as_new),
    TEST(test_program_without_image_is_made_the_slow_way),
    TEST(test_images_with_a_word_of_the_other_do_not_agree),
    TEST(test_program_with_numbers_like_addresses_is_refused_and_runs),
    TEST(test_image_has_what_the_source_mentions_and_no_more),
    TEST(test_limit_too_small_for_any_state_refuses_the_process),
};

TEST_MAIN("lua_image")
