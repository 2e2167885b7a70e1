/* SPDX-License-Identifier: MIT */
/*
 * A runtime inside a product: applications that lie in memory, a loop that is
 * not ours, processes that talk to C, and that nothing is left in the end
 * (semantics K4).
 */

#include "actors.h"

#include "harness.h"

#include <dirent.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const char index_text[] =
    "namespace: app\n"
    "entries:\n"
    "- {name: host, kind: process.host, host: {workers: 2},\n"
    "   lifecycle: {auto_start: true}}\n"
    "- {name: echo, kind: process.lua, source: 'file://lua/echo.lua'}\n"
    "- {name: nap, kind: process.lua, modules: [time],\n"
    "   source: 'file://lua/nap.lua'}\n"
    "- {name: spin, kind: process.lua, source: 'file://lua/spin.lua'}\n";

static const char echo_text[] =
    "return {main = function()\n"
    "    local inbox = process.inbox()\n"
    "    while true do\n"
    "        local msg = inbox:receive()\n"
    "        process.send('c', 'echo', msg:payload():data())\n"
    "        if msg:topic() == 'last' then return 'done' end\n"
    "    end\n"
    "end}\n";

static const char nap_text[] =
    "local time = require('time')\n"
    "return {main = function() time.sleep('20ms'); print('slept') end}\n";

static const char spin_text[] =
    "return {main = function() while true do end end}\n";

#define TEXT(name, string)                                                     \
    {                                                                          \
        sizeof(kd_text), 0, name, string, sizeof(string) - 1                   \
    }

static const kd_text texts[] = {
    TEXT("_index.yaml", index_text),
    TEXT("lua/echo.lua", echo_text),
    TEXT("lua/nap.lua", nap_text),
    TEXT("lua/spin.lua", spin_text),
};
#define N_TEXTS (sizeof(texts) / sizeof(texts[0]))

/* One runtime, and what it has told. */
struct product {
    kd_runtime *runtime;
    const kd_api *api;
    atomic_long received; /* Messages. */
    atomic_long released; /* Last calls of the receiver. */
    atomic_long ended;
    atomic_long failed;
    atomic_long logged;
    char last[32];
    char printed[64];
    char diagnostics[512];
};

static void
on_output(void *arg, const char *data, size_t len)
{
    strncat(((struct product *)arg)->printed, data, len);
}

static void
on_log(void *arg, const kd_log_record *record, int64_t unix_ns, const char *pid)
{
    struct product *product = arg;

    (void)record;
    (void)unix_ns;
    (void)pid;
    atomic_fetch_add(&product->logged, 1);
}

static void
on_diagnostic(void *arg, uint32_t level, const char *line)
{
    struct product *product = arg;

    (void)level;
    strncat(product->diagnostics, line,
        sizeof(product->diagnostics) - strlen(product->diagnostics) - 1);
}

static void
on_message(void *arg, const kd_message *message)
{
    struct product *product = arg;
    kd_reader reader;
    kd_item item;

    if (message == NULL) {
        atomic_fetch_add(&product->released, 1);
        return;
    }
    reader = kd_reader_make(message->payload.data, message->payload.len);
    if (kd_reader_next(&reader, &item) == KD_TERM_STRING &&
        item.len < sizeof(product->last)) {
        memcpy(product->last, item.data, item.len);
        product->last[item.len] = '\0';
    }
    atomic_fetch_add(&product->received, 1);
}

static void
on_ended(void *arg, const kd_exit *exit)
{
    struct product *product = arg;

    atomic_fetch_add(&product->failed, exit->failed != 0);
    atomic_fetch_add(&product->ended, 1);
}

static void
make(struct product *product, uint32_t flags)
{
    kd_config config = {.size = sizeof(config), .flags = flags};
    kd_error err = KD_ERROR_INIT;

    memset(product, 0, sizeof(*product));
    config.arg = product;
    config.output = on_output;
    config.log = on_log;
    config.diagnostic = on_diagnostic;
    config.preempt_signal = SIGURG;
    CU_ASSERT_EQUAL_FATAL(
        kd_runtime_new(&config, &product->runtime, &err), KD_OK);
    CU_ASSERT_EQUAL_FATAL(kd_runtime_search(product->runtime, &err), KD_OK);
    product->api = kd_runtime_api(product->runtime);
}

static void
start(struct product *product, uint32_t flags)
{
    kd_error err = KD_ERROR_INIT;

    make(product, flags);
    CU_ASSERT_EQUAL_FATAL(
        kd_runtime_open_texts(product->runtime, NULL, texts, N_TEXTS, &err),
        KD_OK);
    CU_ASSERT_EQUAL_FATAL(kd_runtime_start(product->runtime, &err), KD_OK);
}

static void
finish(struct product *product)
{
    kd_error err = KD_ERROR_INIT;

    CU_ASSERT_EQUAL(
        kd_runtime_stop(product->runtime, 5000000000u, &err), KD_OK);
    CU_ASSERT_EQUAL(kd_runtime_free(product->runtime, NULL), KD_OK);
}

static kd_status
try_spawn(struct product *product, const char *entry, const char *host,
    uint32_t flags, kd_pid *pid, kd_error *err)
{
    kd_spawn what = {.size = sizeof(what),
        .flags = flags,
        .entry = entry,
        .host = host,
        .args = kd_payload_none(),
        .context = kd_payload_none()};

    *pid = (kd_pid)KD_PID_NONE_INIT;
    return kd_runtime_spawn(
        product->runtime, &what, on_ended, product, pid, err);
}

