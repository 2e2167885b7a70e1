/* SPDX-License-Identifier: MIT */
/*
 * The embedder's allocator: what the library takes, and that all of it goes
 * back.
 */

#include "harness.h"

#include "base/sanitizer.h"
#include "base/scope.h"

#include <errno.h>
#include <kindred/ext/memory.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MAGIC     UINT64_C(0x6b6e64722d616c6c)
#define HEAD      16
#define STOP_NS   UINT64_C(10000000000)
#define STRING_4M ((size_t)4 << 20)

/* Blocks have a head, so that one of somebody else's is noticed. */
struct head {
    uint64_t magic;
    uint64_t size;
};

static atomic_long live;
static atomic_long foreign; /* Blocks that were never ours. */
static atomic_size_t used, peak;
static atomic_long left; /* So many requests are granted; below 0: all. */

static struct head *
head_of(void *block)
{
    struct head *head = (struct head *)(void *)((char *)block - HEAD);

    if (head->magic != MAGIC)
        atomic_fetch_add(&foreign, 1);
    return head;
}

static void
count(size_t size)
{
    size_t now = atomic_fetch_add(&used, size) + size;
    size_t most = atomic_load(&peak);

    while (now > most && !atomic_compare_exchange_weak(&peak, &most, now))
        continue;
}

static void *
take(void *arg, void *block, size_t size)
{
    struct head *head = block == NULL ? NULL : head_of(block);
    size_t old = head == NULL ? 0 : head->size;

    CU_ASSERT_PTR_EQUAL(arg, &live);
    CU_ASSERT(size > 0);
    if (atomic_load(&left) >= 0 && atomic_fetch_sub(&left, 1) <= 0) {
        atomic_store(&left, 0);
        return NULL;
    }
    head = realloc(head, HEAD + size);
    if (head == NULL)
        return NULL;
    head->magic = MAGIC;
    head->size = size;
    count(size);
    atomic_fetch_sub(&used, old);
    atomic_fetch_add(&live, block == NULL ? 1 : 0);
    return (char *)head + HEAD;
}

static void
give(void *arg, void *block)
{
    struct head *head = head_of(block);

    CU_ASSERT_PTR_EQUAL(arg, &live);
    atomic_fetch_sub(&used, head->size);
    atomic_fetch_sub(&live, 1);
    head->magic = 0;
    free(head);
    errno = EIO; /* It may do so: errno is the library's to keep. */
}

static const kd_allocator allocator = {
    .size = sizeof(kd_allocator), .arg = &live, .realloc = take, .free = give};

static const char index_text[] =
    "namespace: app\n"
    "entries:\n"
    "- {name: host, kind: process.host, host: {workers: 2},\n"
    "   lifecycle: {auto_start: true}}\n"
    "- name: crew\n"
    "  kind: supervisor.one_for_one\n"
    "  host: app:host\n"
    "  restarts: {max: 1000}\n"
    "  children: [{id: a, process: 'app:failing'}]\n"
    "  lifecycle: {auto_start: true}\n"
    "- name: failing\n"
    "  kind: process.lua\n"
    "  modules: [time]\n"
    "  source: |\n"
    "    local time = require('time')\n"
    "    return function() time.sleep('1ms') error('x') end\n"
    "- name: large\n"
    "  kind: process.lua\n"
    "  source: |\n"
    "    return function()\n"
    "        print('large')\n"
    "        process.spawn_monitored('app:failing', 'app:host')\n"
    "        local text, list = ('x'):rep(4 * 1024 * 1024), {}\n"
    "        for i = 1, 1000 do list[i] = {i} end\n"
    "        process.send(process.pid(), 'to me', text)\n"
    "        process.events():receive()\n"
    "        return #process.listen('to me'):receive()\n"
    "    end\n";

static const kd_text text = {
    sizeof(kd_text), 0, "_index.yaml", index_text, sizeof(index_text) - 1};

static void
on_diagnostic(void *arg, uint32_t level, const char *line)
{
    (void)arg;
    (void)level;
    puts(line);
}

static void
on_ended(void *arg, const kd_exit *exit)
{
    atomic_int *ended = arg;

    (void)exit;
    atomic_fetch_add(ended, 1);
}

static void
on_log(void *arg, const kd_log_record *record, int64_t unix_ns, const char *pid)
{
    (void)arg;
    (void)record;
    (void)unix_ns;
    (void)pid;
}

static void
on_output(void *arg, const char *data, size_t len)
{
    (void)arg;
    (void)data;
    (void)len;
}

static void
on_message(void *arg, const kd_message *message)
{
    (void)arg;
    (void)message;
}

static void
on_release(void *arg)
{
    atomic_store((atomic_int *)arg, 1);
}

