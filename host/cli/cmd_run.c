/* SPDX-License-Identifier: MIT */
/*
 * `kindred run`: start an application, wait for a signal or for the process of
 * --exec, stop. Semantics O1 to O6.
 */

#include "cli/app.h"
#include "cli/complain.h"
#include "cli/exec.h"
#include "cli/interrupt.h"
#include "cli/operator.h"

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
               KD__OPTION_ENV_FILE | KD__OPTION_IGNORE_UNKNOWN |
               KD__OPTION_LOG_LEVEL | KD__OPTION_LOG_FORMAT |
               KD__OPTION_SHUTDOWN_TIMEOUT | KD__OPTION_CHECKED,
    .run = run,
};

/* Until a signal, or until the process has ended. Returns the status. */
static int
wait_for_end(const struct kd__exec *exec, int quit_fd)
{
    struct pollfd fds[2] = {
        {.fd = quit_fd, .events = POLLIN},
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

static int
run_started(
    struct kd__app *app, struct kd__exec *exec, const struct kd__operator *op)
{
    const struct kd__settings *settings = app->settings;
    kd_error err = KD_ERROR_INIT;

    kd__notify_send(op->notify, "READY=1");
    if (settings->exec == NULL ||
        kd__exec_start(exec, app->runtime, settings, &err) == KD_OK)
        return wait_for_end(exec, op->quit_fd);
    kd__complain("%s", err.text);
    return KD__STATUS_FAILED;
}

/* A start that a signal has interrupted is a shutdown like any other. */
static int
run_start(
    struct kd__app *app, struct kd__exec *exec, const struct kd__operator *op)
{
    kd_error err = KD_ERROR_INIT;

    switch (kd_runtime_start(app->runtime, &err)) {
    case KD_OK:
        return run_started(app, exec, op);
    case KD_ECANCELED:
        return KD__STATUS_OK;
    default:
        kd__complain("%s", err.text);
        return KD__STATUS_FAILED;
    }
}

/* What is started is stopped again, whatever happens in between. */
static int
run_operated(
    struct kd__app *app, struct kd__exec *exec, const struct kd__operator *op)
{
    int status = run_start(app, exec, op);
    kd_error err = KD_ERROR_INIT;

    kd__notify_send(op->notify, "STOPPING=1");
    if (kd_runtime_stop(app->runtime, app->settings->shutdown_ns, &err) ==
        KD_OK)
        return status;
    kd__complain_at_end("%s", err.text);
    return KD__STATUS_FAILED;
}

static int
run_opened(struct kd__app *app, int signal_fd, const struct kd__notify *notify)
{
    struct kd__operator op;
    struct kd__exec exec;
    int status = KD__STATUS_FAILED;
    int failed = kd__exec_init(&exec);

    failed |= kd__operator_start(&op, app->runtime, signal_fd, notify);
    if (failed != 0)
        kd__complain("no descriptor or thread is left to wait with");
    else
        status = run_operated(app, &exec, &op);
    kd__operator_stop(&op);
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
    struct kd__notify notify;
    struct kd__app app;
    char text[80];

    if (signal_fd < 0) {
        kd__complain(
            "cannot catch signals: %s", strerror_r(errno, text, sizeof(text)));
        return KD__STATUS_FAILED;
    }
    kd__notify_init(&notify);
    if (kd__app_init(&app, settings) == 0 && kd__app_load(&app) == 0 &&
        kd__app_open(&app) == 0)
        status = run_opened(&app, signal_fd, &notify);
    kd__app_fini(&app);
    kd__notify_fini(&notify);
    return status;
}