static kd_pid
spawn(struct product *product, const char *entry)
{
    kd_pid pid;

    CU_ASSERT_EQUAL(
        try_spawn(product, entry, "app:host", 0, &pid, NULL), KD_OK);
    return pid;
}

static void
send_text(
    struct product *product, kd_pid to, const char *topic, const char *text)
{
    kd_writer writer = {0};
    kd_payload payload;

    kd_write_string(&writer, text, strlen(text));
    payload = kd_payload_make(KD_FORMAT_TERM, writer.data, writer.len);
    CU_ASSERT_EQUAL(product->api->send(product->api, to, topic, strlen(topic),
                        0, &payload, NULL),
        KD_OK);
    kd_writer_free(&writer);
}

/* A turn of the loop that is not ours: all that it knows is poll(). */
static void
turn(struct product *products, size_t n)
{
    struct pollfd fds[2];
    kd_time now = products[0].api->now_ns(products[0].api);
    int timeout = -1;

    for (size_t i = 0; i < n; i++) {
        kd_time due = kd_runtime_next_due(products[i].runtime);
        int ms = due <= now ? 0
                 : due - now > 10000000000u
                     ? -1
                     : (int)((due - now + 999999) / 1000000);

        if (ms >= 0 && (timeout < 0 || ms < timeout))
            timeout = ms;
        fds[i].fd = kd_runtime_fd(products[i].runtime);
        fds[i].events = POLLIN;
    }
    poll(fds, n, timeout);
    for (size_t i = 0; i < n; i++)
        CU_ASSERT_EQUAL(
            kd_runtime_step(products[i].runtime, 1000000, NULL), KD_OK);
}

static size_t
count_in(const char *path)
{
    DIR *dir = opendir(path);
    size_t n = 0;

    while (dir != NULL && readdir(dir) != NULL)
        n++;
    closedir(dir);
    return n;
}

#define THREADS count_in("/proc/self/task")
#define FDS     count_in("/proc/self/fd")

/* What a program has that a runtime could change. */
struct state {
    size_t threads;
    size_t fds;
    struct sigaction urgent;
    sigset_t mask;
};

static struct state
state_take(void)
{
    struct state state;

    memset(&state, 0, sizeof(state));
    state.threads = THREADS;
    state.fds = FDS;
    sigaction(SIGURG, NULL, &state.urgent);
    pthread_sigmask(SIG_SETMASK, NULL, &state.mask);
    return state;
}

/* A thread that was joined may be seen for a moment still. */
static void
state_check(const struct state *old)
{
    struct state now;

    while (THREADS != old->threads)
        sched_yield();
    now = state_take();
    CU_ASSERT_EQUAL(now.fds, old->fds);
    CU_ASSERT(now.urgent.sa_handler == old->urgent.sa_handler);
    CU_ASSERT(memcmp(&now.mask, &old->mask, sizeof(now.mask)) == 0);
}

/* The embedder talks with a Lua program. `turns` drives it, or waits. */
static void
talk(struct product *product, void (*turns)(struct product *product, long n))
{
    kd_pid receiver;
    kd_pid echo;

    CU_ASSERT_EQUAL(kd_runtime_receive(product->runtime, NULL, "c", on_message,
                        product, &receiver, NULL),
        KD_OK);
    CU_ASSERT_EQUAL(kd_runtime_receive(product->runtime, NULL, "c", on_message,
                        product, &echo, NULL),
        KD_EEXIST);
    CU_ASSERT(kd_pid_equal(receiver, echo));
    echo = spawn(product, "app:echo");
    send_text(product, echo, "first", "one");
    turns(product, 1);
    CU_ASSERT_STRING_EQUAL(product->last, "one");
    send_text(product, echo, "last", "two");
    turns(product, 2);
    CU_ASSERT_STRING_EQUAL(product->last, "two");
    CU_ASSERT_EQUAL(atomic_load(&product->released), 0);
}

static void
turn_until(struct product *product, long n)
{
    while (atomic_load(&product->received) < n)
        turn(product, 1);
}

static void
wait_until(struct product *product, long n)
{
    while (atomic_load(&product->received) < n)
        sched_yield();
}

static void
test_threads_when_freed_then_nothing_is_left(void)
{
    static struct product product;
    struct state state = state_take();

    start(&product, 0);
    CU_ASSERT(THREADS > state.threads);
    CU_ASSERT_EQUAL(kd_runtime_fd(product.runtime), -1);
    CU_ASSERT_EQUAL(kd_runtime_step(product.runtime, 0, NULL), KD_ECONFLICT);
    talk(&product, wait_until);
    finish(&product);
    CU_ASSERT_EQUAL(atomic_load(&product.released), 1);
    CU_ASSERT_EQUAL(atomic_load(&product.ended), 1);
    CU_ASSERT_EQUAL(atomic_load(&product.failed), 0);
    state_check(&state);
}

