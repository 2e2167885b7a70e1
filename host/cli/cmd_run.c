/* SPDX-License-Identifier: MIT */
/*
 * `kindred run`: start an application, wait for a signal or for the process of
 * --exec, stop. Semantics O1 to O6.
 */

#include "cli/app.h"
#include "cli/complain.h"
#include "cli/exec.h"
#include "cli/interrupt.h"

#include <errno.h>
#include <poll.h>
#include <string.h>

static int run(const struct kd__settings *settings);

static const char *const about[] = {
    "",
    "Reads the application in DIR (the current folder if none is given), "
    "checks",
    "all of it, starts what it says is to be started, and runs until SIGINT or",
    "SIGTERM. Then everything is stopped in order; a second signal ends at "
    "once.",
    "",
    "With --exec one entry is run besides, as a process with the ARGs, and the",
    "application stops when that process ends. Everything behind ID that is "
    "not",
    "an option, and all that follows it, is an ARG. The status is 0, or the",
    "integer from 0 to 125 that the process returns, or 1 when it fails.",
    NULL,
};

const struct kd__command kd__command_run = {
    .name = "run",
    .usage = "[DIR] [OPTION...] [--exec ID [ARG...]]",
    .summary = "Run an application",
    .about = about,
    .options = KD__OPTION_EXEC | KD__OPTION_HOST | KD__OPTION_PLUGIN |
               KD__OPTION_IGNORE_UNKNOWN | KD__OPTION_LOG_LEVEL |
               KD__OPTION_LOG_FORMAT | KD__OPTION_SHUTDOWN_TIMEOUT,
    .run = run,
};

/* Until a signal, or until the process has ended. Returns the status. */
static int
wait_for_end(const struct kd__exec *exec, int signal_fd)
{
    struct pollfd fds[2] = {
        {.fd = signal_fd, .events = POLLIN},
        {.fd = exec->fd, .events = POLLIN},
    };

    while (poll(fds, 2, -1) < 0) {
        if (errno != EINTR && errno != EAGAIN)
            return KD__STATUS_FAILED;
    }
    if (fds[1].revents == 0)
        return KD__STATUS_OK;
    return kd__exec_end(exec);
}

/* What is started is stopped again, whatever happens in between. */
static int
run_started(struct kd__app *app, struct kd__exec *exec, int signal_fd)
{
    const struct kd__settings *settings = app->settings;
    kd_error err = KD_ERROR_INIT;
    int status = KD__STATUS_OK;

    if (settings->exec != NULL &&
        kd__exec_start(exec, app->runtime, settings, &err) != KD_OK) {
        kd__complain("%s", err.text);
        status = KD__STATUS_FAILED;
    } else {
        status = wait_for_end(exec, signal_fd);
    }
    if (kd_runtime_stop(app->runtime, settings->shutdown_ns, &err) != KD_OK) {
        kd__complain("%s", err.text);
        status = KD__STATUS_FAILED;
    }
    return status;
}

static int
run_opened(struct kd__app *app, int signal_fd)
{
    struct kd__exec exec;
    kd_error err = KD_ERROR_INIT;
    int status = KD__STATUS_FAILED;

    if (kd__exec_init(&exec) != 0)
        kd__complain("no descriptor is left to wait with");
    else if (kd_runtime_start(app->runtime, &err) != KD_OK)
        kd__complain("%s", err.text);
    else
        status = run_started(app, &exec, signal_fd);
    /* After this nothing calls into what stands on our stack. */
    kd__app_fini(app);
    kd__exec_fini(&exec);
    return status;
}

static int
run(const struct kd__settings *settings)
{
    int signal_fd = kd__interrupt_catch();
    int status = KD__STATUS_FAILED;
    struct kd__app app;
    char text[80];

    if (signal_fd < 0) {
        kd__complain(
            "cannot catch signals: %s", strerror_r(errno, text, sizeof(text)));
        return KD__STATUS_FAILED;
    }
    if (kd__app_init(&app, settings) == 0 && kd__app_load(&app) == 0 &&
        kd__app_open(&app) == 0)
        status = run_opened(&app, signal_fd);
    kd__app_fini(&app);
    return status;
}
