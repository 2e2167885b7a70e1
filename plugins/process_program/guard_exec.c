/* SPDX-License-Identifier: MIT */
/*
 * All that stands between fork and exec (semantics E1, E3, E4).
 *
 * The guard starts with all signals at their defaults and all blocked, and
 * handles none, so that little is left to do here but to unblock them. Its
 * descriptors are closed by the exec.
 */

#include "guard_exec.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Signals that sigaction() and sigfillset() leave out. */
#define FIRST_HIDDEN 32
#define LAST_HIDDEN  33

/* Where programs are looked for when the environment has no PATH. */
static const char usual_path[] = "/usr/local/bin:/usr/bin:/bin";

static int die_with_guard(const struct kp_exec *exec);
static int take_places(const struct kp_exec *exec);
static void unblock_signals(void);
static int run(const struct kp_order *order);
static int run_found(const struct kp_order *order, const char *path);
static int is_elsewhere(int error);
static _Noreturn void give_up(
    const struct kp_exec *exec, int32_t type, int error);

void
kp__exec(const struct kp_exec *exec)
{
    const char *folder = exec->order.folder;

    if (die_with_guard(exec) != 0)
        _exit(127);
    if (setpgid(0, 0) != 0 || take_places(exec) != 0 ||
        setrlimit(RLIMIT_NOFILE, &exec->files) != 0)
        give_up(exec, KP_NOT_RUN, errno);
    if (folder[0] != '\0' && chdir(folder) != 0)
        give_up(exec, KP_NO_FOLDER, errno);
    unblock_signals();
    give_up(exec, KP_NOT_RUN, run(&exec->order));
}

/*
 * If somebody kills the guard itself, at least the program goes with it. It is
 * the guard's only thread that the kernel would miss, so this reaches further
 * than the same thing asked for by a thread of the host.
 */
static int
die_with_guard(const struct kp_exec *exec)
{
    if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0)
        return -1;
    return getppid() == exec->guard ? 0 : -1;
}

/* Ours are all above 2: 0 to 3 were taken when they came. */
static int
take_places(const struct kp_exec *exec)
{
    if (dup2(exec->fds[KP_FD_STDIN], 0) < 0 ||
        dup2(exec->fds[KP_FD_STDOUT], 1) < 0 ||
        dup2(exec->fds[KP_FD_STDERR], 2) < 0)
        return -1;
    return 0;
}

/* The C library keeps two signals from its users, and posix_spawn, by which the
 * guard was started, leaves them ignored: only the kernel can undo that. */
static void
unblock_signals(void)
{
    static const unsigned long as_usual[8];
    sigset_t none;

    for (int signal = FIRST_HIDDEN; signal <= LAST_HIDDEN; signal++)
        (void)syscall(
            SYS_rt_sigaction, signal, as_usual, NULL, (size_t)(_NSIG / 8));
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Returns why not. Not execvpe: that would try a shell on what is no program,
 * and look it up in our own environment. */
static int
run(const struct kp_order *order)
{
    const char *path = kp__order_env(order, "PATH");

    if (strchr(order->args[0], '/') == NULL)
        return run_found(order, path == NULL ? usual_path : path);
    execve(order->args[0], order->args, order->env);
    return errno;
}

/* The first that can be run; one that may not be is remembered meanwhile. */
static int
run_found(const struct kp_order *order, const char *path)
{
    char name[PATH_MAX];
    int error = ENOENT;

    for (const char *at = path;; at++) {
        int len = (int)strcspn(at, ":");

        /* An empty part is the working directory. */
        if (snprintf(name, sizeof(name), "%.*s%s%s", len, at,
                len == 0 ? "" : "/", order->args[0]) < (int)sizeof(name)) {
            execve(name, order->args, order->env);
            if (!is_elsewhere(errno))
                return errno;
            if (errno == EACCES)
                error = EACCES;
        }
        at += len;
        if (*at == '\0')
            return error;
    }
}

static int
is_elsewhere(int error)
{
    return error == ENOENT || error == ENOTDIR || error == EACCES ||
           error == ENAMETOOLONG || error == ELOOP;
}

static void
give_up(const struct kp_exec *exec, int32_t type, int error)
{
    const struct kp_report report = {type, error};

    (void)send(exec->fds[KP_FD_CHANNEL], &report, sizeof(report), MSG_NOSIGNAL);
    _exit(127);
}