static void
test_stepped_when_running_then_no_threads_and_no_signal(void)
{
    static struct product product;
    struct state state = state_take();
    struct state now;

    start(&product, KD_CONFIG_STEPPED);
    talk(&product, turn_until);
    kd_runtime_tree(product.runtime);
    CU_ASSERT_EQUAL(atomic_load(&product.logged), 0);
    turn(&product, 1);
    CU_ASSERT(atomic_load(&product.logged) > 0);
    now = state_take();
    CU_ASSERT_EQUAL(now.threads, state.threads);
    CU_ASSERT(now.urgent.sa_handler == state.urgent.sa_handler);
    finish(&product);
    CU_ASSERT_EQUAL(atomic_load(&product.released), 1);
    CU_ASSERT_EQUAL(atomic_load(&product.ended), 1);
    CU_ASSERT_EQUAL(atomic_load(&product.failed), 0);
    state_check(&state);
}

/* The poll must end by the timer: nothing makes the descriptor readable. */
static void
test_stepped_when_a_timer_is_due_then_next_due_tells(void)
{
    static struct product product;
    kd_time begin;

    start(&product, KD_CONFIG_STEPPED);
    begin = product.api->now_ns(product.api);
    spawn(&product, "app:nap");
    while (atomic_load(&product.ended) < 1)
        turn(&product, 1);
    CU_ASSERT(product.api->now_ns(product.api) - begin >= 20000000u);
    CU_ASSERT_EQUAL(kd_runtime_next_due(product.runtime), KD_NEVER);
    CU_ASSERT_STRING_EQUAL(product.printed, "slept\n");
    finish(&product);
}

/* Endless loops share the thread with everybody, and the loop goes on. */
static void
test_stepped_when_programs_spin_then_steps_return(void)
{
    static struct product product;
    kd_pid spinner;

    start(&product, KD_CONFIG_STEPPED);
    spinner = spawn(&product, "app:spin");
    spawn(&product, "app:spin");
    talk(&product, turn_until);
    CU_ASSERT(kd_runtime_next_due(product.runtime) <=
              product.api->now_ns(product.api));
    CU_ASSERT_EQUAL(product.api->terminate(product.api, spinner, NULL), KD_OK);
    while (atomic_load(&product.ended) < 2)
        turn(&product, 1);
    CU_ASSERT_EQUAL(atomic_load(&product.failed), 1);
    finish(&product);
}

static void
test_stepped_when_two_then_one_loop_drives_both(void)
{
    static struct product products[2];
    kd_pid pid[2];

    for (size_t i = 0; i < 2; i++) {
        start(&products[i], KD_CONFIG_STEPPED);
        CU_ASSERT_EQUAL(kd_runtime_receive(products[i].runtime, "app:host", "c",
                            on_message, &products[i], &pid[i], NULL),
            KD_OK);
        send_text(&products[i], spawn(&products[i], "app:echo"), "last",
            i == 0 ? "left" : "right");
    }
    while (atomic_load(&products[0].received) == 0 ||
           atomic_load(&products[1].received) == 0)
        turn(products, 2);
    CU_ASSERT_STRING_EQUAL(products[0].last, "left");
    CU_ASSERT_STRING_EQUAL(products[1].last, "right");
    finish(&products[0]);
    finish(&products[1]);
}

static void *
step_elsewhere(void *arg)
{
    static kd_status status;

    status = kd_runtime_step(arg, 0, NULL);
    return &status;
}

static void *
send_elsewhere(void *arg)
{
    struct product *product = arg;
    kd_pid pid;

    CU_ASSERT_EQUAL(product->api->name_find(product->api, "c", 1, &pid), KD_OK);
    send_text(product, pid, "x", "far");
    return NULL;
}

/* Only one thread steps; others send, and that ends the loop's wait. */
static void
test_stepped_when_other_threads_call_then_only_sends_are_let(void)
{
    static struct product product;
    pthread_t thread;
    void *status;
    kd_pid pid;

    make(&product, KD_CONFIG_STEPPED);
    CU_ASSERT_EQUAL(kd_runtime_step(product.runtime, 0, NULL), KD_ECONFLICT);
    finish(&product);
    start(&product, KD_CONFIG_STEPPED);
    pthread_create(&thread, NULL, step_elsewhere, product.runtime);
    pthread_join(thread, &status);
    CU_ASSERT_EQUAL(*(kd_status *)status, KD_ECONFLICT);
    CU_ASSERT_EQUAL(kd_runtime_receive(product.runtime, NULL, "c", on_message,
                        &product, &pid, NULL),
        KD_OK);
    pthread_create(&thread, NULL, send_elsewhere, &product);
    turn_until(&product, 1);
    pthread_join(thread, NULL);
    CU_ASSERT_STRING_EQUAL(product.last, "far");
    finish(&product);
}

/* Steps from within each callback that a step makes. */
struct stepper {
    kd_runtime *runtime;
    long refused[4]; /* By callback. */
    long wrong;
};

enum { BY_LOG, BY_OUTPUT, BY_RECEIVER, BY_END };

static void
step_within(struct stepper *stepper, int by)
{
    kd_error err = KD_ERROR_INIT;

    if (kd_runtime_step(stepper->runtime, 1000000, &err) == KD_ECONFLICT &&
        strstr(err.text, "from within a callback") != NULL)
        stepper->refused[by]++;
    else
        stepper->wrong++;
}

static void
log_stepping(
    void *arg, const kd_log_record *record, int64_t unix_ns, const char *pid)
{
    (void)record;
    (void)unix_ns;
    (void)pid;
    if (((struct stepper *)arg)->refused[BY_LOG] == 0)
        step_within(arg, BY_LOG);
}

