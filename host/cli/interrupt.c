/* SPDX-License-Identifier: MIT */
/*
 * A handler and a pipe to whoever serves the operator. The handler and not a
 * descriptor alone, since the second signal must work whatever is busy.
 */

#include "cli/interrupt.h"

#include "cli/command.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

static volatile sig_atomic_t seen;
static int wake[2];

static void
on_signal(int number)
{
    const char word =
        number == SIGUSR1 ? KD__INTERRUPT_TREE : KD__INTERRUPT_QUIT;
    int saved = errno;
    ssize_t n;

    if (word == KD__INTERRUPT_QUIT && seen)
        _exit(KD__STATUS_FAILED);
    if (word == KD__INTERRUPT_QUIT)
        seen = 1;
    n = write(wake[1], &word, 1);
    (void)n;
    errno = saved;
}

int
kd__interrupt_catch(void)
{
    struct sigaction action;

    if (pipe2(wake, O_CLOEXEC | O_NONBLOCK) != 0)
        return -1;
    memset(&action, 0, sizeof(action));
    sigemptyset(&action.sa_mask);
    sigaddset(&action.sa_mask, SIGINT);
    sigaddset(&action.sa_mask, SIGTERM);
    sigaddset(&action.sa_mask, SIGUSR1);
    action.sa_flags = SA_RESTART;
    action.sa_handler = on_signal;
    if (sigaction(SIGINT, &action, NULL) != 0 ||
        sigaction(SIGTERM, &action, NULL) != 0 ||
        sigaction(SIGUSR1, &action, NULL) != 0)
        return -1;
    action.sa_handler = SIG_IGN;
    return sigaction(SIGPIPE, &action, NULL) == 0 ? wake[0] : -1;
}
