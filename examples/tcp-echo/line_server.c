/* SPDX-License-Identifier: MIT */
/*
 * A kind that watches descriptors: example.line_server listens on a TCP port,
 * and each line that a client sends comes back to it.
 *
 * One process serves all connections, without a thread. For each it reads only
 * while what it has to write is little, so that a client that does not read is
 * not read from either. A connection on which nothing moves for `idle` is
 * closed. Those that wait are found by their place in a list, which is in the
 * order of their last move: all have the same patience, so that no heap is
 * needed, and the process's one timer is that of the first.
 */

#define _GNU_SOURCE

#include <kindred/kindred.h>

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* What a connection holds at most; no line may be longer. */
#define BUFFER_MAX 4096
/* When the system has no more descriptors, it is asked again so soon. */
#define RETRY_NS ((kd_time)100 * 1000 * 1000)
/* How many to accept in a row, and reads of one connection. */
#define ACCEPT_MAX 64
#define READS_MAX  4

struct connection {
    struct connection *previous, *next; /* By their last move. */
    int fd;
    uint32_t events; /* That it waits for. */
    int is_at_end;   /* The client sends no more. */
    kd_time moved_ns;
    size_t len;   /* Bytes that are here... */
    size_t whole; /* ...and those of them that are whole lines. */
    char buffer[BUFFER_MAX];
};

struct line_server {
    const kd_api *api;
    int fd;          /* -1: does not listen yet. */
    int is_full;     /* Takes no more connections. */
    kd_time idle_ns; /* 0: any time. */
    size_t max;
    size_t count;
    int64_t served; /* Connections, all in all. */
    /* By descriptor; NULL where there is none. */
    struct connection **by_fd;
    size_t cap;
    struct connection *first, *last; /* First: has not moved for longest. */
};

static kd_status
system_error(kd_error *err, const char *what)
{
    char why[80];

    return kd_error_set(err, KD_ESYSTEM, "cannot %s: %s", what,
        strerror_r(errno, why, sizeof(why)));
}

/* The list, and the table. */

static void
list_remove(struct line_server *server, struct connection *connection)
{
    *(connection->previous == NULL ? &server->first
                                   : &connection->previous->next) =
        connection->next;
    *(connection->next == NULL ? &server->last : &connection->next->previous) =
        connection->previous;
}

static void
list_append(struct line_server *server, struct connection *connection)
{
    connection->next = NULL;
    connection->previous = server->last;
    *(server->last == NULL ? &server->first : &server->last->next) = connection;
    server->last = connection;
}

static void
has_moved(struct line_server *server, struct connection *connection)
{
    connection->moved_ns = server->api->now_ns(server->api);
    list_remove(server, connection);
    list_append(server, connection);
}

static kd_status
table_grow(struct line_server *server, size_t fd)
{
    size_t cap = server->cap * 2 > fd + 1 ? server->cap * 2 : fd + 16;
    struct connection **table;

    if (fd < server->cap)
        return KD_OK;
    table = realloc(server->by_fd, cap * sizeof(struct connection *));
    if (table == NULL)
        return KD_ENOMEM;
    memset(table + server->cap, 0,
        (cap - server->cap) * sizeof(struct connection *));
    server->by_fd = table;
    server->cap = cap;
    return KD_OK;
}

/* A connection. */

static void
connection_close(
    struct line_server *server, kd_proc *proc, struct connection *connection)
{
    kd_proc_watch(proc, connection->fd, 0, NULL);
    server->by_fd[connection->fd] = NULL;
    server->count--;
    list_remove(server, connection);
    close(connection->fd);
    free(connection);
}

/* Takes `fd`, also when it fails. */
static kd_status
connection_open(struct line_server *server, kd_proc *proc, int fd)
{
    struct connection *connection = calloc(1, sizeof(*connection));

    if (connection == NULL || table_grow(server, (size_t)fd) != KD_OK) {
        free(connection);
        close(fd);
        return KD_ENOMEM;
    }
    connection->fd = fd;
    connection->moved_ns = server->api->now_ns(server->api);
    server->by_fd[fd] = connection;
    server->count++;
    list_append(server, connection);
    if (kd_proc_watch(proc, fd, KD_FD_READ, NULL) == KD_OK) {
        server->served++;
        return KD_OK;
    }
    connection_close(server, proc, connection);
    return KD_ELIMIT;
}

/* Whole lines come back; of a client that has said all, also the rest. */
static void
find_lines(struct connection *connection)
{
    const char *end = memrchr(connection->buffer, '\n', connection->len);

    if (connection->is_at_end)
        connection->whole = connection->len;
    else if (end != NULL)
        connection->whole = (size_t)(end - connection->buffer) + 1;
}