static void
output_stepping(void *arg, const char *data, size_t len)
{
    (void)data;
    (void)len;
    step_within(arg, BY_OUTPUT);
}

static void
receive_stepping(void *arg, const kd_message *message)
{
    if (message != NULL)
        step_within(arg, BY_RECEIVER);
}

static void
ended_stepping(void *arg, const kd_exit *exit)
{
    (void)exit;
    step_within(arg, BY_END);
}

static void
test_stepped_when_a_callback_steps_then_refused(void)
{
    static const char text[] =
        "namespace: app\n"
        "entries:\n"
        "- {name: host, kind: process.host, lifecycle: {auto_start: true}}\n"
        "- name: tells\n"
        "  kind: process.lua\n"
        "  source: \"return {main = function() print('x')\n"
        "    process.send('c', 'topic', 1) end}\"\n";
    static const kd_text file = TEXT("_index.yaml", text);
    struct stepper stepper = {.wrong = 0};
    struct product product;
    kd_config config = {.size = sizeof(config),
        .flags = KD_CONFIG_STEPPED,
        .arg = &stepper,
        .log = log_stepping,
        .output = output_stepping};
    kd_spawn what = {.size = sizeof(what),
        .entry = "app:tells",
        .host = "app:host",
        .args = kd_payload_none(),
        .context = kd_payload_none()};
    kd_pid pid;

    CU_ASSERT_EQUAL_FATAL(
        kd_runtime_new(&config, &stepper.runtime, NULL), KD_OK);
    product.runtime = stepper.runtime;
    product.api = kd_runtime_api(stepper.runtime);
    CU_ASSERT_EQUAL_FATAL(kd_runtime_search(stepper.runtime, NULL), KD_OK);
    CU_ASSERT_EQUAL_FATAL(
        kd_runtime_open_texts(stepper.runtime, NULL, &file, 1, NULL), KD_OK);
    CU_ASSERT_EQUAL_FATAL(kd_runtime_start(stepper.runtime, NULL), KD_OK);
    CU_ASSERT_EQUAL(kd_runtime_receive(stepper.runtime, NULL, "c",
                        receive_stepping, &stepper, &pid, NULL),
        KD_OK);
    CU_ASSERT_EQUAL(kd_runtime_spawn(stepper.runtime, &what, ended_stepping,
                        &stepper, &pid, NULL),
        KD_OK);
    kd_runtime_tree(stepper.runtime);
    for (int by = BY_LOG; by <= BY_END; by++) {
        while (stepper.refused[by] == 0 && stepper.wrong == 0)
            turn(&product, 1);
    }
    CU_ASSERT_EQUAL(stepper.wrong, 0);
    finish(&product);
}

static int sockets[2];

/* Reads a byte from a socket, when there is one. */
static kd_next
reader_run(void *state, kd_proc *proc, int64_t number, kd_error *err)
{
    kd_signal signal;
    char byte;

    (void)state;
    (void)number;
    if (kd_proc_signal(proc, &signal) == KD_OK && signal.type == KD_SIGNAL_FD)
        return read(signal.fd, &byte, 1) == 1 ? KD_NEXT_DONE : KD_NEXT_FAIL;
    if (kd_proc_watch(proc, sockets[0], KD_FD_READ, err) != KD_OK)
        return KD_NEXT_FAIL;
    return KD_NEXT_WAIT;
}

static void
be_stepped(kd_config *config)
{
    config->flags |= KD_CONFIG_STEPPED;
}

static void
test_stepped_when_a_process_watches_then_the_loop_hears(void)
{
    static const struct actor_role roles[] = {
        {"reader", 0, reader_run}, {NULL, 0, NULL}};
    static struct actors actors;
    struct product product;

    CU_ASSERT_FATAL(socketpair(AF_UNIX, SOCK_STREAM, 0, sockets) == 0);
    actors_start_tuned(&actors, roles, 2, "", be_stepped);
    product.runtime = actors.runtime;
    product.api = actors.api;
    actors_spawn(&actors, "reader", 0);
    turn(&product, 1);
    CU_ASSERT_EQUAL(atomic_load(&actors.ended), 0);
    CU_ASSERT_EQUAL(write(sockets[1], "x", 1), 1);
    while (atomic_load(&actors.ended) == 0)
        turn(&product, 1);
    CU_ASSERT_EQUAL(atomic_load(&actors.failed), 0);
    CU_ASSERT_EQUAL(actors_stop(&actors, 5), KD_OK);
    close(sockets[0]);
    close(sockets[1]);
}

static kd_status
held_start(void *state, const kd_entry *entry, void **self, kd_error *err)
{
    (void)state;
    (void)entry;
    (void)self;
    (void)err;
    return KD_OK;
}

static void
held_stop(void *self)
{
    (void)self;
}

static const kd_resource_kind held = {
    .size = sizeof(held), .start = held_start, .stop = held_stop};
static const kd_kind held_kind = {
    .size = sizeof(held_kind),
    .flags = KD_KIND_LIFECYCLE,
    .cls = KD_CLASS_RESOURCE,
    .id = "test.held",
    .help = "A resource",
    .impl = &held,
};
static const kd_kind *const held_kinds[] = {&held_kind, NULL};
static const kd_plugin held_plugin = {
    .stamp = KD_STAMP_INIT,
    .name = "test.held",
    .version = "1",
    .help = "A resource",
    .kinds = held_kinds,
};

