/* SPDX-License-Identifier: MIT */
/*
 * The table of watched descriptors, and the thread that hears of them. The
 * only file that knows epoll.
 *
 * A descriptor's registration in epoll stays there, disarmed, when its event
 * has come, so that asking again is one call. Such registrations may be gone by
 * then, because the kernel drops them when the last descriptor of the open file
 * is closed; and one that nobody took back may be in the way when its number
 * comes back. Both show in what epoll_ctl says, see arm().
 */

#include "runtime/fd_watch.h"

#include "base/clock.h"
#include "base/error.h"
#include "base/memory.h"
#include "proc/wake.h"
#include "runtime/thread.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

/* What the stopping eventfd has in the place of a request. */
#define STOP_TAG UINT64_MAX

/* Events taken from the kernel at once. */
#define BATCH 64

/* One for each descriptor number. All zero: nobody's. */
struct kd__fd_slot {
    struct kd__proc *owner;
    struct kd__signal *signal; /* To be sent; NULL: its event has come. */
    uint32_t request;          /* Counts up whenever an older one is void. */
    uint32_t next;             /* The owner's others, as kd__proc::fds. */
    uint32_t previous;
    uint32_t reserved;
};

static kd_status watch_open(struct kd__fd_watch *watch, kd_error *err);
static struct kd__fd_slot *slot_get(struct kd__fd_watch *watch, int fd);
static void slot_attach(struct kd__fd_watch *watch, struct kd__fd_slot *slot,
    struct kd__proc *proc);
static void slot_detach(struct kd__fd_watch *watch, struct kd__fd_slot *slot);
static void slot_disarm(struct kd__fd_slot *slot);
static int slot_fd(struct kd__fd_watch *watch, struct kd__fd_slot *slot);
static int arm(struct kd__fd_watch *watch, struct kd__fd_slot *slot,
    struct kd__proc *proc, uint32_t events);
static kd_status arm_error(int number, int fd, kd_error *err);
static void *watch_run(void *arg);
static void watch_heard(
    struct kd__fd_watch *watch, const struct epoll_event *event);
static uint32_t events_heard(uint32_t heard, uint32_t asked);

kd_status
kd__fd_watch_init(struct kd__fd_watch *watch)
{
    memset(watch, 0, sizeof(*watch));
    watch->epoll = watch->stop = -1;
    return pthread_mutex_init(&watch->lock, NULL) == 0 ? KD_OK : KD_ENOMEM;
}

void
kd__fd_watch_fini(struct kd__fd_watch *watch)
{
    if (watch->epoll >= 0)
        close(watch->epoll);
    if (watch->stop >= 0)
        close(watch->stop);
    kd__free(watch->slots);
    pthread_mutex_destroy(&watch->lock);
}

kd_status
kd__fd_watch_add(struct kd__fd_watch *watch, struct kd__proc *proc, int fd,
    uint32_t events, kd_error *err)
{
    struct kd__signal *signal =
        kd__signal_new(KD_SIGNAL_FD, sizeof(struct kd__signal));
    struct kd__fd_slot *slot;
    kd_status status;
    int failed;

    if (signal == NULL)
        return kd__error_memory(err);
    signal->ref = (kd_ref)fd;
    signal->events = (uint16_t)events;
    pthread_mutex_lock(&watch->lock);
    status = watch_open(watch, err);
    if (status != KD_OK)
        goto out;
    /* The table grows with the number: only for what is a descriptor. */
    if ((size_t)fd >= watch->n_slots && fcntl(fd, F_GETFD) < 0) {
        status = arm_error(errno, fd, err);
        goto out;
    }
    slot = slot_get(watch, fd);
    if (slot == NULL) {
        status = kd__error_memory(err);
        goto out;
    }
    failed = arm(watch, slot, proc, events);
    if (failed != 0) {
        status = arm_error(failed, fd, err);
        goto out;
    }
    if (slot->owner == proc) {
        slot_disarm(slot);
        kd__signals_void_fd(&proc->signals, fd);
    } else {
        slot_detach(watch, slot);
        slot_attach(watch, slot, proc);
    }
    slot->signal = signal;
    signal = NULL;
out:
    pthread_mutex_unlock(&watch->lock);
    kd__signal_free(signal);
    return status;
}

