/* SPDX-License-Identifier: MIT */
/*
 * A thread becomes a lane and ceases to be one. Which lane a thread is, the
 * handler of the preemption signal must know: so it is thread-local.
 */

#include "proc/lane.h"

#include "base/memory.h"
#include "term/buf.h"

#include <signal.h>

/*
 * A slice that gives so much should end. A hundred processes that give this
 * much each stay within a processor's own cache, and its end costs a message
 * about two nanoseconds.
 */
#define GIVEN_MAX 32u
/* A vote against counts as so many: most is more than three in four. */
#define VOTES_AGAINST 3u
/* A lead of so many is one. */
#define VOTES_MOST (4 * GIVEN_MAX)
/* And a greater one is not kept, so that a change is soon seen. */
#define VOTES_MAX (8 * GIVEN_MAX)

/* Of the loader's reserve, so that the handler never allocates it. */
static _Thread_local kd_lane *current_lane
    __attribute__((tls_model("initial-exec")));

kd_lane *
kd__lane_new(struct kd__host *host)
{
    kd_lane *lane = kd__calloc(1, sizeof(*lane));
    sigset_t set;

    if (lane == NULL)
        return NULL;
    lane->system = host->system;
    lane->host = host;
    lane->thread = pthread_self();
    lane->here = &current_lane;
    lane->blocks_here = &kd__blocks_here;
    kd__blocks_init(&lane->blocks, &lane->system->depot);
    kd__epoch_add(&lane->system->epoch, &lane->participant);
    current_lane = NULL;
    if (lane->system->signal != 0) {
        sigemptyset(&set);
        sigaddset(&set, lane->system->signal);
        pthread_sigmask(SIG_UNBLOCK, &set, NULL);
    }
    return lane;
}

void
kd__lane_free(kd_lane *lane)
{
    if (lane == NULL)
        return;
    kd__epoch_remove(&lane->system->epoch, &lane->participant);
    kd__buf_release(lane->link_error);
    kd__blocks_fini(&lane->blocks);
    kd__free(lane);
}

/*
 * A vote of the majority after Boyer and Moore, MJRTY (1991): one word for the
 * candidate and one for his lead, however many there are.
 */
static void
vote(kd_lane *lane, const struct kd__proc *to)
{
    if (to == lane->favourite) {
        lane->votes += lane->votes < VOTES_MAX;
    } else if (lane->votes >= VOTES_AGAINST) {
        lane->votes -= VOTES_AGAINST;
        return;
    } else {
        lane->favourite = to;
        lane->votes = 1;
    }
    lane->gives_to = atomic_load_explicit(&to->lane, memory_order_relaxed);
}

void
kd__lane_gave(const struct kd__proc *to)
{
    kd_lane *lane = current_lane;

    if (lane == NULL)
        return;
    if (++lane->given == GIVEN_MAX)
        atomic_store_explicit(&lane->yield, 1, memory_order_relaxed);
    vote(lane, to);
}

const kd_lane *
kd__lane_giving(kd_lane *lane)
{
    if (lane->gives_to == lane || lane->votes < VOTES_MOST)
        return NULL;
    lane->votes = 0;
    return lane->gives_to;
}

void
kd__lane_interrupted(void)
{
    kd_lane *lane = current_lane;
    struct kd__proc *proc;

    if (lane == NULL)
        return;
    atomic_store_explicit(&lane->heard,
        atomic_load_explicit(&lane->slices, memory_order_relaxed),
        memory_order_relaxed);
    proc = atomic_load_explicit(&lane->current, memory_order_relaxed);
    if (proc != NULL && kd__proc_code(proc)->kind->preempt != NULL)
        kd__proc_code(proc)->kind->preempt(proc->self);
}