/* Where a receiver is called, and how often elsewhere. */
struct place {
    pthread_t thread;
    atomic_long received;
    atomic_long strayed;
};

static void
on_message_there(void *arg, const kd_message *message)
{
    struct place *place = arg;

    if (!pthread_equal(place->thread, pthread_self()))
        atomic_fetch_add(&place->strayed, 1);
    atomic_fetch_add(&place->received, message != NULL);
}

/* The threads of resources wait for their own ends: they neither step nor take
 * what wakes the loop, which would wait for ever then. */
static void
test_stepped_when_there_is_a_resource_then_only_the_loop_steps(void)
{
    static const char text[] =
        "namespace: app\n"
        "entries:\n"
        "- {name: host, kind: process.host, lifecycle: {auto_start: true}}\n"
        "- {name: held, kind: test.held, lifecycle: {auto_start: true}}\n";
    static const kd_text file = TEXT("_index.yaml", text);

    for (int i = 0; i < 50; i++) {
        static struct product product;
        struct place place = {.thread = pthread_self()};
        kd_pid pid = KD_PID_NONE_INIT;

        make(&product, KD_CONFIG_STEPPED);
        CU_ASSERT_EQUAL(
            kd_runtime_add(product.runtime, &held_plugin, NULL), KD_OK);
        CU_ASSERT_EQUAL(
            kd_runtime_open_texts(product.runtime, NULL, &file, 1, NULL),
            KD_OK);
        CU_ASSERT_EQUAL(kd_runtime_start(product.runtime, NULL), KD_OK);
        CU_ASSERT_EQUAL(kd_runtime_receive(product.runtime, NULL, NULL,
                            on_message_there, &place, &pid, NULL),
            KD_OK);
        for (long n = 1; n <= 20; n++) {
            send_text(&product, pid, "more", "");
            while (atomic_load(&place.received) < n)
                turn(&product, 1);
        }
        finish(&product);
        CU_ASSERT_EQUAL(atomic_load(&place.strayed), 0);
    }
}

static kd_status
open_status(struct product *product, const kd_text *list, size_t n)
{
    kd_error err = KD_ERROR_INIT;
    kd_status status;

    make(product, 0);
    status = kd_runtime_open_texts(product->runtime, "box", list, n, &err);
    CU_ASSERT_EQUAL(kd_runtime_free(product->runtime, NULL), KD_OK);
    return status;
}

static void
test_texts_when_unusable_then_it_says_so(void)
{
    static const char lacks[] =
        "namespace: a\nentries:\n"
        "- {name: x, kind: process.lua, source: 'file://no.lua'}\n";
    static const kd_text up[] = {TEXT("../_index.yaml", index_text)};
    static const kd_text rooted[] = {TEXT("/_index.yaml", index_text)};
    static const kd_text twice[] = {
        TEXT("_index.yaml", index_text), TEXT("_index.yaml", index_text)};
    static const kd_text missing[] = {TEXT("sub/_index.yml", lacks)};
    static kd_text large[] = {TEXT("_index.yaml", "")};
    static struct product product;

    CU_ASSERT_EQUAL(open_status(&product, up, 1), KD_EINVAL);
    CU_ASSERT_EQUAL(open_status(&product, rooted, 1), KD_EINVAL);
    CU_ASSERT_EQUAL(open_status(&product, twice, 2), KD_EINVAL);
    CU_ASSERT_EQUAL(open_status(&product, missing, 1), KD_EINVAL);
    CU_ASSERT_STRING_EQUAL(product.diagnostics,
        "box/sub/_index.yml:3:40: a:x: source: failed to read file no.lua: No "
        "such "
        "file or directory");
    large[0].len = (16 << 20) + 1;
    large[0].text = calloc(large[0].len, 1);
    CU_ASSERT_EQUAL(open_status(&product, large, 1), KD_EINVAL);
    CU_ASSERT(strstr(product.diagnostics, "larger than 16 MiB") != NULL);
    free((void *)(uintptr_t)large[0].text);
    CU_ASSERT_EQUAL(open_status(&product, NULL, 0), KD_EINVAL);
    CU_ASSERT(strstr(product.diagnostics, "no _index.yaml") != NULL);
}

static const char places_text[] =
    "namespace: app\n"
    "entries:\n"
    "- {name: host, kind: process.host, lifecycle: {auto_start: true}}\n"
    "- {name: other, kind: process.host, lifecycle: {auto_start: true}}\n"
    "- {name: idle, kind: process.host}\n"
    "- {name: nothing, kind: process.lua, source: 'return print'}\n";
static const char hosts_one_text[] =
    "namespace: app\n"
    "entries:\n"
    "- {name: host, kind: process.host, lifecycle: {auto_start: true}}\n"
    "- {name: idle, kind: process.host}\n";
static const char hosts_reader_text[] =
    "namespace: app\n"
    "entries:\n"
    "- {name: host, kind: process.host, lifecycle: {auto_start: true}}\n"
    "- {name: reader, kind: process.lua, source: 'file://reader.lua',\n"
    "   modules: [io]}\n";
static const char hosts_idle_text[] = "namespace: app\n"
                                      "entries:\n"
                                      "- {name: idle, kind: process.host}\n";
static sem_t is_read; /* A line has been. */
static const char hosts_none_text[] = "namespace: app\nentries: []\n";

