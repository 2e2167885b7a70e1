/* SPDX-License-Identifier: MIT */
/*
 * usage: client PORT TEST [N]
 *
 * Clients of a line server, good and bad. Says what is wrong and ends with 1,
 * or says nothing.
 */

#define _GNU_SOURCE

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define PATIENCE_MS 60000

static int port;

static void
die(const char *what)
{
    fprintf(stderr, "client: %s: %s\n", what, strerror(errno));
    exit(1);
}

static void
want(int is_so, const char *what)
{
    if (is_so)
        return;
    fprintf(stderr, "client: not so: %s\n", what);
    exit(1);
}

static int
connect_one(void)
{
    struct sockaddr_in to = {.sin_family = AF_INET};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    to.sin_port = htons((uint16_t)port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof(to)) != 0)
        die("connect");
    return fd;
}

static void
put(int fd, const char *text)
{
    if (send(fd, text, strlen(text), MSG_NOSIGNAL) != (ssize_t)strlen(text))
        die("send");
}

/* Bytes that come within `ms`; 0 at the end, -1 when none come. */
static ssize_t
get(int fd, char *to, size_t len, int ms)
{
    struct pollfd wait = {.fd = fd, .events = POLLIN};
    ssize_t n;

    if (poll(&wait, 1, ms) != 1)
        return -1;
    n = recv(fd, to, len, 0);
    return n < 0 && errno == ECONNRESET ? 0 : n;
}

static void
want_text(int fd, const char *text)
{
    size_t len = strlen(text);
    char buffer[8192];
    size_t at = 0;
    ssize_t n;

    while (at < len) {
        n = get(fd, buffer + at, len - at, PATIENCE_MS);
        want(n > 0, text);
        at += (size_t)n;
    }
    want(memcmp(buffer, text, len) == 0, text);
}

static void
want_end(int fd)
{
    char c;

    want(get(fd, &c, 1, PATIENCE_MS) == 0, "it closes");
}

static double
now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Each line comes back, to who sent it. */
static void
test_many(int n)
{
    int *fds = calloc((size_t)n, sizeof(int));
    char text[64];

    if (fds == NULL)
        die("calloc");
    for (int i = 0; i < n; i++)
        fds[i] = connect_one();
    for (int round = 0; round < 5; round++) {
        for (int i = 0; i < n; i++) {
            snprintf(text, sizeof(text), "round %d of %d\n\n", round, i);
            put(fds[i], text);
        }
        for (int i = n - 1; i >= 0; i--) {
            snprintf(text, sizeof(text), "round %d of %d\n\n", round, i);
            want_text(fds[i], text);
        }
    }
    for (int i = 0; i < n; i++)
        close(fds[i]);
    free(fds);
}

/* Only whole lines come back, but for the last. */
static void
test_lines(int n)
{
    char c;

    while (n-- > 0) {
        int fd = connect_one();

        put(fd, "a");
        put(fd, "b\ncd");
        want_text(fd, "ab\n");
        want(get(fd, &c, 1, 20) == -1, "half a line waits");
        put(fd, "\ne");
        want_text(fd, "cd\n");
        shutdown(fd, SHUT_WR);
        want_text(fd, "e");
        want_end(fd);
        close(fd);
    }
}

/* No line is longer than 4096 bytes. */
static void
test_long(int n)
{
    char text[5000];
    int fd;

    (void)n;
    memset(text, 'x', sizeof(text));
    text[4095] = '\n';
    text[4096] = '\0';
    fd = connect_one();
    put(fd, text);
    want_text(fd, text);
    text[4095] = 'x';
    text[4999] = '\0';
    put(fd, text);
    want_end(fd);
    close(fd);
}

/*
 * One sends without reading until it can send no more, which says that the
 * server takes no more from it; others are served; then it reads, and all is
 * there.
 */