/* 0, or -1: the connection is of no more use. */
static int
connection_read(struct line_server *server, struct connection *connection)
{
    ssize_t n;

    for (int i = 0; i < READS_MAX && !connection->is_at_end; i++) {
        if (connection->len == BUFFER_MAX)
            break;
        n = recv(connection->fd, connection->buffer + connection->len,
            BUFFER_MAX - connection->len, MSG_DONTWAIT);
        if (n < 0)
            return errno == EAGAIN || errno == EINTR ? 0 : -1;
        if (n > 0)
            has_moved(server, connection);
        connection->is_at_end = n == 0;
        connection->len += (size_t)n;
        find_lines(connection);
    }
    /* A line without an end. */
    return connection->len == BUFFER_MAX && connection->whole == 0 ? -1 : 0;
}

/* Writing to one that hung up is an error, and must not be a signal. */
static int
connection_write(struct line_server *server, struct connection *connection)
{
    ssize_t n;

    while (connection->whole > 0) {
        n = send(connection->fd, connection->buffer, connection->whole,
            MSG_DONTWAIT | MSG_NOSIGNAL);
        if (n < 0)
            return errno == EAGAIN || errno == EINTR ? 0 : -1;
        has_moved(server, connection);
        connection->whole -= (size_t)n;
        connection->len -= (size_t)n;
        memmove(connection->buffer, connection->buffer + n, connection->len);
    }
    return connection->is_at_end ? -1 : 0;
}

/* While lines wait to be written, nothing more is read. */
static void
connection_serve(
    struct line_server *server, kd_proc *proc, struct connection *connection)
{
    uint32_t events;

    if (connection_read(server, connection) != 0 ||
        connection_write(server, connection) != 0) {
        connection_close(server, proc, connection);
        return;
    }
    events = connection->whole > 0 ? KD_FD_WRITE : KD_FD_READ;
    if (kd_proc_watch(proc, connection->fd, events, NULL) != KD_OK)
        connection_close(server, proc, connection);
}

/* The server. */

static kd_status
server_create(void *state, void *prepared, kd_proc *proc,
    const kd_payload *args, void **self, kd_error *err)
{
    const kd_entry *entry = kd_proc_entry(proc);
    struct line_server *server = calloc(1, sizeof(*server));
    const kd_api *api = state;

    (void)prepared;
    (void)args;
    (void)err;
    if (server == NULL)
        return KD_ENOMEM;
    server->api = api;
    server->fd = -1;
    server->idle_ns = (kd_time)api->entry_get(entry, "idle")->integer;
    server->max = (size_t)api->entry_get(entry, "connections")->integer;
    *self = server;
    return KD_OK;
}

static kd_status
read_address(const kd_api *api, const kd_entry *entry, struct sockaddr_in *to)
{
    memset(to, 0, sizeof(*to));
    to->sin_family = AF_INET;
    to->sin_port = htons((uint16_t)api->entry_get(entry, "port")->integer);
    return inet_pton(AF_INET, api->entry_get(entry, "address")->text,
               &to->sin_addr) == 1
               ? KD_OK
               : KD_EINVAL;
}