/* The only host that runs, if one does; else why there is none. */
static void
host_of(struct product *product, const char *index, const char *wanted)
{
    const kd_text text = {sizeof(text), 0, "_index.yaml", index, strlen(index)};
    const char *id = NULL;
    kd_error err = KD_ERROR_INIT;
    kd_status status;

    make(product, 0);
    CU_ASSERT_EQUAL_FATAL(
        kd_runtime_open_texts(product->runtime, NULL, &text, 1, &err), KD_OK);
    CU_ASSERT_EQUAL_FATAL(kd_runtime_start(product->runtime, &err), KD_OK);
    status = kd_runtime_host(product->runtime, &id, &err);
    CU_ASSERT_STRING_EQUAL(status == KD_OK ? id : err.text, wanted);
    finish(product);
}

static void
test_host_when_not_one_runs_then_it_says_what_to_do(void)
{
    static struct product product;

    host_of(&product, hosts_one_text, "app:host");
    host_of(&product, places_text,
        "several hosts are running: app:host, "
        "app:other");
    host_of(&product, hosts_idle_text,
        "no host is running: nothing starts app:idle; give it lifecycle: "
        "{auto_start: true}");
    host_of(&product, hosts_none_text,
        "no host is running: the application has none; define an entry of "
        "kind process.host with lifecycle: {auto_start: true}");
}

static void
spawn_refused(struct product *product, const char *entry, const char *host,
    uint32_t flags, kd_status wanted, const char *text)
{
    kd_pid pid;
    kd_error err = KD_ERROR_INIT;

    CU_ASSERT_EQUAL(try_spawn(product, entry, host, flags, &pid, &err), wanted);
    CU_ASSERT_STRING_EQUAL(err.text, text);
    CU_ASSERT(kd_pid_is_none(pid));
}

/* What is not for that moment, and what nobody knows. */
static void
test_calls_when_out_of_place_then_refused(void)
{
    static const kd_plugin plugin = {.stamp = KD_STAMP_INIT};
    static struct product product;
    kd_config config = {.size = sizeof(config), .flags = 0x10000};
    kd_spawn unusable = {.size = sizeof(unusable), .entry = "app:echo"};
    kd_runtime *none = NULL;
    kd_error err = KD_ERROR_INIT;
    kd_pid pid = KD_PID_NONE_INIT;

    CU_ASSERT_EQUAL(kd_runtime_new(&config, &none, &err), KD_EINVAL);
    CU_ASSERT_STRING_EQUAL(err.text, "unknown flags in kd_config");
    make(&product, 0);
    CU_ASSERT_EQUAL(
        kd_runtime_open(product.runtime, "/nonexistent", &err), KD_EINVAL);
    CU_ASSERT_EQUAL(kd_runtime_start(product.runtime, &err), KD_ECONFLICT);
    CU_ASSERT_STRING_EQUAL(err.text, "the application could not be opened");
    CU_ASSERT_EQUAL(kd_runtime_free(product.runtime, NULL), KD_OK);

    start(&product, 0);
    CU_ASSERT_EQUAL(
        kd_runtime_add(product.runtime, &plugin, &err), KD_ECONFLICT);
    CU_ASSERT_STRING_EQUAL(err.text, "plugins come before the application");
    CU_ASSERT_EQUAL(
        kd_runtime_load(product.runtime, "x.so", NULL), KD_ECONFLICT);
    CU_ASSERT_EQUAL(kd_runtime_search(product.runtime, NULL), KD_ECONFLICT);
    CU_ASSERT_EQUAL(
        kd_runtime_open_texts(product.runtime, NULL, texts, N_TEXTS, &err),
        KD_ECONFLICT);
    CU_ASSERT_STRING_EQUAL(err.text, "an application is open already");

    unusable.args = unusable.context = kd_payload_none();
    unusable.host = "app:host";
    unusable.flags = (uint32_t)1 << 31;
    CU_ASSERT_EQUAL(kd_runtime_spawn(product.runtime, &unusable, on_ended,
                        &product, &pid, &err),
        KD_EINVAL);
    unusable.flags = KD_SPAWN_MONITOR;
    CU_ASSERT_EQUAL(
        product.api->spawn(product.api, &unusable, &pid, &err), KD_EINVAL);
    CU_ASSERT_STRING_EQUAL(err.text, "only a process can monitor or link");
    unusable.flags = 0;
    unusable.name = "";
    CU_ASSERT_EQUAL(
        product.api->spawn(product.api, &unusable, &pid, &err), KD_EINVAL);
    CU_ASSERT_STRING_EQUAL(err.text, "name cannot be empty");
    unusable.name = NULL;
    unusable.entry = NULL;
    CU_ASSERT_EQUAL(
        product.api->spawn(product.api, &unusable, &pid, &err), KD_EINVAL);
    CU_ASSERT_STRING_EQUAL(err.text, "unusable kd_spawn");
    CU_ASSERT(kd_pid_is_none(pid));
    CU_ASSERT_EQUAL(
        product.api->send(product.api, pid, "t", 1, 4, NULL, &err), KD_EINVAL);
    CU_ASSERT_STRING_EQUAL(err.text, "unknown message flags");
    CU_ASSERT_EQUAL(atomic_load(&product.ended), 0);
    finish(&product);
}

static size_t
give_line(void *arg, char *data, size_t room)
{
    int *n_given = arg;

    if (room < 5 || (*n_given)++ > 0)
        return 0;
    memcpy(data, "line\n", 5);
    return 5;
}

