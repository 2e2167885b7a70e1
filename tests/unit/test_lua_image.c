/* SPDX-License-Identifier: MIT */
/*
 * The prepared state: its copies behave as states that were built where they
 * lie, and one that cannot be trusted is not used.
 */

#include "lua_check.h"

#include "process_lua/memory/interned.h"
#include "process_lua/memory/pool.h"
#include "process_lua/process/process.h"
#include "process_lua/program/foresee.h"
#include "process_lua/program/image.h"
#include "process_lua/program/program.h"

#include <stdint.h>
#include <sys/mman.h>
#include <time.h>

/* Lua's seed is of this and of addresses: no two states here have the same, so
 * tables and the collector go in other orders. */
time_t
time(time_t *at)
{
    static time_t now = 1700000000;

    now += 12345;
    if (at != NULL)
        *at = now;
    return now;
}

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

/* Code and strings, the same for all; a copy that drops them frees nothing. */
static void
test_what_nobody_writes_is_not_copied(void)
{
    static const char text[] =
        "local function sum(a) local b = a\n"
        "  for i = 1, 9 do b = b * i + a // 3 - (b & 7) end return b end\n"
        "sum(3) sum = nil\n"
        "return function() return true end";
    struct fake *f = fake_new();
    struct kl__process *p;
    struct kl__image *image;
    const char *name;

    CU_ASSERT_EQUAL_FATAL(
        fake_create(f, fake_program(f, "app:p", text), NULL), KD_OK);
    image = image_of(f);
    p = f->self;
    CU_ASSERT_PTR_EQUAL(p->interned, &image->interned);
    CU_ASSERT_PTR_EQUAL(p->interned->from, image->arena.base + image->copied);
    CU_ASSERT_EQUAL(p->interned->len, image->arena.at - image->copied);
    CU_ASSERT(p->interned->len > 2000);
    CU_ASSERT_EQUAL(p->heap.used, image->arena.used - sizeof(*p));
    CU_ASSERT_EQUAL(fake_run(f), KD_NEXT_DONE);
    lua_settop(p->L, 0);
    lua_gc(p->L, LUA_GCCOLLECT, 0);
    name = lua_pushliteral(p->L, "__index");
    CU_ASSERT((size_t)((const unsigned char *)name - p->interned->from) <
              p->interned->len);
    fake_free(f);
}

/* Whatever a program may do with a table that all copies share: a write to one
 * is a crash. */
static const char reader[] =
    "local time = require('time')\n"
    "local function try(t)\n"
    "  assert(#t == 0 and rawlen(t) == 0 and next(t) == nil)\n"
    "  assert(rawget(t, 'send') == nil and t['no' .. 'thing'] == nil)\n"
    "  assert(not pcall(rawset, t, 'send', 1) and not pcall(rawset, t, 1, 1))\n"
    "  assert(not pcall(function() t.send = 1 end))\n"
    "  assert(not pcall(function() t[1] = 1 end))\n"
    "  assert(not pcall(table.insert, t, 1))\n"
    "  assert(not pcall(setmetatable, t, {}) and not getmetatable(t))\n"
    "  assert(not pcall(function() return t < t end))\n"
    "  assert(not pcall(function() return t + t end))\n"
    "  assert(not pcall(function() return t .. '' end) and not pcall(t))\n"
    "  assert(t == t and t ~= {} and tostring(t):find('^table'))\n"
    "  for name, value in pairs(t) do assert(t[name] == value) end\n"
    "end\n"
    "local function main()\n"
    "  local inbox, events = process.inbox(), process.events()\n"
    "  local all = {process, process.event, channel, time,\n"
    "    process['regis' .. 'try']}\n"
    "  local weak = setmetatable({}, {__mode = 'kv'})\n"
    "  assert(all[5] == process['reg' .. 'istry'])\n"
    "  for i = 1, 6 do\n"
    "    for _, t in ipairs(all) do try(t) weak[t] = t end\n"
    "    local ch = channel.new(i)\n"
    "    assert(ch ~= inbox and ch == ch and not getmetatable(ch))\n"
    "    assert(not pcall(function() return #ch end))\n"
    "    assert(not pcall(function() ch.x = 1 end) and ch['x' .. i] == nil)\n"
    "    assert(ch['clo' .. 'se'] == ch['c' .. 'lose'])\n"
    "    local msg = inbox:receive()\n"
    "    assert(msg:payload():data() == i and msg['to' .. 'pic'](msg) == 'x')\n"
    "    assert(time.unix(i, 0) == time.unix(i, 0))\n"
    "    assert(time.now() >= time.unix(0, 0))\n"
    "    for _, t in ipairs(all) do assert(weak[t] == t) end\n"
    "  end\n"
    "  return true\n"
    "end\n"
    "return {main = main}\n";

