/* SPDX-License-Identifier: MIT */
/*
 * What systemd hears of the command, by a socket of our own (semantics O1).
 */

#include "harness.h"

#include "cli/notify.h"

#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* Longer than anything that a slow machine needs. */
#define PATIENCE_S 60

static char dir[] = "/tmp/kindred-notify-XXXXXX";
static char path[64];
static char index_path[64];

/* A socket that is bound to `name`, as NOTIFY_SOCKET has it. */
static int
listen_at(const char *name)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    struct timeval patience = {PATIENCE_S, 0};
    socklen_t len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) +
                                strlen(name) + (name[0] == '/'));
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    strcpy(address.sun_path, name);
    if (name[0] == '@')
        address.sun_path[0] = '\0';
    CU_ASSERT_EQUAL_FATAL(
        bind(fd, (struct sockaddr *)(void *)&address, len), 0);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    setenv("NOTIFY_SOCKET", name, 1);
    return fd;
}

/* The next line, or "" when none comes. */
static const char *
hear(int fd)
{
    static char line[128];
    ssize_t n = recv(fd, line, sizeof(line) - 1, 0);

    line[n < 0 ? 0 : n] = '\0';
    return line;
}

/* The next one that is no ping: these come at any time. */
static const char *
hear_state(int fd)
{
    const char *line;

    do
        line = hear(fd);
    while (strcmp(line, "WATCHDOG=1") == 0);
    return line;
}

static void
test_notify_sends_to_a_path_and_to_an_abstract_name(void)
{
    char abstract[64];
    struct kd__notify notify;
    int fd = listen_at(path);

    kd__notify_init(&notify);
    kd__notify_send(&notify, "READY=1");
    CU_ASSERT_STRING_EQUAL(hear(fd), "READY=1");
    kd__notify_fini(&notify);
    close(fd);
    unlink(path);

    snprintf(abstract, sizeof(abstract), "@kindred-test-%ld", (long)getpid());
    fd = listen_at(abstract);
    kd__notify_init(&notify);
    kd__notify_send(&notify, "STOPPING=1");
    CU_ASSERT_STRING_EQUAL(hear(fd), "STOPPING=1");
    kd__notify_fini(&notify);
    close(fd);
}

static void
test_notify_without_a_usable_socket_is_silent(void)
{
    static const char *const names[] = {"", "/", "relative", NULL};
    struct kd__notify notify;
    char text[200];

    unsetenv("NOTIFY_SOCKET");
    kd__notify_init(&notify);
    CU_ASSERT_EQUAL(notify.fd, -1);
    for (size_t i = 0; names[i] != NULL; i++) {
        setenv("NOTIFY_SOCKET", names[i], 1);
        kd__notify_init(&notify);
        CU_ASSERT_EQUAL(notify.fd, -1);
    }
    memset(text, 'x', sizeof(text) - 1);
    text[0] = '/';
    text[sizeof(text) - 1] = '\0';
    setenv("NOTIFY_SOCKET", text, 1);
    kd__notify_init(&notify);
    CU_ASSERT_EQUAL(notify.fd, -1);
    kd__notify_send(&notify, "READY=1");
    kd__notify_fini(&notify);
}

/* The environment is for us alone: what we run must not answer for us. */
static void
test_notify_takes_the_environment_away(void)
{
    struct kd__notify notify;
    int fd = listen_at(path);

    setenv("WATCHDOG_USEC", "1000000", 1);
    kd__notify_init(&notify);
    CU_ASSERT_PTR_NULL(getenv("NOTIFY_SOCKET"));
    CU_ASSERT_PTR_NULL(getenv("WATCHDOG_USEC"));
    CU_ASSERT_PTR_NULL(getenv("WATCHDOG_PID"));
    kd__notify_fini(&notify);
    close(fd);
    unlink(path);
}

static int
watchdog_of(const char *usec, const char *pid)
{
    struct kd__notify notify;
    int fd = listen_at(path);

    if (usec != NULL)
        setenv("WATCHDOG_USEC", usec, 1);
    if (pid != NULL)
        setenv("WATCHDOG_PID", pid, 1);
    kd__notify_init(&notify);
    kd__notify_fini(&notify);
    close(fd);
    unlink(path);
    return notify.watchdog_ms;
}

static void
test_watchdog_is_served_twice_in_its_time_and_for_us_only(void)
{
    char self[32];

    snprintf(self, sizeof(self), "%ld", (long)getpid());
    CU_ASSERT_EQUAL(watchdog_of("30000000", NULL), 15000);
    CU_ASSERT_EQUAL(watchdog_of("30000000", self), 15000);
    CU_ASSERT_EQUAL(watchdog_of("30000000", "1"), -1);
    CU_ASSERT_EQUAL(watchdog_of("1", NULL), 1);
    CU_ASSERT_EQUAL(watchdog_of("0", NULL), -1);
    CU_ASSERT_EQUAL(watchdog_of("1s", NULL), -1);
    CU_ASSERT_EQUAL(watchdog_of("99999999999999", NULL), -1);
    CU_ASSERT_EQUAL(watchdog_of(NULL, NULL), -1);
}

static pid_t
launch(void)
{
    const char *kindred = getenv("KINDRED");
    pid_t child = fork();

    if (child != 0)
        return child;
    execl(kindred, kindred, "run", dir, "--log-level", "error", (char *)NULL);
    _exit(127);
}

static void
test_command_tells_that_it_is_ready_lives_and_stops(void)
{
    int fd = listen_at(path);
    int status = -1;
    pid_t child;

    setenv("WATCHDOG_USEC", "20000", 1);
    child = launch();
    CU_ASSERT_FATAL(child > 0);
    CU_ASSERT_STRING_EQUAL(hear_state(fd), "READY=1");
    CU_ASSERT_STRING_EQUAL(hear(fd), "WATCHDOG=1");
    CU_ASSERT_STRING_EQUAL(hear(fd), "WATCHDOG=1");
    kill(child, SIGTERM);
    CU_ASSERT_STRING_EQUAL(hear_state(fd), "STOPPING=1");
    CU_ASSERT_EQUAL(waitpid(child, &status, 0), child);
    CU_ASSERT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    close(fd);
    unlink(path);
    unsetenv("WATCHDOG_USEC");
}

static const struct test_case tests[] = {
    TEST(test_notify_sends_to_a_path_and_to_an_abstract_name),
    TEST(test_notify_without_a_usable_socket_is_silent),
    TEST(test_notify_takes_the_environment_away),
    TEST(test_watchdog_is_served_twice_in_its_time_and_for_us_only),
    TEST(test_command_tells_that_it_is_ready_lives_and_stops),
};

/* A folder with the socket, and with an application that does nothing. */
int
main(void)
{
    FILE *file;
    int status;

    alarm(300);
    if (mkdtemp(dir) == NULL)
        return 1;
    snprintf(path, sizeof(path), "%s/socket", dir);
    snprintf(index_path, sizeof(index_path), "%s/_index.yaml", dir);
    file = fopen(index_path, "w");
    if (file == NULL)
        return 1;
    fputs("namespace: n\nentries: []\n", file);
    fclose(file);
    status = harness_run("cli_notify", tests, sizeof(tests) / sizeof(tests[0]));
    unlink(index_path);
    rmdir(dir);
    return status;
}
