/* SPDX-License-Identifier: MIT */
/*
 * Readiness of descriptors for processes: one epoll a runtime, and one thread
 * that waits in it, from the first descriptor on until the runtime stops.
 *
 * Not a job of the worker threads, nor one of libevent: adding, changing and
 * taking back is a single system call on the process's own thread, which needs
 * to wake nobody, and an idle worker sleeps on a word instead of in the
 * kernel's table of descriptors.
 *
 * What was asked is kept in a table by descriptor. An event carries the number
 * of the request that it answers, and counts only if the table still has that;
 * the look and the signal are one step under the lock. So nothing comes after a
 * request was taken back or replaced, and a record in the table is never one of
 * a process that is gone: it takes back what it has before it is destroyed.
 */
#ifndef KD_RUNTIME_FD_WATCH_H
#define KD_RUNTIME_FD_WATCH_H

#include "proc/proc.h"

#include <pthread.h>

struct kd__fd_slot;

struct kd__fd_watch {
    pthread_mutex_t lock; /* Guards all but the thread's number. */
    struct kd__fd_slot *slots;
    size_t n_slots;
    int epoll; /* -1: not made yet. */
    int stop;  /* Readable when the thread is to end. */
    int is_running;
    int is_polled; /* By kd__fd_watch_poll(), and there is no thread. */
    pthread_t thread;
};

kd_status kd__fd_watch_init(struct kd__fd_watch *watch);
/* The thread has been stopped, and no process is left. */
void kd__fd_watch_fini(struct kd__fd_watch *watch);

/* The process asks for `events`, not 0; as kd_proc_watch(). */
kd_status kd__fd_watch_add(struct kd__fd_watch *watch, struct kd__proc *proc,
    int fd, uint32_t events, kd_error *err);
/* The process takes it back. */
void kd__fd_watch_remove(
    struct kd__fd_watch *watch, struct kd__proc *proc, int fd);
/* The process takes back everything. */
void kd__fd_watch_forget(struct kd__fd_watch *watch, struct kd__proc *proc);

/* Make no thread; what is readable when there are events goes to *fd. */
kd_status kd__fd_watch_set_polled(struct kd__fd_watch *watch, int *fd);
/* Without a thread: hear what there is. */
void kd__fd_watch_poll(struct kd__fd_watch *watch);

/* End the thread, if there is one. No process is left. */
void kd__fd_watch_stop(struct kd__fd_watch *watch);

#endif