void
kd__fd_watch_remove(struct kd__fd_watch *watch, struct kd__proc *proc, int fd)
{
    struct kd__fd_slot *slot;

    pthread_mutex_lock(&watch->lock);
    slot = (size_t)fd < watch->n_slots ? &watch->slots[fd] : NULL;
    if (slot != NULL && slot->owner == proc) {
        epoll_ctl(watch->epoll, EPOLL_CTL_DEL, fd, NULL);
        slot_detach(watch, slot);
        kd__signals_void_fd(&proc->signals, fd);
    }
    pthread_mutex_unlock(&watch->lock);
}

void
kd__fd_watch_forget(struct kd__fd_watch *watch, struct kd__proc *proc)
{
    struct kd__fd_slot *slot;
    uint32_t first;

    pthread_mutex_lock(&watch->lock);
    while ((first = atomic_load(&proc->fds)) != 0) {
        slot = &watch->slots[first - 1];
        /* What has fired may be closed since, and its number another's. */
        if (slot->signal != NULL)
            epoll_ctl(watch->epoll, EPOLL_CTL_DEL, (int)(first - 1), NULL);
        slot_detach(watch, slot);
    }
    pthread_mutex_unlock(&watch->lock);
}

kd_status
kd__fd_watch_set_polled(struct kd__fd_watch *watch, int *fd)
{
    kd_status status;

    pthread_mutex_lock(&watch->lock);
    watch->is_polled = 1;
    status = watch_open(watch, NULL);
    *fd = watch->epoll;
    pthread_mutex_unlock(&watch->lock);
    return status;
}

void
kd__fd_watch_poll(struct kd__fd_watch *watch)
{
    struct epoll_event events[BATCH];
    int n = epoll_wait(watch->epoll, events, BATCH, 0);

    for (int i = 0; i < n; i++)
        watch_heard(watch, &events[i]);
}

void
kd__fd_watch_stop(struct kd__fd_watch *watch)
{
    uint64_t one = 1;

    if (!watch->is_running)
        return;
    while (write(watch->stop, &one, sizeof(one)) < 0 && errno == EINTR)
        continue;
    pthread_join(watch->thread, NULL);
    watch->is_running = 0;
}

/* What there is none of before the first descriptor. The lock is held. */
static kd_status
watch_open(struct kd__fd_watch *watch, kd_error *err)
{
    struct epoll_event stop = {.events = EPOLLIN, .data.u64 = STOP_TAG};

    if (watch->epoll < 0)
        watch->epoll = epoll_create1(EPOLL_CLOEXEC);
    if (watch->epoll < 0)
        return kd__error(
            err, KD_ESYSTEM, "cannot watch descriptors: %s", strerror(errno));
    if (watch->is_polled)
        return KD_OK;
    if (watch->stop < 0) {
        watch->stop = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
        if (watch->stop < 0)
            return kd__error(err, KD_ESYSTEM, "cannot watch descriptors: %s",
                strerror(errno));
        epoll_ctl(watch->epoll, EPOLL_CTL_ADD, watch->stop, &stop);
    }
    if (!watch->is_running &&
        kd__thread_start(&watch->thread, "kd-fds", watch_run, watch) != KD_OK)
        return kd__error(err, KD_ESYSTEM,
            "cannot watch descriptors: there is no thread for it");
    watch->is_running = 1;
    return KD_OK;
}

/* NULL without memory. */
static struct kd__fd_slot *
slot_get(struct kd__fd_watch *watch, int fd)
{
    size_t n = watch->n_slots == 0 ? 64 : watch->n_slots;
    struct kd__fd_slot *slots;

    if ((size_t)fd < watch->n_slots)
        return &watch->slots[fd];
    while (n <= (size_t)fd)
        n *= 2;
    slots = kd__realloc(watch->slots, n * sizeof(*slots));
    if (slots == NULL)
        return NULL;
    memset(slots + watch->n_slots, 0, (n - watch->n_slots) * sizeof(*slots));
    watch->slots = slots;
    watch->n_slots = n;
    return &slots[fd];
}

static void
slot_attach(
    struct kd__fd_watch *watch, struct kd__fd_slot *slot, struct kd__proc *proc)
{
    uint32_t place = (uint32_t)slot_fd(watch, slot) + 1;

    slot->owner = proc;
    slot->previous = 0;
    slot->next = atomic_load(&proc->fds);
    if (slot->next != 0)
        watch->slots[slot->next - 1].previous = place;
    atomic_store(&proc->fds, place);
}

