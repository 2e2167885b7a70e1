/* SPDX-License-Identifier: MIT */
/*
 * Kindred inside a program that has a loop of its own.
 *
 * The program waits with poll() for its input and for the runtime, which has no
 * threads. Each line of the input goes to a Lua process, which counts words;
 * what it answers comes to `on_message`. At the end of the input the process
 * says how many there were and ends, and the program stops the runtime and
 * frees it.
 *
 * The file is both C11 and C++11.
 */

#include <kindred/embed.h>
#include <kindred/term.h>

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define STEP_NS 2000000u    /* What the loop gives the runtime in one turn. */
#define STOP_NS 2000000000u /* How long it may take to stop. */

/* The application: two files that need no disk. */
static const char index_yaml[] =
    "namespace: words\n"
    "entries:\n"
    "- {name: host, kind: process.host, lifecycle: {auto_start: true}}\n"
    "- {name: counter, kind: process.lua, source: 'file://counter.lua'}\n";

static const char counter_lua[] =
    "local function main()\n"
    "    local inbox, sum = process.inbox(), 0\n"
    "    while true do\n"
    "        local msg = inbox:receive()\n"
    "        if msg:topic() == 'end' then break end\n"
    "        local line = msg:payload():data()\n"
    "        local _, n = line:gsub('%S+', '')\n"
    "        sum = sum + n\n"
    "        process.send('screen', 'say', n .. ' in: ' .. line)\n"
    "    end\n"
    "    process.send('screen', 'say', 'words: ' .. sum)\n"
    "end\n"
    "return {main = main}\n";

/* What the callbacks know. */
struct program {
    kd_runtime *runtime;
    const kd_api *api;
    kd_pid counter;
    int has_ended;
    char line[256];
    size_t len;
};

static int
complain(const char *what, const kd_error *err)
{
    fprintf(stderr, "embed_loop: %s: %s\n", what, err->text);
    return 1;
}

static void
on_diagnostic(void *arg, uint32_t level, const char *line)
{
    (void)arg;
    (void)level;
    fprintf(stderr, "%s\n", line);
}

/* Somebody has sent to the name `screen`. */
static void
on_message(void *arg, const kd_message *message)
{
    kd_reader reader;
    kd_item item;

    (void)arg;
    if (message == NULL)
        return;
    reader = kd_reader_make(message->payload.data, message->payload.len);
    if (kd_reader_next(&reader, &item) == KD_TERM_STRING)
        printf("%.*s\n", (int)item.len, (const char *)item.data);
}

static void
on_ended(void *arg, const kd_exit *exit)
{
    (void)exit;
    ((struct program *)arg)->has_ended = 1;
}

static kd_status
open_words(struct program *program, kd_error *err)
{
    const kd_text texts[] = {
        {sizeof(kd_text), 0, "_index.yaml", index_yaml, sizeof(index_yaml) - 1},
        {sizeof(kd_text), 0, "counter.lua", counter_lua,
            sizeof(counter_lua) - 1},
    };
    kd_config config;
    kd_status status;

    memset(&config, 0, sizeof(config));
    config.size = sizeof(config);
    config.flags = KD_CONFIG_STEPPED;
    config.arg = program;
    config.diagnostic = on_diagnostic;
    status = kd_runtime_new(&config, &program->runtime, err);
    if (status == KD_OK)
        status = kd_runtime_search(program->runtime, err);
    if (status == KD_OK)
        status = kd_runtime_open_texts(program->runtime, "words", texts,
            sizeof(texts) / sizeof(texts[0]), err);
    return status;
}

static kd_status
start_words(struct program *program, kd_error *err)
{
    kd_status status = kd_runtime_start(program->runtime, err);
    kd_spawn spawn;
    kd_pid screen;

    if (status != KD_OK)
        return status;
    status = kd_runtime_receive(
        program->runtime, NULL, "screen", on_message, program, &screen, err);
    if (status != KD_OK)
        return status;
    memset(&spawn, 0, sizeof(spawn));
    spawn.size = sizeof(spawn);
    spawn.entry = "words:counter";
    spawn.host = "words:host";
    spawn.args = kd_payload_none();
    spawn.context = kd_payload_none();
    program->api = kd_runtime_api(program->runtime);
    return kd_runtime_spawn(
        program->runtime, &spawn, on_ended, program, &program->counter, err);
}

static void
send_text(
    struct program *program, const char *topic, const char *text, size_t len)
{
    kd_writer writer;
    kd_payload payload;
    kd_error err = KD_ERROR_INIT;

    memset(&writer, 0, sizeof(writer));
    kd_write_string(&writer, text, len);
    payload = kd_payload_make(KD_FORMAT_TERM, writer.data, writer.len);
    if (program->api->send(program->api, program->counter, topic, strlen(topic),
            0, &payload, &err) != KD_OK)
        complain("a line is lost", &err);
    kd_writer_free(&writer);
}

/* Returns 0 at the end of the input. */
static int
read_input(struct program *program)
{
    char bytes[256];
    ssize_t n = read(STDIN_FILENO, bytes, sizeof(bytes));

    for (ssize_t i = 0; i < n; i++) {
        if (bytes[i] == '\n' || program->len == sizeof(program->line)) {
            send_text(program, "line", program->line, program->len);
            program->len = 0;
        }
        if (bytes[i] != '\n')
            program->line[program->len++] = bytes[i];
    }
    return n > 0;
}

/* For poll(): until the runtime's next timer, in milliseconds. */
static int
patience(const struct program *program)
{
    kd_time due = kd_runtime_next_due(program->runtime);
    kd_time now = program->api->now_ns(program->api);

    if (due <= now)
        return 0;
    return due - now > 1000000000u ? 1000
                                   : (int)((due - now + 999999) / 1000000);
}

/* The loop. All that it knows of Kindred is a descriptor and a time. */
static void
loop(struct program *program)
{
    struct pollfd fds[2];

    fds[0].fd = kd_runtime_fd(program->runtime);
    fds[0].events = POLLIN;
    fds[1].fd = STDIN_FILENO;
    fds[1].events = POLLIN;
    while (!program->has_ended) {
        poll(fds, 2, patience(program));
        if (fds[1].fd >= 0 && fds[1].revents != 0 && !read_input(program)) {
            send_text(program, "end", "", 0);
            fds[1].fd = -1;
        }
        kd_runtime_step(program->runtime, STEP_NS, NULL);
    }
}

int
main(void)
{
    struct program program;
    kd_error err = KD_ERROR_INIT;
    int status = 0;

    memset(&program, 0, sizeof(program));
    if (open_words(&program, &err) != KD_OK)
        status = complain("cannot open", &err);
    else if (start_words(&program, &err) != KD_OK)
        status = complain("cannot start", &err);
    else
        loop(&program);
    if (kd_runtime_stop(program.runtime, STOP_NS, &err) != KD_OK)
        status = complain("cannot stop", &err);
    if (kd_runtime_free(program.runtime, NULL) != KD_OK)
        status = 1;
    return status;
}