static void
on_read(void *arg, const kd_exit *exit)
{
    (void)arg;
    CU_ASSERT(!exit->failed);
    sem_post(&is_read);
}

/* A stop before the start ends nothing: there is input all the same. */
static void
test_start_after_a_stop_then_there_is_input(void)
{
    static const kd_text text[] = {
        TEXT("_index.yaml", hosts_reader_text),
        TEXT("reader.lua",
            "return function() assert(require('io').readline()) end"),
    };
    int n_given = 0;
    kd_config config = {
        .size = sizeof(config), .arg = &n_given, .input = give_line};
    kd_spawn spawn = {.size = sizeof(spawn),
        .flags = KD_SPAWN_TERMINAL,
        .entry = "app:reader",
        .host = "app:host"};
    kd_runtime *runtime = NULL;
    kd_pid pid;

    sem_init(&is_read, 0, 0);
    CU_ASSERT_EQUAL_FATAL(kd_runtime_new(&config, &runtime, NULL), KD_OK);
    CU_ASSERT_EQUAL_FATAL(kd_runtime_search(runtime, NULL), KD_OK);
    CU_ASSERT_EQUAL_FATAL(
        kd_runtime_open_texts(runtime, NULL, text, 2, NULL), KD_OK);
    CU_ASSERT_EQUAL(kd_runtime_stop(runtime, 0, NULL), KD_OK);
    CU_ASSERT_EQUAL_FATAL(kd_runtime_start(runtime, NULL), KD_OK);
    CU_ASSERT_EQUAL_FATAL(
        kd_runtime_spawn(runtime, &spawn, on_read, NULL, &pid, NULL), KD_OK);
    while (sem_wait(&is_read) != 0)
        continue;
    CU_ASSERT_EQUAL(kd_runtime_free(runtime, NULL), KD_OK);
    sem_destroy(&is_read);
}

static void
start_refused(struct product *product)
{
    kd_error err = KD_ERROR_INIT;

    CU_ASSERT_EQUAL(kd_runtime_start(product->runtime, &err), KD_ECONFLICT);
    CU_ASSERT_STRING_EQUAL(err.text, "a runtime can be started only once");
}

static void
test_start_when_it_was_once_then_refused(void)
{
    static const char text[] =
        "namespace: app\n"
        "entries:\n"
        "- {name: host, kind: process.host, lifecycle: {auto_start: true}}\n"
        "- {name: worker, kind: process.lua, source: 'return print',\n"
        "   lifecycle: {auto_start: true}}\n";
    static const kd_text worker = TEXT("_index.yaml", text);
    static struct product product;

    start(&product, 0);
    start_refused(&product);
    CU_ASSERT_EQUAL(kd_runtime_stop(product.runtime, 5000000000u, NULL), KD_OK);
    start_refused(&product);
    finish(&product);

    /* The worker cannot be ready before a step is made. */
    make(&product, KD_CONFIG_STEPPED);
    CU_ASSERT_EQUAL_FATAL(
        kd_runtime_open_texts(product.runtime, NULL, &worker, 1, NULL), KD_OK);
    kd_runtime_interrupt(product.runtime);
    CU_ASSERT_EQUAL(kd_runtime_start(product.runtime, NULL), KD_ECANCELED);
    start_refused(&product);
    finish(&product);
}

static void
test_start_when_there_is_no_application_then_nothing_starts(void)
{
    static struct product product;

    make(&product, 0);
    CU_ASSERT_EQUAL(kd_runtime_start(product.runtime, NULL), KD_OK);
    CU_ASSERT_EQUAL(
        kd_runtime_open_texts(product.runtime, NULL, texts, N_TEXTS, NULL),
        KD_OK);
    CU_ASSERT_EQUAL(kd_runtime_start(product.runtime, NULL), KD_OK);
    talk(&product, wait_until);
    finish(&product);
}

static void
tree_log(
    void *arg, const kd_log_record *record, int64_t unix_ns, const char *pid)
{
    char *line = arg;

    (void)unix_ns;
    (void)pid;
    if (record->subject != NULL && strcmp(record->subject, "app:host") == 0)
        snprintf(line, 64, "%s", record->text);
}

/* The log that is written after a stop is there when the next one returns. */
static void
test_tree_when_stopped_then_hosts_are_too(void)
{
    static const kd_text text[] = {TEXT("_index.yaml", hosts_one_text)};
    char line[64] = "";
    kd_config config = {.size = sizeof(config), .arg = line, .log = tree_log};
    kd_runtime *runtime = NULL;

    CU_ASSERT_EQUAL_FATAL(kd_runtime_new(&config, &runtime, NULL), KD_OK);
    CU_ASSERT_EQUAL_FATAL(kd_runtime_search(runtime, NULL), KD_OK);
    CU_ASSERT_EQUAL_FATAL(
        kd_runtime_open_texts(runtime, NULL, text, 1, NULL), KD_OK);
    CU_ASSERT_EQUAL_FATAL(kd_runtime_start(runtime, NULL), KD_OK);
    CU_ASSERT_EQUAL(kd_runtime_stop(runtime, 5000000000u, NULL), KD_OK);
    kd_runtime_tree(runtime);
    CU_ASSERT_EQUAL(kd_runtime_stop(runtime, 5000000000u, NULL), KD_OK);
    CU_ASSERT_STRING_EQUAL(line, "service (process.host): stopped");
    CU_ASSERT_EQUAL(kd_runtime_free(runtime, NULL), KD_OK);
}