static void
test_greedy(int n)
{
    int greedy = connect_one();
    int other = connect_one();
    struct pollfd wait = {.fd = greedy, .events = POLLOUT};
    size_t sent = 0, got = 0;
    char line[32], buffer[4096];
    ssize_t done;

    fcntl(greedy, F_SETFL, O_NONBLOCK);
    while (poll(&wait, 1, 300) == 1) {
        snprintf(line, sizeof(line), "%014zu\n", sent / 15);
        done = send(greedy, line + sent % 15, 15 - sent % 15, MSG_NOSIGNAL);
        want(done > 0 || errno == EAGAIN, "it sends");
        sent += done > 0 ? (size_t)done : 0;
        want(sent < (size_t)64 << 20, "it is held back");
    }
    while (n-- > 0) {
        put(other, "and the others?\n");
        want_text(other, "and the others?\n");
    }
    sent -= sent % 15;
    while (got < sent) {
        done = get(greedy, buffer, sizeof(buffer), PATIENCE_MS);
        want(done > 0, "all of it comes back");
        for (ssize_t i = 0; i < done; i++, got++) {
            snprintf(line, sizeof(line), "%014zu\n", got / 15);
            want(buffer[i] == line[got % 15], "it comes back in order");
        }
    }
    close(greedy);
    close(other);
}

/* Who is silent is closed, and no sooner; who is not stays. N: milliseconds. */
static void
test_idle(int n)
{
    double start = now();
    int silent = connect_one();
    int lively = connect_one();
    char c;
    ssize_t end;

    while ((end = get(silent, &c, 1, n / 5)) == -1) {
        want(now() - start < 20, "who is silent is closed");
        put(lively, ".\n");
        want_text(lively, ".\n");
    }
    want(end == 0 && now() - start >= n / 1e3, "nobody is closed early");
    put(lively, "still here\n");
    want_text(lively, "still here\n");
    want_end(lively);
    close(silent);
    close(lively);
}

/* Gone at once, and without a good bye. */
static void
test_rude(int n)
{
    struct linger none = {.l_onoff = 1, .l_linger = 0};

    for (int i = 0; i < n; i++) {
        int fd = connect_one();

        if (i % 2 == 0)
            put(fd, "hello\nhalf");
        if (i % 3 == 0)
            setsockopt(fd, SOL_SOCKET, SO_LINGER, &none, sizeof(none));
        close(fd);
    }
}

/* Beyond its bound of N connections others wait until one goes. */
static void
test_bound(int n)
{
    int fds[16];
    int waiting;
    char c;

    want(n < 16, "N is small");
    for (int i = 0; i < n; i++) {
        fds[i] = connect_one();
        put(fds[i], "x\n");
        want_text(fds[i], "x\n");
    }
    waiting = connect_one();
    put(waiting, "x\n");
    want(get(waiting, &c, 1, 100) == -1, "there is no room");
    close(fds[0]);
    want_text(waiting, "x\n");
    for (int i = 1; i < n; i++)
        close(fds[i]);
    close(waiting);
}

/* Has N connections, whether they are taken or not, until stdin ends. */
static void
test_hold(int n)
{
    char c;

    while (n-- > 0)
        connect_one();
    puts("held");
    fflush(stdout);
    while (read(STDIN_FILENO, &c, 1) > 0)
        continue;
}

static const struct test {
    const char *name;
    void (*run)(int n);
} tests[] = {
    {"many", test_many},
    {"lines", test_lines},
    {"long", test_long},
    {"greedy", test_greedy},
    {"idle", test_idle},
    {"rude", test_rude},
    {"bound", test_bound},
    {"hold", test_hold},
};

int
main(int argc, char **argv)
{
    if (argc < 3)
        return 2;
    port = atoi(argv[1]);
    for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
        if (strcmp(tests[i].name, argv[2]) != 0)
            continue;
        tests[i].run(argc > 3 ? atoi(argv[3]) : 1);
        return 0;
    }
    return 2;
}
