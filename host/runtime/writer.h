/* SPDX-License-Identifier: MIT */
/*
 * Hands records to somebody who may be slow: a bounded queue and a thread.
 *
 * The thread is made with the first record. What a sink does with a record,
 * and how long it takes, concerns nobody who puts one in.
 */
#ifndef KD_RUNTIME_WRITER_H
#define KD_RUNTIME_WRITER_H

#include <kindred/types.h>
#include <pthread.h>

struct kd__record {
    struct kd__record *next;
    size_t cost; /* Bytes it counts for. */
};

struct kd__writer {
    pthread_mutex_t lock; /* Guards all but the callbacks. */
    pthread_cond_t filled;
    pthread_cond_t drained;
    struct kd__record *first;
    struct kd__record *last;
    size_t used;  /* Bytes queued or being written. */
    size_t limit; /* More are refused. */
    int started;
    int stopping;
    pthread_t thread;
    const char *name;
    void *arg;
    /* Write it out, on the writer's thread. */
    void (*write)(void *arg, struct kd__record *record);
    /* Instead of a thread: kd__writer_drain() is to be called. Or NULL. */
    void (*poke)(void *arg);
    void *poke_arg;
    /* Half of the limit is free again; on the writer's thread. May be NULL. */
    void (*room)(void *arg);
};

kd_status kd__writer_init(struct kd__writer *writer, const char *name,
    size_t limit, void (*write)(void *arg, struct kd__record *record),
    void (*room)(void *arg), void *arg);

/* Make no thread, but have `poke` called when there is a record. */
void kd__writer_set_poke(
    struct kd__writer *writer, void (*poke)(void *arg), void *arg);
/* Without a thread: write what there is, on this one. */
void kd__writer_drain(struct kd__writer *writer);

/*
 * Take a record, from malloc; it is freed once written. KD_OK; KD_EFULL,
 * unless `beyond`; KD_ESYSTEM: no thread. Unless KD_OK it stays the caller's.
 */
kd_status kd__writer_put(
    struct kd__writer *writer, struct kd__record *record, int beyond);

/* Whether `room` would be called now. */
int kd__writer_has_room(struct kd__writer *writer);

/*
 * Wait until all is written and end the thread; a record that comes meanwhile
 * may have a new one. KD_OK; KD_ETIMEOUT: the sink is still busy; then it may
 * be called again.
 */
kd_status kd__writer_stop(struct kd__writer *writer, kd_time until);

/* After a kd__writer_stop that returned KD_OK. */
void kd__writer_fini(struct kd__writer *writer);

#endif