/* What takes or gives memory on a thread that serves nobody. */
static void
ask(kd_runtime *runtime)
{
    const kd_api *api = kd_runtime_api(runtime);
    const kd_memory *memory = api->service(api, KD_MEMORY);
    kd_log_record record = {.size = sizeof(record),
        .level = KD_LOG_ERROR,
        .text = "asked",
        .fields = kd_payload_none()};
    kd_spawn what = {.size = sizeof(what),
        .entry = "app:failing",
        .host = "app:host",
        .args = kd_payload_none(),
        .context = kd_payload_none()};
    kd_payload none = kd_payload_none();
    atomic_int released = 0;
    kd_pid pid, child;
    kd_buf *buf;
    void *block;

    CU_ASSERT_EQUAL(kd_runtime_receive(runtime, "app:host", NULL, on_message,
                        NULL, &pid, NULL),
        KD_OK);
    api->log(api, &record);
    kd_runtime_tree(runtime);
    CU_ASSERT_EQUAL(api->send(api, pid, "x", 1, 0, &none, NULL), KD_OK);
    CU_ASSERT_EQUAL(api->spawn(api, &what, &child, NULL), KD_OK);
    CU_ASSERT_EQUAL(api->name_register(api, "n", 1, pid, NULL), KD_OK);
    CU_ASSERT_EQUAL(api->name_unregister(api, "n", 1), KD_OK);
    api->cancel(api, child, 0, 0, "a reason", NULL);
    api->terminate(api, child, NULL);
    buf = api->buf_wrap(api, KD_FORMAT_BYTES, "x", 1, on_release, &released);
    api->buf_release(buf);
    CU_ASSERT_EQUAL(atomic_load(&released), 1);
    block = memory->realloc(api, NULL, 100);
    block = memory->realloc(api, block, 10000);
    memory->free(api, block);
    CU_ASSERT_EQUAL(api->cancel(api, pid, KD_NEVER, 0, NULL, NULL), KD_OK);
}

static void
run(const kd_allocator *memory, uint32_t flags)
{
    kd_config config = {.size = sizeof(config),
        .flags = flags,
        .preempt_signal = SIGURG,
        .diagnostic = on_diagnostic,
        .log = on_log,
        .output = on_output,
        .allocator = memory};
    kd_spawn what = {.size = sizeof(what),
        .entry = "app:large",
        .host = "app:host",
        .args = kd_payload_none(),
        .context = kd_payload_none()};
    atomic_int ended = 0;
    kd_error err = KD_ERROR_INIT;
    kd_runtime *runtime;
    kd_pid pid;

    CU_ASSERT_EQUAL_FATAL(kd_runtime_new(&config, &runtime, &err), KD_OK);
    CU_ASSERT_EQUAL_FATAL(kd_runtime_search(runtime, &err), KD_OK);
    CU_ASSERT_PTR_NOT_NULL(kd_runtime_kind_find(runtime, "process.host"));
    CU_ASSERT_EQUAL_FATAL(
        kd_runtime_open_texts(runtime, NULL, &text, 1, &err), KD_OK);
    CU_ASSERT_EQUAL_FATAL(kd_runtime_start(runtime, &err), KD_OK);
    CU_ASSERT_EQUAL(
        kd_runtime_spawn(runtime, &what, on_ended, &ended, &pid, &err), KD_OK);
    ask(runtime);
    while (atomic_load(&ended) == 0) {
        if ((flags & KD_CONFIG_STEPPED) != 0)
            kd_runtime_step(runtime, 1000000, NULL);
        else
            sched_yield();
    }
    CU_ASSERT_EQUAL(kd_runtime_stop(runtime, STOP_NS, &err), KD_OK);
    CU_ASSERT_EQUAL(kd_runtime_free(runtime, &err), KD_OK);
}

static void
begin(long granted)
{
    atomic_store(&left, granted);
    atomic_store(&peak, 0);
}

static void
end(void)
{
    CU_ASSERT_EQUAL(atomic_load(&live), 0);
    CU_ASSERT_EQUAL(atomic_load(&used), 0);
    CU_ASSERT_EQUAL(atomic_load(&foreign), 0);
}

static void
test_all_that_was_taken_goes_back(void)
{
    begin(-1);
    run(&allocator, 0);
    /* Lua's memory as well: but a sanitizer is to see that as malloc's. */
    CU_ASSERT(atomic_load(&peak) > (KD__SANITIZE_ADDRESS ? 0 : STRING_4M));
    end();
    begin(-1);
    run(&allocator, KD_CONFIG_STEPPED);
    CU_ASSERT(atomic_load(&peak) > 0);
    end();
    /* A runtime beside it that has malloc asks for nothing. */
    begin(-1);
    run(NULL, 0);
    CU_ASSERT_EQUAL(atomic_load(&peak), 0);
    end();
}

