/* SPDX-License-Identifier: MIT */
/*
 * A whole life of a runtime when the n-th allocation fails, for many n: boot,
 * load, spawn, send, link, monitor, exit, the restart by a supervisor, the
 * stop. Nothing crashes, hangs or is lost, and whoever fails says why. Once
 * with only that allocation failing, once with all after it too.
 *
 * MEMORY="first step last" chooses the n; `make memory` takes all.
 */

#include "harness.h"
#include "refuse.h"

#include <kindred/embed.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* A run takes milliseconds; with everything failing some wait for time-outs. */
#define HANG_SECONDS 60
/* Stopping takes milliseconds too. */
#define STOP_NS ((uint64_t)20000000000)

const kd_plugin *memory_process_host(void);
const kd_plugin *memory_process_lua(void);
const kd_plugin *memory_supervisor(void);

static const char application[] =
    "namespace: a\n"
    "entries:\n"
    "  - name: host\n"
    "    kind: process.host\n"
    "    host: {workers: 2}\n"
    "    lifecycle: {auto_start: true, stop_timeout: 1s}\n"
    "  - name: tree\n"
    "    kind: supervisor.one_for_one\n"
    "    host: host\n"
    "    lifecycle: {auto_start: true}\n"
    "    children: [{id: worker, process: worker, register: worker,\n"
    "        wait: ready}]\n"
    "  - name: worker\n"
    "    kind: process.lua\n"
    "    source: |\n"
    "      return function()\n"
    "          process.ready()\n"
    "          process.events():receive()\n"
    "      end\n"
    "  - name: echo\n"
    "    kind: process.lua\n"
    "    source: |\n"
    "      return function(to)\n"
    "          local value = process.listen('ask'):receive()\n"
    "          assert(process.send(to, 'answer', value))\n"
    "          process.inbox():receive()\n"
    "          error('echo has answered')\n"
    "      end\n"
    "  - name: main\n"
    "    kind: process.lua\n"
    "    modules: [time]\n"
    "    source: |\n"
    "      local time = require('time')\n"
    "      local host = 'a:host'\n"
    "      local function wait(wanted)\n"
    "          local events = process.events()\n"
    "          local cases = {events:case_receive(),\n"
    "              time.after('3s'):case_receive()}\n"
    "          if wanted ~= events then\n"
    "              cases[3] = wanted:case_receive()\n"
    "          end\n"
    "          local got = channel.select(cases)\n"
    "          assert(got.channel == wanted, 'something else came')\n"
    "          return got.value\n"
    "      end\n"
    "      local function talk(how)\n"
    "          local answers = process.listen('answer')\n"
    "          local pid = assert(process[how]('a:echo', host,\n"
    "              process.pid()))\n"
    "          assert(process.send(pid, 'ask', {text = 'x', {1, 2}}))\n"
    "          assert(wait(answers).text == 'x')\n"
    "          assert(process.send(pid, 'end'))\n"
    "          assert(wait(process.events()).from == pid)\n"
    "          process.unlisten(answers)\n"
    "      end\n"
    "      return function()\n"
    "          assert(process.set_options({trap_links = true}))\n"
    "          assert(process.registry.register('main'))\n"
    "          talk('spawn_monitored')\n"
    "          talk('spawn_linked')\n"
    "          local pid = assert(process.registry.lookup('worker'))\n"
    "          assert(process.terminate(pid))\n"
    "          for i = 1, 1000 do\n"
    "              local new = process.registry.lookup('worker')\n"
    "              if new and new ~= pid then return end\n"
    "              time.sleep('1ms')\n"
    "          end\n"
    "          error('no new worker')\n"
    "      end\n";

struct life {
    sem_t ended;
    int failed;          /* How main ended. */
    int is_told;         /* Its failure has a kind and a message. */
    atomic_long reports; /* Lines about the application. */
};

static char dir[] = "/tmp/kindred-memory-XXXXXX";
static volatile sig_atomic_t current; /* The n, for who reads of a hang. */

static void
on_hang(int signal)
{
    char text[64];
    int len = snprintf(text, sizeof(text),
        "signal %d when allocation %d fails\n", signal, (int)current);

    if (write(STDOUT_FILENO, text, (size_t)len) == len)
        abort();
    _exit(1);
}

static void
on_diagnostic(void *arg, uint32_t level, const char *line)
{
    struct life *life = arg;

    (void)level;
    (void)line;
    atomic_fetch_add(&life->reports, 1);
}

static void
on_ended(void *arg, const kd_exit *exit)
{
    struct life *life = arg;

    life->failed = exit->failed != 0;
    life->is_told = exit->error.len > 0;
    sem_post(&life->ended);
}

