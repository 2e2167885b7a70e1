/* SPDX-License-Identifier: MIT */
/*
 * The queue and the thread of a writer. The record being written still counts,
 * so that `drained` means written and not merely taken.
 */

#include "runtime/writer.h"

#include "base/clock.h"
#include "runtime/thread.h"

#include <stdlib.h>

static void *writer_run(void *arg);
static struct kd__record *writer_take(struct kd__writer *writer);

kd_status
kd__writer_init(struct kd__writer *writer, const char *name, size_t limit,
    void (*write)(void *arg, struct kd__record *record),
    void (*room)(void *arg), void *arg)
{
    writer->first = writer->last = NULL;
    writer->used = 0;
    writer->limit = limit;
    writer->started = writer->stopping = 0;
    writer->name = name;
    writer->arg = arg;
    writer->write = write;
    writer->room = room;
    if (pthread_mutex_init(&writer->lock, NULL) != 0)
        return KD_ESYSTEM;
    if (kd__thread_cond_init(&writer->filled) != KD_OK)
        goto no_filled;
    if (kd__thread_cond_init(&writer->drained) != KD_OK)
        goto no_drained;
    return KD_OK;
no_drained:
    pthread_cond_destroy(&writer->filled);
no_filled:
    pthread_mutex_destroy(&writer->lock);
    return KD_ESYSTEM;
}

kd_status
kd__writer_put(struct kd__writer *writer, struct kd__record *record, int beyond)
{
    kd_status status = KD_OK;

    record->next = NULL;
    pthread_mutex_lock(&writer->lock);
    if (!beyond && writer->used > 0 &&
        writer->used + record->cost > writer->limit) {
        status = KD_EFULL;
        goto out;
    }
    if (!writer->started) {
        status =
            kd__thread_start(&writer->thread, writer->name, writer_run, writer);
        if (status != KD_OK)
            goto out;
        writer->started = 1;
    }
    if (writer->last == NULL)
        writer->first = record;
    else
        writer->last->next = record;
    writer->last = record;
    writer->used += record->cost;
    pthread_cond_signal(&writer->filled);
out:
    pthread_mutex_unlock(&writer->lock);
    return status;
}

kd_status
kd__writer_stop(struct kd__writer *writer, kd_time until)
{
    int busy;

    pthread_mutex_lock(&writer->lock);
    while (writer->used > 0 && kd__clock_now() < until)
        kd__thread_cond_wait(&writer->drained, &writer->lock, until);
    busy = writer->used > 0;
    if (!busy) {
        writer->stopping = 1;
        pthread_cond_signal(&writer->filled);
    }
    pthread_mutex_unlock(&writer->lock);
    if (busy)
        return KD_ETIMEOUT;
    if (writer->started)
        pthread_join(writer->thread, NULL);
    writer->started = writer->stopping = 0;
    return KD_OK;
}

int
kd__writer_has_room(struct kd__writer *writer)
{
    int room;

    pthread_mutex_lock(&writer->lock);
    room = writer->used <= writer->limit / 2;
    pthread_mutex_unlock(&writer->lock);
    return room;
}

void
kd__writer_fini(struct kd__writer *writer)
{
    pthread_cond_destroy(&writer->drained);
    pthread_cond_destroy(&writer->filled);
    pthread_mutex_destroy(&writer->lock);
}

static void *
writer_run(void *arg)
{
    struct kd__writer *writer = arg;
    struct kd__record *record;
    size_t before;
    size_t after;

    while ((record = writer_take(writer)) != NULL) {
        writer->write(writer->arg, record);
        pthread_mutex_lock(&writer->lock);
        before = writer->used;
        writer->used -= record->cost;
        after = writer->used;
        if (after == 0)
            pthread_cond_broadcast(&writer->drained);
        pthread_mutex_unlock(&writer->lock);
        free(record);
        if (writer->room != NULL && before > writer->limit / 2 &&
            after <= writer->limit / 2)
            writer->room(writer->arg);
    }
    return NULL;
}

/* Waits for one; NULL when the writer stops. */
static struct kd__record *
writer_take(struct kd__writer *writer)
{
    struct kd__record *record;

    pthread_mutex_lock(&writer->lock);
    while (writer->first == NULL && !writer->stopping)
        pthread_cond_wait(&writer->filled, &writer->lock);
    record = writer->first;
    if (record != NULL) {
        writer->first = record->next;
        if (writer->first == NULL)
            writer->last = NULL;
    }
    pthread_mutex_unlock(&writer->lock);
    return record;
}
