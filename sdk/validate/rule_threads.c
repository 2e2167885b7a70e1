/* SPDX-License-Identifier: MIT */
/*
 * Calls for one process never overlap, but each may come on another thread;
 * and `destroy` too. What a kind keeps in a thread is lost, and what it does
 * with a kd_proc on a thread of its own the fake host complains of.
 */

#include "rule.h"

#include <pthread.h>

struct turn {
    kd_proc *proc;
    int is_last;
};

static void *
take_turn(void *arg)
{
    const struct turn *turn = arg;

    if (turn->is_last)
        kd_fake_end(turn->proc);
    else
        kd_fake_run(turn->proc, 1000);
    return NULL;
}

static void
run(struct subject *subject)
{
    struct turn turn = {spawn(subject), 0};
    pthread_t thread;
    size_t i;

    if (turn.proc == NULL)
        return;
    for (i = 0; !turn.is_last; i++) {
        turn.is_last = !odd_mail(turn.proc, i) || is_blocking(subject);
        if (pthread_create(&thread, NULL, take_turn, &turn) != 0) {
            skipped(subject, "no thread can be made");
            return;
        }
        pthread_join(thread, NULL);
    }
}

const struct rule rule_threads = {
    "threads", "each call may come on another thread", KD_CLASS_WORKER, run};