static void
test_runtime_without_memory_takes_nothing(void)
{
    kd_config config = {.size = sizeof(config), .allocator = &allocator};
    kd_error err = KD_ERROR_INIT;
    kd_runtime *runtime;
    kd_status status = KD_ENOMEM;
    long n = 0;

    for (; status == KD_ENOMEM && n < 10000; n++) {
        begin(n);
        status = kd_runtime_new(&config, &runtime, &err);
        if (status == KD_OK)
            CU_ASSERT_EQUAL(kd_runtime_free(runtime, &err), KD_OK);
        end();
    }
    CU_ASSERT_EQUAL(status, KD_OK);
    CU_ASSERT(n > 3);
}

static void
test_errno_is_that_of_the_failure(void)
{
    char *path;

    begin(-1);
    {
        KD__SCOPE(&allocator);
        path = kd__strdup("/");
        errno = ENOENT;
        kd__free(path);
        CU_ASSERT_EQUAL(errno, ENOENT);
        CU_ASSERT_PTR_NULL(kd__realpath("/none/of/these"));
        CU_ASSERT_EQUAL(errno, ENOENT);
        atomic_store(&left, 0);
        errno = 0;
        CU_ASSERT_PTR_NULL(kd__realpath("/"));
        CU_ASSERT_EQUAL(errno, ENOMEM);
    }
    end();
}

static void
check_refused(const kd_allocator *bad)
{
    kd_config config = {.size = sizeof(config), .allocator = bad};
    kd_error err = KD_ERROR_INIT;
    kd_runtime *runtime;

    CU_ASSERT_EQUAL(kd_runtime_new(&config, &runtime, &err), KD_EINVAL);
    CU_ASSERT_STRING_EQUAL(err.text,
        "kd_allocator without its size or calls, or of a later library");
}

static void
test_unusable_allocator_is_refused(void)
{
    kd_allocator bad = allocator;

    bad.free = NULL;
    check_refused(&bad);
    bad = allocator;
    bad.realloc = NULL;
    check_refused(&bad);
    bad = allocator;
    bad.reserved = 1;
    check_refused(&bad);
    bad = allocator;
    bad.size = 8;
    check_refused(&bad);
}

/* Two runtimes, each with memory of its own, and what goes from the one to the
 * other through the program and outlives both. */
static void
test_buffers_go_back_to_where_they_are_from(void)
{
    kd_config config = {.size = sizeof(config), .allocator = &allocator};
    kd_error err = KD_ERROR_INIT;
    kd_runtime *ours, *other;
    const kd_api *api;
    void (*release)(kd_buf * buf);
    kd_buf *buf, *foreigner;

    begin(-1);
    CU_ASSERT_EQUAL_FATAL(kd_runtime_new(&config, &ours, &err), KD_OK);
    config.allocator = NULL;
    CU_ASSERT_EQUAL_FATAL(kd_runtime_new(&config, &other, &err), KD_OK);
    api = kd_runtime_api(ours);
    buf = api->buf_copy(api, KD_FORMAT_BYTES, "abc", 3);
    api = kd_runtime_api(other);
    foreigner = api->buf_copy(api, KD_FORMAT_BYTES, "abc", 3);
    release = api->buf_release;
    CU_ASSERT_EQUAL(kd_runtime_free(other, &err), KD_OK);
    CU_ASSERT_EQUAL(kd_runtime_free(ours, &err), KD_OK);
    CU_ASSERT_EQUAL(atomic_load(&live), 1);
    release(buf);
    release(foreigner);
    end();
}

/* The small ones, which the library has in place of the C library's. */
static void
test_texts_are_copied_into_it(void)
{
    char *made = NULL;

    KD__SCOPE(&allocator);

    begin(-1);
    made = kd__strndup("abcdef", 3);
    CU_ASSERT_STRING_EQUAL(made, "abc");
    kd__free(made);
    CU_ASSERT_EQUAL(kd__asprintf(&made, "%d-%s", 7, "x"), 3);
    CU_ASSERT_STRING_EQUAL(made, "7-x");
    kd__free(made);
    made = kd__realpath("/");
    CU_ASSERT_STRING_EQUAL(made, "/");
    kd__free(made);
    CU_ASSERT_PTR_NULL(kd__realpath("/nosuch/file"));
    CU_ASSERT_PTR_NULL(kd__calloc(SIZE_MAX / 2, 4));
    kd__free(NULL);
    end();
    begin(0);
    CU_ASSERT_PTR_NULL(kd__strdup("x"));
    CU_ASSERT_EQUAL(kd__asprintf(&made, "x"), -1);
    CU_ASSERT_PTR_NULL(kd__realpath("/"));
    end();
}

static const struct test_case tests[] = {
    TEST(test_all_that_was_taken_goes_back),
    TEST(test_runtime_without_memory_takes_nothing),
    TEST(test_errno_is_that_of_the_failure),
    TEST(test_unusable_allocator_is_refused),
    TEST(test_buffers_go_back_to_where_they_are_from),
    TEST(test_texts_are_copied_into_it),
};

TEST_MAIN("allocator")