static void
test_tables_that_nobody_changes_are_not_copied(void)
{
    struct fake *f = fake_new();
    kd_entry *entry = fake_program(f, "app:p", reader);
    struct kl__process *p;

    fake_list_add(f, entry, "modules", "time");
    CU_ASSERT_EQUAL_FATAL(fake_create(f, entry, NULL), KD_OK);
    CU_ASSERT_PTR_NOT_NULL_FATAL(image_of(f));
    p = f->self;
    CU_ASSERT_EQUAL(lua_getglobal(p->L, "process"), LUA_TTABLE);
    CU_ASSERT(kl__interned_holds(p->interned, lua_topointer(p->L, -1)));
    CU_ASSERT_EQUAL(luaL_getmetafield(p->L, -1, "__index"), LUA_TTABLE);
    CU_ASSERT(kl__interned_holds(p->interned, lua_topointer(p->L, -1)));
    CU_ASSERT_EQUAL(lua_getfield(p->L, -1, "event"), LUA_TTABLE);
    CU_ASSERT(kl__interned_holds(p->interned, lua_topointer(p->L, -1)));
    lua_pop(p->L, 3);
    for (int i = 1; i <= 6; i++) {
        kd_writer mail = {0};

        CU_ASSERT_EQUAL_FATAL(fake_run(f), KD_NEXT_WAIT);
        lua_gc(p->L, i % 2 == 0 ? LUA_GCGEN : LUA_GCINC, 0, 0, 0);
        for (int k = 0; k < 3; k++)
            lua_gc(p->L, LUA_GCCOLLECT, 0);
        CU_ASSERT(
            kl__interned_holds(p->interned, p->metatables[KL_OBJECT_CHANNEL]));
        kd_write_int(&mail, i);
        fake_mail(f, fake_pid(2), "x", 0, &mail);
        kd_writer_free(&mail);
    }
    CU_ASSERT_EQUAL(fake_run(f), KD_NEXT_DONE);
    check_text("error", fake_error_message(f), "");
    check_text("value", fake_value(f), "true");
    fake_free(f);
}

/* The list of blocks moves when there are more of them, whenever that is: each
 * name is one, and the sanitizer sees who still looks at the old list. */
static void
test_image_of_any_number_of_blocks_can_be_built(void)
{
    for (int n = 1; n <= 200; n++) {
        struct fake *f = fake_new();
        char text[4096];
        size_t len = (size_t)snprintf(text, sizeof(text),
            "return function() process.inbox() return 'name 0'");

        for (int i = 1; i < n; i++)
            len += (size_t)snprintf(
                text + len, sizeof(text) - len, ", 'name %d'", i);
        snprintf(text + len, sizeof(text) - len, " end");
        CU_ASSERT_EQUAL_FATAL(
            fake_prepare(f, fake_program(f, "app:p", text)), KD_OK);
        CU_ASSERT_PTR_NOT_NULL(image_of(f));
        fake_free(f);
    }
}