static void
pid_check(struct product *product, kd_pid pid, const char *text)
{
    char written[KD_PID_TEXT];

    CU_ASSERT_EQUAL(
        product->api->pid_text(product->api, pid, written), strlen(text));
    CU_ASSERT_STRING_EQUAL(written, text);
}

/* Nobody's is a text as well; that of another node is one that only it reads.
 */
static void
test_pids_when_there_is_no_such_process_then_still_texts(void)
{
    static const char *const none[] = {"", "{}", "{x}", "|", "{||", "x|}",
        "{app:host|}", "{app:host|0x}", "{app:host|0x0}", "{app:host|0x01}",
        "{app:host|0xg}", "{app:host|1x1}", "{app:host|0x11111111111111111}",
        "{|0x1}", "{app|0x1}"};
    static struct product product;
    kd_pid nobody = KD_PID_NONE_INIT;
    kd_pid pid;

    start(&product, 0);
    pid_check(&product, nobody, "{|}");
    CU_ASSERT_EQUAL(product.api->pid_parse(product.api, "{|}", 3, &pid), KD_OK);
    CU_ASSERT(kd_pid_is_none(pid));
    pid_check(&product, (kd_pid){0, 1, 0xabcdef0123456789},
        "{app:host|0xabcdef0123456789}");
    pid_check(&product, (kd_pid){7, 1, 31}, "{7@app:host|0x1f}");
    pid_check(&product, (kd_pid){0, 99, 31}, "{?|0x1f}");
    CU_ASSERT_EQUAL(
        product.api->pid_parse(product.api, "{7@app:host|0x1f}", 17, &pid),
        KD_ENONODE);
    CU_ASSERT_EQUAL(
        product.api->pid_parse(product.api, "{app:no|0x1f}", 13, &pid),
        KD_ENOHOST);
    CU_ASSERT_EQUAL(
        product.api->pid_parse(product.api, "{app:hosts|0x1f}", 16, &pid),
        KD_ENOHOST);
    for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
        CU_ASSERT_EQUAL(
            product.api->pid_parse(product.api, none[i], strlen(none[i]), &pid),
            KD_EINVAL);
    finish(&product);
}

/* And nobody is told of an end. */
static void
test_spawn_when_there_is_no_place_then_it_says_why(void)
{
    static const kd_text text[] = {TEXT("_index.yaml", places_text)};
    static struct product product;

    make(&product, 0);
    CU_ASSERT_EQUAL_FATAL(
        kd_runtime_open_texts(product.runtime, NULL, text, 1, NULL), KD_OK);
    CU_ASSERT_EQUAL_FATAL(kd_runtime_start(product.runtime, NULL), KD_OK);
    spawn_refused(
        &product, "app:nothing", NULL, 0, KD_EINVAL, "a host is needed");
    spawn_refused(&product, "app:nothing", "app:none", 0, KD_ENOTFOUND,
        "host not found: app:none");
    spawn_refused(&product, "app:nothing", "app:nothing", 0, KD_EINVAL,
        "not a host: app:nothing (process.lua)");
    spawn_refused(&product, "app:nothing", "app:idle", 0, KD_EUNAVAIL,
        "host is not running: app:idle");
    spawn_refused(&product, "app:none", "app:host", 0, KD_ENOTFOUND,
        "entry not found: app:none");
    spawn_refused(&product, "app:nothing", "app:host", KD_SPAWN_LINK, KD_EINVAL,
        "only a process can monitor or link");
    CU_ASSERT_EQUAL(atomic_load(&product.ended), 0);
    finish(&product);
}

static const struct test_case tests[] = {
    TEST(test_threads_when_freed_then_nothing_is_left),
    TEST(test_stepped_when_running_then_no_threads_and_no_signal),
    TEST(test_stepped_when_a_timer_is_due_then_next_due_tells),
    TEST(test_stepped_when_programs_spin_then_steps_return),
    TEST(test_stepped_when_two_then_one_loop_drives_both),
    TEST(test_stepped_when_other_threads_call_then_only_sends_are_let),
    TEST(test_stepped_when_a_callback_steps_then_refused),
    TEST(test_stepped_when_a_process_watches_then_the_loop_hears),
    TEST(test_stepped_when_there_is_a_resource_then_only_the_loop_steps),
    TEST(test_texts_when_unusable_then_it_says_so),
    TEST(test_host_when_not_one_runs_then_it_says_what_to_do),
    TEST(test_calls_when_out_of_place_then_refused),
    TEST(test_start_after_a_stop_then_there_is_input),
    TEST(test_start_when_it_was_once_then_refused),
    TEST(test_start_when_there_is_no_application_then_nothing_starts),
    TEST(test_tree_when_stopped_then_hosts_are_too),
    TEST(test_pids_when_there_is_no_such_process_then_still_texts),
    TEST(test_spawn_when_there_is_no_place_then_it_says_why),
};

static void *
thread_nothing(void *arg)
{
    return arg;
}

/* A sanitizer has a thread of its own from the first thread on. */
int
main(void)
{
    pthread_t thread;

    alarm(120);
    if (pthread_create(&thread, NULL, thread_nothing, NULL) == 0)
        pthread_join(thread, NULL);
    return harness_run("embed", tests, sizeof(tests) / sizeof(tests[0]));
}