static kd_status
server_listen(struct line_server *server, kd_proc *proc, kd_error *err)
{
    struct sockaddr_in address;
    int one = 1;

    if (read_address(server->api, kd_proc_entry(proc), &address) != KD_OK)
        return kd_error_set(err, KD_EINVAL, "the address is none");
    server->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (server->fd < 0)
        return system_error(err, "make a socket");
    setsockopt(server->fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
    if (bind(server->fd, (struct sockaddr *)&address, sizeof(address)) != 0 ||
        listen(server->fd, SOMAXCONN) != 0)
        return system_error(err, "listen");
    return kd_proc_watch(proc, server->fd, KD_FD_READ, err);
}

/*
 * With as many as it may have, or without descriptors or memory, it takes no
 * more for a while; clients wait in the kernel's queue.
 */
static void
server_accept(struct line_server *server, kd_proc *proc)
{
    int fd;

    server->is_full = 0;
    for (int i = 0; i < ACCEPT_MAX; i++) {
        if (server->count == server->max) {
            server->is_full = 1;
            return;
        }
        fd = accept4(server->fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
        if (fd < 0 && (errno == EMFILE || errno == ENFILE || errno == ENOBUFS ||
                          errno == ENOMEM)) {
            server->is_full = 1;
            return;
        }
        if (fd < 0)
            break;
        if (connection_open(server, proc, fd) != KD_OK)
            break;
    }
    kd_proc_watch(proc, server->fd, KD_FD_READ, NULL);
}

static void
server_ready(struct line_server *server, kd_proc *proc, int fd)
{
    if (fd == server->fd)
        server_accept(server, proc);
    else if ((size_t)fd < server->cap && server->by_fd[fd] != NULL)
        connection_serve(server, proc, server->by_fd[fd]);
}

static void
server_expire(struct line_server *server, kd_proc *proc, kd_time now_ns)
{
    while (server->idle_ns > 0 && server->first != NULL &&
           now_ns - server->first->moved_ns >= server->idle_ns)
        connection_close(server, proc, server->first);
}

/* When the next thing is due that no descriptor tells of. */
static kd_time
server_due(const struct line_server *server, kd_time now_ns)
{
    kd_time due = KD_NEVER;

    if (server->idle_ns > 0 && server->first != NULL)
        due = server->first->moved_ns + server->idle_ns;
    if (server->is_full && server->count < server->max &&
        now_ns + RETRY_NS < due)
        due = now_ns + RETRY_NS;
    return due;
}

/* Topic `where` asks for the port, which the kernel may have chosen. */
static void
server_answer(
    struct line_server *server, kd_proc *proc, const kd_message *message)
{
    struct sockaddr_in address = {0};
    socklen_t len = sizeof(address);
    kd_writer writer = {0};
    kd_payload port;

    if (!kd_message_is(message, "where") ||
        getsockname(server->fd, (struct sockaddr *)&address, &len) != 0)
        return;
    kd_write_int(&writer, ntohs(address.sin_port));
    port = kd_writer_payload(&writer);
    kd_proc_send(proc, message->from, "port", 4, 0, &port, NULL);
    kd_writer_free(&writer);
}

static kd_next
server_end(const struct line_server *server, kd_proc *proc)
{
    kd_writer writer = {0};
    kd_payload served;

    kd_write_int(&writer, server->served);
    served = kd_writer_payload(&writer);
    kd_proc_finish(proc, &served);
    kd_writer_free(&writer);
    return KD_NEXT_DONE;
}

static kd_next
server_run(void *self, kd_proc *proc, uint32_t budget, kd_error *err)
{
    struct line_server *server = self;
    kd_message *message;
    kd_signal signal;
    kd_time now_ns;

    (void)budget;
    if (server->fd < 0) {
        if (server_listen(server, proc, err) != KD_OK)
            return KD_NEXT_FAIL;
        kd_proc_ready(proc);
    }
    while (kd_proc_signal(proc, &signal) == KD_OK) {
        if (signal.type == KD_SIGNAL_CANCEL)
            return server_end(server, proc);
        if (signal.type == KD_SIGNAL_FD)
            server_ready(server, proc, signal.fd);
    }
    while ((message = kd_proc_next(proc)) != NULL) {
        server_answer(server, proc, message);
        kd_proc_release(proc, message);
    }
    now_ns = server->api->now_ns(server->api);
    server_expire(server, proc, now_ns);
    if (server->is_full && server->count < server->max)
        server_accept(server, proc);
    kd_proc_wake_at(proc, server_due(server, now_ns));
    return KD_NEXT_WAIT;
}

/* What it watched has been taken back. */
static void
server_destroy(void *self, kd_proc *proc)
{
    struct line_server *server = self;
    struct connection *connection;

    (void)proc;
    while ((connection = server->first) != NULL) {
        server->first = connection->next;
        close(connection->fd);
        free(connection);
    }
    if (server->fd >= 0)
        close(server->fd);
    free(server->by_fd);
    free(server);
}

static void
server_describe(void *self, char *text, size_t len)
{
    struct line_server *server = self;

    snprintf(text, len, "connections=%zu of %zu, served=%lld", server->count,
        server->max, (long long)server->served);
}

static const kd_worker_kind worker = {
    .size = sizeof(kd_worker_kind),
    .create = server_create,
    .run = server_run,
    .destroy = server_destroy,
    .describe = server_describe,
};

static const kd_option options[] = {
    {.size = sizeof(kd_option),
        .type = KD_OPTION_STRING,
        .name = "address",
        .def = "127.0.0.1",
        .help = "Where it listens, in IPv4"},
    {.size = sizeof(kd_option),
        .type = KD_OPTION_INT,
        .name = "port",
        .def = "0",
        .help = "The port; 0: one that is free",
        .max = 65535},
    {.size = sizeof(kd_option),
        .type = KD_OPTION_INT,
        .name = "connections",
        .def = "10000",
        .help = "Most that it has at a time; more have to wait",
        .min = 1,
        .max = 1000000},
    {.size = sizeof(kd_option),
        .type = KD_OPTION_DURATION,
        .name = "idle",
        .def = "0",
        .help = "Close a connection on which nothing moves so long; 0: none",
        .max = INT64_MAX},
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
    .id = "example.line_server",
    .help = "Sends back each line that a TCP client sends",
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
    .name = "example.line_server",
    .version = "1.0.0",
    .help = "A TCP server as a process",
    .kinds = kinds,
    .init = init,
};

const kd_plugin *
kd_plugin_query_v1(void)
{
    return &plugin;
}