/* A zone is an object of the state's own, so the module that has it is, too. */
static void
test_table_that_leads_to_what_is_copied_is_copied(void)
{
    struct fake *f = fake_new();
    kd_entry *entry = fake_program(f, "app:p",
        "local time = require('time')\n"
        "return function() process.pid()\n"
        "  return time.now():in_location(time.utc):location():string() end");
    struct kl__process *p;

    fake_list_add(f, entry, "modules", "time");
    CU_ASSERT_EQUAL_FATAL(fake_create(f, entry, NULL), KD_OK);
    CU_ASSERT_PTR_NOT_NULL_FATAL(image_of(f));
    p = f->self;
    lua_getglobal(p->L, "process");
    CU_ASSERT(kl__interned_holds(p->interned, lua_topointer(p->L, -1)));
    luaL_getsubtable(p->L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
    CU_ASSERT_EQUAL(lua_getfield(p->L, -1, "time"), LUA_TTABLE);
    CU_ASSERT_FALSE(kl__interned_holds(p->interned, lua_topointer(p->L, -1)));
    lua_pop(p->L, 3);
    CU_ASSERT_EQUAL(fake_run(f), KD_NEXT_DONE);
    check_text("error", fake_error_message(f), "");
    check_text("value", fake_value(f), "UTC");
    fake_free(f);
}

static unsigned char *
chained(const unsigned char *string)
{
    unsigned char *next;

    memcpy(&next, string + KL_STRING_CHAIN * sizeof(next), sizeof(next));
    return next;
}

/* How often a string is in the chain where Lua looks for it. */
static int
times_in_chain(const struct kl__string_table *table, const unsigned char *text)
{
    uint32_t hash;
    int n = 0;

    memcpy(&hash, text + KL_STRING_HASH, sizeof(hash));
    for (unsigned char *at = table->hash[hash & ((uint32_t)table->size - 1)];
         at != NULL; at = chained(at))
        n += at == text;
    return n;
}

/* Each string of the image is there once, and more is counted than there is
 * only as far as it keeps Lua from making the table shorter. */
static void
check_strings(struct kl__process *p)
{
    const struct kl__interned *interned = p->interned;
    const struct kl__string_table *table = kl__interned_table(interned, p->L);
    int n = 0, n_own = 0;

    for (int i = 0; i < interned->size; i++) {
        for (unsigned char *at = interned->hash[i]; at != NULL;
             at = chained(at)) {
            CU_ASSERT_EQUAL(times_in_chain(table, at), 1);
            n++;
        }
    }
    CU_ASSERT_EQUAL(n, interned->n);
    for (int i = 0; i < table->size; i++) {
        for (unsigned char *at = table->hash[i];
             at != NULL && (size_t)(at - interned->from) >= interned->len;
             at = chained(at))
            n_own++;
    }
    CU_ASSERT_EQUAL(
        table->n, n_own + (table->size / 4 > n ? table->size / 4 : n));
}

/* What shows that it cannot be written to: to do so is a crash. */
static void
test_table_of_strings_grows_and_shared_ones_stay(void)
{
    static const char text[] =
        "local names = {alpha = 1, beta = 2, gamma = 3,\n"
        "  ['a text that is too long for the table of short strings'] = 4}\n"
        "local function look()\n"
        "  local sum = 0\n"
        "  for i, name in ipairs{'al' .. 'pha', 'be' .. 'ta', 'gam' .. 'ma',\n"
        "      'a text that is too long ' .. 'for the table of short "
        "strings'}\n"
        "  do sum = sum + names[name] end\n"
        "  return sum == 10 and _G['pro' .. 'cess'] ~= nil\n"
        "end\n"
        "return function()\n"
        "  local inbox, good = process.inbox(), true\n"
        "  for _, n in ipairs{100, 5000, 10, 20000} do\n"
        "    local many = {}\n"
        "    for i = 1, n do\n"
        "      many[i] = 'name' .. i\n"
        "      if i % 97 == 0 then good = good and look() end\n"
        "    end\n"
        "    inbox:receive()\n"
        "    many = nil\n"
        "    good = good and look()\n"
        "    inbox:receive()\n"
        "  end\n"
        "  return good\n"
        "end\n";
    struct fake *f = fake_new();
    struct kl__process *p;

    CU_ASSERT_EQUAL_FATAL(
        fake_create(f, fake_program(f, "app:p", text), NULL), KD_OK);
    CU_ASSERT_PTR_NOT_NULL_FATAL(image_of(f));
    p = f->self;
    check_strings(p);
    for (int i = 0; i < 8; i++) {
        kd_writer mail = {0};

        CU_ASSERT_EQUAL_FATAL(fake_run(f), KD_NEXT_WAIT);
        check_strings(p);
        for (int k = 0; k < 3; k++)
            lua_gc(p->L, LUA_GCCOLLECT, 0);
        check_strings(p);
        kd_write_int(&mail, i);
        fake_mail(f, fake_pid(2), "x", 0, &mail);
        kd_writer_free(&mail);
    }
    CU_ASSERT_EQUAL(fake_run(f), KD_NEXT_DONE);
    check_text("value", fake_value(f), "true");
    fake_free(f);
}

/* An image up to the step at which it is seen what copies can share. */
static struct kl__process *
begin(struct fake *f, struct kl__image *image)
{
    const struct kl__program *program = f->prepared;
    struct kl__process *p;

    memset(image, 0, sizeof(*image));
    CU_ASSERT_EQUAL_FATAL(
        kl__arena_init(&image->arena, (size_t)1 << 24, 16), 0);
    p = kl__arena_alloc(&image->arena, NULL, KL_BLOCK_ARRAY, sizeof(*p));
    CU_ASSERT_PTR_NOT_NULL_FATAL(p);
    p->api = program->api;
    p->program = program;
    CU_ASSERT_EQUAL_FATAL(
        kl__process_load(p, kl__arena_alloc, &image->arena), 0);
    lua_pushcfunction(p->L, kl__foresee);
    lua_pushlightuserdata(p->L, image);
    lua_call(p->L, 1, 0);
    CU_ASSERT_EQUAL(kl__image_find_list(image), 0);
    lua_gc(p->L, LUA_GCCOLLECT, 0);
    lua_gc(p->L, LUA_GCCOLLECT, 0);
    CU_ASSERT_EQUAL_FATAL(kl__image_scan(image), 0);
    return p;
}

/* The last block of a kind, or that of the only long string. */
static unsigned char *
last_of(const struct kl__image *image, size_t kind, unsigned char type)
{
    unsigned char *found = NULL;

    for (size_t i = 0; i < image->arena.n_blocks; i++) {
        const struct kl__block *block = &image->arena.blocks[i];
        unsigned char *at = image->arena.base + block->at;

        if (block->len > 0 && block->kind == kind && at[KL_OBJECT_TYPE] == type)
            found = at;
    }
    CU_ASSERT_PTR_NOT_NULL_FATAL(found);
    return found;
}

static void
spoil_mark(struct kl__image *image)
{
    last_of(image, KL_BLOCK_STRING, KL_TYPE_SHORT)[KL_OBJECT_MARK] ^= 0x20;
}

static void
spoil_list(struct kl__image *image)
{
    memset(last_of(image, LUA_TTABLE, 0x05), 0, sizeof(void *));
}

static void
spoil_hash(struct kl__image *image)
{
    last_of(image, KL_BLOCK_STRING, KL_TYPE_SHORT)[KL_STRING_HASH] ^= 1;
}

static void
spoil_seed(struct kl__image *image)
{
    last_of(image, KL_BLOCK_STRING, KL_TYPE_LONG)[KL_STRING_HASH] ^= 1;
}

static void
spoil_type(struct kl__image *image)
{
    last_of(image, KL_BLOCK_STRING, KL_TYPE_LONG)[KL_OBJECT_TYPE] = 0x24;
}

/* The prototype's first pointer leads to a table that is copied. */
static void
spoil_proto(struct kl__image *image)
{
    const struct kl__process *p = (void *)image->arena.base;
    uintptr_t table = (uintptr_t)lua_topointer(p->L, LUA_REGISTRYINDEX);
    uintptr_t *words = (uintptr_t *)(void *)last_of(image, KL_BLOCK_PROTO, 10);
    size_t i = 1;

    while (words[i] - (uintptr_t)image->arena.base >= image->arena.at)
        i++;
    words[i] = table;
}

/* One that is to be shared does not look like others. */
static void
spoil_constant(struct kl__image *image)
{
    const struct kl__block *block = image->arena.blocks;

    while (!block->is_constant)
        block++;
    image->arena.base[block->at + KL_OBJECT_MARK] ^= 0x20;
}

static void
spoil_count(struct kl__image *image)
{
    const struct kl__process *p = (void *)image->arena.base;
    struct kl__interned interned = {0};
    unsigned char *thread = (unsigned char *)p->L;
    struct kl__string_table *table;

    do {
        interned.table += sizeof(void *);
        table = kl__interned_table(&interned, thread);
    } while (table->size != 128 || table->n < 50 || table->n > 128);
    table->n++;
}

/* A Lua whose objects are not what they were. */
static void
test_unknown_lua_shares_nothing(void)
{
    static void (*const spoils[])(struct kl__image *) = {spoil_mark, spoil_list,
        spoil_hash, spoil_seed, spoil_type, spoil_proto, spoil_constant,
        spoil_count};
    struct fake *f = fake_new();
    struct kl__image image;

    CU_ASSERT_EQUAL_FATAL(
        fake_prepare(
            f, fake_program(f, "app:p",
                   "return function() return process, "
                   "'a text that is too long for the table of short strings' "
                   "end")),
        KD_OK);
    begin(f, &image);
    CU_ASSERT_EQUAL(kl__image_share(&image), 0);
    kl__arena_fini(&image.arena);
    free(image.words);
    for (size_t i = 0; i < sizeof(spoils) / sizeof(spoils[0]); i++) {
        begin(f, &image);
        spoils[i](&image);
        CU_ASSERT_EQUAL(kl__image_share(&image), -1);
        kl__arena_fini(&image.arena);
        free(image.words);
    }
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
    TEST(test_what_nobody_writes_is_not_copied),
    TEST(test_tables_that_nobody_changes_are_not_copied),
    TEST(test_image_of_any_number_of_blocks_can_be_built),
    TEST(test_table_that_leads_to_what_is_copied_is_copied),
    TEST(test_table_of_strings_grows_and_shared_ones_stay),
    TEST(test_unknown_lua_shares_nothing),
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