static void
slot_detach(struct kd__fd_watch *watch, struct kd__fd_slot *slot)
{
    slot_disarm(slot);
    if (slot->owner == NULL)
        return;
    if (slot->next != 0)
        watch->slots[slot->next - 1].previous = slot->previous;
    if (slot->previous != 0)
        watch->slots[slot->previous - 1].next = slot->next;
    else
        atomic_store(&slot->owner->fds, slot->next);
    slot->owner = NULL;
}

/* Events that are on their way mean nothing any more. */
static void
slot_disarm(struct kd__fd_slot *slot)
{
    slot->request++;
    kd__signal_free(slot->signal);
    slot->signal = NULL;
}

static int
slot_fd(struct kd__fd_watch *watch, struct kd__fd_slot *slot)
{
    return (int)(slot - watch->slots);
}

/*
 * Register what will be the slot's next request, which it is when the slot is
 * disarmed. Returns 0 or an errno, and then nothing has changed.
 *
 * The owner changes his registration, which is gone if he has closed the file.
 * For anybody else there must be none; if there is, and nobody owns it, it is a
 * leftover of one who ended after his event had come.
 */
static int
arm(struct kd__fd_watch *watch, struct kd__fd_slot *slot, struct kd__proc *proc,
    uint32_t events)
{
    int is_own = slot->owner == proc;
    int first = is_own ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;
    int second = is_own ? EPOLL_CTL_ADD : EPOLL_CTL_MOD;
    int fd = slot_fd(watch, slot);
    struct epoll_event event;

    event.events = EPOLLONESHOT;
    if ((events & KD_FD_READ) != 0)
        event.events |= EPOLLIN | EPOLLRDHUP;
    if ((events & KD_FD_WRITE) != 0)
        event.events |= EPOLLOUT;
    event.data.u64 =
        (uint64_t)(uint32_t)(slot->request + 1) << 32 | (uint32_t)fd;
    if (epoll_ctl(watch->epoll, first, fd, &event) == 0)
        return 0;
    if (errno != (is_own ? ENOENT : EEXIST) || (!is_own && slot->owner != NULL))
        return errno;
    return epoll_ctl(watch->epoll, second, fd, &event) == 0 ? 0 : errno;
}

static kd_status
arm_error(int number, int fd, kd_error *err)
{
    switch (number) {
    case EEXIST:
        return kd__error(
            err, KD_EEXIST, "another process watches descriptor %d", fd);
    case ENOSPC:
        return kd__error(
            err, KD_ELIMIT, "the system lets nobody watch more descriptors");
    case ENOMEM:
        return kd__error_memory(err);
    default:
        return kd__error(err, KD_EINVAL, "cannot watch descriptor %d: %s", fd,
            strerror(number));
    }
}

static void *
watch_run(void *arg)
{
    struct kd__fd_watch *watch = arg;
    struct epoll_event events[BATCH];
    int epoll;
    int n;

    pthread_mutex_lock(&watch->lock);
    epoll = watch->epoll;
    pthread_mutex_unlock(&watch->lock);
    for (;;) {
        n = epoll_wait(epoll, events, BATCH, -1);
        for (int i = 0; i < n; i++) {
            if (events[i].data.u64 == STOP_TAG)
                return NULL;
            watch_heard(watch, &events[i]);
        }
    }
}

static void
watch_heard(struct kd__fd_watch *watch, const struct epoll_event *event)
{
    uint32_t fd = (uint32_t)event->data.u64;
    struct kd__fd_slot *slot;
    struct kd__signal *signal;

    pthread_mutex_lock(&watch->lock);
    slot = &watch->slots[fd];
    signal = slot->signal;
    if (signal != NULL && slot->request == event->data.u64 >> 32) {
        slot->signal = NULL;
        signal->events = (uint16_t)events_heard(event->events, signal->events);
        signal->at_ns = kd__system_unix(slot->owner->system);
        if (kd__signals_push(&slot->owner->signals, signal) == KD_OK)
            kd__wake(slot->owner);
    }
    pthread_mutex_unlock(&watch->lock);
}

/* What hangs up or fails is ready for all that was asked. */
static uint32_t
events_heard(uint32_t heard, uint32_t asked)
{
    uint32_t events = 0;

    if ((heard & (EPOLLERR | EPOLLHUP)) != 0)
        return asked;
    if ((heard & (EPOLLIN | EPOLLRDHUP)) != 0)
        events |= KD_FD_READ;
    if ((heard & EPOLLOUT) != 0)
        events |= KD_FD_WRITE;
    return events & asked;
}
