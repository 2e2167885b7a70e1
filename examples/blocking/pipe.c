/* SPDX-License-Identifier: MIT */
/*
 * A kind that wraps a call which blocks: example.pipe reads a named pipe, and
 * sends each line to the process that has a certain name.
 *
 * A blocking kind is declared: each call of `run` has a thread lent to it, and
 * nobody else's turn is held up. What blocks here is poll(2). It might be the
 * query of a database or the wait for a device; then `interrupt` calls the
 * library's sqlite3_interrupt() or libusb_interrupt_event_handler(), instead of
 * writing to a descriptor of our own.
 */

#define _GNU_SOURCE

#include <kindred/kindred.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Longer lines come in pieces. */
#define LINE_MAX 4096

struct pipe {
    const kd_api *api;
    const char *path;
    const char *to; /* Name of the receiver. */
    int fd;         /* -1: not open yet. */
    int interrupts; /* An eventfd. */
    int is_held;    /* The receiver has no room. */
    int64_t lines;  /* Sent. */
    size_t len;
    char buffer[LINE_MAX];
};

static kd_status
system_error(kd_error *err, const char *what, const char *path)
{
    char why[80];

    return kd_error_set(err, errno == ENOENT ? KD_ENOTFOUND : KD_ESYSTEM,
        "cannot %s %s: %s", what, path, strerror_r(errno, why, sizeof(why)));
}

/* Whoever spawns is waiting: nothing is opened here that could take long. */
static kd_status
pipe_create(void *state, void *prepared, kd_proc *proc, const kd_payload *args,
    void **self, kd_error *err)
{
    const kd_api *api = state;
    const kd_entry *entry = kd_proc_entry(proc);
    struct pipe *pipe = calloc(1, sizeof(*pipe));

    (void)prepared;
    (void)args;
    if (pipe == NULL)
        return KD_ENOMEM;
    pipe->api = api;
    pipe->path = api->entry_get(entry, "path")->text;
    pipe->to = api->entry_get(entry, "to")->text;
    pipe->fd = -1;
    pipe->interrupts = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (pipe->interrupts < 0) {
        free(pipe);
        return system_error(err, "make", "an eventfd");
    }
    *self = pipe;
    return KD_OK;
}

