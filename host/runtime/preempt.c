/* SPDX-License-Identifier: MIT */
/*
 * The one signal that the library may use: it interrupts a thread of ours in
 * the middle of a slice, and the kind is told.
 *
 * A handler belongs to the whole program. Whoever finds ours installed already
 * has another runtime beside it with the same number, and goes without: its
 * kinds count their steps.
 */

#include "proc/lane.h"
#include "runtime/runtime.h"

#include <errno.h>
#include <signal.h>
#include <string.h>

/* ThreadSanitizer delivers signals when it likes: kinds count there. */
#if defined(__SANITIZE_THREAD__)
#define SIGNALS_ARE_LATE 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define SIGNALS_ARE_LATE 1
#endif
#endif
#ifndef SIGNALS_ARE_LATE
#define SIGNALS_ARE_LATE 0
#endif

static void
interrupted(int number)
{
    int saved = errno;

    (void)number;
    kd__lane_interrupted();
    errno = saved;
}

void
kd__preempt_install(kd_runtime *runtime)
{
    int number = runtime->config.preempt_signal;
    struct sigaction action;

    runtime->system.signal = 0;
    if (number == 0 || SIGNALS_ARE_LATE || runtime->system.is_stepped)
        return;
    if (sigaction(number, NULL, &action) != 0 ||
        action.sa_handler == interrupted) {
        kd__log_text(&runtime->log, KD_LOG_INFO, (kd_pid)KD_PID_NONE_INIT, NULL,
            "signal %d is in use or unusable: kinds count their steps", number);
        return;
    }
    runtime->old_action = action;
    memset(&action, 0, sizeof(action));
    action.sa_handler = interrupted;
    action.sa_flags = SA_RESTART;
    sigemptyset(&action.sa_mask);
    if (sigaction(number, &action, NULL) != 0)
        return;
    runtime->has_signal = 1;
    runtime->system.signal = number;
}

/* No thread that could be interrupted is left, so none comes late. */
void
kd__preempt_remove(kd_runtime *runtime)
{
    if (!runtime->has_signal)
        return;
    sigaction(runtime->config.preempt_signal, &runtime->old_action, NULL);
    runtime->has_signal = 0;
}
