/* SPDX-License-Identifier: MIT */
/*
 * Steps. The descriptor is an epoll that has those of the hosts in it, the one
 * that processes' descriptors are in, and an eventfd for all else.
 */

#include "runtime/step.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/scope.h"
#include "runtime/runtime.h"
#include "runtime/thread.h"

#include <errno.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

/* How long a step may take while the runtime starts or stops. */
#define WAIT_STEP_NS ((kd_time)10 * 1000 * 1000)

static kd_status step_check(const kd_runtime *runtime, kd_error *err);
static void step(kd_runtime *runtime, kd_time max_ns);
static kd_time next_due(const kd_runtime *runtime);
static int is_active(const struct kd__host *host);
static int wait_ms(kd_time now, kd_time until);

kd_status
kd__step_init(kd_runtime *runtime)
{
    struct kd__step *self = &runtime->step;

    self->epoll = epoll_create1(EPOLL_CLOEXEC);
    self->poke = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    self->is_on = 1;
    runtime->system.is_stepped = 1;
    if (self->epoll >= 0 && self->poke >= 0 &&
        kd__step_add(runtime, self->poke) == KD_OK)
        return KD_OK;
    kd__step_fini(runtime);
    return KD_ESYSTEM;
}

void
kd__step_fini(kd_runtime *runtime)
{
    struct kd__step *self = &runtime->step;

    if (!self->is_on)
        return;
    if (self->epoll >= 0)
        close(self->epoll);
    if (self->poke >= 0)
        close(self->poke);
    self->is_on = 0;
}

kd_status
kd__step_add(kd_runtime *runtime, int fd)
{
    struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};

    if (epoll_ctl(runtime->step.epoll, EPOLL_CTL_ADD, fd, &event) == 0)
        return KD_OK;
    return KD_ESYSTEM;
}

void
kd__step_poke(void *arg)
{
    kd_runtime *runtime = arg;
    struct kd__step *self = &runtime->step;
    uint64_t one = 1;

    if (!self->is_on || atomic_exchange(&self->is_poked, 1))
        return;
    while (write(self->poke, &one, sizeof(one)) < 0 && errno == EINTR)
        continue;
}

void
kd__step_wait(kd_runtime *runtime, kd_time until)
{
    struct pollfd waited = {.fd = runtime->step.epoll, .events = POLLIN};
    kd_time now = kd__clock_now();
    kd_time ours, due;

    if (!runtime->step.is_on) {
        kd__thread_cond_wait(&runtime->changed, &runtime->lock, until);
        return;
    }
    pthread_mutex_unlock(&runtime->lock);
    /* What is due by the embedder's clock is so far away by the system's. */
    ours = kd__system_now(&runtime->system);
    due = next_due(runtime);
    if (due != KD_NEVER)
        due = due <= ours ? now : now + (due - ours);
    poll(&waited, 1, wait_ms(now, due < until ? due : until));
    step(runtime, WAIT_STEP_NS);
    pthread_mutex_lock(&runtime->lock);
}

void
kd__step_changed(kd_runtime *runtime)
{
    pthread_cond_broadcast(&runtime->changed);
    kd__step_poke(runtime);
}

kd_status
kd_runtime_step(kd_runtime *runtime, uint64_t max_ns, kd_error *err)
{
    KD__SCOPE(runtime->config.allocator);
    kd_status status = step_check(runtime, err);

    if (status != KD_OK)
        return status;
    if (runtime->step.is_under_way)
        return kd__error(
            err, KD_ECONFLICT, "a step cannot be made from within a callback");
    step(runtime, max_ns);
    return KD_OK;
}

int32_t
kd_runtime_fd(kd_runtime *runtime)
{
    return runtime->step.is_on ? runtime->step.epoll : -1;
}

kd_time
kd_runtime_next_due(kd_runtime *runtime)
{
    return step_check(runtime, NULL) == KD_OK ? next_due(runtime) : KD_NEVER;
}

static kd_status
step_check(const kd_runtime *runtime, kd_error *err)
{
    if (!runtime->step.is_on)
        return kd__error(err, KD_ECONFLICT,
            "the runtime has threads: KD_CONFIG_STEPPED is not set");
    if (runtime->stage != KD__STAGE_STARTED)
        return kd__error(err, KD_ECONFLICT, "the runtime is not started");
    if (!pthread_equal(runtime->step.thread, pthread_self()))
        return kd__error(err, KD_ECONFLICT,
            "a runtime is stepped on the thread that has started it");
    return KD_OK;
}

/* First the mark, then the look at what there is: nothing is missed. */
static void
step(kd_runtime *runtime, kd_time max_ns)
{
    uint64_t count;
    ssize_t len;

    runtime->step.is_under_way = 1;
    if (atomic_load(&runtime->step.is_poked)) {
        while ((len = read(runtime->step.poke, &count, sizeof(count))) < 0 &&
               errno == EINTR)
            continue;
        /* Else who has set the mark is yet to write. */
        if (len > 0)
            atomic_store(&runtime->step.is_poked, 0);
    }
    kd__fd_watch_poll(&runtime->fd_watch);
    for (uint32_t i = 0; i < runtime->system.n_hosts; i++) {
        struct kd__host *host = &runtime->hosts[i];

        if (is_active(host))
            host->kind->step(host->self, max_ns);
    }
    kd__writer_drain(&runtime->output.writer);
    kd__writer_drain(&runtime->log.writer);
    runtime->step.is_under_way = 0;
}

static kd_time
next_due(const kd_runtime *runtime)
{
    kd_time due = KD_NEVER;

    for (uint32_t i = 0; i < runtime->system.n_hosts; i++) {
        const struct kd__host *host = &runtime->hosts[i];
        kd_time host_due =
            is_active(host) ? host->kind->next_due(host->self) : KD_NEVER;

        if (host_due < due)
            due = host_due;
    }
    return due;
}

static int
is_active(const struct kd__host *host)
{
    uint32_t state = atomic_load(&host->state);

    return state == KD__HOST_RUNNING || state == KD__HOST_STOPPING;
}

/* For poll(): rounded up, so that nothing is looked for too early. */
static int
wait_ms(kd_time now, kd_time until)
{
    kd_time ms;

    if (until == KD_NEVER)
        return -1;
    if (until <= now)
        return 0;
    ms = (until - now + 999999) / 1000000;
    return ms > 60000 ? 60000 : (int)ms;
}