/* For writing as well, so that it does not end when its last writer goes. */
static kd_status
pipe_open(struct pipe *pipe, kd_error *err)
{
    if (pipe->fd < 0)
        pipe->fd = open(pipe->path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
    return pipe->fd < 0 ? system_error(err, "open", pipe->path) : KD_OK;
}

/* The bytes of the first line without its end, and all that it takes; 0 when
 * it is not complete. */
static size_t
first_line(const struct pipe *pipe, size_t *len)
{
    const char *end = memchr(pipe->buffer, '\n', pipe->len);

    *len = end == NULL ? LINE_MAX : (size_t)(end - pipe->buffer);
    if (end != NULL)
        return *len + 1;
    return pipe->len == LINE_MAX ? LINE_MAX : 0;
}

static kd_status
send_line(struct pipe *pipe, kd_proc *proc, size_t len)
{
    kd_writer writer = {0};
    kd_payload line;
    kd_status status;
    kd_pid to;

    status = pipe->api->name_find(pipe->api, pipe->to, strlen(pipe->to), &to);
    if (status != KD_OK)
        return KD_EGONE;
    kd_write_string(&writer, pipe->buffer, len);
    line = kd_writer_payload(&writer);
    status = writer.status;
    if (status == KD_OK)
        status = kd_proc_send(proc, to, "line", 4, 0, &line, NULL);
    kd_writer_free(&writer);
    if (status == KD_EFULL && kd_proc_when_room(proc, to, NULL) == KD_OK)
        pipe->is_held = 1;
    return status;
}

/*
 * Send what is complete. When the receiver has no room we keep it, and read no
 * further: then the pipe fills, and whoever writes to it waits. A receiver that
 * is not there, or that takes no line so long, misses it.
 */
static void
send_lines(struct pipe *pipe, kd_proc *proc)
{
    size_t len;
    size_t taken;

    while (!pipe->is_held && (taken = first_line(pipe, &len)) > 0) {
        if (send_line(pipe, proc, len) == KD_OK)
            pipe->lines++;
        if (pipe->is_held)
            return;
        pipe->len -= taken;
        memmove(pipe->buffer, pipe->buffer + taken, pipe->len);
    }
}

static kd_next
pipe_end(const struct pipe *pipe, kd_proc *proc)
{
    kd_writer writer = {0};
    kd_payload value;

    kd_write_int(&writer, pipe->lines);
    value = kd_writer_payload(&writer);
    kd_proc_finish(proc, &value);
    kd_writer_free(&writer);
    return KD_NEXT_DONE;
}

/*
 * The call that blocks. An interrupt is taken back here, at the end of the call
 * that it was for; what came with it is found by the next one.
 */
static kd_next
pipe_wait(struct pipe *pipe, kd_error *err)
{
    struct pollfd fds[2] = {
        {.fd = pipe->interrupts, .events = POLLIN},
        {.fd = pipe->fd, .events = POLLIN},
    };
    uint64_t count;
    ssize_t n;

    if (poll(fds, 2, -1) < 0 && errno != EINTR)
        goto failed;
    if (read(pipe->interrupts, &count, sizeof(count)) > 0)
        return KD_NEXT_READY;
    n = read(pipe->fd, pipe->buffer + pipe->len, LINE_MAX - pipe->len);
    if (n < 0 && errno != EAGAIN && errno != EINTR)
        goto failed;
    if (n > 0)
        pipe->len += (size_t)n;
    return KD_NEXT_READY;

failed:
    system_error(err, "read", pipe->path);
    return KD_NEXT_FAIL;
}

static kd_next
pipe_run(void *self, kd_proc *proc, uint32_t budget, kd_error *err)
{
    struct pipe *pipe = self;
    kd_message *message;
    kd_signal signal;

    (void)budget;
    while (kd_proc_signal(proc, &signal) == KD_OK) {
        if (signal.type == KD_SIGNAL_CANCEL)
            return pipe_end(pipe, proc);
        if (signal.type == KD_SIGNAL_ROOM)
            pipe->is_held = 0;
    }
    while ((message = kd_proc_next(proc)) != NULL)
        kd_proc_release(proc, message);
    if (pipe_open(pipe, err) != KD_OK)
        return KD_NEXT_FAIL;
    send_lines(pipe, proc);
    return pipe->is_held ? KD_NEXT_WAIT : pipe_wait(pipe, err);
}

/* On some other thread, while pipe_wait() blocks. */
static void
pipe_interrupt(void *self)
{
    struct pipe *pipe = self;
    uint64_t one = 1;

    /* It fails only when it says so already. */
    if (write(pipe->interrupts, &one, sizeof(one)) < 0)
        return;
}

static void
pipe_destroy(void *self, kd_proc *proc)
{
    struct pipe *pipe = self;

    (void)proc;
    if (pipe->fd >= 0)
        close(pipe->fd);
    close(pipe->interrupts);
    free(pipe);
}

static const kd_worker_kind worker = {
    .size = sizeof(kd_worker_kind),
    .flags = KD_WORKER_BLOCKING,
    .create = pipe_create,
    .run = pipe_run,
    .destroy = pipe_destroy,
    .interrupt = pipe_interrupt,
};

static const kd_option options[] = {
    {.size = sizeof(kd_option),
        .type = KD_OPTION_STRING,
        .flags = KD_OPTION_REQUIRED,
        .name = "path",
        .help = "The pipe, as mkfifo(1) makes it"},
    {.size = sizeof(kd_option),
        .type = KD_OPTION_STRING,
        .flags = KD_OPTION_REQUIRED,
        .name = "to",
        .help = "Name of the process that gets the lines"},
    {.size = sizeof(kd_option),
        .type = KD_OPTION_ENTRY,
        .flags = KD_OPTION_HOST_RULE,
        .classes = KD_CLASS_HOST,
        .name = "host",
        .help = "The host that auto_start runs it on"},
};

static const kd_kind kind = {
    .size = sizeof(kd_kind),
    .flags = KD_KIND_LIFECYCLE | KD_KIND_LIMITS,
    .cls = KD_CLASS_WORKER,
    .id = "example.pipe",
    .help = "Sends the lines of a named pipe to a process",
    .options = options,
    .n_options = COUNT(options),
    .impl = &worker,
};

static const kd_kind *const kinds[] = {&kind, NULL};

static kd_status
init(const kd_api *api, void **state, kd_error *err)
{
    (void)err;
    *state = (void *)(uintptr_t)api;
    return KD_OK;
}

static const kd_plugin plugin = {
    .stamp = KD_STAMP_INIT,
    .name = "example.pipe",
    .version = "1.0.0",
    .help = "Named pipes as processes",
    .kinds = kinds,
    .init = init,
};

const kd_plugin *
kd_plugin_query_v1(void)
{
    return &plugin;
}
