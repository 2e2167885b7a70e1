/* SPDX-License-Identifier: MIT */
/*
 * Ends as terms.
 */

#include "outcome.h"

#include <signal.h>
#include <stdio.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* What the C library calls them is not to be had everywhere. */
static const char *const names[] = {
    [SIGHUP] = "HUP",
    [SIGINT] = "INT",
    [SIGQUIT] = "QUIT",
    [SIGILL] = "ILL",
    [SIGTRAP] = "TRAP",
    [SIGABRT] = "ABRT",
    [SIGBUS] = "BUS",
    [SIGFPE] = "FPE",
    [SIGKILL] = "KILL",
    [SIGUSR1] = "USR1",
    [SIGSEGV] = "SEGV",
    [SIGUSR2] = "USR2",
    [SIGPIPE] = "PIPE",
    [SIGALRM] = "ALRM",
    [SIGTERM] = "TERM",
    [SIGCHLD] = "CHLD",
    [SIGCONT] = "CONT",
    [SIGSTOP] = "STOP",
    [SIGTSTP] = "TSTP",
    [SIGTTIN] = "TTIN",
    [SIGTTOU] = "TTOU",
    [SIGURG] = "URG",
    [SIGXCPU] = "XCPU",
    [SIGXFSZ] = "XFSZ",
    [SIGVTALRM] = "VTALRM",
    [SIGPROF] = "PROF",
    [SIGWINCH] = "WINCH",
    [SIGIO] = "IO",
    [SIGPWR] = "PWR",
    [SIGSYS] = "SYS",
};

static void sentence(const struct kp_outcome *outcome, char *text, size_t len);

const char *
kp__signal_name(int32_t number)
{
    return number > 0 && (size_t)number < COUNT(names) ? names[number] : NULL;
}

int32_t
kp__signal_number(const char *name)
{
    for (size_t i = 0; i < COUNT(names); i++) {
        if (names[i] != NULL && strcmp(names[i], name) == 0)
            return (int32_t)i;
    }
    return 0;
}

int
kp__outcome_is_normal(const struct kp_outcome *outcome, int32_t asked)
{
    if (outcome->was_killed)
        return asked != 0 && outcome->number == asked;
    return asked != 0 || outcome->number == 0;
}

void
kp__outcome_value(const struct kp_outcome *outcome, kd_writer *to)
{
    kd_write_map(to, 1);
    kd_write_text(to, outcome->was_killed ? "signal" : "status");
    kd_write_int(to, outcome->number);
}

void
kp__outcome_error(const struct kp_outcome *outcome, kd_writer *to)
{
    kd_writer body = {NULL, 0, 0, KD_OK};
    char text[80];

    sentence(outcome, text, sizeof(text));
    kd_write_map(&body, 3);
    kd_write_text(&body, "kind");
    kd_write_text(&body, kd_status_kind(KD_EINTERNAL));
    kd_write_text(&body, "message");
    kd_write_text(&body, text);
    kd_write_text(&body, "details");
    kp__outcome_value(outcome, &body);
    if (body.status == KD_OK)
        kd_write_ext(to, KD_TERM_EXT_ERROR, body.data, body.len);
    else
        to->status = body.status;
    kd_writer_free(&body);
}

static void
sentence(const struct kp_outcome *outcome, char *text, size_t len)
{
    const char *name = kp__signal_name(outcome->number);

    if (!outcome->was_killed)
        snprintf(text, len, "exit status %d", outcome->number);
    else if (name == NULL)
        snprintf(text, len, "killed by signal %d", outcome->number);
    else
        snprintf(text, len, "killed by signal %d (%s)", outcome->number, name);
}