/* Whatever fails says so. */
static kd_status
said(kd_status status, const kd_error *err)
{
    if (status != KD_OK && err->text[0] == '\0') {
        printf("nothing said of status %d\n", (int)status);
        CU_ASSERT(0);
    }
    return status;
}

static kd_status
open_all(kd_runtime *runtime, kd_error *err)
{
    kd_status status = kd_runtime_add(runtime, memory_process_host(), err);

    if (status == KD_OK)
        status = kd_runtime_add(runtime, memory_process_lua(), err);
    if (status == KD_OK)
        status = kd_runtime_add(runtime, memory_supervisor(), err);
    if (status == KD_OK)
        status = kd_runtime_open(runtime, dir, err);
    return status;
}

static kd_status
run_main(kd_runtime *runtime, struct life *life, kd_error *err)
{
    kd_spawn spawn = {
        .size = sizeof(spawn), .entry = "a:main", .host = "a:host"};
    kd_pid pid;
    kd_status status;

    spawn.args = kd_payload_none();
    spawn.context = kd_payload_none();
    status = kd_runtime_spawn(runtime, &spawn, on_ended, life, &pid, err);
    if (status != KD_OK)
        return status;
    while (sem_wait(&life->ended) != 0)
        continue;
    return life->failed ? KD_EINTERNAL : KD_OK;
}

/* Nobody waits for one who could not be told. */
static void
end(kd_runtime *runtime)
{
    time_t began = time(NULL);

    CU_ASSERT(kd_runtime_stop(runtime, STOP_NS, NULL) == KD_OK);
    CU_ASSERT(time(NULL) - began < (time_t)(STOP_NS / 2000000000));
    CU_ASSERT(kd_runtime_free(runtime, NULL) == KD_OK);
}

/* Returns whether all of it went well. */
static int
live(long n, int is_for_good)
{
    struct life life = {.failed = 0};
    kd_config config = {.size = sizeof(config),
        .preempt_signal = SIGURG,
        .arg = &life,
        .diagnostic = on_diagnostic};
    kd_error err = KD_ERROR_INIT;
    kd_runtime *runtime = NULL;
    kd_status status;

    sem_init(&life.ended, 0, 0);
    current = (sig_atomic_t)n;
    alarm(HANG_SECONDS);
    refuse_begin(n, is_for_good);
    status = said(kd_runtime_new(&config, &runtime, &err), &err);
    if (status == KD_OK)
        status = said(open_all(runtime, &err), &err);
    if (status == KD_OK)
        status = said(kd_runtime_start(runtime, &err), &err);
    if (status == KD_OK)
        status = run_main(runtime, &life, &err);
    CU_ASSERT(!life.failed || life.is_told || is_for_good);
    CU_ASSERT(status == KD_OK || n > 0);
    if (runtime != NULL)
        end(runtime);
    CU_ASSERT(refuse_lost() == 0);
    alarm(0);
    sem_destroy(&life.ended);
    if (CU_get_number_of_failures() > 0)
        printf("allocation %ld: status %d %s\n", n, (int)status, err.text);
    return status == KD_OK;
}

static void
write_application(void)
{
    char path[64];
    FILE *file;

    CU_ASSERT_FATAL(mkdtemp(dir) != NULL);
    snprintf(path, sizeof(path), "%s/_index.yaml", dir);
    file = fopen(path, "w");
    CU_ASSERT_FATAL(file != NULL);
    fputs(application, file);
    fclose(file);
}

static void
remove_application(void)
{
    char path[64];

    snprintf(path, sizeof(path), "%s/_index.yaml", dir);
    unlink(path);
    rmdir(dir);
    strcpy(dir, "/tmp/kindred-memory-XXXXXX");
}

static void
live_all(int is_for_good)
{
    const char *range = getenv("MEMORY");
    long first = 1, step = 29, last, total, well = 0, n;

    signal(SIGALRM, on_hang);
    signal(SIGSEGV, on_hang);
    write_application();
    CU_ASSERT_FATAL(live(0, 0));
    total = refuse_end();
    last = total;
    if (range != NULL)
        sscanf(range, "%ld %ld %ld", &first, &step, &last);
    for (n = first; n <= last; n += step)
        well += live(n, is_for_good);
    refuse_end();
    printf("%ld allocations; of each %ldth refused, %ld lives went well\n",
        total, step, well);
    remove_application();
}

static void
test_life_when_one_allocation_fails_then_an_error(void)
{
    live_all(0);
}

static void
test_life_when_memory_is_out_then_an_end(void)
{
    live_all(1);
}

static const struct test_case tests[] = {
    TEST(test_life_when_one_allocation_fails_then_an_error),
    TEST(test_life_when_memory_is_out_then_an_end),
};

TEST_MAIN("memory")
